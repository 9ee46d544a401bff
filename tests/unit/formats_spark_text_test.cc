#include "formats/spark_text.h"

#include <doctest/doctest.h>

#include "base/time.h"

namespace tailrace::formats {
namespace {

using columns::Column;
using columns::Kind;
using columns::Type;

std::string text_of(const Column& column, size_t row = 0, const TimeZone& zone = {}) {
  std::string out;
  append_spark_text(column, row, zone, out);
  return out;
}

Column of_int(Kind kind, int64_t value) {
  Column column(Type{kind, {}});
  column.append_int(value);
  return column;
}

Column of_double(Kind kind, double value) {
  Column column(Type{kind, {}});
  column.append_double(value);
  return column;
}

}  // namespace

TEST_CASE("plain values as Spark casts them to STRING") {
  CHECK(text_of(of_int(Kind::kBoolean, 1)) == "true");
  CHECK(text_of(of_int(Kind::kBoolean, 0)) == "false");
  CHECK(text_of(of_int(Kind::kLong, INT64_MIN)) == "-9223372036854775808");
  CHECK(text_of(of_double(Kind::kDouble, 1e-4)) == "1.0E-4");
  CHECK(text_of(of_double(Kind::kFloat, static_cast<double>(0.1F))) == "0.1");
  CHECK(text_of(of_int(Kind::kDate, 19723)) == "2024-01-01");
  CHECK(text_of(of_int(Kind::kDate, -1)) == "1969-12-31");
  Column text(Type{Kind::kString, {}});
  text.append_text("a \"b\"");
  CHECK(text_of(text) == "a \"b\"");
}

TEST_CASE("time stamps have no zone and no trailing zeros (conformance cast/time_004)") {
  struct Case {
    int64_t us;
    const char* text;
  };
  for (const Case& c :
       {Case{1'704'067'200'000'000, "2024-01-01 00:00:00"},
        Case{1'714'979'289'123'456, "2024-05-06 07:08:09.123456"},
        Case{1'714'979'289'120'000, "2024-05-06 07:08:09.12"},
        Case{-500'000, "1969-12-31 23:59:59.5"}, Case{1, "1970-01-01 00:00:00.000001"}})
    CHECK(text_of(of_int(Kind::kTimestamp, c.us)) == c.text);
}

TEST_CASE("time stamps are in the session's zone (conformance datetime/kolkata_000)") {
  const TimeZone kolkata = *TimeZone::from_name("Asia/Kolkata");
  CHECK(text_of(of_int(Kind::kTimestamp, 1'710'053'999'000'000), 0, kolkata) ==
        "2024-03-10 12:29:59");
}

TEST_CASE("structs and arrays, with the word for null inside (conformance cast/complex_002)") {
  const Type number{Kind::kLong, {}};
  Column list(columns::array_of(number));
  list.resize(3);
  list.children[0].append_int(1);
  list.children[0].append_null();
  list.children[0].append_int(3);
  list.lists[0] = {0, 3};
  list.lists[1] = {1, 0};
  list.nulls = {0, 0, 1};
  CHECK(text_of(list, 0) == "[1, null, 3]");
  CHECK(text_of(list, 1) == "[]");
  CHECK(text_of(list, 2) == "null");

  Column pair(columns::struct_of({{"x", number}, {"y", number}}));
  pair.resize(1);
  pair.nulls[0] = 0;
  pair.children[0].nulls[0] = 0;
  pair.children[0].ints[0] = 7;
  CHECK(text_of(pair) == "{7, null}");
  std::string console;
  append_spark_text(pair, 0, {}, console, "NULL");
  CHECK(console == "{7, NULL}");
}

}  // namespace tailrace::formats
