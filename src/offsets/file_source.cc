#include "offsets/file_source.h"

#include <algorithm>
#include <limits>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/check.h"
#include "offsets/json_fields.h"
#include "offsets/line_count.h"

namespace tailrace::offsets {
namespace {

constexpr size_t kOpenFilesMax = 64;
constexpr int64_t kPollUs = 100'000;
constexpr uint64_t kUnlimited = std::numeric_limits<uint64_t>::max();

uint64_t room(uint64_t limit) { return limit == 0 ? kUnlimited : limit; }

void use(uint64_t& rest, uint64_t used) {
  if (rest != kUnlimited) rest -= std::min(rest, used);
}

}  // namespace

FileSource::FileSource(io::Filesystem& files, io::Clock& clock, FileSourceOptions options)
    : clock_(clock),
      options_(std::move(options)),
      open_(files, kOpenFilesMax),
      tracker_(files, open_,
               {options_.order, options_.one_partition, options_.on_data_loss, options_.notice}),
      listing_(files, options_.operands) {
  if (options_.standard_input) standard_input_ = std::move(options_.standard_input->file);
}

Status FileSource::restore(const std::string& positions) {
  tracker_.restore(TRY(parse_positions(positions)));
  looked_ = false;
  inputs_.clear();
  return {};
}

Result<Plan> FileSource::plan(const Limits& limits, int64_t wait_us) {
  const int64_t begin_us = clock_.monotonic_us();
  for (;;) {
    TRY(look());
    Plan plan = TRY(take(limits));
    if (plan.state == Plan::State::kNothing && sleep(begin_us, wait_us)) continue;
    tell_partitions(plan);
    plan.positions = positions_of(plan);
    return plan;
  }
}

// False: the wait is over, or somebody asked us to stop.
bool FileSource::sleep(int64_t begin_us, int64_t wait_us) {
  const int64_t now_us = clock_.monotonic_us();
  const int64_t rest_us = wait_us - (now_us - begin_us);
  if (rest_us <= 0) return false;
  const int64_t wake_us = now_us + std::min(rest_us, kPollUs);
  clock_.sleep_until(wake_us);
  return clock_.monotonic_us() >= wake_us;
}

Status FileSource::look() {
  if (looked_ && finite()) return {};
  std::vector<ListedFile> listed = TRY(listing_.list());
  if (standard_input_) {
    ListedFile input;
    input.path = options_.standard_input->path.empty() ? "-" : options_.standard_input->path;
    input.info = TRY(standard_input_->info());
    input.named = true;
    input.opened = standard_input_;
    input.begin = options_.standard_input->begin;
    std::erase_if(listed, [&](const ListedFile& file) {
      return file.info.device == input.info.device && file.info.inode == input.info.inode;
    });
    listed.push_back(std::move(input));
  }
  TRY(tracker_.update(std::move(listed)));
  looked_ = true;
  return {};
}

Result<Plan> FileSource::take(const Limits& limits) {
  Plan plan;
  inputs_.clear();
  Room left{room(limits.files), room(limits.rows), room(limits.bytes)};
  for (TrackedFile* const file : tracker_.in_order()) {
    if (left.files == 0 || left.rows == 0 || left.bytes == 0) break;
    if (!file->has_more()) continue;
    if (!TRY(take_file(*file, left, plan))) break;
  }
  const Plan::State without = finite() ? Plan::State::kFinished : Plan::State::kNothing;
  plan.state = plan.ranges.empty() ? without : Plan::State::kReady;
  return plan;
}

// Adds what fits of the file; false: a limit was reached within it.
Result<bool> FileSource::take_file(TrackedFile& file, Room& left, Plan& plan) {
  const bool is_new_and_empty = !file.begun && file.at.size == 0;
  const bool has_bytes =
      std::ranges::any_of(plan.ranges, [](const Range& range) { return range.begin < range.end; });
  const Cut cut = TRY(this->cut(file, left, !has_bytes));
  const uint64_t begin = file.at.offset;
  if (!cut.limited) {
    file.drained = true;
    file.drained_size = file.at.size;
  }
  if (cut.end == begin && !is_new_and_empty) return !cut.limited;
  TRY(add_range(file, begin, cut.end, plan));
  file.begun = true;
  file.at.offset = cut.end;
  if (cut.lines && file.counted_to == begin) {
    file.counted_to = cut.end;
    file.counted_lines += *cut.lines;
  }
  use(left.files, 1);
  use(left.rows, cut.lines.value_or(0));
  use(left.bytes, cut.end - begin);
  return !cut.limited;
}

Result<FileSource::Cut> FileSource::cut(TrackedFile& file, const Room& left, bool batch_is_empty) {
  const uint64_t begin = file.at.offset;
  const uint64_t size = file.at.size;
  if (size <= begin) return Cut{begin, 0, false};
  const bool all_fits = size - begin <= left.bytes;
  if (all_fits && takes_unfinished_line() && left.rows == kUnlimited) return Cut{size, {}, false};

  const SharedFile opened = TRY(tracker_.open(file));
  const auto bytes = [&](uint64_t end) { return FileBytes{*opened, file.at.path, begin, end}; };
  Cut cut{size, {}, !all_fits};
  if (!all_fits || !takes_unfinished_line()) {
    cut.end = TRY(last_line_end(bytes(all_fits ? size : begin + left.bytes)));
  }
  if (cut.end == begin && !all_fits && batch_is_empty) {
    // A line longer than the limit goes alone.
    const LineCut line = TRY(cut_after_lines(bytes(size), 1));
    cut.limited = line.end > begin;
    cut.end = line.end > begin || !takes_unfinished_line() ? line.end : size;
  }
  if (left.rows == kUnlimited) return cut;
  const LineCut rows = TRY(cut_after_lines(bytes(cut.end), left.rows));
  cut.lines = rows.lines;
  if (rows.lines == left.rows) {
    cut.limited = cut.limited || rows.end < cut.end;
    cut.end = rows.end;
  } else if (rows.end < cut.end) {
    cut.lines = rows.lines + 1;  // the unfinished line at the end of the input
  }
  return cut;
}

Status FileSource::add_range(TrackedFile& file, uint64_t begin, uint64_t end, Plan& plan) {
  Range range;
  range.partition = file.at.partition;
  range.input = static_cast<uint32_t>(inputs_.size());
  range.begin = begin;
  range.end = end;
  range.first_line = TRY(lines_before(file, begin)) + 1;
  range.name = file.at.path;
  plan.ranges.push_back(std::move(range));
  inputs_.push_back(FileTracker::place_of(file));
  return {};
}

Result<uint64_t> FileSource::lines_before(TrackedFile& file, uint64_t offset) {
  if (file.counted_to > offset) file.counted_to = file.counted_lines = 0;
  if (file.counted_to < offset) {
    const SharedFile opened = TRY(tracker_.open(file));
    file.counted_lines += TRY(count_newlines({*opened, file.at.path, file.counted_to, offset}));
    file.counted_to = offset;
  }
  return file.counted_lines;
}

// Of finite input a partition is finished when all of its files are read. While files are followed
// it is finished when all of them are gone; one that the user named may come back at any time.
void FileSource::tell_partitions(Plan& plan) {
  std::set<uint32_t> unfinished;
  for (const TrackedFile& file : tracker_.files()) {
    const bool more = finite() ? file.has_more() : file.present || file.named;
    if (more) unfinished.insert(file.at.partition);
  }
  for (uint32_t number = 0; number < tracker_.partition_count(); ++number) {
    (unfinished.contains(number) ? plan.unfinished : plan.finished).push_back(number);
  }
}

std::string FileSource::positions_of(const Plan& plan) const {
  FilePositions positions = tracker_.positions();
  for (const FilePlace& place : inputs_) positions.batch.push_back(place.id);
  positions.finished = plan.finished;
  positions.unfinished = plan.unfinished;
  return to_json(positions);
}

// replay(begin, end): the files of the batch in its order; each from its offset in `begin` (0 if it
// is not there) to its offset in `end`; then the state is that of `end`, so that the next plan goes
// on behind the batch.
Result<Plan> FileSource::replay(const std::string& begin, const std::string& end) {
  const FilePositions from = TRY(parse_positions(begin));
  const FilePositions to = TRY(parse_positions(end));
  tracker_.restore(to);
  looked_ = false;
  Plan plan = TRY(replay_ranges(from, to));
  plan.state = Plan::State::kReady;
  plan.finished = to.finished;
  plan.unfinished = to.unfinished;
  plan.positions = end;
  return plan;
}

Result<Plan> FileSource::replay_ranges(const FilePositions& from, const FilePositions& to) {
  Plan plan;
  inputs_.clear();
  for (const uint64_t id : to.batch) {
    TrackedFile* const file = tracker_.find(id);
    if (file == nullptr) {
      return fail(ErrorKind::kDamage,
                  fmt::format("positions: the batch names file {}, which is not there", id));
    }
    const FilePosition* const before = from.find(id);
    const uint64_t end = file->at.offset;
    const uint64_t begin = before == nullptr ? 0 : before->offset;
    if (standard_input_) {
      const io::FileInfo info = TRY(standard_input_->info());
      if (info.device == file->at.device && info.inode == file->at.inode)
        open_.pin(id, standard_input_);
    }
    if (!open_.peek(id) && !TRY(tracker_.verify(*file))) continue;
    if (before != nullptr && before->lines) {
      file->counted_to = begin;
      file->counted_lines = *before->lines;
    }
    TRY(add_range(*file, begin, end, plan));
  }
  return plan;
}

Result<size_t> FileSource::read(const Range& range, uint64_t offset, std::span<char> into) const {
  CHECK(range.input < inputs_.size());
  if (offset >= range.end) return size_t{0};
  const FilePlace& place = inputs_[range.input];
  const SharedFile file = TRY(open_.get(place));
  const std::span<char> wanted = into.first(std::min<uint64_t>(into.size(), range.end - offset));
  const size_t size = TRY(file->read_at(offset, wanted));
  if (size == wanted.size()) return size;
  return fail(fmt::format(
      "{}: truncated while it was read: {} bytes were there, and now it has {}; start again",
      range.name, range.end, offset + size));
}

std::string FileSource::with_lines(const std::string& positions,
                                   const std::vector<std::pair<uint32_t, uint64_t>>& lines) {
  auto parsed = parse_positions(positions);
  if (!parsed) return positions;
  for (const auto& [index, count] : lines) {
    if (index >= inputs_.size()) continue;
    TrackedFile* const file = tracker_.find(inputs_[index].id);
    const auto at = std::ranges::find(parsed->files, inputs_[index].id, &FilePosition::id);
    if (file == nullptr || at == parsed->files.end() || at->lines) continue;
    // Lines before the range are known: add_range needed them.
    if (file->counted_to < at->offset) {
      file->counted_to = at->offset;
      file->counted_lines += count;
    }
    if (file->counted_to == at->offset) at->lines = file->counted_lines;
  }
  return to_json(*parsed);
}

Status FileSource::committed(const std::string&) { return {}; }

std::string FileSource::description() const {
  std::vector<std::string> names = options_.operands;
  if (standard_input_) names.push_back("-");
  return fmt::format("FileStreamSource[{}]", fmt::join(names, ","));
}

std::string FileSource::offsets_of(const std::string& positions) const {
  const auto parsed = parse_positions(positions);
  return parsed ? progress_offsets(*parsed) : "{}";
}

std::string FileSource::latest_offsets() {
  FilePositions latest = tracker_.positions();
  for (FilePosition& file : latest.files) file.offset = std::max(file.offset, file.size);
  return progress_offsets(latest);
}

}  // namespace tailrace::offsets
