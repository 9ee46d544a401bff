#include "sql_expr_fixture.h"

using namespace tailrace;
using namespace tailrace::sql;

namespace {

void check(const Batch& t, ExprPtr expr, const Texts& expected) {
  CHECK(eval(expr, t) == expected);
}

ExprPtr at(std::string_view text) { return cast(s(std::string(text)), Kind::kTimestamp); }

// 2024-01-01, 2024-02-29T23:59:59.999999, 2024-12-30T12:34:56.789, 2023-01-01T05:06:07,
// 1969-12-31T23:59:59.5, NULL
Batch instants() {
  return table(ints({1'704'067'200'000'000, 1'709'251'199'999'999, 1'735'562'096'789'000,
                     1'672'549'567'000'000, -500'000, std::nullopt},
                    Kind::kTimestamp));
}

}  // namespace

TEST_CASE("the parts of a time") {
  const Batch t = instants();
  check(t, f("year", c(t, 0)), {"2024", "2024", "2024", "2023", "1969", "null"});
  check(t, f("quarter", c(t, 0)), {"1", "1", "4", "1", "4", "null"});
  check(t, f("month", c(t, 0)), {"1", "2", "12", "1", "12", "null"});
  check(t, f("day", c(t, 0)), {"1", "29", "30", "1", "31", "null"});
  check(t, f("hour", c(t, 0)), {"0", "23", "12", "5", "23", "null"});
  check(t, f("minute", c(t, 0)), {"0", "59", "34", "6", "59", "null"});
  check(t, f("second", c(t, 0)), {"0", "59", "56", "7", "59", "null"});
  check(t, f("dayofweek", c(t, 0)), {"2", "5", "2", "1", "4", "null"});
  check(t, f("weekday", c(t, 0)), {"0", "3", "0", "6", "2", "null"});
  check(t, f("dayofyear", c(t, 0)), {"1", "60", "365", "1", "365", "null"});
  check(t, f("weekofyear", c(t, 0)), {"1", "9", "1", "52", "1", "null"});
  check(t, f("dayname", c(t, 0)), {"Mon", "Thu", "Mon", "Sun", "Wed", "null"});
  check(t, f("monthname", c(t, 0)), {"Jan", "Feb", "Dec", "Jan", "Dec", "null"});
}

TEST_CASE("seconds: unix_timestamp cuts toward zero, unix_seconds rounds down") {
  const Batch t = instants();
  check(t, f("unix_timestamp", c(t, 0)),
        {"1704067200", "1709251199", "1735562096", "1672549567", "0", "null"});
  check(t, f("unix_seconds", c(t, 0)),
        {"1704067200", "1709251199", "1735562096", "1672549567", "-1", "null"});
  check(t, f("unix_millis", c(t, 0)),
        {"1704067200000", "1709251199999", "1735562096789", "1672549567000", "-500", "null"});
  CHECK(value(f("unix_timestamp")) == "1704067200");
  CHECK(value(f("unix_timestamp", s("2024-01-01 00:00:00"))) == "1704067200");
  CHECK(value(f("unix_timestamp", s("2024-01-01"))) == "!CANNOT_PARSE_TIMESTAMP");
  CHECK(value(f("unix_timestamp", s("2024-01-01"), s("yyyy-MM-dd"))) == "1704067200");
  CHECK(value(f("timestamp_seconds", d(1.5))) == "1970-01-01 00:00:01.5");
  CHECK(value(f("timestamp_millis", l(-1))) == "1969-12-31 23:59:59.999");
  CHECK(value(f("timestamp_seconds", l(INT64_MAX))) == "!ARITHMETIC_OVERFLOW");
  CHECK(value(f("from_unixtime", i(-1))) == "1969-12-31 23:59:59");
  CHECK(value(f("from_unixtime", i(0), s("yyyy/MM/dd"))) == "1970/01/01");
}

TEST_CASE("truncation goes by the clock of the zone") {
  const Batch t = instants();
  check(t, f("date_trunc", s("YEAR"), c(t, 0)),
        {"2024-01-01 00:00:00", "2024-01-01 00:00:00", "2024-01-01 00:00:00", "2023-01-01 00:00:00",
         "1969-01-01 00:00:00", "null"});
  check(t, f("date_trunc", s("week"), c(t, 0)),
        {"2024-01-01 00:00:00", "2024-02-26 00:00:00", "2024-12-30 00:00:00", "2022-12-26 00:00:00",
         "1969-12-29 00:00:00", "null"});
  check(t, f("date_trunc", s("minute"), c(t, 0)),
        {"2024-01-01 00:00:00", "2024-02-29 23:59:00", "2024-12-30 12:34:00", "2023-01-01 05:06:00",
         "1969-12-31 23:59:00", "null"});
  check(t, f("date_trunc", s("bad"), c(t, 0)), {"null", "null", "null", "null", "null", "null"});
  check(t, f("trunc", cast(c(t, 0), Kind::kDate), s("quarter")),
        {"2024-01-01", "2024-01-01", "2024-10-01", "2023-01-01", "1969-10-01", "null"});
  const ExprSettings york = settings_in("America/New_York");
  // The second 01:30 of the night on which clocks go back.
  const ExprPtr hour = must(try_f(york, "date_trunc", s("hour"), at("2024-11-03T06:30:00Z")));
  CHECK(value(hour) == "2024-11-03 06:00:00");
  CHECK(value(must(try_f(york, "date_trunc", s("day"), at("2024-03-10T20:00:00Z")))) ==
        "2024-03-10 05:00:00");
  CHECK(value(must(try_f(york, "hour", at("2024-03-10T07:00:00Z")))) == "3");
  CHECK(value(must(try_f(york, "year", at("2024-01-01T03:00:00Z")))) == "2023");
}

TEST_CASE("texts by a pattern, and patterns in a column") {
  CHECK(value(f("to_timestamp", s("02/01/2024 03:04"), s("dd/MM/yyyy HH:mm"))) ==
        "2024-01-02 03:04:00");
  CHECK(value(f("to_timestamp", s("2024"), s("dd/MM/yyyy"))) == "!CANNOT_PARSE_TIMESTAMP");
  CHECK(value(f("try_to_timestamp", s("2024"), s("dd/MM/yyyy"))) == "null");
  CHECK(value(must(try_f(lenient_settings(), "to_timestamp", s("2024"), s("dd/MM/yyyy")))) ==
        "null");
  CHECK(value(f("to_timestamp", s("garbage"))) == "!CAST_INVALID_INPUT");
  CHECK(value(f("to_date", s("2024-01-01 10:00:00"))) == "2024-01-01");
  CHECK(value(f("to_date", s("02.01.2024"), s("dd.MM.yyyy"))) == "2024-01-02");
  CHECK(value(f("try_to_date", s("garbage"))) == "null");
  CHECK(value(f("date_format", at("2024-05-17T12:34:56Z"), s("EEEE HH"))) == "Friday 12");
  const Batch t = table(texts({"yyyy", "MM", std::nullopt}));
  check(t, f("date_format", at("2024-05-17"), c(t, 0)), {"2024", "05", "null"});
  CHECK(!try_f({}, "date_format", at("2024-05-17"), s("b")));
}

TEST_CASE("days are added and counted") {
  CHECK(value(f("date_add", at("2024-02-29T23:00:00Z"), i(1))) == "2024-03-01");
  CHECK(value(f("datediff", s("2024-03-01"), s("2024-02-01"))) == "29");
  CHECK(value(f("add_months", s("2024-01-31"), i(1))) == "2024-02-29");
  CHECK(value(f("add_months", s("2024-01-31"), i(-2))) == "2023-11-30");
  CHECK(value(f("last_day", s("2023-02-10"))) == "2023-02-28");
  CHECK(value(f("next_day", s("2024-01-01"), s("MON"))) == "2024-01-08");
  CHECK(value(f("next_day", s("2024-01-01"), s("tuesday"))) == "2024-01-02");
  CHECK(value(f("next_day", s("2024-01-01"), s("x"))) == "!ILLEGAL_DAY_OF_WEEK");
  CHECK(value(f("current_date")) == "2024-01-01");
}
