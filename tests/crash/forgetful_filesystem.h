// ForgetfulFilesystem: another filesystem, except that it says ok and does nothing where it is
// asked to sync a path that begins with `where`. For negative controls. Borrows the other one.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "io/filesystem.h"

namespace tailrace::test {

enum class Forgets { kFileSync, kDirectorySync };

class ForgetfulFilesystem : public io::Filesystem {
 public:
  ForgetfulFilesystem(io::Filesystem& files, Forgets forgets, std::string where)
      : files_(files), forgets_(forgets), where_(std::move(where)) {}

  Result<std::unique_ptr<io::File>> open(const std::string& path, io::OpenMode mode) override {
    auto file = TRY(files_.open(path, mode));
    if (forgets_ != Forgets::kFileSync || !path.starts_with(where_)) return file;
    return std::make_unique<ForgetfulFile>(std::move(file));
  }
  Result<std::optional<io::FileInfo>> stat(const std::string& path) override {
    return files_.stat(path);
  }
  Result<std::vector<std::string>> list(const std::string& directory) override {
    return files_.list(directory);
  }
  Status make_directories(const std::string& path) override {
    return files_.make_directories(path);
  }
  Status rename(const std::string& from, const std::string& to) override {
    return files_.rename(from, to);
  }
  Status remove(const std::string& path) override { return files_.remove(path); }
  Status sync_directory(const std::string& path) override {
    if (forgets_ == Forgets::kDirectorySync && path == where_) return {};
    return files_.sync_directory(path);
  }
  Result<std::string> real_path(const std::string& path) override { return files_.real_path(path); }
  Result<std::unique_ptr<io::File>> lock(const std::string& path) override {
    return files_.lock(path);
  }
  Result<std::optional<int>> lock_holder(const std::string& path) override {
    return files_.lock_holder(path);
  }

 private:
  class ForgetfulFile : public io::File {
   public:
    explicit ForgetfulFile(std::unique_ptr<io::File> file) : file_(std::move(file)) {}
    Result<size_t> read_at(uint64_t offset, std::span<char> into) const override {
      return file_->read_at(offset, into);
    }
    Status append(std::string_view bytes) override { return file_->append(bytes); }
    Status truncate(uint64_t size) override { return file_->truncate(size); }
    Status sync() override { return {}; }
    Result<io::FileInfo> info() const override { return file_->info(); }

   private:
    std::unique_ptr<io::File> file_;
  };

  io::Filesystem& files_;
  Forgets forgets_;
  std::string where_;
};

}  // namespace tailrace::test
