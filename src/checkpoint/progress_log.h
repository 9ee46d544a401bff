// ProgressLog: the last 100 progress records of a query, one JSON object a line, in DIR/progress.
// For people and `tailrace status`: appended without sync, so a crash may take the last ones; torn
// lines are dropped. Rewritten when it has grown to twice its size. One thread.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>

#include "base/result.h"
#include "io/filesystem.h"

namespace tailrace::checkpoint {

inline constexpr size_t kProgressRecordsKept = 100;

// The whole records in the file, oldest first, at most the last 100. A missing file has none.
Result<std::deque<std::string>> read_progress(io::Filesystem& files, const std::string& path);

class ProgressLog {
 public:
  static Result<ProgressLog> open(io::Filesystem& files, std::string path);
  // REQUIRES: no newline in `json`.
  Status append(const std::string& json);

 private:
  ProgressLog(io::Filesystem& files, std::string path) : files_(&files), path_(std::move(path)) {}
  Status rewrite();

  io::Filesystem* files_;
  std::string path_;
  std::deque<std::string> records_;
  std::unique_ptr<io::File> file_;  // null: the next append rewrites
  size_t lines_in_file_ = 0;
};

}  // namespace tailrace::checkpoint
