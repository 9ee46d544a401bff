#include <charconv>
#include <cstring>

#include "formats/timestamp.h"

// Writing: no allocation, digits in pairs.
namespace tailrace::formats {

namespace {

char* write_pair(int64_t value, char* out) {
  out[0] = static_cast<char>('0' + value / 10);
  out[1] = static_cast<char>('0' + value % 10);
  return out + 2;
}

char* write_fraction(int64_t value, int digits, char* out) {
  for (int i = digits - 1; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
  return out + digits;
}

// java.time's SignStyle.EXCEEDS_PAD: four digits, a sign where more are needed or below zero.
char* write_year(int64_t year, char* out) {
  if (year >= 0 && year <= 9999) [[likely]]
    return write_pair(year % 100, write_pair(year / 100, out));
  *out++ = year < 0 ? '-' : '+';
  const int64_t size = year < 0 ? -year : year;
  if (size <= 9999) return write_pair(size % 100, write_pair(size / 100, out));
  return std::to_chars(out, out + 20, size).ptr;
}

// The date and time of day of a local time, with `gap` between them.
char* write_local(int64_t local_us, char gap, char* out) {
  const int64_t days = floor_div(local_us, kMicrosPerDay);
  const int64_t seconds = floor_mod(local_us, kMicrosPerDay) / kMicrosPerSecond;
  out = format_date(days, out);
  *out++ = gap;
  out = write_pair(seconds / 3600, out);
  *out++ = ':';
  out = write_pair(seconds / 60 % 60, out);
  *out++ = ':';
  return write_pair(seconds % 60, out);
}

// `us` plus the offset, kept inside int64 at its very ends.
int64_t local_time(int64_t us, int32_t offset) {
  int64_t local;
  return __builtin_add_overflow(us, offset * kMicrosPerSecond, &local) ? us : local;
}

}  // namespace

char* format_date(int64_t days, char* out) {
  const CivilDay civil = civil_from_days(days);
  out = write_year(civil.year, out);
  *out++ = '-';
  out = write_pair(civil.month, out);
  *out++ = '-';
  return write_pair(civil.day, out);
}

char* format_rfc3339(int64_t us, const TimeZone& zone, char* out) {
  const int32_t offset = zone.is_utc() ? 0 : zone.offset_at(us);
  out = write_local(local_time(us, offset), 'T', out);
  *out++ = '.';
  const int64_t fraction = floor_mod(us, kMicrosPerSecond);
  const bool whole_millis = fraction % kMicrosPerMilli == 0;
  out = whole_millis ? write_fraction(fraction / kMicrosPerMilli, 3, out)
                     : write_fraction(fraction, 6, out);
  if (offset != 0) return format_zone_offset(offset, out);
  *out++ = 'Z';
  return out;
}

char* format_spark_timestamp(int64_t us, const TimeZone& zone, char* out) {
  const int32_t offset = zone.is_utc() ? 0 : zone.offset_at(us);
  out = write_local(local_time(us, offset), ' ', out);
  const int64_t fraction = floor_mod(us, kMicrosPerSecond);
  if (fraction == 0) return out;
  *out++ = '.';
  out = write_fraction(fraction, 6, out);
  while (out[-1] == '0') --out;
  return out;
}

}  // namespace tailrace::formats
