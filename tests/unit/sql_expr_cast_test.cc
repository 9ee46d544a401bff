#include <limits>

#include "sql_expr_fixture.h"

using namespace tailrace;
using namespace tailrace::sql;

namespace {

// The text cast under ANSI: its value, or the class of its failure.
struct TextCast {
  std::string_view text;
  std::string_view expected;  // "" means CAST_INVALID_INPUT
};

void check_casts(Kind to, const std::vector<TextCast>& cases, const formats::TimeZone& zone = {}) {
  ExprSettings settings;
  settings.zone = zone;
  for (const TextCast& one : cases) {
    CAPTURE(one.text);
    Column column({Kind::kString, {}});
    column.append_text(one.text);
    const Batch t = table(column);
    const std::string expected(one.expected);
    CHECK(eval(cast(c(t, 0), to, settings), t, zone)[0] ==
          (expected.empty() ? "!CAST_INVALID_INPUT" : expected));
    CHECK(eval(cast(c(t, 0), to, settings, true), t, zone)[0] ==
          (expected.empty() ? "null" : expected));
    // A literal is folded, or fails in the same way.
    CHECK(value(cast(s(std::string(one.text)), to, settings), zone) ==
          (expected.empty() ? "!CAST_INVALID_INPUT" : expected));
  }
}

void check(const Batch& t, ExprPtr expr, const Texts& expected) {
  CHECK(eval(expr, t) == expected);
}

}  // namespace

TEST_CASE("texts are integers by Java's rules") {
  check_casts(Kind::kInt, {{"1", "1"},
                           {" 12 ", "12"},
                           {"-7", "-7"},
                           {"+7", "7"},
                           {"1.5", ""},
                           {"", ""},
                           {"abc", ""},
                           {"1e3", ""},
                           {"2147483647", "2147483647"},
                           {"2147483648", ""},
                           {"-2147483648", "-2147483648"},
                           {"0x10", ""},
                           {"1_000", ""},
                           {"\u0663", ""},
                           {"-", ""},
                           {"1.", ""},
                           {".5", ""},
                           {"007", "7"}});
  check_casts(Kind::kLong, {{"9223372036854775807", "9223372036854775807"},
                            {"9223372036854775808", ""},
                            {" 5\t", "5"},
                            {"-9223372036854775808", "-9223372036854775808"},
                            {"5L", ""}});
  check_casts(Kind::kByte, {{"127", "127"}, {"128", ""}, {"-128", "-128"}});
}

TEST_CASE("texts are doubles by Java's rules") {
  check_casts(Kind::kDouble, {{"1", "1.0"},
                              {" 2.5 ", "2.5"},
                              {"1e3", "1000.0"},
                              {"NaN", "NaN"},
                              {"nan", "NaN"},
                              {"inf", "Infinity"},
                              {"-inf", "-Infinity"},
                              {"+Infinity", "Infinity"},
                              {"1d", "1.0"},
                              {"1f", "1.0"},
                              {"0x1p3", "8.0"},
                              {"", ""},
                              {".", ""},
                              {"1.e2", "100.0"},
                              {"1,5", ""},
                              {"+1.5", "1.5"},
                              {"1e400", "Infinity"},
                              {"1e-400", "0.0"},
                              {"0x10", ""},
                              {"nan(1)", ""},
                              {"1e", ""},
                              {"--1", ""},
                              {"d", ""}});
  check_casts(Kind::kFloat, {{"0.1", "0.1"}, {"16777217", "1.6777216E7"}});
}

TEST_CASE("texts are booleans, dates and time stamps") {
  check_casts(Kind::kBoolean, {{"true", "true"},
                               {"T", "true"},
                               {"yes", "true"},
                               {" Y ", "true"},
                               {"1", "true"},
                               {"no", "false"},
                               {"FALSE", "false"},
                               {"0", "false"},
                               {"on", ""},
                               {"2", ""},
                               {"", ""}});
  check_casts(Kind::kDate, {{"2024-01-31", "2024-01-31"},
                            {"2024", "2024-01-01"},
                            {"2024-01-31T10", "2024-01-31"},
                            {"20240131", ""},
                            {"2024-02-30", ""},
                            {"today", ""}});
  check_casts(Kind::kTimestamp, {{"2024-01-01T10:20:30Z", "2024-01-01 10:20:30"},
                                 {"2024-01-01 24:00:00", ""},
                                 {"2024-01-01T10:20:30+02:00", "2024-01-01 08:20:30"}});
  const formats::TimeZone york = *formats::TimeZone::from_name("America/New_York");
  check_casts(Kind::kTimestamp, {{"2024-03-10 02:30:00", "2024-03-10 03:30:00"}}, york);
}

TEST_CASE("a time without a date is of the batch's day, also when it is a constant") {
  CHECK(value(cast(s("12:00:01"), Kind::kTimestamp)) == "2024-01-01 12:00:01");
}

TEST_CASE("numbers that do not fit overflow, or wrap and saturate with ANSI off") {
  const Batch t =
      table(ints({300, -1}), ints({3'000'000'000, -5}, Kind::kLong),
            doubles({2.7, std::numeric_limits<double>::quiet_NaN()}), doubles({1e30, -2.7}));
  check(t, cast(c(t, 0), Kind::kByte), {"!CAST_OVERFLOW", "-1"});
  check(t, cast(c(t, 1), Kind::kInt), {"!CAST_OVERFLOW", "-5"});
  check(t, cast(c(t, 2), Kind::kInt), {"2", "!CAST_OVERFLOW"});
  check(t, cast(c(t, 3), Kind::kLong), {"!CAST_OVERFLOW", "-2"});
  check(t, cast(c(t, 0), Kind::kByte, {}, true), {"null", "-1"});
  check(t, cast(c(t, 0), Kind::kByte, lenient_settings()), {"44", "-1"});
  check(t, cast(c(t, 1), Kind::kInt, lenient_settings()), {"-1294967296", "-5"});
  check(t, cast(c(t, 2), Kind::kInt, lenient_settings()), {"2", "0"});
  check(t, cast(c(t, 3), Kind::kLong, lenient_settings()), {"9223372036854775807", "-2"});
  check(t, cast(c(t, 0), Kind::kBoolean), {"true", "true"});
  check(t, cast(cast(c(t, 0), Kind::kBoolean), Kind::kDouble), {"1.0", "1.0"});
  check(t, cast(c(t, 0), Kind::kLong), {"300", "-1"});
  const Run failed = run(*cast(c(t, 1), Kind::kInt), t, {0});
  CHECK(failed.errors[0].message ==
        "[CAST_OVERFLOW] The value 3000000000L of the type \"BIGINT\" cannot be cast to \"INT\" "
        "due to an overflow.");
}

TEST_CASE("ANSI off: texts that are none are NULL, and an integer may have a fraction") {
  const Batch t = table(texts({"1.5", "x", "", "."}));
  check(t, cast(c(t, 0), Kind::kInt, lenient_settings()), {"1", "null", "null", "0"});
  check(t, cast(c(t, 0), Kind::kTimestamp, lenient_settings()), {"null", "null", "null", "null"});
}

TEST_CASE("time stamps are seconds and dates are midnights") {
  const Batch t = table(ints({1'714'979'289'123'456, -500'000}, Kind::kTimestamp),
                        ints({19849, -1}, Kind::kDate), doubles({1.5, -0.5}));
  check(t, cast(c(t, 0), Kind::kLong), {"1714979289", "-1"});
  check(t, cast(c(t, 0), Kind::kDouble), {"1.714979289123456E9", "-0.5"});
  check(t, cast(c(t, 0), Kind::kByte), {"!CAST_OVERFLOW", "-1"});
  check(t, cast(c(t, 0), Kind::kDate), {"2024-05-06", "1969-12-31"});
  check(t, cast(c(t, 0), Kind::kString), {"2024-05-06 07:08:09.123456", "1969-12-31 23:59:59.5"});
  check(t, cast(c(t, 1), Kind::kTimestamp), {"2024-05-06 00:00:00", "1969-12-31 00:00:00"});
  check(t, cast(c(t, 2), Kind::kTimestamp), {"1970-01-01 00:00:01.5", "1969-12-31 23:59:59.5"});
  check(t, cast(cast(c(t, 0), Kind::kLong), Kind::kTimestamp),
        {"2024-05-06 07:08:09", "1969-12-31 23:59:59"});
  const ExprSettings york = settings_in("America/New_York");
  check(t, cast(cast(c(t, 1), Kind::kTimestamp, york), Kind::kString),
        {"2024-05-06 04:00:00", "1969-12-31 05:00:00"});
  check(t, cast(c(t, 0), Kind::kDate, york), {"2024-05-06", "1969-12-31"});
}

TEST_CASE("everything is a text, and casts that do not exist are refused") {
  const Batch t = table(ints({1}, Kind::kBoolean), doubles({1e7}), ints({19849}, Kind::kDate),
                        ints({1}, Kind::kTimestamp));
  check(t, cast(c(t, 0), Kind::kString), {"true"});
  check(t, cast(c(t, 1), Kind::kString), {"1.0E7"});
  check(t, cast(f("array", i(1), null()), Kind::kString), {"[1, null]"});
  check(t, cast(f("struct", i(1), s("a")), Kind::kString), {"{1, a}"});
  CHECK(refusal(make_cast(c(t, 2), {Kind::kInt, {}}, {})) ==
        "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION");
  CHECK(refusal(make_cast(c(t, 3), {Kind::kBoolean, {}}, {})) ==
        "DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION");
  CHECK(refusal(make_cast(c(t, 2), columns::array_of({Kind::kInt, {}}), {})) ==
        "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION");
}

TEST_CASE("structs and arrays are cast part by part, and an element's failure is its row's") {
  const Batch t = table(texts({"1", "x", std::nullopt}));
  const Type numbers = columns::array_of({Kind::kInt, {}});
  const ExprPtr cast_array = must(make_cast(f("array", s("7"), c(t, 0)), numbers, {}));
  CHECK(eval(cast_array, t) == Texts{"[7, 1]", "!CAST_INVALID_INPUT", "[7, null]"});
  const Type pair = columns::struct_of({{"p", {Kind::kLong, {}}}, {"q", {Kind::kString, {}}}});
  CHECK(eval(must(make_cast(f("struct", c(t, 0), i(2)), pair, {}, true)), t) ==
        Texts{"{1, 2}", "{null, 2}", "{null, 2}"});
}
