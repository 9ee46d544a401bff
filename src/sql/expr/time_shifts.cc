// Times moved by intervals and units, and counted in units, on the zone's clock: `time + INTERVAL`,
// timestampadd, timestampdiff. Whole days move the date and keep the time of day, so that a day has
// 23 hours when the clocks go forward (Spark: DateTimeUtils).
#include <algorithm>

#include <fmt/format.h>

#include "sql/expr/date_unit.h"
#include "sql/expr/failure.h"
#include "sql/expr/function_table.h"
#include "sql/expr/local_time.h"

namespace tailrace::sql {

using columns::Kind;
using columns::Type;

namespace {

constexpr Kind kTimestamp = Kind::kTimestamp;

int64_t overflow(Row& row, int64_t us) {
  row.fail(
      fmt::format("[DATETIME_OVERFLOW] A time cannot be moved that far from {} microseconds.", us));
  return us;
}

// The instant of a local time that came from moving `us`: the offset stays if that time has it.
int64_t instant_of(int64_t on_clock, int64_t us, const LocalTime& local) {
  const int64_t offset = local.offset_us(us);
  const int64_t same_offset = on_clock - offset;
  return local.offset_us(same_offset) == offset ? same_offset : local.to_utc(on_clock);
}

int64_t with_length(Row& row, int64_t us, int64_t length, const LocalTime& local) {
  const int64_t days_us = length / kMicrosPerDay * kMicrosPerDay;
  int64_t moved = us;
  if (days_us != 0) {
    if (__builtin_add_overflow(local.local(us), days_us, &moved)) return overflow(row, us);
    moved = instant_of(moved, us, local);
  }
  return __builtin_add_overflow(moved, length - days_us, &moved) ? overflow(row, us) : moved;
}

int64_t with_months(Row& row, int64_t us, int64_t months, const LocalTime& local) {
  const formats::CivilDay civil = local.civil(us);
  int64_t month;
  int64_t day_us;
  if (__builtin_add_overflow(civil.year * 12 + civil.month - 1, months, &month))
    return overflow(row, us);
  const int64_t year = floor_div(month, 12);
  const int month_of_year = static_cast<int>(floor_mod(month, 12)) + 1;
  if (year < -300'000 || year > 300'000) return overflow(row, us);
  const int64_t day = formats::days_from_civil(
      year, month_of_year, std::min(civil.day, formats::days_in_month(year, month_of_year)));
  if (__builtin_mul_overflow(day, kMicrosPerDay, &day_us)) return overflow(row, us);
  int64_t on_clock;
  if (__builtin_add_overflow(day_us, local.time_of_day(us), &on_clock)) return overflow(row, us);
  return instant_of(on_clock, us, local);
}

struct UnitLength {
  int64_t months = 0;
  int64_t us = 0;
};

UnitLength length_of(DateUnit unit) {
  switch (unit) {
    case DateUnit::kMicrosecond: return {0, 1};
    case DateUnit::kMillisecond: return {0, kMicrosPerMilli};
    case DateUnit::kSecond: return {0, kMicrosPerSecond};
    case DateUnit::kMinute: return {0, kMicrosPerMinute};
    case DateUnit::kHour: return {0, kMicrosPerHour};
    case DateUnit::kDay: return {0, kMicrosPerDay};
    case DateUnit::kWeek: return {0, 7 * kMicrosPerDay};
    case DateUnit::kMonth: return {1, 0};
    case DateUnit::kQuarter: return {3, 0};
    case DateUnit::kYear: return {12, 0};
    case DateUnit::kUnknown: break;
  }
  return {};
}

// Takes the unit, a constant text, out of the call.
Result<UnitLength> take_unit(Call& call) {
  const std::string_view* name = literal_text(*call.arguments[0]);
  if (name == nullptr) return call.wrong_type(0, "a unit such as DAY");
  const bool day_of_year = *name == "DAYOFYEAR";
  const DateUnit unit = day_of_year ? DateUnit::kDay : date_unit_of(*name);
  if (unit == DateUnit::kUnknown) {
    return usage_error(
        fmt::format("[INVALID_PARAMETER_VALUE.DATETIME_UNIT] {} expects a unit such as DAY, "
                    "not {}.",
                    call.name, quoted(*name)));
  }
  call.arguments.erase(call.arguments.begin());
  return length_of(unit);
}

Result<ExprPtr> make_timestampadd(Call& call) {
  TRY(call.expect_count(3, 3));
  const UnitLength unit = TRY(take_unit(call));
  TRY(call.coerce(0, Kind::kLong));
  TRY(call.coerce(1, kTimestamp));
  return make_strict(
      call, {kTimestamp, {}},
      [unit, local = LocalTime(call.settings.zone)](Row& row, int64_t count, int64_t us) {
        int64_t length;
        const int64_t one = unit.months != 0 ? unit.months : unit.us;
        if (__builtin_mul_overflow(count, one, &length)) return overflow(row, us);
        return unit.months != 0 ? with_months(row, us, length, local)
                                : with_length(row, us, length, local);
      });
}

// Whole months between two local times (java.time: ChronoUnit.MONTHS.between).
int64_t months_between(int64_t start, int64_t end) {
  int64_t end_day = floor_div(end, kMicrosPerDay);
  const int64_t start_day = floor_div(start, kMicrosPerDay);
  const int64_t start_time = floor_mod(start, kMicrosPerDay);
  const int64_t end_time = floor_mod(end, kMicrosPerDay);
  if (end_day > start_day && end_time < start_time)
    end_day--;
  else if (end_day < start_day && end_time > start_time)
    end_day++;
  const auto packed = [](int64_t day) {
    const formats::CivilDay civil = formats::civil_from_days(day);
    return (civil.year * 12 + civil.month - 1) * 32 + civil.day;
  };
  return (packed(end_day) - packed(start_day)) / 32;
}

Result<ExprPtr> make_timestampdiff(Call& call) {
  TRY(call.expect_count(3, 3));
  const UnitLength unit = TRY(take_unit(call));
  TRY(call.coerce(0, kTimestamp));
  TRY(call.coerce(1, kTimestamp));
  return make_strict(
      call, {Kind::kLong, {}},
      [unit, local = LocalTime(call.settings.zone)](Row& row, int64_t start, int64_t end) {
        const int64_t from = local.local(start);
        const int64_t to = local.local(end);
        if (unit.months != 0) return months_between(from, to) / unit.months;
        int64_t length;
        if (__builtin_sub_overflow(to, from, &length)) return overflow(row, start);
        return length / unit.us;
      });
}

}  // namespace

void add_time_shifts(FunctionTable& table) {
  // What time + INTERVAL becomes; days and the rest in one number of micros.
  table.add("time + interval", "", "",
            strict_with(kTimestamp, {kTimestamp, Kind::kLong}, [](const ExprSettings& settings) {
              return [local = LocalTime(settings.zone)](Row& row, int64_t us, int64_t length) {
                return with_length(row, us, length, local);
              };
            }));
  table.add("timestampadd", "timestampadd(unit, count, time)",
            "So many units (DAY, MONTH, ...) later", make_timestampadd);
  table.add("timestampdiff", "timestampdiff(unit, start, end)", "Whole units from start to end",
            make_timestampdiff);
}

}  // namespace tailrace::sql
