// DateUnit: the units that date_trunc and trunc know, and cutting an instant or a day down to one.
// Unknown units are NULL in Spark, not an error.
#pragma once

#include <cstdint>
#include <string_view>

#include "sql/expr/local_time.h"

namespace tailrace::sql {

enum class DateUnit : uint8_t {
  kUnknown,
  kMicrosecond,
  kMillisecond,
  kSecond,
  kMinute,
  kHour,
  kDay,
  kWeek,
  kMonth,
  kQuarter,
  kYear,
};

// By name, in any case: year, yyyy, yy, quarter, month, mon, mm, week, day, dd, hour, ...
DateUnit date_unit_of(std::string_view name);

// The first day of the week (Monday), month, quarter or year of a day. REQUIRES: kWeek or longer.
int64_t truncated_day(int64_t day, DateUnit unit);
// The start of the unit that an instant lies in, on the zone's clock. REQUIRES: not kUnknown.
int64_t truncated_instant(int64_t us, DateUnit unit, const LocalTime& local);

}  // namespace tailrace::sql
