// Time as data: micros since 1970-01-01T00:00:00Z, in two types that do not mix by accident.
// EventTime is what a row says of itself; WallTime is what the machine's clock said (io/clock.h).
// Durations are plain int64_t micros, named *_us.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace tailrace {

inline constexpr int64_t kMicrosPerMilli = 1000;
inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
inline constexpr int64_t kMicrosPerHour = 60 * kMicrosPerMinute;
inline constexpr int64_t kMicrosPerDay = 24 * kMicrosPerHour;

struct EventTime {
  int64_t us = 0;
  friend auto operator<=>(EventTime, EventTime) = default;
  static constexpr EventTime min() { return {std::numeric_limits<int64_t>::min()}; }
  static constexpr EventTime max() { return {std::numeric_limits<int64_t>::max()}; }
};

struct WallTime {
  int64_t us = 0;
  friend auto operator<=>(WallTime, WallTime) = default;
};

// Floor division and modulus, right for negative values too. REQUIRES: divisor > 0.
constexpr int64_t floor_div(int64_t value, int64_t divisor) {
  const int64_t quotient = value / divisor;
  return quotient - (value % divisor < 0 ? 1 : 0);
}
constexpr int64_t floor_mod(int64_t value, int64_t divisor) {
  const int64_t rest = value % divisor;
  return rest < 0 ? rest + divisor : rest;
}

}  // namespace tailrace
