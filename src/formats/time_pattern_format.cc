#include <charconv>

#include "formats/calendar.h"
#include "formats/english_names.h"
#include "formats/time_pattern.h"
#include "formats/timestamp.h"

// Writing a time stamp by a pattern. Every field is there, so optional sections are always written.
namespace tailrace::formats {

namespace {

using Item = TimePattern::Item;
using ItemKind = TimePattern::ItemKind;
using Sign = TimePattern::Sign;

struct LocalTime {
  CivilDay date;
  int64_t days = 0;
  int64_t hour = 0, minute = 0, second = 0, micros = 0;
  int32_t offset = 0;
};

LocalTime to_local(int64_t us, const TimeZone& zone) {
  LocalTime local;
  local.offset = zone.offset_at(us);
  int64_t local_us;
  if (__builtin_add_overflow(us, local.offset * kMicrosPerSecond, &local_us)) local_us = us;
  local.days = floor_div(local_us, kMicrosPerDay);
  local.date = civil_from_days(local.days);
  const int64_t of_day = floor_mod(local_us, kMicrosPerDay);
  local.hour = of_day / kMicrosPerHour;
  local.minute = of_day / kMicrosPerMinute % 60;
  local.second = of_day / kMicrosPerSecond % 60;
  local.micros = of_day % kMicrosPerSecond;
  return local;
}

int64_t number_of(const Item& item, const LocalTime& local) {
  switch (item.kind) {
    case ItemKind::kYear: return local.date.year;
    case ItemKind::kYearOfEra: return local.date.year > 0 ? local.date.year : 1 - local.date.year;
    case ItemKind::kMonth: return local.date.month;
    case ItemKind::kDay: return local.date.day;
    case ItemKind::kDayOfYear: return day_of_year(local.date);
    case ItemKind::kWeekInMonth: return (local.date.day - 1) % 7 + 1;
    case ItemKind::kQuarter: return (local.date.month - 1) / 3 + 1;
    case ItemKind::kHour24: return local.hour;
    case ItemKind::kHour1To24: return local.hour == 0 ? 24 : local.hour;
    case ItemKind::kHour12: return (local.hour + 11) % 12 + 1;
    case ItemKind::kHour0To11: return local.hour % 12;
    case ItemKind::kMinute: return local.minute;
    default: return local.second;
  }
}

void append_padded(int64_t value, size_t width, std::string& out) {
  char digits[20];
  const auto size =
      static_cast<size_t>(std::to_chars(digits, digits + sizeof digits, value).ptr - digits);
  if (size < width) out.append(width - size, '0');
  out.append(digits, size);
}

void append_number(const Item& item, const LocalTime& local, std::string& out) {
  const int64_t value = number_of(item, local);
  const int64_t size = value < 0 ? -value : value;
  const bool is_year = item.kind == ItemKind::kYear || item.kind == ItemKind::kYearOfEra;
  if (is_year && item.count == 2) return append_padded(size % 100, 2, out);
  if (value < 0) out += '-';
  int64_t bound = 1;
  for (int i = 0; i < item.width_min && i < 18; ++i) bound *= 10;
  if (item.sign == Sign::kExceedsPad && value >= bound) out += '+';
  append_padded(size, item.width_min, out);
}

void append_name(const Item& item, std::string_view full, std::string& out) {
  out += item.count == 4 ? full : full.substr(0, kShortNameBytes);
}

void append_quarter(const Item& item, const LocalTime& local, std::string& out) {
  constexpr std::string_view kOrdinals[] = {"1st", "2nd", "3rd", "4th"};
  const auto quarter = static_cast<size_t>((local.date.month - 1) / 3);
  if (item.count == 3)
    out += "Q" + std::to_string(quarter + 1);
  else
    out.append(kOrdinals[quarter]).append(" quarter");
}

void append_fraction(const Item& item, const LocalTime& local, std::string& out) {
  char digits[9];
  int64_t nanos = local.micros * 1000;
  for (int i = 8; i >= 0; --i, nanos /= 10) digits[i] = static_cast<char>('0' + nanos % 10);
  out.append(digits, item.count);
}

void append_pair(int32_t value, std::string& out) { append_padded(value, 2, out); }

// X, x, Z: hours, then minutes and seconds as the count of letters says.
void append_offset(const Item& item, int32_t offset, std::string& out) {
  const bool z = item.letter == 'Z';
  const bool colons = z ? item.count == 5 : item.count == 3 || item.count == 5;
  if (offset == 0 && (item.letter == 'X' || (z && item.count == 5))) {
    out += 'Z';
    return;
  }
  const int32_t size = offset < 0 ? -offset : offset;
  const bool short_hour = !z && item.count == 1;
  const bool with_seconds = z ? item.count == 5 : item.count >= 4;
  out += offset < 0 ? '-' : '+';
  append_pair(size / 3600, out);
  if (short_hour && size / 60 % 60 == 0) return;
  if (colons) out += ':';
  append_pair(size / 60 % 60, out);
  if (!with_seconds || size % 60 == 0) return;
  if (colons) out += ':';
  append_pair(size % 60, out);
}

// O, OOOO, ZZZZ: `GMT+8`, `GMT+08:00`.
void append_localized_offset(const Item& item, int32_t offset, std::string& out) {
  out += "GMT";
  if (offset == 0) return;
  const int32_t size = offset < 0 ? -offset : offset;
  out += offset < 0 ? '-' : '+';
  append_padded(size / 3600, item.count == 1 ? 1 : 2, out);
  if (item.count == 1 && size % 3600 == 0) return;
  out += ':';
  append_pair(size / 60 % 60, out);
  if (size % 60 == 0) return;
  out += ':';
  append_pair(size % 60, out);
}

// Full names of zones are known for the commonest only; others are written short.
std::string_view full_zone_name(std::string_view abbreviation, std::string_view region) {
  struct FullName {
    std::string_view region_begin, abbreviation, name;
  };
  constexpr FullName kNames[] = {
      {"", "UTC", "Coordinated Universal Time"},
      {"America/", "EST", "Eastern Standard Time"},
      {"America/", "EDT", "Eastern Daylight Time"},
      {"America/", "CST", "Central Standard Time"},
      {"America/", "CDT", "Central Daylight Time"},
      {"America/", "MST", "Mountain Standard Time"},
      {"America/", "MDT", "Mountain Daylight Time"},
      {"America/", "PST", "Pacific Standard Time"},
      {"America/", "PDT", "Pacific Daylight Time"},
      {"Europe/", "CET", "Central European Standard Time"},
      {"Europe/", "CEST", "Central European Summer Time"},
      {"Europe/", "EET", "Eastern European Standard Time"},
      {"Europe/", "EEST", "Eastern European Summer Time"},
      {"Asia/", "IST", "India Standard Time"},
      {"Asia/", "JST", "Japan Standard Time"},
  };
  for (const FullName& known : kNames)
    if (abbreviation == known.abbreviation && region.starts_with(known.region_begin))
      return known.name;
  return abbreviation;
}

void append_text(const Item& item, const LocalTime& local, int64_t us, const TimeZone& zone,
                 std::string& out) {
  switch (item.kind) {
    case ItemKind::kLiteral: out += item.literal; break;
    case ItemKind::kMonthText:
      append_name(item, kMonthNames[static_cast<size_t>(local.date.month - 1)], out);
      break;
    case ItemKind::kWeekdayText:
      append_name(item, kWeekdayNames[static_cast<size_t>(weekday_from_days(local.days))], out);
      break;
    case ItemKind::kQuarterText: append_quarter(item, local, out); break;
    case ItemKind::kFraction: append_fraction(item, local, out); break;
    case ItemKind::kAmPm: out += local.hour < 12 ? "AM" : "PM"; break;
    case ItemKind::kEra:
      if (item.count == 4)
        out += local.date.year > 0 ? "Anno Domini" : "Before Christ";
      else
        out += local.date.year > 0 ? "AD" : "BC";
      break;
    case ItemKind::kZoneId: out += zone.name(); break;
    case ItemKind::kZoneName: {
      const std::string short_name = zone.abbreviation_at(us);
      out += item.count == 4 ? full_zone_name(short_name, zone.name()) : short_name;
      break;
    }
    case ItemKind::kOffset: append_offset(item, local.offset, out); break;
    case ItemKind::kLocalizedOffset: append_localized_offset(item, local.offset, out); break;
    case ItemKind::kOptional: break;  // its items follow
    default: append_number(item, local, out);
  }
}

}  // namespace

void TimePattern::format(int64_t us, const TimeZone& zone, std::string& out) const {
  const LocalTime local = to_local(us, zone);
  for (const Item& item : items_) append_text(item, local, us, zone, out);
}

}  // namespace tailrace::formats
