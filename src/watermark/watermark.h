// Watermark: WHAT to forget. Arithmetic only: no clock, no rows, no state. Micros since the epoch.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "base/time.h"

namespace tailrace::watermark {

// No row seen yet: nothing is late, nothing is final.
inline constexpr int64_t kNone = std::numeric_limits<int64_t>::min();

// Batch mode, Spark's WatermarkTracker: after a batch, the greatest event time in whole
// milliseconds (floor) less the delay; it only rises, starts at 0 and never goes below.
int64_t after_batch(int64_t watermark_us, std::optional<int64_t> greatest_us, int64_t delay_us);

// `time` less the delay, without overflow; kNone stays kNone.
int64_t less_delay(int64_t time_us, int64_t delay_us);

// Both predicates are Spark's `<=` (WatermarkSupport.watermarkExpression).
inline bool is_late(int64_t end_us, int64_t watermark_us) { return end_us <= watermark_us; }

// Row mode: each partition has its own watermark, the greatest event time of its rows so far less
// the delay; a window is final when every unfinished partition has passed its end. One owner.
class PartitionWatermarks {
 public:
  explicit PartitionWatermarks(int64_t delay_us) : delay_us_(delay_us) {}

  // The partition may still deliver rows: it holds the watermark back.
  void expect(uint32_t partition);
  void observe(uint32_t partition, int64_t greatest_us);
  // It delivers no more rows, so it holds nothing back any longer.
  void finish(uint32_t partition);

  // The partition's greatest event time so far; kNone before its first row.
  int64_t greatest(uint32_t partition) const;
  // What all unfinished partitions have passed; never falls. With every one finished: as it was.
  int64_t value() const { return value_; }
  int64_t delay_us() const { return delay_us_; }

  const std::map<uint32_t, int64_t>& greatest_by_partition() const { return greatest_; }
  void restore(std::map<uint32_t, int64_t> greatest, int64_t value);

 private:
  void update();

  int64_t delay_us_;
  int64_t value_ = kNone;
  std::map<uint32_t, int64_t> greatest_;  // all partitions ever seen
  std::set<uint32_t> unfinished_;
};

}  // namespace tailrace::watermark
