// Casts among BOOLEAN, the integers, FLOAT and DOUBLE.
#include <cmath>

#include "sql/expr/cast.h"
#include "sql/expr/function_table.h"
#include "sql/expr/integer_range.h"

namespace tailrace::sql {

using columns::Kind;

namespace {

// Java's (int) and (long): cut off, saturated, NaN is 0; the narrow ones wrap from int.
int64_t java_integer(double value, Kind to) {
  if (std::isnan(value)) return 0;
  const IntegerRange range = IntegerRange::of(to == Kind::kLong ? Kind::kLong : Kind::kInt);
  if (value >= static_cast<double>(range.greatest))
    return IntegerRange::of(to).wrapped(range.greatest);
  if (value <= static_cast<double>(range.least)) return IntegerRange::of(to).wrapped(range.least);
  return IntegerRange::of(to).wrapped(static_cast<int64_t>(value));
}

// Whether the whole part of `value` fits. 2^63 as a double is just above the greatest BIGINT, and
// Java compares with exactly that number.
bool fits(double value, const IntegerRange& range) {
  return std::floor(value) <= static_cast<double>(range.greatest) &&
         std::ceil(value) >= static_cast<double>(range.least);
}

ExprPtr integer_to_integer(Call& call, const Casting& casting) {
  const IntegerRange range = IntegerRange::of(casting.to_kind());
  if (casting.to_kind() > casting.from_kind())
    return std::make_unique<RetypedExpr>(std::move(call.arguments[0]), casting.to);
  if (!casting.strict)
    return make_strict(call, casting.to, [range](int64_t a) { return range.wrapped(a); });
  return make_strict(
      call, casting.to,
      [range, fails = casting.fails, from = casting.from_kind(), to = casting.to_kind()](
          Row& row, int64_t a) {
        if (!range.holds(a)) [[unlikely]]
          fail_or_null(row, fails, [&] { return cast_overflow(number_text(a, from), from, to); });
        return a;
      });
}

ExprPtr double_to_integer(Call& call, const Casting& casting) {
  const Kind from = casting.from_kind(), to = casting.to_kind();
  if (!casting.strict)
    return make_strict(call, casting.to, [to](double a) { return java_integer(a, to); });
  return make_strict(
      call, casting.to,
      [range = IntegerRange::of(to), fails = casting.fails, from, to](Row& row, double a) {
        if (!fits(a, range)) [[unlikely]]
          fail_or_null(row, fails, [&] { return cast_overflow(number_text(a, from), from, to); });
        return java_integer(a, Kind::kLong);
      });
}

double rounded_to_float(double a) { return static_cast<double>(static_cast<float>(a)); }

}  // namespace

ExprPtr cast_between_numbers(ExprPtr child, const Casting& casting) {
  Call call{"cast", {}, casting.settings};
  call.arguments.push_back(std::move(child));
  const bool from_double = casting.from.is_fractional(), to_double = casting.to.is_fractional();
  if (casting.to_kind() == Kind::kBoolean) {
    if (from_double) return make_strict(call, casting.to, [](double a) { return int64_t{a != 0}; });
    return make_strict(call, casting.to, [](int64_t a) { return int64_t{a != 0}; });
  }
  if (!from_double && !to_double) return integer_to_integer(call, casting);
  if (!to_double) return double_to_integer(call, casting);
  if (from_double) {
    if (casting.to_kind() == Kind::kDouble)
      return std::make_unique<RetypedExpr>(std::move(call.arguments[0]), casting.to);
    return make_strict(call, casting.to, [](double a) { return rounded_to_float(a); });
  }
  if (casting.to_kind() == Kind::kFloat)
    return make_strict(call, casting.to,
                       [](int64_t a) { return static_cast<double>(static_cast<float>(a)); });
  return make_strict(call, casting.to, [](int64_t a) { return static_cast<double>(a); });
}

}  // namespace tailrace::sql
