// TimeZone: an IANA zone or fixed offset, for text without a zone and for printed times. Cheap to
// copy, immutable; UTC costs nothing to make and use. The IANA data base is only opened for a
// named zone, so start-up stays fast.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tailrace::formats {

class TimeZone {
 public:
  TimeZone() = default;  // UTC
  // Spark's names: region ids, Z, UTC, GMT, +hh:mm, UTC+hh:mm, GMT-h ... Unknown: a usage error
  // that names the nearest.
  static Result<TimeZone> from_name(std::string_view name);

  bool is_utc() const { return zone_ == nullptr && fixed_offset_seconds_ == 0; }
  // Seconds east of UTC at this instant.
  int32_t offset_at(int64_t utc_us) const;
  // The instant of a local time given as micros as if UTC. In a gap the time moves forward, in an
  // overlap the earlier offset wins (java.time's rules).
  int64_t to_utc(int64_t local_us) const;
  const std::string& name() const { return name_; }
  // What the zone data base calls the time then ("CET", "EDT"); a fixed offset: its name.
  std::string abbreviation_at(int64_t utc_us) const;

 private:
  friend bool parse_zone(std::string_view name, TimeZone& zone);
  static bool find(std::string_view name, TimeZone& zone);

  const void* zone_ = nullptr;  // owned by the zone data base for the life of the process
  int32_t fixed_offset_seconds_ = 0;
  std::string name_ = "UTC";
};

// from_name for names found in data: no error text. False: `zone` is unchanged.
bool parse_zone(std::string_view name, TimeZone& zone);

// java.time's offsets with Spark's short forms: +8, +08, +0800, +08:00, +8:00, +08:0, +080000,
// +08:00:30; at most 18 hours. Not "Z".
bool parse_zone_offset(std::string_view text, int32_t& seconds);

// `+02:00`, `-07:52:58`; zero is `+00:00`. Writes at most 9 bytes and returns the end.
char* format_zone_offset(int32_t seconds, char* out);

}  // namespace tailrace::formats
