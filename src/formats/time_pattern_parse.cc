#include <algorithm>
#include <limits>
#include <span>

#include "formats/calendar.h"
#include "formats/english_names.h"
#include "formats/time_pattern.h"
#include "formats/timestamp.h"

// Reading a time stamp by a pattern: java.time's parse phase (strict, case-insensitive; a number of
// free width gives back the digits that fixed ones behind it need), its strict resolver, and
// Spark's defaults for what is missing (DateTimeFormatterHelper.toZonedDateTime).
namespace tailrace::formats {

namespace {

using Item = TimePattern::Item;
using ItemKind = TimePattern::ItemKind;
using Sign = TimePattern::Sign;

constexpr int64_t kUnset = std::numeric_limits<int64_t>::min();

struct Parsed {
  int64_t year = kUnset, year_of_era = kUnset, month = kUnset, day = kUnset, day_of_year = kUnset;
  int64_t hour24 = kUnset, hour1_to_24 = kUnset, hour12 = kUnset, hour0_to_11 = kUnset;
  int64_t minute = kUnset, second = kUnset, nanos = kUnset;
  int64_t is_pm = kUnset, is_ad = kUnset, offset = kUnset;
  bool has_zone = false;
  TimeZone zone;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A field that is read twice must say the same twice.
bool set(int64_t& field, int64_t value) {
  if (field != kUnset && field != value) return false;
  field = value;
  return true;
}

class PatternReader {
 public:
  explicit PatternReader(std::string_view text) : text_(text) {}

  bool read_all(std::span<const Item> items) { return read(items) && at_ == text_.size(); }
  Parsed& parsed() { return parsed_; }

 private:
  bool read(std::span<const Item> items);
  bool read_item(const Item& item);
  bool read_number(const Item& item, int64_t& value);
  bool store(const Item& item, int64_t value);
  bool read_literal(std::string_view literal);
  bool read_month(const Item& item);
  bool read_either(std::string_view zero, std::string_view one, int64_t& field);
  bool read_fraction(const Item& item);
  bool read_offset(const Item& item);
  bool read_localized_offset(const Item& item);
  bool read_offset_parts(bool colons, bool minutes_needed, bool with_seconds);
  bool read_pair(int32_t& value);
  bool read_sixtieths(bool colon, int32_t& value);
  bool read_zone(const Item& item);
  bool starts_with(std::string_view prefix) const {
    return starts_without_case(text_.substr(at_), prefix);
  }

  std::string_view text_;
  size_t at_ = 0;
  Parsed parsed_;
};

// An optional section that does not fit leaves no trace; there is no going back into one that did.
bool PatternReader::read(std::span<const Item> items) {
  for (size_t i = 0; i < items.size(); ++i) {
    if (items[i].kind != ItemKind::kOptional) {
      if (!read_item(items[i])) return false;
      continue;
    }
    const size_t before = at_;
    const Parsed parsed_before = parsed_;
    if (!read(items.subspan(i + 1, items[i].size))) {
      at_ = before;
      parsed_ = parsed_before;
    }
    i += items[i].size;
  }
  return true;
}

// NumberPrinterParser.parse, strict.
bool PatternReader::read_number(const Item& item, int64_t& value) {
  if (at_ == text_.size()) return false;
  bool positive = false, negative = false;
  size_t begin = at_;
  if (text_[at_] == '+' || text_[at_] == '-') {
    positive = text_[at_] == '+';
    negative = !positive;
    if (item.sign == Sign::kNever || (item.sign == Sign::kNormal && positive)) return false;
    ++begin;
  }
  size_t size = 0;
  const size_t most = size_t{item.width_max} + item.reserved;
  while (size < most && begin + size < text_.size() && is_digit(text_[begin + size])) ++size;
  if (item.reserved > 0)
    size = std::max<size_t>(item.width_min, size > item.reserved ? size - item.reserved : 0);
  if (size < item.width_min || begin + size > text_.size()) return false;
  value = 0;
  for (size_t i = begin; i < begin + size; ++i) {
    if (!is_digit(text_[i])) return false;
    value = std::min<int64_t>(value * 10 + (text_[i] - '0'), 1'000'000'000'000);
  }
  if (negative && value == 0) return false;
  if (item.sign == Sign::kExceedsPad && !negative && positive != (size > item.width_min))
    return false;
  if (negative) value = -value;
  at_ = begin + size;
  return true;
}

bool PatternReader::store(const Item& item, int64_t value) {
  constexpr int64_t kPivot = 2000;  // two digits of a year are 2000 to 2099
  const int64_t year = item.count == 2 ? value + kPivot : value;
  switch (item.kind) {
    case ItemKind::kYear: return set(parsed_.year, year);
    case ItemKind::kYearOfEra: return set(parsed_.year_of_era, year);
    case ItemKind::kMonth: return set(parsed_.month, value);
    case ItemKind::kDay: return set(parsed_.day, value);
    case ItemKind::kDayOfYear: return set(parsed_.day_of_year, value);
    case ItemKind::kHour24: return set(parsed_.hour24, value);
    case ItemKind::kHour1To24: return set(parsed_.hour1_to_24, value);
    case ItemKind::kHour12: return set(parsed_.hour12, value);
    case ItemKind::kHour0To11: return set(parsed_.hour0_to_11, value);
    case ItemKind::kMinute: return set(parsed_.minute, value);
    case ItemKind::kSecond: return set(parsed_.second, value);
    default: return false;
  }
}

bool PatternReader::read_literal(std::string_view literal) {
  if (!starts_with(literal)) return false;
  at_ += literal.size();
  return true;
}

bool PatternReader::read_month(const Item& item) {
  for (size_t month = 0; month < kMonthNames.size(); ++month) {
    const std::string_view full = kMonthNames[month];
    const std::string_view name = item.count == 4 ? full : full.substr(0, kShortNameBytes);
    if (read_literal(name)) return set(parsed_.month, static_cast<int64_t>(month) + 1);
  }
  return false;
}

bool PatternReader::read_either(std::string_view zero, std::string_view one, int64_t& field) {
  if (read_literal(zero)) return set(field, 0);
  return read_literal(one) && set(field, 1);
}

bool PatternReader::read_fraction(const Item& item) {
  int64_t nanos = 0, place = 100'000'000;
  size_t size = 0;
  for (; size < item.count && at_ < text_.size() && is_digit(text_[at_]);
       ++size, ++at_, place /= 10)
    nanos += (text_[at_] - '0') * place;
  return size > 0 && set(parsed_.nanos, nanos);
}

bool PatternReader::read_pair(int32_t& value) {
  if (at_ + 2 > text_.size() || !is_digit(text_[at_]) || !is_digit(text_[at_ + 1])) return false;
  value = (text_[at_] - '0') * 10 + (text_[at_ + 1] - '0');
  at_ += 2;
  return true;
}

// `[:]mm` below 60, or nothing is read.
bool PatternReader::read_sixtieths(bool colon, int32_t& value) {
  const size_t before = at_;
  if ((!colon || read_literal(":")) && read_pair(value) && value <= 59) return true;
  at_ = before;
  value = 0;
  return false;
}

// `+hh[[:]mm[[:]ss]]`: what is not needed may be missing.
bool PatternReader::read_offset_parts(bool colons, bool minutes_needed, bool with_seconds) {
  if (at_ == text_.size() || (text_[at_] != '+' && text_[at_] != '-')) return false;
  const bool negative = text_[at_++] == '-';
  int32_t hours = 0, minutes = 0, seconds = 0;
  if (!read_pair(hours)) return false;
  const bool has_minutes = read_sixtieths(colons, minutes);
  if (!has_minutes && minutes_needed) return false;
  if (has_minutes && with_seconds) read_sixtieths(colons, seconds);
  const int32_t total = hours * 3600 + minutes * 60 + seconds;
  return total <= 18 * 3600 && set(parsed_.offset, negative ? -total : total);
}

bool PatternReader::read_offset(const Item& item) {
  const bool z = item.letter == 'Z';
  const bool colons = z ? item.count == 5 : item.count == 3 || item.count == 5;
  const bool has_letter = item.letter == 'X' || (z && item.count == 5);
  std::string_view zero = "Z";
  if (!has_letter) zero = z ? "+0000" : item.count == 1 ? "+00" : colons ? "+00:00" : "+0000";
  if (read_literal(zero)) return set(parsed_.offset, 0);
  const bool minutes_needed = z || item.count > 1;
  const bool with_seconds = z ? item.count == 5 : item.count >= 4;
  return read_offset_parts(colons, minutes_needed, with_seconds);
}

bool PatternReader::read_localized_offset(const Item& item) {
  if (!read_literal("GMT")) return false;
  if (at_ == text_.size() || (text_[at_] != '+' && text_[at_] != '-'))
    return set(parsed_.offset, 0);
  if (item.count != 1) return read_offset_parts(true, true, true);
  const bool negative = text_[at_++] == '-';
  int32_t hours = 0, minutes = 0, seconds = 0;
  if (at_ == text_.size() || !is_digit(text_[at_])) return false;
  hours = text_[at_++] - '0';
  if (at_ < text_.size() && is_digit(text_[at_])) hours = hours * 10 + (text_[at_++] - '0');
  if (read_sixtieths(true, minutes)) read_sixtieths(true, seconds);
  const int32_t total = hours * 3600 + minutes * 60 + seconds;
  return total <= 18 * 3600 && set(parsed_.offset, negative ? -total : total);
}

// Names of zones that are not ids; java.time has them from its locale data.
std::string_view region_of_abbreviation(std::string_view word) {
  struct Abbreviation {
    std::string_view word, region;
  };
  constexpr Abbreviation kAbbreviations[] = {
      {"EST", "America/New_York"},  {"EDT", "America/New_York"},   {"CDT", "America/Chicago"},
      {"MST", "America/Denver"},    {"MDT", "America/Denver"},     {"PDT", "America/Los_Angeles"},
      {"HST", "Pacific/Honolulu"},  {"AKST", "America/Anchorage"}, {"AKDT", "America/Anchorage"},
      {"BST", "Europe/London"},     {"CEST", "Europe/Paris"},      {"EEST", "Europe/Athens"},
      {"WEST", "Europe/Lisbon"},    {"MSK", "Europe/Moscow"},      {"AEST", "Australia/Sydney"},
      {"AEDT", "Australia/Sydney"}, {"NZST", "Pacific/Auckland"},  {"NZDT", "Pacific/Auckland"},
  };
  for (const Abbreviation& known : kAbbreviations)
    if (equal_without_case(word, known.word)) return known.region;
  return word;
}

// Within a pattern an offset is whole, alone or behind UTC, GMT, UT: `+hh:mm[:ss]`.
bool has_short_offset(std::string_view name) {
  const size_t sign = name.find_first_of("+-");
  if (sign == name.npos || (sign > 0 && name.find_first_of("/_") < sign)) return false;
  const std::string_view before = name.substr(0, sign), offset = name.substr(sign);
  const bool behind_prefix = before.empty() || before == "UTC" || before == "GMT" || before == "UT";
  return behind_prefix && (offset.size() < 6 || offset[3] != ':');
}

// The longest name of a zone that stands here.
bool PatternReader::read_zone(const Item& item) {
  size_t size = 0;
  const std::string_view rest = text_.substr(at_);
  while (size < rest.size() && rest[size] > ' ' && rest[size] < 0x7f && size < 40) ++size;
  for (; size > 0; --size) {
    std::string_view name = rest.substr(0, size);
    if (item.kind == ItemKind::kZoneName) name = region_of_abbreviation(name);
    if (has_short_offset(name) || !parse_zone(name, parsed_.zone)) continue;
    parsed_.has_zone = true;
    at_ += size;
    return true;
  }
  return false;
}

bool PatternReader::read_item(const Item& item) {
  int64_t value;
  switch (item.kind) {
    case ItemKind::kLiteral: return read_literal(item.literal);
    case ItemKind::kMonthText: return read_month(item);
    case ItemKind::kFraction: return read_fraction(item);
    case ItemKind::kAmPm: return read_either("AM", "PM", parsed_.is_pm);
    case ItemKind::kEra:
      return item.count == 4 ? read_either("Before Christ", "Anno Domini", parsed_.is_ad)
                             : read_either("BC", "AD", parsed_.is_ad);
    case ItemKind::kZoneId:
    case ItemKind::kZoneName: return read_zone(item);
    case ItemKind::kOffset: return read_offset(item);
    case ItemKind::kLocalizedOffset: return read_localized_offset(item);
    default: return read_number(item, value) && store(item, value);
  }
}

// ---- resolving ----

bool within(int64_t value, int64_t least, int64_t most) {
  return value == kUnset || (value >= least && value <= most);
}

bool resolve_hour(Parsed& p, int64_t& hour) {
  if (!within(p.hour24, 0, 23) || !within(p.hour1_to_24, 1, 24)) return false;
  if (!within(p.hour12, 1, 12) || !within(p.hour0_to_11, 0, 11)) return false;
  if (p.hour1_to_24 != kUnset && !set(p.hour24, p.hour1_to_24 % 24)) return false;
  if (p.hour12 != kUnset && !set(p.hour0_to_11, p.hour12 % 12)) return false;
  if (p.hour0_to_11 != kUnset && p.is_pm != kUnset && !set(p.hour24, p.hour0_to_11 + 12 * p.is_pm))
    return false;
  if (p.hour24 != kUnset) {
    hour = p.hour24;
    // java.time has no time to compare with when a finer field is there and a coarser is not.
    const bool has_hole = (p.minute == kUnset && (p.second != kUnset || p.nanos != kUnset)) ||
                          (p.second == kUnset && p.nanos != kUnset);
    if (has_hole) return true;
    return (p.is_pm == kUnset || p.is_pm == hour / 12) &&
           (p.hour0_to_11 == kUnset || p.hour0_to_11 == hour % 12);
  }
  // Without AM or PM it is the morning; PM alone is noon.
  hour = p.hour0_to_11 != kUnset ? p.hour0_to_11 : p.is_pm == 1 ? 12 : 0;
  return true;
}

bool resolve_day(Parsed& p, int64_t& days) {
  constexpr int64_t kYearMax = 290'000;  // what fits in micros, with room to spare
  if (p.year_of_era != kUnset) {
    if (p.year_of_era < 1 || p.year_of_era > kYearMax) return false;
    if (!set(p.year, p.is_ad == 0 ? 1 - p.year_of_era : p.year_of_era)) return false;
  }
  const int64_t year = p.year == kUnset ? 1970 : p.year;
  if (year > kYearMax || year < -kYearMax || !within(p.month, 1, 12) || !within(p.day, 1, 31))
    return false;
  if (p.day_of_year != kUnset && (p.month == kUnset || p.day == kUnset)) {
    if (p.day_of_year < 1 || p.day_of_year > (is_leap_year(year) ? 366 : 365)) return false;
    days = days_from_civil(year, 1, 1) + p.day_of_year - 1;
  } else {
    const auto month = static_cast<int>(p.month == kUnset ? 1 : p.month);
    const auto day = static_cast<int>(p.day == kUnset ? 1 : p.day);
    if (!is_valid_date(year, month, day)) return false;
    days = days_from_civil(year, month, day);
  }
  const CivilDay civil = civil_from_days(days);
  return (p.month == kUnset || p.month == civil.month) && (p.day == kUnset || p.day == civil.day) &&
         (p.day_of_year == kUnset || p.day_of_year == formats::day_of_year(civil));
}

int64_t value_or_zero(int64_t value) { return value == kUnset ? 0 : value; }

}  // namespace

bool TimePattern::parse(std::string_view text, const TimeZone& zone, int64_t& us) const {
  PatternReader reader(text);
  if (!reader.read_all(items_)) return false;
  Parsed& parsed = reader.parsed();
  int64_t days = 0, hour = 0;
  if (!within(parsed.minute, 0, 59) || !within(parsed.second, 0, 59)) return false;
  if (!resolve_hour(parsed, hour) || !resolve_day(parsed, days)) return false;
  const int64_t of_day =
      hour * 3600 + value_or_zero(parsed.minute) * 60 + value_or_zero(parsed.second);
  const int64_t local =
      (days * 86'400 + of_day) * kMicrosPerSecond + value_or_zero(parsed.nanos) / 1000;
  if (!parsed.has_zone && parsed.offset != kUnset)
    us = local - parsed.offset * kMicrosPerSecond;
  else
    us = (parsed.has_zone ? parsed.zone : zone).to_utc(local);
  return true;
}

}  // namespace tailrace::formats
