#include "sql_expr_fixture.h"

using namespace tailrace;
using namespace tailrace::sql;

namespace {

void check(const Batch& t, ExprPtr expr, const Texts& expected) {
  CHECK(eval(expr, t) == expected);
}

// All nine pairs of true, false, NULL.
Batch truth_table() {
  std::vector<std::optional<int64_t>> left, right;
  for (const std::optional<int64_t> a :
       {std::optional<int64_t>(1), std::optional<int64_t>(0), std::optional<int64_t>()})
    for (const std::optional<int64_t> x :
         {std::optional<int64_t>(1), std::optional<int64_t>(0), std::optional<int64_t>()}) {
      left.push_back(a);
      right.push_back(x);
    }
  return table(ints(left, Kind::kBoolean), ints(right, Kind::kBoolean));
}

}  // namespace

TEST_CASE("AND, OR and NOT are three-valued") {
  const Batch t = truth_table();
  check(t, f("and", c(t, 0), c(t, 1)),
        {"true", "false", "null", "false", "false", "false", "null", "false", "null"});
  check(t, f("or", c(t, 0), c(t, 1)),
        {"true", "true", "true", "true", "false", "null", "true", "null", "null"});
  check(t, f("not", c(t, 0)),
        {"false", "false", "false", "true", "true", "true", "null", "null", "null"});
  check(t, f("isnull", c(t, 1)),
        {"false", "false", "true", "false", "false", "true", "false", "false", "true"});
  check(t, f("isnotnull", c(t, 1)),
        {"true", "true", "false", "true", "true", "false", "true", "true", "false"});
  check(t, f("and", null(), c(t, 1)),
        {"null", "false", "null", "null", "false", "null", "null", "false", "null"});
}

TEST_CASE("the right side is evaluated only where the left leaves it open") {
  const Batch t =
      table(texts({"1", "x", "2", std::nullopt}), ints({1, 0, std::nullopt, 1}, Kind::kBoolean));
  const auto is_one = [&] { return f("=", cast(c(t, 0), Kind::kInt), i(1)); };
  check(t, f("and", c(t, 1), is_one()), {"true", "false", "false", "null"});
  check(t, f("or", c(t, 1), is_one()), {"true", "!CAST_INVALID_INPUT", "null", "true"});
  check(t, f("or", f("not", c(t, 1)), is_one()), {"true", "true", "null", "null"});
}

TEST_CASE("a branch is evaluated for its rows only") {
  const Batch t = table(ints({1, 6, 8}), ints({0, 2, std::nullopt}));
  const auto quotient = [&] { return f("div", c(t, 0), c(t, 1)); };
  const auto is_zero = [&] { return f("=", c(t, 1), i(0)); };
  check(t, f("if", is_zero(), i(-1), quotient()), {"-1", "3", "null"});
  check(t, f("case", is_zero(), null(), f("/", c(t, 0), c(t, 1))), {"null", "3.0", "null"});
  check(t, f("case", f("not", is_zero()), quotient(), s("7")), {"7", "3", "7"});
  check(t, f("coalesce", c(t, 1), quotient()), {"0", "2", "null"});
  check(t, f("coalesce", f("nullif", c(t, 1), i(0)), quotient()), {"!DIVIDE_BY_ZERO", "2", "null"});
  check(t, f("nullif", f("div", c(t, 0), f("nullif", c(t, 1), i(0))), i(3)),
        {"null", "null", "null"});
  check(t, f("nvl2", c(t, 1), s("has"), s("no")), {"has", "has", "no"});
  check(t, f("nullifzero", c(t, 1)), {"null", "2", "null"});
  check(t, f("zeroifnull", c(t, 1)), {"0", "2", "0"});
}

TEST_CASE("rows that are not asked for are neither evaluated nor reported") {
  const Batch t = table(texts({"1", "x", "3", "y"}));
  const ExprPtr number = cast(c(t, 0), Kind::kInt);
  CHECK(run(*number, t, {0, 2}).errors.empty());
  const Run some = run(*number, t, {1, 2});
  CHECK(some.values == Texts{"!CAST_INVALID_INPUT", "3"});
  REQUIRE(some.errors.size() == 1);
  CHECK(some.errors[0].row == 1);
  CHECK(some.errors[0].message.find("'x'") != std::string::npos);
}

TEST_CASE("a row that fails twice is reported once, with the first message") {
  const Batch t = table(texts({"x"}));
  const Run failed = run(*f("concat", f("+", c(t, 0), i(1)), f("-", c(t, 0), d(1))), t, {0});
  REQUIRE(failed.errors.size() == 1);
  CHECK(failed.errors[0].message.find("BIGINT") != std::string::npos);
}

TEST_CASE("CASE finds a common type, and picks constants of every kind") {
  const Batch t = table(ints({1, 0, std::nullopt}, Kind::kBoolean), ints({7, 8, 9}));
  check(t, f("case", c(t, 0), i(1), i(0)), {"1", "0", "0"});
  check(t, f("case", c(t, 0), s("yes"), s("no")), {"yes", "no", "no"});
  check(t, f("case", c(t, 0), i(1), d(2.5)), {"1.0", "2.5", "2.5"});
  check(t, f("case", c(t, 0), i(1)), {"1", "null", "null"});
  check(t, f("case", c(t, 0), c(t, 1), f("isnull", c(t, 0)), i(-1), i(0)), {"7", "0", "-1"});
  check(t, f("case", c(t, 0), f("array", c(t, 1)), f("array")), {"[7]", "[]", "[]"});
  check(t, f("case", b(false), f("/", i(1), i(0)), b(true), c(t, 1), i(0)), {"7.0", "8.0", "9.0"});
  CHECK(f("case", c(t, 0), i(1), l(2))->type() == Type{Kind::kLong, {}});
  check(t, f("case", c(t, 0), s("x"), i(1)), {"!CAST_INVALID_INPUT", "1", "1"});
  CHECK(refusal(try_f({}, "case", c(t, 1), i(1))) == "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
  CHECK(refusal(try_f({}, "if", c(t, 0), b(true), i(1))) == "DATATYPE_MISMATCH.DATA_DIFF_TYPES");
}

TEST_CASE("constants are folded; one that fails does so on its rows") {
  CHECK(f("+", i(1), f("*", i(2), i(3)))->is_constant());
  CHECK(f("concat", s("a"), s("b"))->is_constant());
  CHECK(value(f("concat", s("a"), f("upper", s("b")))) == "aB");
  const ExprPtr bad = f("div", i(1), i(0));
  CHECK(!bad->is_constant());
  const Batch t = table(ints({1, 0, 1}, Kind::kBoolean));
  check(t, f("if", c(t, 0), f("div", i(1), i(0)), i(5)),
        {"!DIVIDE_BY_ZERO", "5", "!DIVIDE_BY_ZERO"});
  CHECK(!f("current_timestamp")->is_constant());
  CHECK(value(f("now")) == "2024-01-01 00:00:00");
}

TEST_CASE("columns are collected, and NULL where an argument is NULL is known when built") {
  const Batch t = table(ints({1}), ints({2}));
  std::vector<int> columns;
  f("+", c(t, 1), f("coalesce", c(t, 0), c(t, 1)))->collect_columns(columns);
  CHECK(columns == std::vector<int>{1, 0, 1});
  const ExprPtr always_null = f("+", c(t, 0), null());
  CHECK(always_null->is_constant());
  CHECK(always_null->type() == Type{Kind::kInt, {}});
}
