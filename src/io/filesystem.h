// Filesystem: every file operation of tailrace, so that tests can put a disk in memory that crashes
// at any of them (tests/support/memory_filesystem.h). Thread-safe; a File is for one thread at a
// time, except read_at, which any number may call. Errors name the path and say what the system
// said. A failed sync is final for the run: nobody retries it (sinks-durability.md D2).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tailrace::io {

struct FileInfo {
  uint64_t device = 0;
  uint64_t inode = 0;
  uint64_t size = 0;
  int64_t modified_us = 0;  // wall time, micros since the epoch
  bool is_directory = false;
  bool is_regular = false;
};

class File {
 public:
  virtual ~File() = default;
  // Reads up to into.size() bytes at `offset`; fewer only at the end of the file.
  virtual Result<size_t> read_at(uint64_t offset, std::span<char> into) const = 0;
  // Writes all of `bytes` at the end (opened for append or created new).
  virtual Status append(std::string_view bytes) = 0;
  virtual Status truncate(uint64_t size) = 0;
  // Contents and size are on the disk when this returns ok.
  virtual Status sync() = 0;
  virtual Result<FileInfo> info() const = 0;
};

enum class OpenMode {
  kRead,
  kAppend,    // made if missing; writes go to the end
  kTruncate,  // made if missing, emptied if not
  kCreateNew  // an existing file is an error
};

class Filesystem {
 public:
  virtual ~Filesystem() = default;
  // A missing file is an error here; ask stat() first where that is a normal answer.
  virtual Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) = 0;
  // Follows symbolic links. Nothing there: an empty optional.
  virtual Result<std::optional<FileInfo>> stat(const std::string& path) = 0;
  // Names (not paths) in the directory, sorted, without . and ..
  virtual Result<std::vector<std::string>> list(const std::string& directory) = 0;
  virtual Status make_directories(const std::string& path) = 0;  // with parents; durable
  virtual Status rename(const std::string& from, const std::string& to) = 0;
  // A file or an empty directory; missing is ok.
  virtual Status remove(const std::string& path) = 0;
  virtual Status sync_directory(const std::string& path) = 0;
  // Absolute, without symbolic links or dots, of something that exists.
  virtual Result<std::string> real_path(const std::string& path) = 0;
  // An exclusive lock on `path` (made if missing) for the life of the returned handle; it holds our
  // pid as text. Held by another process: ErrorKind::kBusy, naming that pid.
  virtual Result<std::unique_ptr<File>> lock(const std::string& path) = 0;
  // The pid of the process that holds the lock (0: it did not say), without taking it. Nullopt:
  // nobody.
  virtual Result<std::optional<int>> lock_holder(const std::string& path) = 0;
};

// Publishes a file: temporary in the same directory, sync, rename, sync directory. Readers see the
// old contents or the new, also after a power cut.
Status publish(Filesystem& files, const std::string& path, std::string_view contents);

// The whole file; larger than bytes_max is an error.
Result<std::string> read_file(Filesystem& files, const std::string& path,
                              uint64_t bytes_max = uint64_t{1} << 30);

// The machine's own disk.
std::unique_ptr<Filesystem> posix_filesystem();

}  // namespace tailrace::io
