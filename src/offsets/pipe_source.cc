#include "offsets/pipe_source.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "base/check.h"
#include "offsets/json_fields.h"

namespace tailrace::offsets {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr uint64_t kVersion = 1;
// After a read as large as this the writer is copying, and a moment's wait makes a fuller batch.
constexpr size_t kBulkBytes = 32 * 1024;
constexpr int64_t kBulkWaitUs = 1000;

struct SpooledRange {
  uint64_t begin = 0;
  uint64_t end = 0;
  uint64_t first_line = 1;
};

struct PipePositions {
  uint64_t stream = 0;
  uint64_t bytes = 0;
  uint64_t spool = 0;
  bool finished = false;
  std::vector<SpooledRange> ranges;
};

Result<PipePositions> parse(const std::string& text) {
  PipePositions out;
  if (text.empty()) return out;
  const json object = TRY(parse_object(text, "positions"));
  const uint64_t version = TRY(unsigned_field(object, "version"));
  if (version != kVersion) {
    return fail(fmt::format(
        "positions: version {} is newer than this tailrace reads ({}); use the newer one", version,
        kVersion));
  }
  out.stream = TRY(unsigned_field(object, "stream"));
  out.bytes = TRY(unsigned_field(object, "bytes"));
  out.spool = TRY(unsigned_field(object, "spool"));
  out.finished = TRY(unsigned_field(object, "finished")) != 0;
  for (const json& range : TRY(object_array(object, "ranges"))) {
    SpooledRange one;
    one.begin = TRY(unsigned_field(range, "begin"));
    one.end = TRY(unsigned_field(range, "end"));
    one.first_line = TRY(unsigned_field(range, "first_line"));
    out.ranges.push_back(one);
  }
  return out;
}

std::string one_offset(const std::string& name, uint64_t bytes) {
  ordered_json out;
  out[name] = bytes;
  return dump(out);
}

}  // namespace

PipeSource::PipeSource(std::unique_ptr<io::InputStream> stream, io::Filesystem& files,
                       io::Clock& clock, PipeSourceOptions options)
    : stream_(std::move(stream)), clock_(clock), options_(std::move(options)) {
  if (!options_.spool_directory.empty()) spool_.emplace(files, options_.spool_directory);
}

Status PipeSource::restore(const std::string& positions) {
  const PipePositions last = TRY(parse(positions));
  stream_number_ = last.stream + 1;
  spool_number_ = last.spool;
  return {};
}

Result<Plan> PipeSource::plan(const Limits& limits, int64_t wait_us) {
  release();
  TRY(gather(limits, wait_us));
  Plan plan;
  const bool complete = ended_ || !options_.whole;
  const uint64_t end = complete ? batch_end(limits) : planned_end_;
  if (end > planned_end_) {
    TRY(take(end, plan));
  } else {
    plan.state = ended_ ? Plan::State::kFinished : Plan::State::kNothing;
  }
  (ended_ && planned_end_ == queue_.end() ? plan.finished : plan.unfinished).push_back(0);
  plan.positions = positions_of(plan);
  return plan;
}

// Lets go of the last batch.
void PipeSource::release() {
  replayed_.reset();
  stored_.clear();
  const uint64_t begin = queue_.begin();
  uint64_t counted = 0;
  if (!batch_lines_)
    queue_.skip_lines(begin, planned_end_, std::numeric_limits<uint64_t>::max(), counted);
  lines_ += batch_lines_.value_or(counted);
  batch_lines_.reset();
  queue_.drop_before(planned_end_);
  while (segments_.size() > 1 && segments_[1].queue_begin <= planned_end_)
    segments_.erase(segments_.begin());
}

// Reads until there is a batch: what has arrived; the first whole line is waited for.
Status PipeSource::gather(const Limits& limits, int64_t wait_us) {
  const int64_t begin_us = clock_.monotonic_us();
  uint64_t bytes_max = limits.bytes == 0 ? kBatchBytesMax : std::min(limits.bytes, kBatchBytesMax);
  if (options_.whole) bytes_max = std::numeric_limits<uint64_t>::max();
  size_t last_size = 0;
  std::optional<int64_t> first_line_us;
  while (!ended_ && whole_end_ - planned_end_ < bytes_max) {
    int64_t timeout_us = std::max<int64_t>(0, wait_us - (clock_.monotonic_us() - begin_us));
    const bool has_line = whole_end_ > planned_end_ && !options_.whole;
    if (has_line) {
      const int64_t now_us = clock_.monotonic_us();
      first_line_us = first_line_us.value_or(now_us);
      const int64_t bulk_us = last_size >= kBulkBytes ? kBulkWaitUs : 0;
      timeout_us = std::max(bulk_us, *first_line_us + options_.gather_us - now_us);
    }
    const auto size = TRY(receive(timeout_us));
    if (!size) return {};
    last_size = *size;
  }
  return {};
}

Result<std::optional<size_t>> PipeSource::receive(int64_t timeout_us) {
  const std::span<char> room = queue_.room();
  const std::optional<size_t> size = TRY(stream_->read(room, timeout_us));
  if (!size) return size;
  if (*size == 0) {
    ended_ = true;
    whole_end_ = queue_.end();  // the last line needs no newline
    return size;
  }
  received_ += *size;
  const uint64_t begin = queue_.end();
  queue_.commit(skipping_ ? skip_long_line(room.first(*size)) : *size);
  if (const auto end = queue_.last_line_end(begin, queue_.end())) whole_end_ = *end;
  if (queue_.end() - whole_end_ > options_.line_bytes_max) cut_long_line();
  return size;
}

// Moves what follows the long line's end to the front of what arrived; says how much that is.
size_t PipeSource::skip_long_line(std::span<char> arrived) {
  const void* const newline = std::memchr(arrived.data(), '\n', arrived.size());
  if (newline == nullptr) return 0;
  skipping_ = false;
  const size_t skipped =
      static_cast<size_t>(static_cast<const char*>(newline) - arrived.data()) + 1;
  const size_t rest = arrived.size() - skipped;
  std::memmove(arrived.data(), arrived.data() + skipped, rest);
  segments_.push_back({received_ - rest, queue_.end()});
  return rest;
}

void PipeSource::cut_long_line() {
  queue_.cut_end(whole_end_ + options_.line_bytes_max + 1);
  queue_.append("\n");
  whole_end_ = queue_.end();
  skipping_ = true;
}

uint64_t PipeSource::batch_end(const Limits& limits) const {
  uint64_t end = whole_end_;
  uint64_t bytes_max = limits.bytes == 0 ? std::numeric_limits<uint64_t>::max() : limits.bytes;
  if (!options_.whole) bytes_max = std::min(bytes_max, kBatchBytesMax);
  uint64_t lines = 0;
  if (end - planned_end_ > bytes_max) {
    const auto cut = queue_.last_line_end(planned_end_, planned_end_ + bytes_max);
    // A line longer than the limit goes alone.
    end = cut ? *cut : queue_.skip_lines(planned_end_, end, 1, lines).value_or(end);
  }
  if (limits.rows == 0) return end;
  return queue_.skip_lines(planned_end_, end, limits.rows, lines).value_or(end);
}

Status PipeSource::take(uint64_t end, Plan& plan) {
  if (spool_) {
    TRY(spool_->write(spool_number_ + 1, queue_, planned_end_, end));
    ++spool_number_;
  }
  add_ranges(end, plan);
  plan.state = Plan::State::kReady;
  planned_end_ = end;
  return {};
}

void PipeSource::add_ranges(uint64_t end, Plan& plan) {
  uint64_t line = lines_ + 1;
  for (size_t i = 0; i < segments_.size(); ++i) {
    const uint64_t from = std::max(planned_end_, segments_[i].queue_begin);
    const uint64_t to =
        i + 1 < segments_.size() ? std::min(end, segments_[i + 1].queue_begin) : end;
    if (from >= to) continue;
    Range range;
    range.input = static_cast<uint32_t>(stored_.size());
    range.begin = segments_[i].stream_begin + (from - segments_[i].queue_begin);
    range.end = range.begin + (to - from);
    range.first_line = line;
    range.name = options_.name;
    plan.ranges.push_back(std::move(range));
    stored_.push_back(from);
    uint64_t lines = 0;
    if (to < end) queue_.skip_lines(from, to, std::numeric_limits<uint64_t>::max(), lines);
    line += lines;
  }
}

uint64_t PipeSource::stream_position(uint64_t queue_position) const {
  const auto after = std::ranges::find_if(
      segments_, [&](const Segment& segment) { return segment.queue_begin > queue_position; });
  const Segment& segment = *(after - 1);
  return segment.stream_begin + (queue_position - segment.queue_begin);
}

std::string PipeSource::positions_of(const Plan& plan) const {
  ordered_json out;
  out["version"] = kVersion;
  out["stream"] = stream_number_;
  out["bytes"] = stream_position(planned_end_);
  out["spool"] = spool_number_;
  out["finished"] = plan.finished.size();
  out["ranges"] = ordered_json::array();
  for (const Range& range : plan.ranges) {
    ordered_json one;
    one["begin"] = range.begin;
    one["end"] = range.end;
    one["first_line"] = range.first_line;
    out["ranges"].push_back(std::move(one));
  }
  return dump(out);
}

Result<Plan> PipeSource::replay(const std::string& begin, const std::string& end) {
  const PipePositions from = TRY(parse(begin));
  const PipePositions to = TRY(parse(end));
  stream_number_ = to.stream + 1;
  spool_number_ = to.spool;
  Plan plan;
  plan.state = Plan::State::kReady;
  plan.positions = end;
  (to.finished ? plan.finished : plan.unfinished).push_back(0);
  if (to.spool == from.spool) return plan;  // a batch without input
  if (!spool_)
    return fail(
        "standard input cannot be read again: start without this batch, or with --checkpoint");
  replayed_ = TRY(spool_->open(to.spool));
  stored_.clear();
  uint64_t stored = 0;
  for (const SpooledRange& spooled : to.ranges) {
    const auto input = static_cast<uint32_t>(stored_.size());
    plan.ranges.push_back(
        {0, input, spooled.begin, spooled.end, spooled.first_line, options_.name});
    stored_.push_back(stored);
    stored += spooled.end - spooled.begin;
  }
  if (TRY(replayed_->info()).size == stored) return plan;
  return fail(ErrorKind::kDamage,
              fmt::format("{}: not the {} bytes that were written; restore it from a backup",
                          spool_->path_of(to.spool), stored));
}

Result<size_t> PipeSource::read(const Range& range, uint64_t offset, std::span<char> into) const {
  CHECK(range.input < stored_.size() && offset >= range.begin);
  if (offset >= range.end) return size_t{0};
  const uint64_t from = stored_[range.input] + (offset - range.begin);
  const size_t size = std::min<uint64_t>(into.size(), range.end - offset);
  if (replayed_) return replayed_->read_at(from, into.first(size));
  for (size_t copied = 0; copied < size;) {
    const std::string_view bytes = queue_.piece(from + copied, from + size);
    std::memcpy(into.data() + copied, bytes.data(), bytes.size());
    copied += bytes.size();
  }
  return size;
}

std::string PipeSource::with_lines(const std::string& positions,
                                   const std::vector<std::pair<uint32_t, uint64_t>>& lines) {
  // A later run's lines count anew, so that only this run needs to know.
  if (!replayed_ && lines.size() == stored_.size() && !stored_.empty()) {
    batch_lines_ = 0;
    for (const auto& [index, count] : lines) *batch_lines_ += count;
  }
  return positions;
}

Status PipeSource::committed(const std::string& positions) {
  if (!spool_) return {};
  return spool_->remove_through(TRY(parse(positions)).spool);
}

std::string PipeSource::description() const { return fmt::format("PipeSource[{}]", options_.name); }

std::string PipeSource::offsets_of(const std::string& positions) const {
  const auto parsed = parse(positions);
  return parsed ? one_offset(options_.name, parsed->bytes) : "{}";
}

std::string PipeSource::latest_offsets() { return one_offset(options_.name, received_); }

}  // namespace tailrace::offsets
