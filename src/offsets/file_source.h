// FileSource: files, directories and globs as one stream of lines (cli.md, FILE). Finite input
// (`freeze`, or not `list_again`) is listed once, at the first plan, and read up to the sizes seen
// then; else every plan lists again and reads what was appended. A last line without newline waits
// for its end; at the end of finite input it counts, unless there is a checkpoint, with which a
// later run may find its rest. An empty new file is a range of zero bytes, once. At most 64 files
// are open, standard input aside.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/clock.h"
#include "io/filesystem.h"
#include "offsets/file_tracker.h"
#include "offsets/source.h"

namespace tailrace::offsets {

// A regular file that standard input was redirected from.
struct OpenInput {
  std::unique_ptr<io::File> file;
  std::string path;    // if known, absolute; empty is shown as "-"
  uint64_t begin = 0;  // where to begin when no positions say otherwise
};

struct FileSourceOptions {
  std::vector<std::string> operands;
  std::optional<OpenInput> standard_input;
  bool has_checkpoint = false;
  bool list_again = false;  // --follow
  bool freeze = false;      // --once, --available-now
  FileOrder order = FileOrder::kModified;
  bool one_partition = false;  // --order name|mtime
  OnDataLoss on_data_loss = OnDataLoss::kFail;
  std::function<void(const std::string&)> notice;  // what --on-data-loss warn says
};

class FileSource : public Source {
 public:
  FileSource(io::Filesystem& files, io::Clock& clock, FileSourceOptions options);

  Status restore(const std::string& positions) override;
  Result<Plan> plan(const Limits& limits, int64_t wait_us) override;
  Result<Plan> replay(const std::string& begin, const std::string& end) override;
  Result<size_t> read(const Range& range, uint64_t offset, std::span<char> into) const override;
  std::string with_lines(const std::string& positions,
                         const std::vector<std::pair<uint32_t, uint64_t>>& lines) override;
  Status committed(const std::string& positions) override;
  std::string description() const override;
  std::string offsets_of(const std::string& positions) const override;
  std::string latest_offsets() override;

 private:
  // What a batch may still take; the maximum is no limit.
  struct Room {
    uint64_t files, rows, bytes;
  };
  struct Cut {
    uint64_t end = 0;
    std::optional<uint64_t> lines;
    bool limited = false;  // a limit cut it, so that no further file is looked at
  };

  bool finite() const { return options_.freeze || !options_.list_again; }
  bool takes_unfinished_line() const { return finite() && !options_.has_checkpoint; }
  Status look();
  bool sleep(int64_t begin_us, int64_t wait_us);
  Result<Plan> take(const Limits& limits);
  Result<bool> take_file(TrackedFile& file, Room& room, Plan& plan);
  Result<Cut> cut(TrackedFile& file, const Room& room, bool batch_is_empty);
  Result<uint64_t> lines_before(TrackedFile& file, uint64_t offset);
  Status add_range(TrackedFile& file, uint64_t begin, uint64_t end, Plan& plan);
  void tell_partitions(Plan& plan);
  std::string positions_of(const Plan& plan) const;
  Result<Plan> replay_ranges(const FilePositions& begin, const FilePositions& end);

  io::Clock& clock_;
  FileSourceOptions options_;
  mutable OpenFiles open_;
  FileTracker tracker_;
  Listing listing_;
  std::shared_ptr<const io::File> standard_input_;  // shared with open_, which reads it
  bool looked_ = false;
  std::vector<FilePlace> inputs_;  // of the last plan; Range::input is an index
};

}  // namespace tailrace::offsets
