// Input: which Source the operands and standard input mean, and the sample that a schema is
// inferred from. What the sample took from a pipe is given back, so the run reads it again.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/options.h"
#include "columns/type.h"
#include "io/clock.h"
#include "io/filesystem.h"
#include "io/stream.h"
#include "offsets/file_source.h"
#include "offsets/pipe_source.h"

namespace tailrace::cli {

class Input {
 public:
  // Looks at what standard input is; reads nothing. Borrows the machine for its life.
  static Result<Input> choose(const Options& options, io::Filesystem& files, io::Clock& clock);

  bool is_pipe() const { return is_pipe_; }
  // The kind of source, for the checkpoint's fingerprint: "files" or "pipe".
  std::string kind() const { return is_pipe() ? "pipe" : "files"; }

  // The first 1,000 lines or 1 MiB; of a pipe what came within a second of the first bytes.
  Result<std::vector<std::string>> sample();

  // Once; the Input gives what it holds away. `spool_directory`: of the checkpoint, or empty.
  Result<std::unique_ptr<offsets::Source>> make_source(
      const Options& options, const std::string& spool_directory,
      std::function<void(const std::string&)> notice);

 private:
  Input(io::Filesystem& files, io::Clock& clock) : files_(&files), clock_(&clock) {}
  Result<std::string> sample_stream();
  Result<std::string> sample_files();

  io::Filesystem* files_;
  io::Clock* clock_;
  bool is_pipe_ = false;
  std::unique_ptr<io::InputStream> stream_;  // the pipe, until make_source
  std::string stream_name_ = "-";
  std::string sampled_;                      // what was taken from it
  std::unique_ptr<io::File> standard_file_;  // a redirected regular file
  std::string standard_path_;
  std::vector<std::string> operands_;
};

}  // namespace tailrace::cli
