#include "checkpoint/progress_log.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/check.h"

namespace tailrace::checkpoint {

Result<std::deque<std::string>> read_progress(io::Filesystem& files, const std::string& path) {
  std::deque<std::string> records;
  if (!TRY(files.stat(path))) return records;
  const std::string text = TRY(io::read_file(files, path));
  for (size_t begin = 0, end = 0; begin < text.size(); begin = end + 1) {
    end = std::min(text.find('\n', begin), text.size());
    std::string line = text.substr(begin, end - begin);
    if (nlohmann::json::accept(line)) records.push_back(std::move(line));
    if (records.size() > kProgressRecordsKept) records.pop_front();
  }
  return records;
}

Result<ProgressLog> ProgressLog::open(io::Filesystem& files, std::string path) {
  ProgressLog log(files, std::move(path));
  log.records_ = TRY(read_progress(files, log.path_));
  return log;
}

Status ProgressLog::append(const std::string& json) {
  CHECK(json.find('\n') == std::string::npos);
  records_.push_back(json);
  if (records_.size() > kProgressRecordsKept) records_.pop_front();
  if (file_ == nullptr || lines_in_file_ >= 2 * kProgressRecordsKept) return rewrite();
  const Status appended = file_->append(json + "\n");
  // Half a line may be there now; what is appended behind it would be lost with it.
  if (!appended) file_ = nullptr;
  ++lines_in_file_;
  return appended;
}

Status ProgressLog::rewrite() {
  file_ = nullptr;
  std::string text;
  for (const std::string& record : records_) text += record + "\n";
  TRY(io::publish(*files_, path_, text));
  file_ = TRY(files_->open(path_, io::OpenMode::kAppend));
  lines_in_file_ = records_.size();
  return {};
}

}  // namespace tailrace::checkpoint
