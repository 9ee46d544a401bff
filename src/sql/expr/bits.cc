// Operators and functions on the bits of integers. As in Java a shift counts modulo the width: 32
// for INT and below, 64 for BIGINT.
#include <bit>

#include <fmt/format.h>

#include "sql/expr/function_table.h"

namespace tailrace::sql {

using columns::Kind;

namespace {

bool is_integer(Kind kind) {
  return kind == Kind::kByte || kind == Kind::kShort || kind == Kind::kInt || kind == Kind::kLong;
}

template <class Combine>
Factory combining(Combine combine) {
  return [combine](Call& call) -> Result<ExprPtr> {
    TRY(call.expect_count(2, 2));
    const columns::Type type =
        TRY(unify(call.arguments, {0, 1}, Meeting::kArithmetic, call.name, call.settings));
    if (type.kind == Kind::kNull) return make_null();
    if (is_integer(type.kind)) return make_strict(call, type, combine);
    return usage_error(
        fmt::format("[DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE] {} needs integers, not {}.",
                    call.name, columns::type_name(type)));
  };
}

Result<ExprPtr> make_not(Call& call) {
  TRY(call.expect_count(1, 1));
  if (!is_integer(call.kind(0)) && call.kind(0) != Kind::kNull)
    return call.wrong_type(0, "an integer");
  const columns::Type type = call.type(0);
  return make_strict(call, type, [](int64_t a) { return ~a; });
}

// Brings the value to INT or BIGINT and calls shift(value, count) with a count inside its width.
template <class Narrow, class Wide>
Factory shifting(Narrow narrow, Wide wide) {
  return [narrow, wide](Call& call) -> Result<ExprPtr> {
    TRY(call.expect_count(2, 2));
    TRY(call.coerce(1, Kind::kInt));
    if (call.kind(0) == Kind::kLong) {
      return make_strict(call, {Kind::kLong, {}}, [wide](int64_t a, int64_t n) {
        return wide(a, static_cast<int>(n & 63));
      });
    }
    TRY(call.coerce(0, Kind::kInt));
    return make_strict(call, {Kind::kInt, {}}, [narrow](int64_t a, int64_t n) {
      return int64_t{narrow(static_cast<int32_t>(a), static_cast<int>(n & 31))};
    });
  };
}

int64_t bit_count(int64_t value) { return std::popcount(static_cast<uint64_t>(value)); }

}  // namespace

void add_bits(FunctionTable& table) {
  table.add("&", "", "", combining([](int64_t a, int64_t b) { return a & b; }));
  table.add("|", "", "", combining([](int64_t a, int64_t b) { return a | b; }));
  table.add("^", "", "", combining([](int64_t a, int64_t b) { return a ^ b; }));
  table.add("bit_not", "", "", make_not);  // the operator ~
  table.add("bit_count", "bit_count(number)", "How many bits are set",
            strict(Kind::kInt, {Kind::kLong}, [](int64_t a) { return bit_count(a); }));
  table.add(
      "shiftleft", "shiftleft(number, count)", "The bits moved up",
      shifting(
          [](int32_t a, int n) { return static_cast<int32_t>(static_cast<uint32_t>(a) << n); },
          [](int64_t a, int n) { return static_cast<int64_t>(static_cast<uint64_t>(a) << n); }));
  table.add(
      "shiftright", "shiftright(number, count)", "The bits moved down, the sign kept",
      shifting([](int32_t a, int n) { return a >> n; }, [](int64_t a, int n) { return a >> n; }));
  table.add(
      "shiftrightunsigned", "shiftrightunsigned(number, count)", "The bits moved down",
      shifting(
          [](int32_t a, int n) { return static_cast<int32_t>(static_cast<uint32_t>(a) >> n); },
          [](int64_t a, int n) { return static_cast<int64_t>(static_cast<uint64_t>(a) >> n); }));
}

}  // namespace tailrace::sql
