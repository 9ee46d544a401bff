#include "formats/time_zone.h"

#include <bit>
#include <chrono>
#include <type_traits>

#include <cctz/time_zone.h>
#include <fmt/format.h>

#include "base/nearest.h"
#include "base/time.h"
#include "formats/zone_names.h"

namespace tailrace::formats {

namespace {

// A cctz::time_zone is a pointer into cctz's own table, which is never freed: kept here as that
// pointer, so that the header needs no cctz.
static_assert(sizeof(cctz::time_zone) == sizeof(void*));
static_assert(std::is_trivially_copyable_v<cctz::time_zone>);

const void* to_pointer(cctz::time_zone zone) { return std::bit_cast<const void*>(zone); }
cctz::time_zone to_zone(const void* pointer) { return std::bit_cast<cctz::time_zone>(pointer); }

cctz::time_point<cctz::seconds> instant(int64_t utc_us) {
  return cctz::time_point<cctz::seconds>(cctz::seconds(floor_div(utc_us, kMicrosPerSecond)));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int two_digits(const char* p) {
  return is_digit(p[0]) && is_digit(p[1]) ? (p[0] - '0') * 10 + (p[1] - '0') : 100;
}

// java.time's ZoneId.normalized names of what is always UTC.
bool is_utc_region(std::string_view name) {
  for (const std::string_view utc : {"UTC", "UCT", "Universal", "Zulu", "Greenwich", "GMT0", "GMT"})
    if (name == utc || (name.starts_with("Etc/") && name.substr(4) == utc)) return true;
  return false;
}

// The part of `UTC+3` behind its prefix; the whole name if it has none.
std::string_view without_prefix(std::string_view name) {
  for (const std::string_view prefix : {"UTC", "GMT", "UT"}) {
    if (!name.starts_with(prefix)) continue;
    const std::string_view rest = name.substr(prefix.size());
    if (rest.empty() || rest.front() == '+' || rest.front() == '-') return rest;
  }
  return name;
}

std::string offset_name(std::string_view prefix, int32_t seconds) {
  if (seconds == 0) return prefix.empty() ? "Z" : std::string(prefix);
  char text[9];
  return std::string(prefix).append(text, format_zone_offset(seconds, text));
}

bool is_unknown_here(std::string_view name) {
  return is_region_name(
      expand_short_id(name));  // the list has it, the machine's data base does not
}

}  // namespace

bool parse_zone_offset(std::string_view text, int32_t& seconds) {
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return false;
  // Spark writes a single digit before and after the colon out to two, then asks java.time.
  char padded[10] = {text[0]};
  size_t size = 1;
  for (size_t i = 1; i < text.size(); ++i) {
    const bool lone_hour = i == 1 && text.size() > 2 && text[2] == ':';
    const bool lone_minute = size == 4 && padded[3] == ':' && i + 1 == text.size();
    if (size + 2 > sizeof padded) return false;
    if (lone_hour || lone_minute) padded[size++] = '0';
    padded[size++] = text[i];
  }
  if (size == 2) padded[2] = padded[1], padded[1] = '0', size = 3;
  const bool colons = size == 6 || size == 9;
  if (size != 3 && size != 5 && size != 7 && !colons) return false;
  if (colons && (padded[3] != ':' || (size == 9 && padded[6] != ':'))) return false;
  const size_t step = colons ? 3 : 2;
  const int hours = two_digits(padded + 1);
  const int minutes = size > 3 ? two_digits(padded + 1 + step) : 0;
  const int rest = size > 6 ? two_digits(padded + 1 + 2 * step) : 0;
  if (hours > 18 || minutes > 59 || rest > 59) return false;
  const int32_t total = hours * 3600 + minutes * 60 + rest;
  if (total > 18 * 3600) return false;
  seconds = padded[0] == '-' ? -total : total;
  return true;
}

char* format_zone_offset(int32_t seconds, char* out) {
  *out++ = seconds < 0 ? '-' : '+';
  const int32_t size = seconds < 0 ? -seconds : seconds;
  const auto pair = [&out](int32_t value) {
    *out++ = static_cast<char>('0' + value / 10);
    *out++ = static_cast<char>('0' + value % 10);
  };
  pair(size / 3600);
  *out++ = ':';
  pair(size / 60 % 60);
  if (size % 60 == 0) return out;
  *out++ = ':';
  pair(size % 60);
  return out;
}

bool parse_zone(std::string_view name, TimeZone& zone) { return TimeZone::find(name, zone); }

// ZoneId.of with Spark's short ids (SparkDateTimeUtils.getZoneId).
bool TimeZone::find(std::string_view name, TimeZone& zone) {
  const std::string_view full = expand_short_id(name);
  TimeZone found;
  if (full == "Z") {
    found.name_ = "Z";
  } else if (const std::string_view rest = without_prefix(full); rest.empty() && !full.empty()) {
    found.name_ = full;
  } else if (parse_zone_offset(rest, found.fixed_offset_seconds_)) {
    found.name_ =
        offset_name(full.substr(0, full.size() - rest.size()), found.fixed_offset_seconds_);
  } else if (!is_region_name(full)) {
    return false;
  } else {
    found.name_ = full;
    cctz::time_zone region;
    if (!is_utc_region(full)) {
      if (!cctz::load_time_zone(found.name_, &region)) return false;
      found.zone_ = to_pointer(region);
    }
  }
  zone = std::move(found);
  return true;
}

Result<TimeZone> TimeZone::from_name(std::string_view name) {
  TimeZone zone;
  if (find(name, zone)) return zone;
  if (is_unknown_here(name))
    return usage_error(fmt::format(
        "the time zone data base of this machine has no '{}'; install the package tzdata", name));
  const std::string_view near = nearest(name, region_names());
  return usage_error(fmt::format("there is no time zone '{}'; {}", name,
                                 near.empty()
                                     ? "write a region as Europe/Paris or an offset as +02:00"
                                     : fmt::format("did you mean {}?", near)));
}

int32_t TimeZone::offset_at(int64_t utc_us) const {
  if (zone_ == nullptr) return fixed_offset_seconds_;
  return to_zone(zone_).lookup(instant(utc_us)).offset;
}

int64_t TimeZone::to_utc(int64_t local_us) const {
  if (zone_ == nullptr) return local_us - fixed_offset_seconds_ * kMicrosPerSecond;
  const int64_t local_seconds = floor_div(local_us, kMicrosPerSecond);
  // The offset before a change is the right one both in a gap and in an overlap.
  const cctz::civil_second civil = cctz::civil_second(1970, 1, 1) + local_seconds;
  const int64_t utc_seconds = to_zone(zone_).lookup(civil).pre.time_since_epoch().count();
  return local_us - (local_seconds - utc_seconds) * kMicrosPerSecond;
}

std::string TimeZone::abbreviation_at(int64_t utc_us) const {
  if (zone_ == nullptr) return is_utc_region(name_) && name_ != "GMT" ? "UTC" : name_;
  return to_zone(zone_).lookup(instant(utc_us)).abbr;
}

}  // namespace tailrace::formats
