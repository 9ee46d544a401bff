// FileTracker: which listed file is which known one, by device, inode and the fingerprint of its
// beginning (the rules stand at the class). A known file whose name now means another one is looked
// for in its directory and read to its end. One thread. Fails on data loss, unless that only warns.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "offsets/listing.h"
#include "offsets/open_files.h"
#include "offsets/positions.h"

namespace tailrace::offsets {

enum class OnDataLoss { kFail, kWarn };
enum class FileOrder { kModified, kName };

struct TrackedFile {
  FilePosition at;  // its size is the one seen last
  int64_t modified_us = 0;
  bool begun = false;    // was in a batch
  bool present = false;  // there to be read in this run
  bool listed = false;   // by the last update; else it left its name
  bool named = false;    // as an operand
  bool gone = false;     // nobody looks for it again
  bool drained = false;  // all that there is to take up to drained_size was taken
  uint64_t drained_size = 0;
  uint64_t counted_to = 0;  // counted_lines lines are before here
  uint64_t counted_lines = 0;
  bool checked = false;  // its beginning, when it had checked_size and checked_modified_us
  uint64_t checked_size = 0;
  int64_t checked_modified_us = 0;
  bool has_more() const { return present && !(drained && drained_size == at.size); }
};

struct TrackerOptions {
  FileOrder order = FileOrder::kModified;
  bool one_partition = false;
  OnDataLoss on_data_loss = OnDataLoss::kFail;
  std::function<void(const std::string&)> notice;
};

// Rules, in this order:
//   device and inode known, beginning as it was      the same file, whatever its name: goes on
//   the same, but other beginning, or shorter        truncated or replaced: data loss if it was
//   read inode known by another name, other beginning     a new file that got a free inode device
//   unknown, beginning known, old file gone   moved across devices: goes on else a new file; at a
//   known path, of that partition
class FileTracker {
 public:
  FileTracker(io::Filesystem& files, OpenFiles& open, TrackerOptions options)
      : files_(files), open_(open), options_(std::move(options)) {}

  void restore(const FilePositions& positions);
  Status update(std::vector<ListedFile> listed);
  // Finds a known file again and checks that bytes up to at.offset are there; false: they are
  // not, which was said as a notice.
  Result<bool> verify(TrackedFile& file);

  // Ascending ids.
  std::vector<TrackedFile>& files() { return tracked_; }
  TrackedFile* find(uint64_t id);
  // Of present files, in the order in which they are read.
  std::vector<TrackedFile*> in_order();
  Result<SharedFile> open(const TrackedFile& file) { return open_.get(place_of(file)); }
  // Files never begun are left out: to a later run they are new.
  FilePositions positions() const;
  uint32_t partition_count() const { return static_cast<uint32_t>(partitions_.size()); }

  static FilePlace place_of(const TrackedFile& file);

 private:
  using Inode = std::pair<uint64_t, uint64_t>;

  Status match_inodes(const std::vector<ListedFile>& listed, std::vector<ListedFile>& rest);
  Result<bool> still_same(TrackedFile& file, const ListedFile& listed);
  void see(TrackedFile& file, const ListedFile& listed);
  void begin_anew(TrackedFile& file);
  Status adopt(const ListedFile& listed);
  Result<TrackedFile*> find_moved(const ListedFile& listed, const std::string& beginning);
  Result<bool> has_vanished(const TrackedFile& file);
  uint32_t partition_of(const std::string& path);
  Result<std::optional<ListedFile>> locate(const TrackedFile& file);
  Status look_for(TrackedFile& file);
  Status read_on_unnamed(TrackedFile& file);
  Status lose(const std::string& message);
  uint32_t partition_number(const std::string& name);
  Status prune();

  io::Filesystem& files_;
  OpenFiles& open_;
  TrackerOptions options_;
  std::vector<TrackedFile> tracked_;
  std::vector<std::string> partitions_;
  std::unordered_map<std::string, uint32_t> partition_by_name_;
  std::unordered_map<std::string, uint32_t> partition_by_path_;  // of the last file there
  uint64_t next_id_ = 0;
  size_t prune_above_ = 10'000;
};

}  // namespace tailrace::offsets
