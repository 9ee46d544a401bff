// LocalTime: an instant's date and time of day in a zone, and back. Values, cheap to copy.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "base/time.h"
#include "formats/calendar.h"
#include "formats/time_zone.h"

namespace tailrace::sql {

class LocalTime {
 public:
  explicit LocalTime(formats::TimeZone zone) : zone_(std::move(zone)), is_utc_(zone_.is_utc()) {}

  int64_t offset_us(int64_t us) const {
    return is_utc_ ? 0 : zone_.offset_at(us) * kMicrosPerSecond;
  }
  int64_t local(int64_t us) const {
    int64_t shifted;  // an instant at the very edge stays where it is
    return __builtin_add_overflow(us, offset_us(us), &shifted) ? us : shifted;
  }
  int64_t to_utc(int64_t local_us) const { return is_utc_ ? local_us : zone_.to_utc(local_us); }

  int64_t days(int64_t us) const { return floor_div(local(us), kMicrosPerDay); }
  int64_t time_of_day(int64_t us) const { return floor_mod(local(us), kMicrosPerDay); }
  formats::CivilDay civil(int64_t us) const { return formats::civil_from_days(days(us)); }
  int64_t midnight(int64_t day) const {
    int64_t start;
    if (__builtin_mul_overflow(day, kMicrosPerDay, &start))
      return day < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
    return to_utc(start);
  }
  const formats::TimeZone& zone() const { return zone_; }

 private:
  formats::TimeZone zone_;
  bool is_utc_;
};

// java.util.concurrent.TimeUnit.toMicros: saturates.
inline int64_t saturating_micros(int64_t count, int64_t unit_us) {
  int64_t us;
  if (!__builtin_mul_overflow(count, unit_us, &us)) return us;
  return count < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
}

// Java's (long) of a number that is not NaN.
inline int64_t saturating_integer(double value) {
  if (value >= 9223372036854775807.0) return std::numeric_limits<int64_t>::max();
  if (value <= -9223372036854775808.0) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(value);
}

}  // namespace tailrace::sql
