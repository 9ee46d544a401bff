// MemoryFilesystem: a disk in memory for tests that can die at any operation, fail one of them, and
// be found again after a crash with what was synced, all, or a seeded part in between. Thread-safe.
// Operations counted: everything that changes or syncs the disk. No symbolic links.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/filesystem.h"
#include "support/memory_disk.h"

namespace tailrace::test {

class MemoryFilesystem : public io::Filesystem {
 public:
  MemoryFilesystem();
  MemoryFilesystem(MemoryFilesystem&&) noexcept;
  MemoryFilesystem& operator=(MemoryFilesystem&&) noexcept;
  ~MemoryFilesystem() override;

  Result<std::unique_ptr<io::File>> open(const std::string& path, io::OpenMode mode) override;
  Result<std::optional<io::FileInfo>> stat(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& directory) override;
  Status make_directories(const std::string& path) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status remove(const std::string& path) override;
  Status sync_directory(const std::string& path) override;
  Result<std::string> real_path(const std::string& path) override;
  Result<std::unique_ptr<io::File>> lock(const std::string& path) override;
  Result<std::optional<int>> lock_holder(const std::string& path) override;

  uint64_t operations() const;  // so far, failed ones included
  // The process dies after `operations` of them in all: every later call fails. An append that is
  // under way leaves half of its bytes.
  void crash_at(uint64_t operations);
  bool crashed() const;
  // Operation number `operation` (from 1) fails once: kFull as ENOSPC, anything else as EIO. A
  // failed append leaves half of its bytes; after a failed sync the file's unsynced bytes are never
  // durable.
  void fail_at(uint64_t operation, ErrorKind kind);
  // The disk as the next process finds it; nothing injected, no locks held. This one stays as it
  // is.
  MemoryFilesystem after_crash(Loss loss, uint64_t seed = 0) const;

  // The world outside: durable at once, not counted. Directories are made as needed.
  void put(const std::string& path, std::string bytes);
  void add(const std::string& path, std::string_view bytes);  // as another process appends
  std::string bytes(const std::string& path) const;           // "" if there is no such file
  std::vector<std::string> paths() const;                     // of all files, sorted
  void set_time(int64_t us);                                  // of modification, from now on

 private:
  friend class MemoryFile;
  struct Shared;
  std::shared_ptr<Shared> shared_;  // shared with open files, which may outlive us
};

}  // namespace tailrace::test
