// Casts between DATE, TIMESTAMP and numbers. A number is seconds since the epoch; a DATE is its
// midnight in the session's zone.
#include <cmath>

#include "base/time.h"
#include "sql/expr/cast.h"
#include "sql/expr/function_table.h"
#include "sql/expr/integer_range.h"
#include "sql/expr/local_time.h"

namespace tailrace::sql {

using columns::Kind;

namespace {

ExprPtr timestamp_to_number(Call& call, const Casting& casting) {
  const Kind to = casting.to_kind();
  if (to == Kind::kDouble || to == Kind::kFloat)
    return make_strict(call, casting.to, [is_float = to == Kind::kFloat](int64_t us) {
      const double seconds = static_cast<double>(us) / 1e6;
      return is_float ? static_cast<double>(static_cast<float>(seconds)) : seconds;
    });
  const IntegerRange range = IntegerRange::of(to);
  return make_strict(
      call, casting.to, [=, strict = casting.strict, fails = casting.fails](Row& row, int64_t us) {
        const int64_t seconds = floor_div(us, kMicrosPerSecond);
        if (range.holds(seconds)) return seconds;
        if (strict)
          fail_or_null(row, fails, [&] {
            return cast_overflow(number_text(seconds, Kind::kLong), Kind::kTimestamp, to);
          });
        return range.wrapped(seconds);
      });
}

ExprPtr number_to_timestamp(Call& call, const Casting& casting) {
  if (casting.from.is_integral())
    return make_strict(call, casting.to, [](int64_t seconds) {
      return saturating_micros(seconds, kMicrosPerSecond);
    });
  return make_strict(call, casting.to,
                     [fails = casting.fails, from = casting.from_kind()](Row& row, double seconds) {
                       if (!std::isfinite(seconds)) {
                         fail_or_null(row, fails, [&] {
                           return cast_overflow(number_text(seconds, from), from, Kind::kTimestamp);
                         });
                         return int64_t{0};
                       }
                       return saturating_integer(seconds * 1e6);
                     });
}

}  // namespace

ExprPtr cast_time(ExprPtr child, const Casting& casting) {
  Call call{"cast", {}, casting.settings};
  call.arguments.push_back(std::move(child));
  const Kind from = casting.from_kind(), to = casting.to_kind();
  const LocalTime local(casting.settings.zone);
  if (from == Kind::kTimestamp && to == Kind::kDate)
    return make_strict(call, casting.to, [local](int64_t us) { return local.days(us); });
  if (from == Kind::kDate && to == Kind::kTimestamp)
    return make_strict(call, casting.to, [local](int64_t days) { return local.midnight(days); });
  if (from == Kind::kTimestamp && casting.to.is_numeric())
    return timestamp_to_number(call, casting);
  if (to == Kind::kTimestamp && casting.from.is_numeric())
    return number_to_timestamp(call, casting);
  return nullptr;
}

}  // namespace tailrace::sql
