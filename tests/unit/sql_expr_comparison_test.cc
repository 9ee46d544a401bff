#include <cmath>
#include <limits>

#include "sql_expr_fixture.h"

using namespace tailrace;
using namespace tailrace::sql;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

void check(const Batch& t, ExprPtr expr, const Texts& expected) {
  CHECK(eval(expr, t) == expected);
}

}  // namespace

TEST_CASE("numbers compare with Spark's rules for NULL, NaN and -0.0") {
  const Batch t =
      table(doubles({1.0, kNan, -0.0, std::nullopt, 3.0}), doubles({2.0, kNan, 0.0, 1.0, kNan}));
  check(t, f("=", c(t, 0), c(t, 1)), {"false", "true", "true", "null", "false"});
  check(t, f("!=", c(t, 0), c(t, 1)), {"true", "false", "false", "null", "true"});
  check(t, f("<", c(t, 0), c(t, 1)), {"true", "false", "false", "null", "true"});
  check(t, f("<=", c(t, 0), c(t, 1)), {"true", "true", "true", "null", "true"});
  check(t, f(">", c(t, 0), c(t, 1)), {"false", "false", "false", "null", "false"});
  check(t, f(">=", c(t, 0), c(t, 1)), {"false", "true", "true", "null", "false"});
  check(t, f("<=>", c(t, 0), c(t, 1)), {"false", "true", "true", "false", "false"});
  check(t, f(">", c(t, 0), d(1e308)), {"false", "true", "false", "null", "false"});
  check(t, f("<=>", c(t, 0), null()), {"false", "false", "false", "true", "false"});
}

TEST_CASE("a text equals a literal of any length, on either side") {
  for (const std::string_view literal : {"", "a", "abc", "abcd", "abcdefg", "purchase", "abcdefghi",
                                         "abcdefghijklmnop", "abcdefghijklmnopqrstuvw"}) {
    CAPTURE(literal);
    std::string other(literal), longer(literal);
    if (!other.empty()) other[other.size() / 2] = '#';
    longer += "x";
    Column values({Kind::kString, {}});
    values.append_text(literal);
    values.append_text(other);
    values.append_text(longer);
    values.append_null();
    const Batch t = table(values);
    const std::string same_length = literal.empty() ? "true" : "false";
    check(t, f("=", c(t, 0), s(std::string(literal))), {"true", same_length, "false", "null"});
    check(t, f("=", s(std::string(literal)), c(t, 0)), {"true", same_length, "false", "null"});
    check(t, f("!=", c(t, 0), s(std::string(literal))),
          {"false", literal.empty() ? "false" : "true", "true", "null"});
  }
}

TEST_CASE("texts are ordered by their bytes") {
  const Batch t = table(texts({"Z", "ä", "a", "", std::nullopt}));
  check(t, f("<", c(t, 0), s("a")), {"true", "false", "false", "true", "null"});
  check(t, f("<", c(t, 0), s("z")), {"true", "false", "true", "true", "null"});
  check(t, f(">=", c(t, 0), c(t, 0)), {"true", "true", "true", "true", "null"});
}

TEST_CASE("a text beside a number or a time becomes one, and fails if it is none") {
  const Batch t = table(texts({"1", " 2 ", "1.0", "x", std::nullopt}));
  check(t, f("=", c(t, 0), i(1)),
        {"true", "false", "!CAST_INVALID_INPUT", "!CAST_INVALID_INPUT", "null"});
  check(t, f("=", c(t, 0), d(1)), {"true", "false", "true", "!CAST_INVALID_INPUT", "null"});
  const Batch times = table(ints({1'714'979'289'123'456, -500'000}, Kind::kTimestamp),
                            ints({19849, -1}, Kind::kDate));
  check(times, f(">", c(times, 0), s("2024-01-01")), {"true", "false"});
  check(times, f("=", c(times, 1), s("2024-05-06")), {"true", "false"});
  check(times, f("=", c(times, 0), c(times, 1)), {"false", "false"});
  check(times, f("between", c(times, 0), s("2024-05-06"), s("2024-05-07")), {"true", "false"});
}

TEST_CASE("ANSI off: a text beside a number is a number or NULL, and 1 = true") {
  const Batch t = table(texts({"1", "x"}), ints({1, 0}, Kind::kBoolean));
  check(t, must(try_f(lenient_settings(), "=", c(t, 0), i(1))), {"true", "null"});
  check(t, must(try_f(lenient_settings(), "=", c(t, 1), i(1))), {"true", "false"});
}

TEST_CASE("types that do not meet are refused") {
  const Batch t = table(ints({1}, Kind::kBoolean), ints({1}, Kind::kTimestamp));
  CHECK(refusal(try_f({}, "=", c(t, 0), i(1))) == "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES");
  CHECK(refusal(try_f({}, "<", c(t, 1), d(1))) == "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES");
  CHECK(refusal(try_f({}, "nosuch", i(1))) == "UNRESOLVED_ROUTINE");
  CHECK(try_f({}, "substrng", i(1)).error().message.find("`substring`") != std::string::npos);
}

TEST_CASE("INT and BIGINT meet without a copy, FLOAT and INT in DOUBLE") {
  const Batch t = table(ints({5, -7, std::nullopt}), ints({5, 5'000'000'000, 1}, Kind::kLong));
  check(t, f("=", c(t, 0), c(t, 1)), {"true", "false", "null"});
  check(t, f("<", c(t, 0), d(4.5)), {"false", "true", "null"});
  CHECK(*common_type({Kind::kInt, {}}, {Kind::kFloat, {}}) == Type{Kind::kDouble, {}});
  CHECK(*common_type({Kind::kShort, {}}, {Kind::kFloat, {}}) == Type{Kind::kFloat, {}});
  CHECK(*common_type({Kind::kDate, {}}, {Kind::kTimestamp, {}}) == Type{Kind::kTimestamp, {}});
  CHECK(*common_type({Kind::kString, {}}, {Kind::kInt, {}}) == Type{Kind::kLong, {}});
  CHECK(!common_type({Kind::kBoolean, {}}, {Kind::kInt, {}}));
}

TEST_CASE("BETWEEN knows an answer beside one NULL bound") {
  const Batch t = table(ints({1, 5, 9, std::nullopt}), ints({4, 4, std::nullopt, 1}),
                        ints({6, std::nullopt, 8, 2}));
  check(t, f("between", c(t, 0), c(t, 1), c(t, 2)), {"false", "null", "false", "null"});
  check(t, f("between", c(t, 0), i(1), i(5)), {"true", "true", "false", "null"});
}

TEST_CASE("IN is never false beside a NULL") {
  const Batch t = table(ints({1, std::nullopt, 3, 4}), ints({2, 2, std::nullopt, 4}));
  check(t, f("in", c(t, 0), i(1), i(3)), {"true", "null", "true", "false"});
  check(t, f("not", f("in", c(t, 0), i(1), null())), {"false", "null", "null", "null"});
  check(t, f("in", c(t, 0), c(t, 1), i(3)), {"false", "null", "true", "true"});
  const Batch words = table(texts({"b", "", "zz", std::nullopt}));
  check(words, f("in", c(words, 0), s("zz"), s("a"), s("b")), {"true", "false", "true", "null"});
}

TEST_CASE("the candidates of IN after a match are not evaluated") {
  const Batch t = table(ints({1, 2}), ints({0, 0}));
  check(t, f("in", c(t, 0), l(1), f("div", i(6), c(t, 1))), {"true", "!DIVIDE_BY_ZERO"});
}
