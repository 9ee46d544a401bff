#include "sql_expr_fixture.h"
#include "sql/expr/expr.h"

using namespace tailrace;
using namespace tailrace::sql;

namespace {

void check(const Batch& t, ExprPtr expr, const Texts& expected) {
  CHECK(eval(expr, t) == expected);
}

// s: STRUCT<x: INT, y: STRUCT<z: STRING>>; l: ARRAY<STRUCT<k: STRING, v: INT>>; rows: full, empty,
// NULL.
Batch nested() {
  Column owner(columns::struct_of(
      {{"x", {Kind::kInt, {}}}, {"y", columns::struct_of({{"z", {Kind::kString, {}}}})}}));
  owner.resize(3);
  owner.nulls = {0, 0, 1};
  owner.children[0] = ints({1, std::nullopt, std::nullopt});
  owner.children[1].nulls = {0, 1, 1};
  owner.children[1].children[0] = texts({"deep", std::nullopt, std::nullopt});
  Column array(
      columns::array_of(columns::struct_of({{"k", {Kind::kString, {}}}, {"v", {Kind::kInt, {}}}})));
  array.resize(3);
  array.nulls = {0, 0, 1};
  array.lists = {{0, 2}, {2, 0}, {0, 0}};
  array.children[0].resize(2);
  array.children[0].nulls = {0, 0};
  array.children[0].children[0] = texts({"a", "b"});
  array.children[0].children[1] = ints({1, 2});
  return table(owner, array);
}

}  // namespace

TEST_CASE("members of structs, and of the structs in an array") {
  const Batch t = nested();
  check(t, must(make_field(c(t, 0), "x")), {"1", "null", "null"});
  check(t, must(make_field(must(make_field(c(t, 0), "Y")), "z")), {"deep", "null", "null"});
  check(t, f("length", must(make_field(must(make_field(c(t, 0), "y")), "z"))),
        {"4", "null", "null"});
  check(t, must(make_field(c(t, 1), "k")), {"[a, b]", "[]", "null"});
  check(t, must(make_subscript(c(t, 0), s("x"), {})), {"1", "null", "null"});
  CHECK(refusal(make_field(c(t, 0), "w")) == "FIELD_NOT_FOUND");
  CHECK(refusal(make_field(i(1), "w")) == "INVALID_EXTRACT_BASE_FIELD_TYPE");
  check(t, f("=", c(t, 0), c(t, 0)), {"true", "true", "null"});
  check(t, f("coalesce", c(t, 0), c(t, 0)), {"{1, {deep}}", "{null, null}", "null"});
}

TEST_CASE("elements by their place") {
  const Batch t = nested();
  const auto numbers = [&] { return must(make_field(c(t, 1), "v")); };
  check(t, must(make_subscript(numbers(), i(1), {})), {"2", "!INVALID_ARRAY_INDEX", "null"});
  check(t, must(make_subscript(numbers(), i(1), lenient_settings())), {"2", "null", "null"});
  check(t, f("get", numbers(), i(-1)), {"null", "null", "null"});
  check(t, f("element_at", numbers(), i(-1)), {"2", "!INVALID_ARRAY_INDEX_IN_ELEMENT_AT", "null"});
  check(t, f("try_element_at", numbers(), i(9)), {"null", "null", "null"});
  check(t, f("element_at", numbers(), i(0)),
        {"!INVALID_INDEX_OF_ZERO", "!INVALID_INDEX_OF_ZERO", "null"});
  check(t, f("element_at", c(t, 1), i(1)),
        {"{a, 1}", "!INVALID_ARRAY_INDEX_IN_ELEMENT_AT", "null"});
}

TEST_CASE("looking into arrays") {
  const Batch t = nested();
  const auto numbers = [&] { return must(make_field(c(t, 1), "v")); };
  check(t, f("size", numbers()), {"2", "0", "null"});
  check(t, must(try_f(lenient_settings(), "size", numbers())), {"2", "0", "-1"});
  check(t, f("array_contains", numbers(), i(2)), {"true", "false", "null"});
  check(t, f("array_contains", numbers(), l(2)), {"true", "false", "null"});
  check(t, f("array_max", numbers()), {"2", "null", "null"});
  check(t, f("array_join", must(make_field(c(t, 1), "k")), s("-")), {"a-b", "", "null"});
  CHECK(value(f("array_contains", f("array", i(1), null()), i(2))) == "null");
  CHECK(value(f("array_position", f("array", i(3), i(1), i(3)), i(3))) == "1");
}

TEST_CASE("arrays and structs are made, folded and compared") {
  const Batch t = table(ints({1, std::nullopt}));
  check(t, f("array", c(t, 0), i(5)), {"[1, 5]", "[null, 5]"});
  check(t, f("array", c(t, 0), l(5)), {"[1, 5]", "[null, 5]"});
  check(t, f("named_struct", s("q"), c(t, 0), s("r"), s("a")), {"{1, a}", "{null, a}"});
  CHECK(f("struct", c(t, 0), s("a"))->type().fields[1].name == "col2");
  CHECK(f("array", s("a"), s("b"))->is_constant());
  CHECK(value(f("array", s("a"), f("upper", s("b")))) == "[a, B]");
  CHECK(value(f("<", f("array", i(1), i(2)), f("array", i(1), i(3)))) == "true");
  CHECK(value(f("<", f("array", i(1)), f("array", i(1), i(0)))) == "true");
  CHECK(value(f("<", f("struct", i(1), null()), f("struct", i(1), i(2)))) == "true");
  CHECK(value(f("array")) == "[]");
  CHECK(value(f("array", i(1), s("a"))) == "!CAST_INVALID_INPUT");
}

TEST_CASE("the list of functions is sorted, named and described") {
  const std::vector<FunctionInfo>& all = scalar_functions();
  CHECK(all.size() > 100);
  for (size_t at = 0; at < all.size(); at++) {
    CAPTURE(all[at].name);
    CHECK(!all[at].signature.empty());
    CHECK(!all[at].description.empty());
    CHECK(!all[at].is_aggregate);
    if (at > 0) CHECK(all[at - 1].name < all[at].name);
  }
}
