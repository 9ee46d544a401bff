// ManualClock: time that moves only when a test says so, or when somebody sleeps: then it jumps to
// the end of the sleep at once, and the sleeps can be asked for. One thread.
#pragma once

#include <algorithm>
#include <vector>

#include "io/clock.h"

namespace tailrace::test {

class ManualClock : public io::Clock {
 public:
  explicit ManualClock(WallTime start = {1'700'000'000'000'000}) : wall_us_(start.us) {}

  WallTime now() override { return {wall_us_}; }
  int64_t monotonic_us() override { return monotonic_us_; }
  void sleep_until(int64_t deadline_us) override {
    const int64_t slept_us = std::max<int64_t>(0, deadline_us - monotonic_us_);
    sleeps_us_.push_back(slept_us);
    advance(slept_us);
  }

  void advance(int64_t us) {
    wall_us_ += us;
    monotonic_us_ += us;
  }
  // As when somebody sets the machine's clock.
  void set_wall(WallTime time) { wall_us_ = time.us; }
  const std::vector<int64_t>& sleeps_us() const { return sleeps_us_; }

 private:
  int64_t wall_us_;
  int64_t monotonic_us_ = 0;
  std::vector<int64_t> sleeps_us_;
};

}  // namespace tailrace::test
