#include "sql_expr_fixture.h"

using namespace tailrace;
using namespace tailrace::sql;

namespace {

std::string one(ExprPtr expr) { return run(*expr, table(), {0}).values[0]; }

}  // namespace

TEST_CASE("bits of integers") {
  CHECK(one(f("&", i(12), i(10))) == "8");
  CHECK(one(f("|", i(12), l(10))) == "14");
  CHECK(one(f("^", i(-1), i(1))) == "-2");
  CHECK(one(f("bit_not", i(7))) == "-8");
  CHECK(one(f("bit_count", i(255))) == "8");
  CHECK(one(f("bit_count", i(-1))) == "64");  // as Spark: of the BIGINT
  CHECK(one(f("&", i(1), null())) == "null");
  CHECK(f("|", i(12), l(10))->type().kind == Kind::kLong);
  CHECK_FALSE(try_f({}, "&", d(1.5), i(1)));
}

TEST_CASE("a shift counts modulo the width of INT or BIGINT") {
  CHECK(one(f("shiftleft", i(7), i(2))) == "28");
  CHECK(one(f("shiftleft", i(1), i(31))) == "-2147483648");
  CHECK(one(f("shiftleft", i(1), i(33))) == "2");
  CHECK(one(f("shiftleft", l(1), i(33))) == "8589934592");
  CHECK(one(f("shiftright", i(-8), i(1))) == "-4");
  CHECK(one(f("shiftrightunsigned", i(-8), i(1))) == "2147483644");
  CHECK(one(f("shiftrightunsigned", l(-1), i(63))) == "1");
}

TEST_CASE("an empty regex splits into code points, and a capital I with a dot keeps it") {
  CHECK(one(f("split", s("aä😀"), s(""))) == "[a, ä, 😀]");
  CHECK(one(f("split", s("abc"), s(""), i(2))) == "[a, bc]");
  CHECK(one(f("split", s(""), s(""))) == "[]");
  CHECK(one(f("lower", s("İA"))) == "i\u0307a");
}
