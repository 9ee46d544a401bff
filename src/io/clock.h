// Clock: the only now(). Tests pass a manual one.
#pragma once

#include <memory>

#include "base/time.h"

namespace tailrace::io {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime now() = 0;          // for records and --max-ahead; may jump
  virtual int64_t monotonic_us() = 0;  // for durations and triggers; never goes back
  // Sleeps until monotonic_us() >= deadline, or earlier if a stop was asked for (io/signals.h).
  virtual void sleep_until(int64_t deadline_us) = 0;
};

std::unique_ptr<Clock> system_clock();

}  // namespace tailrace::io
