// + - * / % DIV, unary minus, pmod and the try_ forms, with Spark's ANSI rules: integers that
// overflow fail (or wrap, with ANSI off), a zero divisor fails (or gives NULL), / is DOUBLE.
#include <cmath>

#include <fmt/format.h>

#include "sql/expr/failure.h"
#include "sql/expr/function_table.h"
#include "sql/expr/integer_range.h"

namespace tailrace::sql {

using columns::Kind;
using columns::Type;

namespace {

// What happens to a result that is not there: fails, wraps (ANSI off), or is NULL (try_add).
enum class Lenience { kFail, kWrap, kNull };

struct Add {
  static constexpr char kSign = '+';
  static bool overflows(int64_t a, int64_t b, int64_t* c) {
    return __builtin_add_overflow(a, b, c);
  }
  static double apply(double a, double b) { return a + b; }
};
struct Subtract {
  static constexpr char kSign = '-';
  static bool overflows(int64_t a, int64_t b, int64_t* c) {
    return __builtin_sub_overflow(a, b, c);
  }
  static double apply(double a, double b) { return a - b; }
};
struct Multiply {
  static constexpr char kSign = '*';
  static bool overflows(int64_t a, int64_t b, int64_t* c) {
    return __builtin_mul_overflow(a, b, c);
  }
  static double apply(double a, double b) { return a * b; }
};

template <class Operation>
struct IntegerKernel {
  Kind kind;
  IntegerRange range;
  Lenience lenience;

  int64_t operator()(Row& row, int64_t a, int64_t b) const {
    int64_t result;
    const bool overflows = Operation::overflows(a, b, &result);
    if (overflows || !range.holds(result)) [[unlikely]]
      give_up(row, a, b);
    return result;
  }

  [[gnu::cold, gnu::noinline]] void give_up(Row& row, int64_t a, int64_t b) const {
    if (lenience == Lenience::kNull) return row.set_null();
    row.fail(arithmetic_overflow(
        fmt::format("{} {} {}", number_text(a, kind), Operation::kSign, number_text(b, kind)),
        kind));
  }
};

template <class Operation>
struct WrappingKernel {
  IntegerRange range;
  int64_t operator()(int64_t a, int64_t b) const {
    int64_t result;
    (void)Operation::overflows(a, b, &result);
    return range.wrapped(result);
  }
};

double to_float(double value) { return static_cast<double>(static_cast<float>(value)); }

template <class Operation>
ExprPtr make_number_operation(Call& call, Kind kind, Lenience lenience) {
  const Type type{kind, {}};
  if (kind == Kind::kDouble)
    return make_strict(call, type, [](double a, double b) { return Operation::apply(a, b); });
  if (kind == Kind::kFloat)
    return make_strict(call, type,
                       [](double a, double b) { return to_float(Operation::apply(a, b)); });
  const IntegerRange range = IntegerRange::of(kind);
  if (lenience == Lenience::kWrap) return make_strict(call, type, WrappingKernel<Operation>{range});
  return make_strict(call, type, IntegerKernel<Operation>{kind, range, lenience});
}

// Brings both operands to one number type; a STRING becomes BIGINT or DOUBLE.
Result<Kind> unify_numbers(Call& call) {
  TRY(call.expect_count(2, 2));
  const Type type =
      TRY(unify(call.arguments, {0, 1}, Meeting::kArithmetic, call.name, call.settings));
  if (type.is_numeric()) return type.kind;
  if (type.kind != Kind::kString && type.kind != Kind::kNull)
    return usage_error(
        fmt::format("[DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE] {} needs numbers, not {}.", call.name,
                    type_name(type)));
  TRY(call.coerce(0, Kind::kDouble));
  TRY(call.coerce(1, Kind::kDouble));
  return Kind::kDouble;
}

// DATE + days, DATE - days, DATE - DATE in days are Spark's, too.
template <class Operation>
Result<ExprPtr> make_date_shift(Call& call) {
  if (call.kind(0) != Kind::kDate) std::swap(call.arguments[0], call.arguments[1]);
  const Kind days = call.kind(1);
  if (days != Kind::kInt && days != Kind::kShort && days != Kind::kByte && days != Kind::kNull)
    return call.wrong_type(1, "INT");
  TRY(call.coerce(1, Kind::kInt));
  return make_number_operation<Operation>(call, Kind::kDate, Lenience::kWrap);
}

template <class Operation, bool kTry>
Result<ExprPtr> make_operation(Call& call) {
  TRY(call.expect_count(2, 2));
  constexpr bool kCommutes = std::is_same_v<Operation, Add>;
  const bool left = call.kind(0) == Kind::kDate, right = call.kind(1) == Kind::kDate;
  if (left != right && (left || kCommutes) && !std::is_same_v<Operation, Multiply>)
    return make_date_shift<Operation>(call);
  const Kind kind = TRY(unify_numbers(call));
  const Lenience strictness = call.settings.ansi ? Lenience::kFail : Lenience::kWrap;
  return make_number_operation<Operation>(call, kind, kTry ? Lenience::kNull : strictness);
}

std::string by_zero(std::string_view error_class, std::string_view what,
                    const std::string& dividend) {
  return fmt::format("[{}] {} of {} by zero.", error_class, what, dividend);
}

template <bool kTry>
Result<ExprPtr> make_divide(Call& call) {
  TRY(unify_numbers(call));
  TRY(call.coerce(0, Kind::kDouble));
  TRY(call.coerce(1, Kind::kDouble));
  const bool fails = call.settings.ansi && !kTry;
  return make_strict(call, {Kind::kDouble, {}}, [fails](Row& row, double a, double b) {
    if (b == 0) [[unlikely]]
      fail_or_null(row, fails, [&] {
        return by_zero("DIVIDE_BY_ZERO", "Division", number_text(a, Kind::kDouble));
      });
    return a / b;
  });
}

Result<ExprPtr> make_integer_divide(Call& call) {
  const Kind kind = TRY(unify_numbers(call));
  if (kind > Kind::kLong) return call.wrong_type(0, "an integer");
  TRY(call.coerce(0, Kind::kLong));
  TRY(call.coerce(1, Kind::kLong));
  return make_strict(
      call, {Kind::kLong, {}}, [ansi = call.settings.ansi](Row& row, int64_t a, int64_t b) {
        if (b == 0) [[unlikely]] {
          fail_or_null(row, ansi, [&] {
            return by_zero("DIVIDE_BY_ZERO", "Division", number_text(a, Kind::kLong));
          });
          return int64_t{0};
        }
        if (b != -1) return a / b;
        int64_t result;
        if (__builtin_sub_overflow(0, a, &result) && ansi)
          row.fail(arithmetic_overflow(fmt::format("{} div -1", a), Kind::kLong));
        return result;
      });
}

int64_t remainder_of(int64_t a, int64_t b) { return b == -1 ? 0 : a % b; }
double remainder_of(double a, double b) { return std::fmod(a, b); }

// pmod: the remainder made positive by adding the divisor once more, as Spark does.
template <class T>
T positive_remainder(T a, T b) {
  const T rest = remainder_of(a, b);
  return rest < 0 ? remainder_of(static_cast<T>(rest + b), b) : rest;
}

template <class T, bool kPositive>
ExprPtr make_remainder_of(Call& call, Kind kind, bool fails) {
  return make_strict(call, {kind, {}}, [kind, fails](Row& row, T a, T b) {
    if (b == 0) [[unlikely]] {
      fail_or_null(row, fails,
                   [&] { return by_zero("REMAINDER_BY_ZERO", "Remainder", number_text(a, kind)); });
      return T{};
    }
    return kPositive ? positive_remainder(a, b) : remainder_of(a, b);
  });
}

template <bool kPositive, bool kTry>
Result<ExprPtr> make_remainder(Call& call) {
  const Kind kind = TRY(unify_numbers(call));
  const bool fails = call.settings.ansi && !kTry;
  return kind <= Kind::kLong ? make_remainder_of<int64_t, kPositive>(call, kind, fails)
                             : make_remainder_of<double, kPositive>(call, kind, fails);
}

Status expect_number(Call& call) {
  TRY(call.expect_count(1, 1));
  if (call.kind(0) == Kind::kString || call.kind(0) == Kind::kNull)
    return call.coerce(0, Kind::kDouble);
  if (!call.type(0).is_numeric()) return call.wrong_type(0, "a number");
  return {};
}

// -x and abs(x): only the least integer has no answer.
template <class Change>
Result<ExprPtr> make_sign_change(Call& call) {
  TRY(expect_number(call));
  const Kind kind = call.kind(0);
  if (kind > Kind::kLong)
    return make_strict(call, {kind, {}}, [](double a) { return Change::apply(a); });
  const IntegerRange range = IntegerRange::of(kind);
  return make_strict(call, {kind, {}}, [=, ansi = call.settings.ansi](Row& row, int64_t a) {
    if (a == range.least) [[unlikely]] {
      if (ansi) row.fail(arithmetic_overflow("-(" + number_text(a, kind) + ")", kind));
      return a;
    }
    return Change::apply(a);
  });
}

struct Negate {
  static int64_t apply(int64_t a) { return -a; }
  static double apply(double a) { return -a; }
};
struct Absolute {
  static int64_t apply(int64_t a) { return a < 0 ? -a : a; }
  static double apply(double a) { return std::fabs(a); }
};

Result<ExprPtr> make_positive(Call& call) {
  TRY(expect_number(call));
  return std::move(call.arguments[0]);
}

}  // namespace

void add_arithmetic(FunctionTable& table) {
  table.add("+", "", "", make_operation<Add, false>);
  table.add("-", "", "", make_operation<Subtract, false>);
  table.add("*", "", "", make_operation<Multiply, false>);
  table.add("/", "", "", make_divide<false>);
  table.add("%", "", "", make_remainder<false, false>);
  table.add("div", "", "", make_integer_divide);
  table.add("mod", "mod(dividend, divisor)", "Remainder, with the dividend's sign",
            make_remainder<false, false>);
  table.add("pmod", "pmod(dividend, divisor)", "Remainder that is not negative",
            make_remainder<true, false>);
  table.add("negative", "negative(number)", "The number with its sign turned",
            make_sign_change<Negate>);
  table.add("positive", "positive(number)", "The number itself", make_positive);
  table.add("abs", "abs(number)", "The number without its sign", make_sign_change<Absolute>);
  table.add("try_add", "try_add(a, b)", "a + b, NULL on overflow", make_operation<Add, true>);
  table.add("try_subtract", "try_subtract(a, b)", "a - b, NULL on overflow",
            make_operation<Subtract, true>);
  table.add("try_multiply", "try_multiply(a, b)", "a * b, NULL on overflow",
            make_operation<Multiply, true>);
  table.add("try_divide", "try_divide(a, b)", "a / b, NULL for b = 0", make_divide<true>);
  table.add("try_mod", "try_mod(a, b)", "a % b, NULL for b = 0", make_remainder<false, true>);
}

}  // namespace tailrace::sql
