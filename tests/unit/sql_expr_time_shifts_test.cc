#include "sql_expr_fixture.h"

using namespace tailrace;
using namespace tailrace::sql;

namespace {

ExprPtr at(std::string_view text) { return cast(s(std::string(text)), Kind::kTimestamp); }

// What a function gives in New York, whose clocks go forward on 2024-03-10 and back on 2024-11-03.
template <class... Arguments>
std::string in_new_york(std::string_view name, Arguments... arguments) {
  const ExprSettings settings = settings_in("America/New_York");
  ExprPtr made = must(try_f(settings, name, std::move(arguments)...));
  const Batch one = table();
  return run(*made, one, {0}, settings.zone).values[0];
}

constexpr int64_t kHour = 3'600'000'000;

}  // namespace

TEST_CASE("whole days of an interval keep the time of day when the clocks change") {
  const auto moved = [](std::string_view time, int64_t length) {
    return in_new_york("time + interval", at(time), l(length));
  };
  CHECK(moved("2024-03-10T06:59:59Z", 24 * kHour) == "2024-03-11 01:59:59");
  CHECK(moved("2024-03-10T06:59:59Z", 23 * kHour) == "2024-03-11 01:59:59");
  CHECK(moved("2024-03-09T07:30:00Z", 24 * kHour) == "2024-03-10 03:30:00");  // there is no 02:30
  CHECK(moved("2024-11-03T05:30:00Z", 24 * kHour) == "2024-11-04 01:30:00");
  CHECK(moved("2024-11-03T06:30:00Z", 24 * kHour) == "2024-11-04 01:30:00");
  CHECK(moved("2024-11-04T06:30:00Z", -24 * kHour) == "2024-11-03 01:30:00");
  CHECK(moved("2024-03-11T06:00:00Z", -25 * kHour) == "2024-03-10 01:00:00");
}

TEST_CASE("timestampadd counts months by the calendar, and days and hours as intervals do") {
  const auto added = [](std::string_view unit, int64_t count, std::string_view time) {
    return in_new_york("timestampadd", s(std::string(unit)), i(count), at(time));
  };
  CHECK(added("MONTH", 1, "2024-01-31T12:00:00Z") == "2024-02-29 07:00:00");
  CHECK(added("QUARTER", -1, "2024-01-31T12:00:00Z") == "2023-10-31 07:00:00");
  CHECK(added("YEAR", 1, "2024-02-29T12:00:00Z") == "2025-02-28 07:00:00");
  CHECK(added("DAYOFYEAR", 1, "2024-03-10T06:59:59Z") == "2024-03-11 01:59:59");
  CHECK(added("HOUR", 23, "2024-03-10T06:59:59Z") == "2024-03-11 01:59:59");
  CHECK(added("MICROSECOND", 1, "2024-03-10T06:59:59Z") == "2024-03-10 01:59:59.000001");
  CHECK(added("YEAR", 2'000'000'000, "2024-03-10T06:59:59Z").starts_with("!DATETIME_OVERFLOW"));
  CHECK_FALSE(try_f({}, "timestampadd", s("EON"), i(1), at("2024-01-01")));
}

TEST_CASE("timestampdiff counts whole units, towards zero") {
  const auto between = [](std::string_view unit, std::string_view start, std::string_view end) {
    return in_new_york("timestampdiff", s(std::string(unit)), at(start), at(end));
  };
  CHECK(between("MONTH", "2024-01-31T12:00:00Z", "2024-03-31T11:59:59Z") ==
        "2");  // 07:00 to 07:59:59
  CHECK(between("MONTH", "2024-01-31T12:00:00Z", "2024-02-29T12:00:00Z") == "0");
  CHECK(between("MONTH", "2024-03-31T12:00:00Z", "2024-01-31T13:00:01Z") == "-1");
  CHECK(between("YEAR", "2020-02-29T00:00:00Z", "2024-02-28T00:00:00Z") == "3");
  CHECK(between("DAY", "2024-03-09T12:00:00Z", "2024-03-10T11:00:00Z") == "1");  // 23 hours
  CHECK(between("HOUR", "2024-01-01T00:59:59Z", "2024-01-01T00:00:00Z") == "0");
  CHECK(between("WEEK", "2024-01-01T00:00:00Z", "2024-01-15T00:00:00Z") == "2");
}

TEST_CASE("the seconds of EXTRACT have their fraction") {
  CHECK(in_new_york("date_part", s("second"), at("2024-02-29T23:59:59.999999Z")) == "59.999999");
  CHECK(in_new_york("date_part", s("SECS"), at("1969-12-31T23:59:59.5Z")) == "59.5");
}
