// Time stamps and dates as text. Spark's CAST grammar (spark-semantics.md 5.5 and Errata;
// SparkDateTimeUtils.parseTimestampString), the forms that logs use, and back. Pure functions, no
// allocation but for names of zones; false means "not such a text" and leaves the result alone.
// Patterns (yyyy-MM-dd) are in formats/time_pattern.h, arithmetic in formats/calendar.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "formats/calendar.h"
#include "formats/time_pattern.h"
#include "formats/time_zone.h"

namespace tailrace::formats {

namespace internal {
// The whole grammar, without the short cut.
bool parse_spark_timestamp_slow(std::string_view text, const TimeZone& zone, int64_t& us,
                                std::optional<int64_t> now_us);
}  // namespace internal

// The commonest form and nothing else: `YYYY-MM-DDTHH:MM:SS[.fff[fff]]Z`. Reads only `text`.
inline bool parse_utc_timestamp(std::string_view text, int64_t& us);

// Spark's CAST(text AS TIMESTAMP); a text without a zone is in `zone`. A time without a date
// (`12:00:01`) needs to know today: it is refused unless `now_us` is given.
inline bool parse_spark_timestamp(std::string_view text, const TimeZone& zone, int64_t& us,
                                  std::optional<int64_t> now_us = std::nullopt) {
  if (parse_utc_timestamp(text, us)) [[likely]]
    return true;
  return internal::parse_spark_timestamp_slow(text, zone, us, now_us);
}

// Spark's CAST(text AS DATE): `[+-]y{4,7}[-[m]m[-[d]d[( |T)anything]]]`, blanks around it trimmed.
bool parse_spark_date(std::string_view text, int32_t& days);

// For --time on a STRING: Spark's forms, then what logs write: numbers (below), the same with
// lower-case t and z, `/` in dates, `,` before the fraction, a zone without seconds, a leap second;
// `20150517T100503Z`; `17/May/2015:10:05:03 +0000`; `Sun, 17 May 2015 10:05:03 GMT`;
// `Sun May 17 10:05:03 2015`; `May 17 2015 10:05:03`. Every form has a year.
bool parse_lenient_timestamp(std::string_view text, const TimeZone& zone, int64_t& us);

// The unit that a bare number is taken in, by its magnitude: below 1e11 seconds (to the year
// 5138), below 1e14 millis, below 1e17 micros (both from March 1973 on), else nanos. As text, 4 to
// 6 digits are a year (Spark's form), 8 a date and 14 a date and time; `1714557600.123` is a
// number.
enum class TimeUnit : uint8_t { kNone, kSeconds, kMillis, kMicros, kNanos };
TimeUnit time_unit_of(int64_t number);
TimeUnit time_unit_of(double number);
TimeUnit time_unit_of(std::string_view text);    // kNone: the text is not read as a number
std::string_view time_unit_name(TimeUnit unit);  // "seconds" ...

bool timestamp_from_number(int64_t number, int64_t& us);
bool timestamp_from_number(double number, int64_t& us);  // false for NaN and infinities

// The most that the writers below need.
inline constexpr size_t kTimestampBytesMax = 40;

// `2024-01-01T00:05:00.000Z`: three digits of fraction, six when there are micros; `Z` or `+02:00`
// (with seconds if the offset has some); years beyond four digits with their sign. Returns the end.
char* format_rfc3339(int64_t us, const TimeZone& zone, char* out);
// Spark's CAST(timestamp AS STRING): `2015-08-26 18:00:00[.ffffff]` in `zone`, no trailing zeros.
char* format_spark_timestamp(int64_t us, const TimeZone& zone, char* out);
char* format_date(int64_t days, char* out);

// ---- the inline short cut ----

namespace internal {

inline uint64_t load_8(const char* text) {
  uint64_t word;
  std::memcpy(&word, text, 8);
  return word;
}
inline uint32_t load_4(const char* text) {
  uint32_t word;
  std::memcpy(&word, text, 4);
  return word;
}

// Eight characters against a template where '0' stands for any digit; `digits` gets the values,
// lowest byte first. Adding 0x76 carries into the high bit from ten on, 0x7f from one on.
inline bool match_8(const char* text, uint64_t pattern, uint64_t slack, uint64_t& digits) {
  digits = load_8(text) ^ pattern;
  return (((digits + slack) | digits) & 0x8080808080808080) == 0;
}
inline bool match_4(const char* text, uint32_t pattern, uint32_t slack, uint32_t& digits) {
  digits = load_4(text) ^ pattern;
  return (((digits + slack) | digits) & 0x80808080) == 0;
}

inline int two_digits(uint64_t digits, int byte) {
  return static_cast<int>(((digits >> (8 * byte)) & 0xff) * 10 +
                          ((digits >> (8 * byte + 8)) & 0xff));
}

// `.fffZ` or `.ffffffZ` behind the seconds.
inline bool match_fraction(const char* text, size_t size, int64_t& us) {
  if (text[0] != '.' || text[size - 1] != 'Z') return false;
  uint32_t high, low = 0;
  if (!match_4(text, 0x3030302e, 0x7676767f, high)) return false;
  const auto value = [](uint32_t d) {
    return int64_t{(d >> 8) & 0xff} * 100 + int64_t{(d >> 16) & 0xff} * 10 + int64_t{d >> 24};
  };
  us = value(high) * 1000;
  if (size == 5) return true;
  // The byte before is the last of the high digits, already known to be one.
  if (!match_4(text + 3, 0x30303030, 0x76767676, low)) return false;
  us += value(low);
  return true;
}

}  // namespace internal

inline bool parse_utc_timestamp(std::string_view text, int64_t& us) {
  const char* p = text.data();
  if (text.size() != 20 && text.size() != 24 && text.size() != 27) return false;
  uint64_t date, time;  // "YYYY-MM-", "DDTHH:MM"
  if (!internal::match_8(p, 0x2d30302d30303030, 0x7f76767f76767676, date)) return false;
  if (!internal::match_8(p + 8, 0x30303a3030543030, 0x76767f76767f7676, time)) return false;
  uint32_t seconds;  // "M:SS": the byte before is again a digit
  if (!internal::match_4(p + 15, 0x30303a30, 0x76767f76, seconds)) return false;
  int64_t fraction_us = 0;
  if (text.size() == 20) {
    if (p[19] != 'Z') return false;
  } else if (!internal::match_fraction(p + 19, text.size() - 19, fraction_us)) {
    return false;
  }
  const int year = internal::two_digits(date, 0) * 100 + internal::two_digits(date, 2);
  const int month = internal::two_digits(date, 5), day = internal::two_digits(time, 0);
  const int hour = internal::two_digits(time, 3), minute = internal::two_digits(time, 6);
  const int second = internal::two_digits(seconds, 2);
  if (hour > 23 || minute > 59 || second > 59) return false;
  if (!is_valid_date(year, month, day)) return false;
  const int64_t of_day = hour * 3600 + minute * 60 + second;
  us = (days_from_civil(year, month, day) * 86'400 + of_day) * kMicrosPerSecond + fraction_us;
  return true;
}

}  // namespace tailrace::formats
