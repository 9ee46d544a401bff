// PipeSource: standard input or another stream, as partition 0. A batch is what has arrived, at
// most 16 MiB of whole lines, held in memory until the next plan; with a spool directory it is also
// on disk before plan() returns, so that a crash replays it. Each run's stream is a new one: bytes
// and lines count from its start. plan() and replay() belong to one thread, read() to any.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/clock.h"
#include "io/filesystem.h"
#include "io/stream.h"
#include "offsets/byte_queue.h"
#include "offsets/source.h"
#include "offsets/spool.h"

namespace tailrace::offsets {

struct PipeSourceOptions {
  std::string name = "-";
  std::string spool_directory = "";  // empty: no checkpoint, batches cannot be replayed
  bool whole = false;     // --once, --available-now: to the end, all in memory; limits still cut
  int64_t gather_us = 0;  // wait so long behind a batch's first line for more: fewer commits
  uint64_t line_bytes_max = uint64_t{16} << 20;
};

// A line longer than line_bytes_max becomes its first line_bytes_max + 1 bytes and a newline, so
// that memory is bounded and the decoder sees that it is too long; the next range begins at the
// true offset.
class PipeSource : public Source {
 public:
  static constexpr uint64_t kBatchBytesMax = uint64_t{16} << 20;

  PipeSource(std::unique_ptr<io::InputStream> stream, io::Filesystem& files, io::Clock& clock,
             PipeSourceOptions options);

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
  // Bytes of the stream that follow each other in the queue too, until the next segment.
  struct Segment {
    uint64_t stream_begin = 0;
    uint64_t queue_begin = 0;
  };

  Status gather(const Limits& limits, int64_t wait_us);
  Result<std::optional<size_t>> receive(int64_t timeout_us);
  size_t skip_long_line(std::span<char> arrived);
  void cut_long_line();
  uint64_t batch_end(const Limits& limits) const;
  void release();
  Status take(uint64_t end, Plan& plan);
  void add_ranges(uint64_t end, Plan& plan);
  uint64_t stream_position(uint64_t queue_position) const;
  std::string positions_of(const Plan& plan) const;

  std::unique_ptr<io::InputStream> stream_;
  io::Clock& clock_;
  PipeSourceOptions options_;
  std::optional<Spool> spool_;

  ByteQueue queue_;
  std::vector<Segment> segments_{{}};
  uint64_t planned_end_ = 0;  // of the last batch, in the queue
  uint64_t whole_end_ = 0;    // behind the last whole line, in the queue
  uint64_t received_ = 0;     // bytes of the stream, those of long lines too
  bool skipping_ = false;     // the rest of a long line
  bool ended_ = false;

  uint64_t lines_ = 0;                   // before the batch; with batch_lines_ also in it
  std::optional<uint64_t> batch_lines_;  // if somebody told
  std::vector<uint64_t> stored_;  // of each range of the last plan: where its bytes begin in the
                                  // queue, or in the file that is replayed
  std::unique_ptr<io::File> replayed_;  // the last plan is a replay of this
  uint64_t stream_number_ = 1;
  uint64_t spool_number_ = 0;  // of the last batch spooled
};

}  // namespace tailrace::offsets
