// Rounding, powers, logarithms, angles, greatest and least.
#include <charconv>
#include <cmath>
#include <numbers>
#include <numeric>

#include <fmt/format.h>

#include "sql/expr/decimal_rounding.h"
#include "sql/expr/failure.h"
#include "sql/expr/function_table.h"
#include "sql/expr/integer_range.h"
#include "sql/expr/local_time.h"
#include "sql/expr/ordering.h"

namespace tailrace::sql {

using columns::Column;
using columns::Kind;
using columns::Type;

namespace {

constexpr Kind kDouble = Kind::kDouble;

Status expect_number(Call& call, size_t i) {
  if (call.kind(i) == Kind::kString || call.kind(i) == Kind::kNull) return call.coerce(i, kDouble);
  if (!call.type(i).is_numeric()) return call.wrong_type(i, "a number");
  return {};
}

// floor and ceil give BIGINT; an integer is its own.
template <bool kUp>
Result<ExprPtr> make_whole(Call& call) {
  TRY(call.expect_count(1, 1));
  TRY(expect_number(call, 0));
  if (call.type(0).is_integral()) {
    TRY(call.coerce(0, Kind::kLong));
    return std::move(call.arguments[0]);
  }
  return make_strict(call, {Kind::kLong, {}}, [ansi = call.settings.ansi](Row& row, double a) {
    const double whole = kUp ? std::ceil(a) : std::floor(a);
    if (std::isnan(whole) || std::fabs(whole) > 9223372036854775808.0) [[unlikely]] {
      if (ansi) row.fail(arithmetic_overflow(number_text(a, kDouble), Kind::kLong));
      if (std::isnan(whole)) return int64_t{0};
    }
    return saturating_integer(whole);
  });
}

int64_t power_of_ten(int64_t exponent) {
  int64_t power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

// An integer rounded to 10^digits; the kind's own overflow is an overflow.
template <bool kHalfEven>
ExprPtr make_round_integer(Call& call, Kind kind, int64_t scale) {
  if (scale >= 0) return std::move(call.arguments[0]);
  if (scale < -18) return make_strict(call, {kind, {}}, [](int64_t) { return int64_t{0}; });
  const IntegerRange range = IntegerRange::of(kind);
  return make_strict(
      call, {kind, {}},
      [=, unit = power_of_ten(-scale), ansi = call.settings.ansi](Row& row, int64_t a) {
        int64_t quotient = a / unit;
        const int64_t rest = std::abs(a % unit);
        const bool up = rest * 2 > unit || (rest * 2 == unit && (!kHalfEven || quotient % 2 != 0));
        if (up) quotient += a < 0 ? -1 : 1;
        int64_t rounded;
        const bool overflows = __builtin_mul_overflow(quotient, unit, &rounded);
        if ((overflows || !range.holds(rounded)) && ansi)
          row.fail(arithmetic_overflow("round(" + number_text(a, kind) + ")", kind));
        return range.wrapped(rounded);
      });
}

template <bool kHalfEven>
Result<ExprPtr> make_round(Call& call) {
  TRY(call.expect_count(1, 2));
  TRY(expect_number(call, 0));
  int64_t scale = 0;
  if (call.count() == 2) {
    TRY(call.coerce(1, Kind::kInt));
    const LiteralExpr* literal = as_literal(*call.arguments[1]);
    if (literal == nullptr)
      return usage_error(
          fmt::format("[DATATYPE_MISMATCH.NON_FOLDABLE_INPUT] The digits of {} must be a constant.",
                      call.name));
    if (literal->is_null()) return make_null_of(call.type(0));
    scale = literal->value().ints[0];
    call.arguments.pop_back();
  }
  const Kind kind = call.kind(0);
  if (kind <= Kind::kLong) return make_round_integer<kHalfEven>(call, kind, scale);
  const int digits = static_cast<int>(std::clamp<int64_t>(scale, -400, 400));
  return make_strict(call, {kind, {}}, [digits, is_float = kind == Kind::kFloat](double a) {
    return round_decimal(a, digits, kHalfEven, is_float);
  });
}

template <class Fn>
Factory of_double(Fn fn) {
  return strict(kDouble, {kDouble}, fn);
}

// Logarithms of what has none are NULL.
template <class Fn>
Factory logarithm(double above, Fn fn) {
  return of_double([above, fn](Row& row, double a) {
    if (a <= above) row.set_null();
    return fn(a);
  });
}

Result<ExprPtr> make_log(Call& call) {
  TRY(call.expect_count(1, 2));
  if (call.count() == 1) return logarithm(0, [](double a) { return std::log(a); })(call);
  return strict(kDouble, {kDouble, kDouble}, [](Row& row, double base, double a) {
    if (base <= 0 || a <= 0) row.set_null();
    return std::log(a) / std::log(base);
  })(call);
}

// greatest, least: NULLs are left out.
template <bool kGreatest>
class ExtremeExpr final : public CallExpr {
 public:
  using CallExpr::CallExpr;
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    prepare(out, type(), input.rows);
    std::vector<Column> scratch(arguments().size());
    std::vector<kernel::EitherReader<Cell>> values;
    for (size_t i = 0; i < arguments().size(); i++)
      values.emplace_back(read_argument(*arguments()[i], input, rows, context, scratch[i], true));
    for (const uint32_t row : rows) {
      Cell best{nullptr, 0};
      for (const auto& value : values) {
        if (value.null(row)) continue;
        const Cell at = value[row];
        if (best.column == nullptr || (kGreatest ? less(best, at) : less(at, best))) best = at;
      }
      out.nulls[row] = 1;
      if (best.column != nullptr) copy_value(*best.column, best.row, out, row);
    }
  }
};

template <bool kGreatest>
Result<ExprPtr> make_extreme(Call& call) {
  TRY(call.expect_count(2, kAnyCount));
  std::vector<size_t> all(call.count());
  std::iota(all.begin(), all.end(), size_t{0});
  const Type type = TRY(unify(call.arguments, all, Meeting::kChoice, call.name, call.settings));
  return std::make_unique<ExtremeExpr<kGreatest>>(type, std::move(call.arguments));
}

Result<ExprPtr> make_is_nan(Call& call) {
  TRY(call.expect_count(1, 1));
  TRY(call.coerce(0, kDouble));
  ExprPtr test = make_strict(call, {Kind::kBoolean, {}}, [](double a) { return int64_t{a != a}; });
  std::vector<ExprPtr> choices;  // false for NULL
  choices.push_back(std::move(test));
  choices.push_back(make_boolean(false));
  return make_call("coalesce", std::move(choices), call.settings);
}

Result<ExprPtr> make_sign(Call& call) {
  TRY(call.expect_count(1, 1));
  TRY(call.coerce(0, kDouble));
  return make_strict(call, {kDouble, {}}, [](double a) { return a > 0 ? 1.0 : a < 0 ? -1.0 : a; });
}

Factory constant(double value) {
  return [value](Call& call) -> Result<ExprPtr> {
    TRY(call.expect_count(0, 0));
    return make_double(value, kDouble);
  };
}

void add_angles(FunctionTable& table) {
  table.add("sin", "sin(angle)", "Sine", of_double([](double a) { return std::sin(a); }));
  table.add("cos", "cos(angle)", "Cosine", of_double([](double a) { return std::cos(a); }));
  table.add("tan", "tan(angle)", "Tangent", of_double([](double a) { return std::tan(a); }));
  table.add("asin", "asin(number)", "Arc sine", of_double([](double a) { return std::asin(a); }));
  table.add("acos", "acos(number)", "Arc cosine", of_double([](double a) { return std::acos(a); }));
  table.add("atan", "atan(number)", "Arc tangent",
            of_double([](double a) { return std::atan(a); }));
  table.add("atan2", "atan2(y, x)", "Angle of a point",
            strict(kDouble, {kDouble, kDouble},
                   [](double a, double b) { return std::atan2(a + 0.0, b + 0.0); }));
  table.add("degrees", "degrees(angle)", "Radians as degrees",
            of_double([](double a) { return a * (180.0 / std::numbers::pi); }));
  table.add("radians", "radians(angle)", "Degrees as radians",
            of_double([](double a) { return a * (std::numbers::pi / 180.0); }));
  table.add(
      "hypot", "hypot(a, b)", "sqrt(a*a + b*b)",
      strict(kDouble, {kDouble, kDouble}, [](double a, double b) { return std::hypot(a, b); }));
  table.add("pi", "pi()", "3.141592653589793", constant(std::numbers::pi));
  table.add("e", "e()", "2.718281828459045", constant(std::numbers::e));
}

}  // namespace

void add_math(FunctionTable& table) {
  table.add("floor", "floor(number)", "The integer below", make_whole<false>);
  table.add("ceil", "ceil(number)", "The integer above", make_whole<true>);
  table.alias("ceiling", "ceil");
  table.add("round", "round(number[, digits])", "Rounded, halves away from zero",
            make_round<false>);
  table.add("bround", "bround(number[, digits])", "Rounded, halves to the even digit",
            make_round<true>);
  table.add("sqrt", "sqrt(number)", "Square root, NaN below 0",
            of_double([](double a) { return std::sqrt(a); }));
  table.add("cbrt", "cbrt(number)", "Cube root", of_double([](double a) { return std::cbrt(a); }));
  table.add("exp", "exp(number)", "e to the power",
            of_double([](double a) { return std::exp(a); }));
  table.add("expm1", "expm1(number)", "exp(number) - 1",
            of_double([](double a) { return std::expm1(a); }));
  table.add("pow", "pow(base, exponent)", "A power",
            strict(kDouble, {kDouble, kDouble}, [](double a, double b) { return std::pow(a, b); }));
  table.alias("power", "pow");
  table.add("ln", "ln(number)", "Natural logarithm, NULL for 0 and below",
            logarithm(0, [](double a) { return std::log(a); }));
  table.add("log", "log([base, ]number)", "Logarithm, natural without a base", make_log);
  table.add("log2", "log2(number)", "Logarithm to base 2",
            logarithm(0, [](double a) { return std::log(a) / std::log(2.0); }));
  table.add("log10", "log10(number)", "Logarithm to base 10",
            logarithm(0, [](double a) { return std::log10(a); }));
  table.add("log1p", "log1p(number)", "ln(1 + number)",
            logarithm(-1, [](double a) { return std::log1p(a); }));
  table.add("sign", "sign(number)", "-1.0, 0.0 or 1.0", make_sign);
  table.alias("signum", "sign");
  table.add("isnan", "isnan(number)", "Whether the number is NaN, false for NULL", make_is_nan);
  table.add("greatest", "greatest(value, value, ...)", "The greatest that is not NULL",
            make_extreme<true>);
  table.add("least", "least(value, value, ...)", "The least that is not NULL", make_extreme<false>);
  add_angles(table);
}

}  // namespace tailrace::sql
