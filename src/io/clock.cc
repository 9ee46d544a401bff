#include "io/clock.h"

#include <algorithm>
#include <poll.h>
#include <time.h>

#include "io/signals.h"

namespace tailrace::io {

namespace {

int64_t read_clock(clockid_t which) {
  timespec now{};
  ::clock_gettime(which, &now);
  return now.tv_sec * kMicrosPerSecond + now.tv_nsec / 1000;
}

class SystemClock : public Clock {
 public:
  WallTime now() override { return {read_clock(CLOCK_REALTIME)}; }
  int64_t monotonic_us() override { return read_clock(CLOCK_MONOTONIC); }

  void sleep_until(int64_t deadline_us) override {
    // poll ignores a descriptor of -1, so this also sleeps before the handlers are installed.
    pollfd stop{stop_descriptor(), POLLIN, 0};
    while (stop_signal() == 0) {
      const int64_t left = deadline_us - monotonic_us();
      if (left <= 0) return;
      const timespec timeout{left / kMicrosPerSecond, (left % kMicrosPerSecond) * 1000};
      ::ppoll(&stop, 1, &timeout, nullptr);
    }
  }
};

}  // namespace

std::unique_ptr<Clock> system_clock() { return std::make_unique<SystemClock>(); }

}  // namespace tailrace::io
