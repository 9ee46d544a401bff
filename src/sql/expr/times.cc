// Dates and times: their parts, truncation, shifting days. Text and patterns are in time_texts.cc.
#include <algorithm>

#include <fmt/format.h>

#include "sql/expr/date_unit.h"
#include "sql/expr/failure.h"
#include "sql/expr/function_table.h"
#include "sql/expr/local_time.h"

namespace tailrace::sql {

using columns::Column;
using columns::Kind;
using columns::Type;
using formats::civil_from_days;

namespace {

constexpr Kind kInt = Kind::kInt;
constexpr Kind kDate = Kind::kDate;
constexpr Kind kTimestamp = Kind::kTimestamp;

// current_timestamp() and current_date(): the batch's time, the same for all its rows.
class NowExpr final : public Expr {
 public:
  NowExpr(Kind kind, formats::TimeZone zone) : Expr({kind, {}}), local_(std::move(zone)) {}
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    prepare(out, type(), input.rows);
    const int64_t us = context.batch_time_us;
    const int64_t value = type().kind == kDate ? local_.days(us) : us;
    for (const uint32_t row : rows) {
      out.ints[row] = value;
      out.nulls[row] = 0;
    }
  }
  void collect_columns(std::vector<int>&) const override {}

 private:
  LocalTime local_;
};

Factory now(Kind kind) {
  return [kind](Call& call) -> Result<ExprPtr> {
    TRY(call.expect_count(0, 0));
    return std::make_unique<NowExpr>(kind, call.settings.zone);
  };
}

// A part of a date. A TIMESTAMP's day is found on the zone's clock without making a DATE column.
template <class Part>
Factory of_day(Part part) {
  return [part](Call& call) -> Result<ExprPtr> {
    TRY(call.expect_count(1, 1));
    const Type type{kInt, {}};
    if (call.kind(0) == kTimestamp)
      return make_strict(call, type, [part, local = LocalTime(call.settings.zone)](int64_t us) {
        return part(local.days(us));
      });
    TRY(call.coerce(0, kDate));
    return make_strict(call, type, part);
  };
}

template <class Part>
Factory of_time(Part part) {
  return strict_with(kInt, {kTimestamp}, [part](const ExprSettings& settings) {
    return [part, local = LocalTime(settings.zone)](int64_t us) {
      return part(local.time_of_day(us));
    };
  });
}

// ISO 8601: the week with the year's first Thursday is week 1.
int64_t week_of_year(int64_t day) {
  const int64_t thursday = day - formats::weekday_from_days(day) + 3;
  return (formats::day_of_year(civil_from_days(thursday)) - 1) / 7 + 1;
}

int64_t with_months(int64_t day, int64_t months) {
  const formats::CivilDay civil = civil_from_days(day);
  const int64_t month = civil.year * 12 + civil.month - 1 + months;
  const int64_t year = floor_div(month, 12);
  const int month_of_year = static_cast<int>(floor_mod(month, 12)) + 1;
  return formats::days_from_civil(year, month_of_year,
                                  std::min(civil.day, formats::days_in_month(year, month_of_year)));
}

int64_t last_day(int64_t day) {
  const formats::CivilDay civil = civil_from_days(day);
  return day - civil.day + formats::days_in_month(civil.year, civil.month);
}

Result<ExprPtr> make_date_trunc(Call& call) {
  TRY(call.expect_count(2, 2));
  TRY(call.coerce(0, Kind::kString));
  TRY(call.coerce(1, kTimestamp));
  const LocalTime local(call.settings.zone);
  if (const std::string_view* name = literal_text(*call.arguments[0])) {
    const DateUnit unit = date_unit_of(*name);
    if (unit == DateUnit::kUnknown) return make_null_of({kTimestamp, {}});
    call.arguments.erase(call.arguments.begin());
    return make_strict(call, {kTimestamp, {}},
                       [unit, local](int64_t us) { return truncated_instant(us, unit, local); });
  }
  return make_strict(call, {kTimestamp, {}}, [local](Row& row, std::string_view name, int64_t us) {
    const DateUnit unit = date_unit_of(name);
    if (unit == DateUnit::kUnknown) return row.set_null(), int64_t{0};
    return truncated_instant(us, unit, local);
  });
}

Factory trunc_day() {
  return strict(kDate, {kDate, Kind::kString}, [](Row& row, int64_t day, std::string_view name) {
    const DateUnit unit = date_unit_of(name);
    if (unit < DateUnit::kWeek) return row.set_null(), int64_t{0};
    return truncated_day(day, unit);
  });
}

// date_part('field', time), and what EXTRACT(field FROM time) becomes.
Result<ExprPtr> make_date_part(Call& call) {
  TRY(call.expect_count(2, 2));
  const std::string_view* field = literal_text(*call.arguments[0]);
  if (field == nullptr) return call.wrong_type(0, "a constant text");
  struct Part {
    std::string_view function;
    std::vector<std::string_view> names;
  };
  static const std::vector<Part> kParts = {
      {"year", {"year", "y", "years", "yr", "yrs"}},
      {"yearofweek", {"yearofweek"}},
      {"quarter", {"quarter", "qtr"}},
      {"month", {"month", "mon", "mons", "months"}},
      {"weekofyear", {"week", "w", "weeks"}},
      {"day", {"day", "d", "days"}},
      {"dayofweek", {"dayofweek", "dow"}},
      {"dayofweek_iso", {"dayofweek_iso", "dow_iso"}},
      {"dayofyear", {"doy"}},
      {"hour", {"hour", "h", "hours", "hr", "hrs"}},
      {"minute", {"minute", "m", "min", "mins", "minutes"}},
      {"second with fraction", {"second", "s", "sec", "secs", "seconds"}}};
  std::string name(*field);
  for (char& c : name) c = static_cast<char>(tolower(static_cast<unsigned char>(c)));
  for (const Part& part : kParts) {
    if (std::find(part.names.begin(), part.names.end(), name) == part.names.end()) continue;
    call.arguments.erase(call.arguments.begin());
    return make_call(part.function, std::move(call.arguments), call.settings);
  }
  return usage_error(
      fmt::format("[INVALID_EXTRACT_FIELD] A time has no field {}.", quoted(*field)));
}

int64_t year_of_week(int64_t day) {
  return civil_from_days(day - formats::weekday_from_days(day) + 3).year;
}

constexpr std::string_view kWeekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// next_day(date, weekday): by the first two letters or more, in any case.
int weekday_named(std::string_view name) {
  constexpr std::string_view kFull[] = {"MONDAY", "TUESDAY",  "WEDNESDAY", "THURSDAY",
                                        "FRIDAY", "SATURDAY", "SUNDAY"};
  std::string upper(name);
  for (char& c : upper) c = static_cast<char>(toupper(static_cast<unsigned char>(c)));
  for (int i = 0; i < 7; i++)
    if (upper == kFull[i] || upper == kFull[i].substr(0, 3) || upper == kFull[i].substr(0, 2))
      return i;
  return -1;
}

Factory next_day() {
  return strict_with(kDate, {kDate, Kind::kString}, [](const ExprSettings& settings) {
    return [ansi = settings.ansi](Row& row, int64_t day, std::string_view name) {
      const int weekday = weekday_named(name);
      if (weekday < 0)
        fail_or_null(row, ansi, [&] {
          return fmt::format("[ILLEGAL_DAY_OF_WEEK] {} is not a day of the week.", quoted(name));
        });
      return day + 1 + floor_mod(weekday - formats::weekday_from_days(day + 1), 7);
    };
  });
}

void add_parts(FunctionTable& table) {
  table.add("year", "year(time)", "The year",
            of_day([](int64_t day) { return civil_from_days(day).year; }));
  table.add("quarter", "quarter(time)", "The quarter, 1 to 4",
            of_day([](int64_t day) { return int64_t{(civil_from_days(day).month + 2) / 3}; }));
  table.add("month", "month(time)", "The month, 1 to 12",
            of_day([](int64_t day) { return int64_t{civil_from_days(day).month}; }));
  table.add("day", "day(time)", "The day of the month",
            of_day([](int64_t day) { return int64_t{civil_from_days(day).day}; }));
  table.alias("dayofmonth", "day");
  table.add("dayofyear", "dayofyear(time)", "The day of the year", of_day([](int64_t day) {
              return int64_t{formats::day_of_year(civil_from_days(day))};
            }));
  table.add(
      "dayofweek", "dayofweek(time)", "The day of the week, 1 is Sunday",
      of_day([](int64_t day) { return int64_t{(formats::weekday_from_days(day) + 1) % 7 + 1}; }));
  table.add("weekday", "weekday(time)", "The day of the week, 0 is Monday",
            of_day([](int64_t day) { return int64_t{formats::weekday_from_days(day)}; }));
  table.add("weekofyear", "weekofyear(time)", "The ISO week",
            of_day([](int64_t day) { return week_of_year(day); }));
  table.add("dayofweek_iso", "", "",
            of_day([](int64_t day) { return int64_t{formats::weekday_from_days(day)} + 1; }));
  table.add("yearofweek", "", "", of_day([](int64_t day) { return year_of_week(day); }));
  table.add("dow", "", "", table.find("dayofweek")->make);
  table.add("dow_iso", "", "", table.find("dayofweek_iso")->make);
  table.add("doy", "", "", table.find("dayofyear")->make);
  table.add("week", "", "", table.find("weekofyear")->make);
  table.add("date_part", "date_part(field, time)", "A part of a time: 'year', 'week', 'dow', ...",
            make_date_part);
  table.alias("datepart", "date_part");
  table.add("hour", "hour(time)", "The hour, 0 to 23",
            of_time([](int64_t us) { return us / kMicrosPerHour; }));
  table.add("minute", "minute(time)", "The minute",
            of_time([](int64_t us) { return us / kMicrosPerMinute % 60; }));
  table.add("second", "second(time)", "The whole second",
            of_time([](int64_t us) { return us / kMicrosPerSecond % 60; }));
  // What EXTRACT(SECOND ...) gives; DECIMAL(8,6) in Spark.
  table.add("second with fraction", "", "",
            strict_with(Kind::kDouble, {kTimestamp}, [](const ExprSettings& settings) {
              return [local = LocalTime(settings.zone)](int64_t us) {
                return static_cast<double>(local.time_of_day(us) % kMicrosPerMinute) /
                       kMicrosPerSecond;
              };
            }));
  table.add("dayname", "dayname(date)", "Mon to Sun",
            strict(Kind::kString, {kDate},
                   [](Row&, int64_t day) { return kWeekdays[formats::weekday_from_days(day)]; }));
  table.add("monthname", "monthname(date)", "Jan to Dec",
            strict(Kind::kString, {kDate},
                   [](Row&, int64_t day) { return kMonths[civil_from_days(day).month - 1]; }));
}

void add_shifts(FunctionTable& table) {
  table.add("date_add", "date_add(date, days)", "So many days later",
            strict(kDate, {kDate, kInt}, [](int64_t day, int64_t n) { return day + n; }));
  table.alias("dateadd", "date_add");
  table.add("date_sub", "date_sub(date, days)", "So many days earlier",
            strict(kDate, {kDate, kInt}, [](int64_t day, int64_t n) { return day - n; }));
  table.add("datediff", "datediff(end, start)", "Days from start to end",
            strict(kInt, {kDate, kDate}, [](int64_t end, int64_t start) { return end - start; }));
  table.alias("date_diff", "datediff");
  table.add(
      "add_months", "add_months(date, months)", "So many months later, not past the month's end",
      strict(kDate, {kDate, kInt}, [](int64_t day, int64_t n) { return with_months(day, n); }));
  table.add("last_day", "last_day(date)", "The last day of the month",
            strict(kDate, {kDate}, [](int64_t day) { return last_day(day); }));
  table.add("next_day", "next_day(date, weekday)", "The first such weekday after the date",
            next_day());
  table.add("date_trunc", "date_trunc(unit, time)",
            "The start of the year, quarter, month, week, day, hour, ...", make_date_trunc);
  table.add("trunc", "trunc(date, unit)", "The first day of the year, quarter, month or week",
            trunc_day());
}

}  // namespace

void add_times(FunctionTable& table) {
  table.add("current_timestamp", "current_timestamp()", "The time of the batch", now(kTimestamp));
  table.alias("now", "current_timestamp");
  table.add("current_date", "current_date()", "The day of the batch", now(kDate));
  table.alias("curdate", "current_date");
  table.add("current_timezone", "current_timezone()", "The session's time zone",
            [](Call& call) -> Result<ExprPtr> {
              TRY(call.expect_count(0, 0));
              return make_string(call.settings.zone.name());
            });
  add_parts(table);
  add_shifts(table);
}

}  // namespace tailrace::sql
