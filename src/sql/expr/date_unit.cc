#include "sql/expr/date_unit.h"

#include <strings.h>

namespace tailrace::sql {

namespace {

struct UnitName {
  std::string_view name;
  DateUnit unit;
};

constexpr UnitName kNames[] = {
    {"year", DateUnit::kYear},
    {"yyyy", DateUnit::kYear},
    {"yy", DateUnit::kYear},
    {"quarter", DateUnit::kQuarter},
    {"month", DateUnit::kMonth},
    {"mon", DateUnit::kMonth},
    {"mm", DateUnit::kMonth},
    {"week", DateUnit::kWeek},
    {"day", DateUnit::kDay},
    {"dd", DateUnit::kDay},
    {"hour", DateUnit::kHour},
    {"minute", DateUnit::kMinute},
    {"second", DateUnit::kSecond},
    {"millisecond", DateUnit::kMillisecond},
    {"microsecond", DateUnit::kMicrosecond},
};

int64_t length_us(DateUnit unit) {
  switch (unit) {
    case DateUnit::kMillisecond: return kMicrosPerMilli;
    case DateUnit::kSecond: return kMicrosPerSecond;
    case DateUnit::kMinute: return kMicrosPerMinute;
    case DateUnit::kHour: return kMicrosPerHour;
    case DateUnit::kDay: return kMicrosPerDay;
    default: return 1;
  }
}

}  // namespace

DateUnit date_unit_of(std::string_view name) {
  for (const UnitName& known : kNames)
    if (known.name.size() == name.size() &&
        strncasecmp(known.name.data(), name.data(), name.size()) == 0)
      return known.unit;
  return DateUnit::kUnknown;
}

int64_t truncated_day(int64_t day, DateUnit unit) {
  if (unit == DateUnit::kWeek) return day - formats::weekday_from_days(day);
  const formats::CivilDay civil = formats::civil_from_days(day);
  const int month = unit == DateUnit::kYear      ? 1
                    : unit == DateUnit::kQuarter ? (civil.month - 1) / 3 * 3 + 1
                                                 : civil.month;
  return formats::days_from_civil(civil.year, month, 1);
}

int64_t truncated_instant(int64_t us, DateUnit unit, const LocalTime& local) {
  if (unit >= DateUnit::kWeek) return local.midnight(truncated_day(local.days(us), unit));
  if (unit <= DateUnit::kSecond) return us - floor_mod(us, length_us(unit));
  // As ZonedDateTime.truncatedTo: the offset stays if the new local time has it.
  const int64_t offset_us = local.offset_us(us);
  const int64_t on_clock = local.local(us);
  const int64_t cut = on_clock - floor_mod(on_clock, length_us(unit));
  const int64_t same_offset = cut - offset_us;
  return local.offset_us(same_offset) == offset_us ? same_offset : local.to_utc(cut);
}

}  // namespace tailrace::sql
