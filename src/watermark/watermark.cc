#include "watermark/watermark.h"

#include <algorithm>

namespace tailrace::watermark {

int64_t after_batch(int64_t watermark_us, std::optional<int64_t> greatest_us, int64_t delay_us) {
  if (!greatest_us) return watermark_us;
  const int64_t whole_ms = floor_div(*greatest_us, kMicrosPerMilli) * kMicrosPerMilli;
  const int64_t delay = floor_div(delay_us, kMicrosPerMilli) * kMicrosPerMilli;
  return std::max({watermark_us, int64_t{0}, less_delay(whole_ms, delay)});
}

int64_t less_delay(int64_t time_us, int64_t delay_us) {
  int64_t result = 0;
  if (time_us == kNone || __builtin_sub_overflow(time_us, delay_us, &result)) return kNone;
  return result;
}

void PartitionWatermarks::expect(uint32_t partition) {
  greatest_.try_emplace(partition, kNone);
  unfinished_.insert(partition);
}

void PartitionWatermarks::observe(uint32_t partition, int64_t greatest_us) {
  int64_t& greatest = greatest_.try_emplace(partition, kNone).first->second;
  if (greatest_us <= greatest) return;
  greatest = greatest_us;
  update();
}

void PartitionWatermarks::finish(uint32_t partition) {
  unfinished_.erase(partition);
  update();
}

int64_t PartitionWatermarks::greatest(uint32_t partition) const {
  const auto found = greatest_.find(partition);
  return found == greatest_.end() ? kNone : found->second;
}

void PartitionWatermarks::restore(std::map<uint32_t, int64_t> greatest, int64_t value) {
  greatest_ = std::move(greatest);
  value_ = value;
}

void PartitionWatermarks::update() {
  if (unfinished_.empty()) return;
  int64_t least = std::numeric_limits<int64_t>::max();
  for (const uint32_t partition : unfinished_) least = std::min(least, greatest_[partition]);
  value_ = std::max(value_, less_delay(least, delay_us_));
}

}  // namespace tailrace::watermark
