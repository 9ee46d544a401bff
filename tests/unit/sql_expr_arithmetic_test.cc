#include <cmath>
#include <limits>

#include "sql_expr_fixture.h"

using namespace tailrace;
using namespace tailrace::sql;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kGreatest = std::numeric_limits<int64_t>::max();

void check(const Batch& t, ExprPtr expr, const Texts& expected) {
  CHECK(eval(expr, t) == expected);
}
ExprPtr lenient(std::string_view name, ExprPtr a, ExprPtr x) {
  return must(try_f(lenient_settings(), name, std::move(a), std::move(x)));
}

}  // namespace

TEST_CASE("integers keep their type and fail where they overflow") {
  const Batch t = table(ints({7, -7, std::nullopt, INT32_MAX}), ints({2, 2, 3, 1}));
  check(t, f("+", c(t, 0), c(t, 1)), {"9", "-5", "null", "!ARITHMETIC_OVERFLOW"});
  check(t, f("-", c(t, 0), c(t, 1)), {"5", "-9", "null", "2147483646"});
  check(t, f("*", c(t, 0), c(t, 1)), {"14", "-14", "null", "2147483647"});
  check(t, f("+", c(t, 0), l(1)), {"8", "-6", "null", "2147483648"});
  check(t, f("try_add", c(t, 0), c(t, 1)), {"9", "-5", "null", "null"});
  check(t, lenient("+", c(t, 0), c(t, 1)), {"9", "-5", "null", "-2147483648"});
  CHECK(f("+", c(t, 0), c(t, 1))->type() == Type{Kind::kInt, {}});
}

TEST_CASE("BIGINT and SMALLINT have their own limits") {
  const Batch t =
      table(ints({kGreatest, kLeast}, Kind::kLong), ints({32767, -32768}, Kind::kShort));
  check(t, f("+", c(t, 0), l(1)), {"!ARITHMETIC_OVERFLOW", "-9223372036854775807"});
  check(t, f("*", c(t, 0), l(2)), {"!ARITHMETIC_OVERFLOW", "!ARITHMETIC_OVERFLOW"});
  check(t, lenient("*", c(t, 0), l(2)), {"-2", "0"});
  check(t, f("+", c(t, 1), make_integer(1, Kind::kShort)),
        {"!BINARY_ARITHMETIC_OVERFLOW", "-32767"});
  check(t, f("*", c(t, 1), c(t, 1)),
        {"!BINARY_ARITHMETIC_OVERFLOW", "!BINARY_ARITHMETIC_OVERFLOW"});
  check(t, f("negative", c(t, 0)), {"-9223372036854775807", "!ARITHMETIC_OVERFLOW"});
  check(t, f("abs", c(t, 0)), {"9223372036854775807", "!ARITHMETIC_OVERFLOW"});
  check(t, must(try_f(lenient_settings(), "abs", c(t, 0))),
        {"9223372036854775807", "-9223372036854775808"});
}

TEST_CASE("division is of doubles, DIV of integers, and zero is an error") {
  const Batch t =
      table(ints({7, -7, std::nullopt, 0}), ints({2, 2, 0, 0}), doubles({2.5, -0.5, 0.0, 0.0}));
  check(t, f("/", c(t, 0), c(t, 1)), {"3.5", "-3.5", "null", "!DIVIDE_BY_ZERO"});
  check(t, f("/", c(t, 2), c(t, 2)), {"1.0", "1.0", "!DIVIDE_BY_ZERO", "!DIVIDE_BY_ZERO"});
  check(t, f("div", c(t, 0), c(t, 1)), {"3", "-3", "null", "!DIVIDE_BY_ZERO"});
  check(t, f("%", c(t, 0), c(t, 1)), {"1", "-1", "null", "!REMAINDER_BY_ZERO"});
  check(t, f("pmod", c(t, 0), c(t, 1)), {"1", "1", "null", "!REMAINDER_BY_ZERO"});
  check(t, f("%", c(t, 2), d(1)), {"0.5", "-0.5", "0.0", "0.0"});
  check(t, f("try_divide", c(t, 0), c(t, 1)), {"3.5", "-3.5", "null", "null"});
  check(t, f("try_mod", c(t, 0), c(t, 1)), {"1", "-1", "null", "null"});
  check(t, lenient("/", c(t, 0), c(t, 1)), {"3.5", "-3.5", "null", "null"});
  check(t, lenient("div", c(t, 0), c(t, 1)), {"3", "-3", "null", "null"});
  CHECK(value(f("%", i(7), i(-3))) == "1");
  CHECK(value(f("pmod", i(-7), i(3))) == "2");
  CHECK(value(f("%", l(kLeast), l(-1))) == "0");
  CHECK(value(f("div", l(kLeast), l(-1))) == "!ARITHMETIC_OVERFLOW");
}

TEST_CASE("texts become numbers in arithmetic, dates move by days") {
  CHECK(value(f("+", s("10"), i(5))) == "15");
  CHECK(f("+", s("10"), i(5))->type() == Type{Kind::kLong, {}});
  CHECK(value(f("+", s("x"), i(5))) == "!CAST_INVALID_INPUT");
  CHECK(value(f("*", s("2"), s("1.5"))) == "3.0");
  CHECK(value(lenient("+", s("1.5"), i(1))) == "2.5");
  const Batch t = table(ints({19723}, Kind::kDate));
  check(t, f("+", c(t, 0), i(7)), {"2024-01-08"});
  check(t, f("-", c(t, 0), i(1)), {"2023-12-31"});
  CHECK(refusal(try_f({}, "+", b(true), b(false))) == "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE");
  CHECK(refusal(try_f({}, "*", c(t, 0), i(2))) == "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES");
  CHECK(refusal(try_f({}, "+", i(1))) == "WRONG_NUM_ARGS.WITHOUT_SUGGESTION");
}

TEST_CASE("FLOAT arithmetic is rounded to FLOAT") {
  const Batch t = table(column<double>(Kind::kFloat, {static_cast<double>(0.1F)}));
  check(t, f("+", c(t, 0), make_double(0.2, Kind::kFloat)), {"0.3"});
  check(t, f("*", c(t, 0), d(1)), {"0.10000000149011612"});
}

TEST_CASE("rounding goes by the decimal digits that a double prints with") {
  const Batch t = table(doubles({2.5, -2.5, 0.0, 0.5, 1e10, std::nullopt, kNan, kInfinity}));
  check(t, f("round", c(t, 0)), {"3.0", "-3.0", "0.0", "1.0", "1.0E10", "null", "NaN", "Infinity"});
  check(t, f("bround", c(t, 0)),
        {"2.0", "-2.0", "0.0", "0.0", "1.0E10", "null", "NaN", "Infinity"});
  check(t, f("round", c(t, 0), i(-1)),
        {"0.0", "0.0", "0.0", "0.0", "1.0E10", "null", "NaN", "Infinity"});
  const std::pair<double, Texts> cases[] = {
      {4.35, {"4.35", "4.4"}},  {2.345, {"2.35", "2.3"}},  {0.0025, {"0.0", "0.0"}},
      {1.005, {"1.01", "1.0"}}, {9.995, {"10.0", "10.0"}}, {1e100, {"1.0E100", "1.0E100"}},
      {-0.001, {"0.0", "0.0"}}, {0.95, {"0.95", "1.0"}}};
  for (const auto& [number, expected] : cases) {
    CAPTURE(number);
    CHECK(value(f("round", d(number), i(2))) == expected[0]);
    CHECK(value(f("round", d(number), i(1))) == expected[1]);
  }
  CHECK(value(f("round", i(25), i(-1))) == "30");
  CHECK(value(f("bround", i(25), i(-1))) == "20");
  CHECK(value(f("round", i(-125), i(-2))) == "-100");
  CHECK(value(f("round", i(INT32_MAX), i(-1))) == "!ARITHMETIC_OVERFLOW");
}

TEST_CASE("floor and ceil give integers") {
  const Batch t = table(doubles({2.5, -2.5, kNan, kInfinity, 1e19, std::nullopt}));
  check(
      t, f("floor", c(t, 0)),
      {"2", "-3", "!ARITHMETIC_OVERFLOW", "!ARITHMETIC_OVERFLOW", "!ARITHMETIC_OVERFLOW", "null"});
  check(
      t, f("ceil", c(t, 0)),
      {"3", "-2", "!ARITHMETIC_OVERFLOW", "!ARITHMETIC_OVERFLOW", "!ARITHMETIC_OVERFLOW", "null"});
  CHECK(value(f("floor", i(7))) == "7");
}

TEST_CASE("logarithms of nothing are NULL, roots NaN") {
  const Batch t = table(doubles({2.5, -2.5, 0.0, std::nullopt, kNan}));
  check(t, f("ln", c(t, 0)), {"0.9162907318741551", "null", "null", "null", "NaN"});
  check(t, f("log", i(2), c(t, 0)), {"1.3219280948873624", "null", "null", "null", "NaN"});
  check(t, f("sqrt", c(t, 0)), {"1.5811388300841898", "NaN", "0.0", "null", "NaN"});
  check(t, f("isnan", c(t, 0)), {"false", "false", "false", "false", "true"});
  check(t, f("sign", c(t, 0)), {"1.0", "-1.0", "0.0", "null", "NaN"});
  check(t, f("greatest", c(t, 0), d(1)), {"2.5", "1.0", "1.0", "1.0", "NaN"});
  check(t, f("least", c(t, 0), d(1)), {"1.0", "-2.5", "0.0", "1.0", "1.0"});
  CHECK(value(f("pow", i(0), i(0))) == "1.0");
  CHECK(value(f("greatest", i(1), null(), i(3))) == "3");
}
