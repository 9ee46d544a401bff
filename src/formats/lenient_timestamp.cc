#include <array>
#include <cmath>

#include "formats/english_names.h"
#include "formats/timestamp.h"

// What logs write beside Spark's forms. Each form has a year and an order of its own, so that no
// text is read in two ways; `01/02/2024` is refused.
namespace tailrace::formats {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string_view trim(std::string_view text) {
  const auto is_gap = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && is_gap(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_gap(text.back())) text.remove_suffix(1);
  return text;
}

// ---- numbers ----

constexpr uint64_t kSecondsEnd = 100'000'000'000;         // 1e11: year 5138
constexpr uint64_t kMillisEnd = 100'000'000'000'000;      // 1e14
constexpr uint64_t kMicrosEnd = 100'000'000'000'000'000;  // 1e17

TimeUnit unit_of_magnitude(uint64_t size) {
  if (size < kSecondsEnd) return TimeUnit::kSeconds;
  if (size < kMillisEnd) return TimeUnit::kMillis;
  return size < kMicrosEnd ? TimeUnit::kMicros : TimeUnit::kNanos;
}

// A number of digits with an optional fraction, which is cut to 9 digits.
struct NumberText {
  int64_t whole = 0;
  int64_t nanos = 0;
};

bool read_number_text(std::string_view text, NumberText& out) {
  const size_t dot = std::min(text.size(), text.find('.'));
  const bool has_fraction = dot < text.size();
  if (dot == 0 || dot > 19 || dot + 1 == text.size()) return false;
  // Spark's year, a date, and a date with its time come first.
  if (!has_fraction && ((dot >= 4 && dot <= 6) || dot == 8 || dot == 14)) return false;
  for (const char c : text.substr(0, dot)) {
    if (!is_digit(c) || __builtin_mul_overflow(out.whole, int64_t{10}, &out.whole) ||
        __builtin_add_overflow(out.whole, int64_t{c - '0'}, &out.whole))
      return false;
  }
  int64_t place = 100'000'000;
  for (size_t i = dot + 1; i < text.size(); ++i, place /= 10) {
    if (!is_digit(text[i])) return false;
    out.nanos += (text[i] - '0') * place;
  }
  return true;
}

bool timestamp_from_number_text(std::string_view text, int64_t& us) {
  NumberText number;
  if (!read_number_text(text, number) || !timestamp_from_number(number.whole, us)) return false;
  switch (unit_of_magnitude(static_cast<uint64_t>(number.whole))) {
    case TimeUnit::kSeconds: us += number.nanos / 1000; break;
    case TimeUnit::kMillis: us += number.nanos / 1'000'000; break;
    default: break;
  }
  return true;
}

// ---- dates and times ----

struct Fields {
  int64_t year = 0, month = 0, day = 0;
  int64_t hour = 0, minute = 0, second = 0, micros = 0;
  bool has_zone = false;
  TimeZone zone;
};

struct Scanner {
  std::string_view rest;

  char next() const { return rest.empty() ? '\0' : rest.front(); }
  bool take(std::string_view any_of) {
    if (rest.empty() || !any_of.contains(rest.front())) return false;
    rest.remove_prefix(1);
    return true;
  }
  bool take_blanks() {
    const size_t before = rest.size();
    while (next() == ' ') rest.remove_prefix(1);
    return rest.size() != before;
  }
  bool number(size_t least, size_t most, int64_t& value) {
    size_t size = 0;
    value = 0;
    for (; size < most && size < rest.size() && is_digit(rest[size]); ++size)
      value = value * 10 + (rest[size] - '0');
    if (size < least) return false;
    rest.remove_prefix(size);
    return true;
  }
  std::string_view word() {
    size_t size = 0;
    while (size < rest.size() && is_letter(rest[size])) ++size;
    const std::string_view result = rest.substr(0, size);
    rest.remove_prefix(size);
    return result;
  }
  bool month(int64_t& value) {
    const int found = find_name(word(), kMonthNames);
    value = found + 1;
    return found >= 0;
  }
};

// RFC 2822 4.3: names of zones in mail, which differ from Java's (its CST is a region, and MST has
// no MDT beside it).
bool find_mail_zone(std::string_view name, TimeZone& zone) {
  struct MailZone {
    std::string_view name, offset;
  };
  constexpr MailZone kZones[] = {{"GMT", "Z"},      {"UT", "Z"},       {"UTC", "Z"},
                                 {"Z", "Z"},        {"EST", "-05:00"}, {"EDT", "-04:00"},
                                 {"CST", "-06:00"}, {"CDT", "-05:00"}, {"MST", "-07:00"},
                                 {"MDT", "-06:00"}, {"PST", "-08:00"}, {"PDT", "-07:00"}};
  for (const MailZone& known : kZones)
    if (equal_without_case(name, known.name)) return parse_zone(known.offset, zone);
  return parse_zone(name, zone);
}

// A zone up to the next blank; none is fine.
bool read_zone(Scanner& in, Fields& out) {
  in.take_blanks();
  const std::string_view name =
      in.rest.substr(0, std::min(in.rest.size(), in.rest.find_first_of(" ]")));
  if (name.empty() || (is_digit(name.front()) && !out.has_zone)) return true;
  if (!find_mail_zone(name, out.zone)) return false;
  in.rest.remove_prefix(name.size());
  out.has_zone = true;
  return true;
}

// `hh:mm[:ss[(.|,)f+]]`; digits beyond micros are cut.
bool read_time(Scanner& in, Fields& out) {
  if (!in.number(1, 2, out.hour) || !in.take(":") || !in.number(2, 2, out.minute)) return false;
  if (!in.take(":")) return true;
  if (!in.number(2, 2, out.second)) return false;
  if (!in.take(".,")) return true;
  if (!is_digit(in.next())) return false;
  for (int64_t place = 100'000; is_digit(in.next()); place /= 10, in.rest.remove_prefix(1))
    out.micros += (in.next() - '0') * place;
  return true;
}

// `2015-05-17t10:05:03,123z`, `2015/05/17 10:05Z`: the date's marks are alike.
bool read_iso(std::string_view text, Fields& out) {
  Scanner in{text};
  if (!in.number(4, 4, out.year)) return false;
  const char mark = in.next();
  if (!in.take("-/") || !in.number(1, 2, out.month) || in.next() != mark) return false;
  in.rest.remove_prefix(1);
  if (!in.number(1, 2, out.day)) return false;
  if (in.rest.empty()) return true;
  if (!in.take("Tt :") || !read_time(in, out)) return false;
  return read_zone(in, out) && in.rest.empty();
}

// `20150517`, `20150517T100503[.f]Z`, `20150517100503`, `20150517T1005Z`.
bool read_basic(std::string_view text, Fields& out) {
  Scanner in{text};
  if (!in.number(4, 4, out.year) || !in.number(2, 2, out.month) || !in.number(2, 2, out.day))
    return false;
  if (in.rest.empty()) return true;
  in.take("Tt _-");
  if (!in.number(2, 2, out.hour) || !in.number(2, 2, out.minute)) return false;
  if (is_digit(in.next()) && !in.number(2, 2, out.second)) return false;
  if (in.take(".,")) {
    if (!is_digit(in.next())) return false;
    for (int64_t place = 100'000; is_digit(in.next()); place /= 10, in.rest.remove_prefix(1))
      out.micros += (in.next() - '0') * place;
  }
  return read_zone(in, out) && in.rest.empty();
}

// Two digits of a year are RFC 2822's: up to 49 this century.
bool read_year(Scanner& in, Fields& out) {
  const size_t before = in.rest.size();
  if (!in.number(2, 4, out.year) || before - in.rest.size() == 3) return false;
  if (before - in.rest.size() == 2) out.year += out.year < 50 ? 2000 : 1900;
  return !is_digit(in.next());
}

// `17/May/2015:10:05:03 +0000`, `17 May 2015 10:05:03 GMT`, `17-May-15 10:05:03`.
bool read_day_month_year(Scanner& in, Fields& out) {
  if (!in.number(1, 2, out.day) || !in.take(" -/") || !in.month(out.month) || !in.take(" -/"))
    return false;
  if (!read_year(in, out)) return false;
  if (in.rest.empty()) return true;
  in.take(",");
  if (!in.take(" :T") || !read_time(in, out)) return false;
  return read_zone(in, out) && in.rest.empty();
}

// `May 17 10:05:03 2015`, `May 17 10:05:03 UTC 2015` (date, asctime), `May 17, 2015 10:05:03`.
bool read_month_day(Scanner& in, Fields& out) {
  if (!in.month(out.month) || !in.take_blanks() || !in.number(1, 2, out.day)) return false;
  in.take(",");
  if (!in.take_blanks()) return false;
  if (in.rest.size() > 2 && is_digit(in.rest[0]) && is_digit(in.rest[1]) && is_digit(in.rest[2])) {
    if (!in.number(4, 4, out.year)) return false;
    in.take(",");
    if (in.rest.empty()) return true;
    if (!in.take_blanks() || !read_time(in, out)) return false;
    return read_zone(in, out) && in.rest.empty();
  }
  if (!read_time(in, out) || !read_zone(in, out)) return false;
  in.take_blanks();
  return in.number(4, 4, out.year) && (in.rest.empty() || (read_zone(in, out) && in.rest.empty()));
}

// A name of a day first is passed over, not compared: logs are right about the date.
bool read_with_names(std::string_view text, Fields& out) {
  Scanner in{text};
  Scanner ahead = in;
  if (find_name(ahead.word(), kWeekdayNames) >= 0) {
    ahead.take(",");
    if (!ahead.take_blanks()) return false;
    in = ahead;
  }
  return is_digit(in.next()) ? read_day_month_year(in, out) : read_month_day(in, out);
}

bool to_instant(const Fields& fields, const TimeZone& zone, int64_t& us) {
  // A leap second is the second after.
  if (fields.hour > 23 || fields.minute > 59 || fields.second > 60) return false;
  const auto month = static_cast<int>(fields.month), day = static_cast<int>(fields.day);
  if (!is_valid_date(fields.year, month, day)) return false;
  const int64_t of_day = fields.hour * 3600 + fields.minute * 60 + fields.second;
  const int64_t days = days_from_civil(fields.year, month, day);
  const TimeZone& its = fields.has_zone ? fields.zone : zone;
  us = its.to_utc((days * 86'400 + of_day) * kMicrosPerSecond + fields.micros);
  return true;
}

// Web servers write the time in brackets.
std::string_view without_brackets(std::string_view text) {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return text;
  return text.substr(1, text.size() - 2);
}

}  // namespace

TimeUnit time_unit_of(int64_t number) {
  return unit_of_magnitude(number < 0 ? ~static_cast<uint64_t>(number) + 1
                                      : static_cast<uint64_t>(number));
}

TimeUnit time_unit_of(double number) {
  const double size = std::fabs(number);
  if (!(size < 9.3e18)) return TimeUnit::kNone;
  return unit_of_magnitude(static_cast<uint64_t>(size));
}

TimeUnit time_unit_of(std::string_view text) {
  NumberText number;
  if (!read_number_text(trim(text), number)) return TimeUnit::kNone;
  return time_unit_of(number.whole);
}

std::string_view time_unit_name(TimeUnit unit) {
  constexpr std::array<std::string_view, 5> kNames = {"none", "seconds", "milliseconds",
                                                      "microseconds", "nanoseconds"};
  return kNames[static_cast<size_t>(unit)];
}

bool timestamp_from_number(int64_t number, int64_t& us) {
  switch (time_unit_of(number)) {
    case TimeUnit::kSeconds: us = number * kMicrosPerSecond; return true;
    case TimeUnit::kMillis: us = number * kMicrosPerMilli; return true;
    case TimeUnit::kMicros: us = number; return true;
    case TimeUnit::kNanos: us = floor_div(number, 1000); return true;
    case TimeUnit::kNone: break;
  }
  return false;
}

bool timestamp_from_number(double number, int64_t& us) {
  switch (time_unit_of(number)) {
    case TimeUnit::kSeconds: us = std::llround(number * 1e6); return true;
    case TimeUnit::kMillis: us = std::llround(number * 1e3); return true;
    case TimeUnit::kMicros: us = std::llround(number); return true;
    case TimeUnit::kNanos: us = std::llround(std::floor(number / 1e3)); return true;
    case TimeUnit::kNone: break;
  }
  return false;
}

bool parse_lenient_timestamp(std::string_view text, const TimeZone& zone, int64_t& us) {
  if (parse_spark_timestamp(text, zone, us)) [[likely]]
    return true;
  const std::string_view trimmed = without_brackets(trim(text));
  if (trimmed.empty()) return false;
  if (timestamp_from_number_text(trimmed, us)) return true;
  Fields fields;
  if (is_letter(trimmed.front()))
    return read_with_names(trimmed, fields) && to_instant(fields, zone, us);
  for (const auto read : {read_iso, read_basic, read_with_names}) {
    fields = Fields();
    if (read(trimmed, fields)) return to_instant(fields, zone, us);
  }
  return false;
}

}  // namespace tailrace::formats
