#include "formats/timestamp.h"

#include <limits>

namespace tailrace::formats {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Spark trims blanks and control characters.
std::string_view trim(std::string_view text) {
  const auto is_gap = [](char c) { return (c >= 0 && c <= ' ') || c == 0x7f; };
  while (!text.empty() && is_gap(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_gap(text.back())) text.remove_suffix(1);
  return text;
}

// Reads numbers and marks from left to right.
struct Cursor {
  std::string_view rest;

  bool done() const { return rest.empty(); }
  bool take(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  // A run of `least` to `most` digits.
  bool number(size_t least, size_t most, int64_t& value) {
    size_t size = 0;
    value = 0;
    for (; size < rest.size() && is_digit(rest[size]); ++size)
      if (size < most) value = value * 10 + (rest[size] - '0');
    if (size < least || size > most) return false;
    rest.remove_prefix(size);
    return true;
  }
};

// The fields of a text; what it lacks keeps the value that Spark gives it.
struct Fields {
  bool has_date = true;
  int64_t year = 1, month = 1, day = 1;
  int64_t hour = 0, minute = 0, second = 0, micros = 0;
  std::string_view zone;
};

// The digits behind the point: none is allowed, those beyond micros are cut.
void read_fraction(Cursor& in, int64_t& micros) {
  int64_t place = 100'000;
  for (; !in.done() && is_digit(in.rest.front()); in.rest.remove_prefix(1), place /= 10)
    micros += (in.rest.front() - '0') * place;
}

// `[h]h[:[m]m[:[s]s[.f*][zone]]]`, to the end: only behind the seconds may a zone stand.
bool read_time(Cursor& in, Fields& out) {
  if (!in.number(1, 2, out.hour)) return false;
  if (in.done()) return true;
  if (!in.take(':') || !in.number(1, 2, out.minute)) return false;
  if (in.done()) return true;
  if (!in.take(':') || !in.number(1, 2, out.second)) return false;
  if (in.take('.')) read_fraction(in, out.micros);
  out.zone = in.rest;
  return true;
}

bool looks_like_time(std::string_view text) {
  const size_t colon = text.find(':');
  return (colon == 1 || colon == 2) && is_digit(text[0]) && is_digit(text[colon - 1]);
}

bool read_fields(std::string_view whole, Fields& out) {
  Cursor in{trim(whole)};
  if (in.done()) return false;
  // Spark looks for the T at the very first byte, before it trims.
  const bool begins_with_t = whole.front() == 'T';
  if (begins_with_t || looks_like_time(in.rest)) {
    out.has_date = false;
    if (begins_with_t) in.take('T');
    return read_time(in, out);
  }
  const bool negative = in.take('-');
  if (!negative) in.take('+');
  if (!in.number(4, 6, out.year)) return false;
  if (negative) out.year = -out.year;
  if (in.done()) return true;
  if (!in.take('-') || !in.number(1, 2, out.month)) return false;
  if (in.done()) return true;
  if (!in.take('-') || !in.number(1, 2, out.day)) return false;
  if (in.done()) return true;
  if (!in.take(' ') && !in.take('T')) return false;
  return read_time(in, out);
}

// Years whose micros surely fit in an int64, with room for an offset.
constexpr int64_t kYearMax = 294'246;

}  // namespace

namespace internal {

bool parse_spark_timestamp_slow(std::string_view text, const TimeZone& zone, int64_t& us,
                                std::optional<int64_t> now_us) {
  Fields fields;
  if (!read_fields(text, fields)) return false;
  if (fields.hour > 23 || fields.minute > 59 || fields.second > 59) return false;
  TimeZone own;
  const bool has_own = !fields.zone.empty();
  if (has_own && !parse_zone(trim(fields.zone), own)) return false;
  const TimeZone& its = has_own ? own : zone;
  int64_t days;
  if (!fields.has_date) {
    if (!now_us) return false;
    days = floor_div(*now_us + its.offset_at(*now_us) * kMicrosPerSecond, kMicrosPerDay);
  } else {
    const auto month = static_cast<int>(fields.month), day = static_cast<int>(fields.day);
    if (!is_valid_date(fields.year, month, day)) return false;
    if (fields.year > kYearMax || fields.year < -kYearMax + 4000) return false;
    days = days_from_civil(fields.year, month, day);
  }
  const int64_t of_day = fields.hour * 3600 + fields.minute * 60 + fields.second;
  us = its.to_utc(days * kMicrosPerDay + of_day * kMicrosPerSecond + fields.micros);
  return true;
}

}  // namespace internal

bool parse_spark_date(std::string_view text, int32_t& days) {
  Cursor in{trim(text)};
  int64_t year = 0, month = 1, day = 1;
  const bool negative = in.take('-');
  if (!negative) in.take('+');
  if (!in.number(4, 7, year)) return false;
  if (!in.done()) {
    if (!in.take('-') || !in.number(1, 2, month)) return false;
    if (!in.done()) {
      if (!in.take('-') || !in.number(1, 2, day)) return false;
      // Behind a whole date Spark ignores anything after a blank or T.
      if (!in.done() && in.rest.front() != ' ' && in.rest.front() != 'T') return false;
    }
  }
  if (negative) year = -year;
  if (!is_valid_date(year, static_cast<int>(month), static_cast<int>(day))) return false;
  const int64_t wide = days_from_civil(year, static_cast<int>(month), static_cast<int>(day));
  if (wide != static_cast<int32_t>(wide)) return false;
  days = static_cast<int32_t>(wide);
  return true;
}

}  // namespace tailrace::formats
