#include "sinks/replace_file.h"

#include "base/check.h"
#include "sinks/append_file.h"

namespace tailrace::sinks {

Status ReplaceFile::resolve() {
  if (!target_.empty()) return {};
  const std::optional<io::FileInfo> info = TRY(files_.stat(path_));
  if (info && info->is_directory) return fail(path_ + ": is a directory; name a file");
  is_device_ = info && !info->is_regular;
  const std::string target = info ? TRY(files_.real_path(path_)) : path_;
  const std::string name = target.substr(target.rfind('/') + 1);
  temporary_ = directory_of(target) + "/." + name + ".tailrace-tmp";
  target_ = target;
  return {};
}

Status ReplaceFile::recover(const std::string&) {
  TRY(resolve());
  return is_device_ ? Status{} : files_.remove(temporary_);
}

Status ReplaceFile::begin_batch(int64_t) {
  TRY(resolve());
  if (is_device_) {
    if (!file_) file_ = TRY(files_.open(path_, io::OpenMode::kAppend));
    return {};
  }
  file_ = TRY(files_.open(temporary_, io::OpenMode::kTruncate));
  length_ = 0;
  return {};
}

Status ReplaceFile::write(std::string_view bytes) {
  CHECK(file_ != nullptr);
  length_ += bytes.size();
  return bytes.empty() ? Status{} : file_->append(bytes);
}

Result<std::string> ReplaceFile::commit_batch() {
  CHECK(file_ != nullptr);
  if (is_device_) return std::string();
  TRY(file_->sync());
  file_.reset();
  TRY(files_.rename(temporary_, target_));
  TRY(files_.sync_directory(directory_of(target_)));
  return std::string();
}

Status ReplaceFile::finish() {
  if (!file_ || is_device_) return {};
  file_.reset();
  return files_.remove(temporary_);
}

}  // namespace tailrace::sinks
