// OpenFiles: files opened when first read and kept open, at most `files_max` of them; the one not
// used for the longest time is closed. An open file can be read on after its name is gone.
// Thread-safe.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/result.h"
#include "io/filesystem.h"

namespace tailrace::offsets {

// Shared, because a worker may still read a file that another one pushes out.
using SharedFile = std::shared_ptr<const io::File>;

// A file by its own number, with the place where it was last seen.
struct FilePlace {
  uint64_t id = 0;
  std::string path;
  uint64_t device = 0;
  uint64_t inode = 0;
};

class OpenFiles {
 public:
  OpenFiles(io::Filesystem& files, size_t files_max) : files_(files), files_max_(files_max) {}

  // Opens it if it is not open. A file renamed within its directory since is found; one that is
  // gone or replaced is an error.
  Result<SharedFile> get(const FilePlace& place);
  // The open file, or null.
  SharedFile peek(uint64_t id);
  // Takes a file that is open already and can perhaps not be opened again; it is never pushed out.
  void pin(uint64_t id, SharedFile file);
  void close(uint64_t id);

 private:
  struct Entry {
    uint64_t id = 0;
    SharedFile file;
  };

  Result<SharedFile> open(const FilePlace& place);
  SharedFile touch(uint64_t id);

  io::Filesystem& files_;
  size_t files_max_;
  std::mutex mutex_;
  std::list<Entry> recent_;  // the last used first
  std::unordered_map<uint64_t, std::list<Entry>::iterator> by_id_;
  std::unordered_map<uint64_t, SharedFile> pinned_;
};

}  // namespace tailrace::offsets
