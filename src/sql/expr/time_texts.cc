// Times as seconds and as text: unix_timestamp, to_timestamp, from_unixtime, date_format and so on.
#include <cmath>

#include <fmt/format.h>

#include "formats/time_pattern.h"
#include "sql/expr/failure.h"
#include "sql/expr/function_table.h"
#include "sql/expr/local_time.h"

namespace tailrace::sql {

using columns::Kind;
using columns::Type;
using formats::PatternUse;
using formats::TimePattern;

namespace {

constexpr Kind kLong = Kind::kLong;
constexpr Kind kText = Kind::kString;
constexpr Kind kTimestamp = Kind::kTimestamp;
constexpr std::string_view kDefaultPattern = "yyyy-MM-dd HH:mm:ss";

// Gives fn(row, pattern, value) the pattern that argument 1 is: compiled once if it is constant.
template <class Value, class Fn>
Result<ExprPtr> with_pattern(Call& call, Kind result, PatternUse use, Fn fn) {
  TRY(call.coerce(1, kText));
  if (const std::string_view* text = literal_text(*call.arguments[1])) {
    const TimePattern pattern = TRY(TimePattern::compile(*text, use));
    call.arguments.resize(1);
    return make_strict(call, {result, {}},
                       [pattern, fn](Row& row, Value value) { return fn(row, pattern, value); });
  }
  return make_strict(call, {result, {}}, [use, fn](Row& row, Value value, std::string_view text) {
    const auto pattern = TimePattern::compile(text, use);
    using Made = decltype(fn(row, *pattern, value));
    if (!pattern) return row.fail(pattern.error().message), Made{};
    return fn(row, *pattern, value);
  });
}

// What becomes of an instant parsed with a pattern.
enum class Wanted { kInstant, kSeconds, kDay };

int64_t wanted_of(int64_t us, Wanted wanted, const LocalTime& local) {
  switch (wanted) {
    case Wanted::kSeconds: return us / kMicrosPerSecond;
    case Wanted::kDay: return local.days(us);
    default: return us;
  }
}

template <Wanted kWanted>
Result<ExprPtr> make_parse(Call& call, Kind result, bool fails) {
  TRY(call.coerce(0, kText));
  return with_pattern<std::string_view>(
      call, result, PatternUse::kParse,
      [local = LocalTime(call.settings.zone), fails](Row& row, const TimePattern& pattern,
                                                     std::string_view text) {
        int64_t us = 0;
        if (pattern.parse(text, local.zone(), us)) return wanted_of(us, kWanted, local);
        fail_or_null(row, fails, [&] {
          return fmt::format("[CANNOT_PARSE_TIMESTAMP] The text {} does not fit the pattern {}.",
                             quoted(text), quoted(pattern.pattern()));
        });
        return int64_t{0};
      });
}

// to_timestamp(value[, pattern]), to_date(value[, pattern]) and their try_ forms.
template <Kind kResult, bool kTry>
Result<ExprPtr> make_to_time(Call& call) {
  TRY(call.expect_count(1, 2));
  const bool is_pattern =
      call.count() == 2 && (call.kind(0) == kText || call.kind(0) == Kind::kNull);
  if (is_pattern)
    return make_parse < kResult == kTimestamp
               ? Wanted::kInstant
               : Wanted::kDay > (call, kResult, call.settings.ansi && !kTry);
  return make_cast(std::move(call.arguments[0]), {kResult, {}}, call.settings, kTry);
}

// unix_timestamp([time | text[, pattern]]): cut toward zero, unlike unix_seconds and CAST.
Result<ExprPtr> make_unix_timestamp(Call& call) {
  TRY(call.expect_count(0, 2));
  if (call.count() == 0)
    call.arguments.push_back(TRY(make_call("current_timestamp", {}, call.settings)));
  if (call.kind(0) == kText) {
    if (call.count() == 1) call.arguments.push_back(make_string(std::string(kDefaultPattern)));
    return make_parse<Wanted::kSeconds>(call, kLong, call.settings.ansi);
  }
  call.arguments.resize(1);
  TRY(call.coerce(0, kTimestamp));
  return make_strict(call, {kLong, {}}, [](int64_t us) { return us / kMicrosPerSecond; });
}

Result<ExprPtr> make_to_unix_timestamp(Call& call) {
  TRY(call.expect_count(1, 2));
  return make_unix_timestamp(call);
}

std::string_view formatted(Row& row, const TimePattern& pattern, int64_t us,
                           const formats::TimeZone& zone) {
  std::string text;
  pattern.format(us, zone, text);
  return row.arena().copy(text);
}

Result<ExprPtr> make_date_format(Call& call) {
  TRY(call.expect_count(2, 2));
  TRY(call.coerce(0, kTimestamp));
  return with_pattern<int64_t>(
      call, kText, PatternUse::kFormat,
      [zone = call.settings.zone](Row& row, const TimePattern& pattern, int64_t us) {
        return formatted(row, pattern, us, zone);
      });
}

Result<ExprPtr> make_from_unixtime(Call& call) {
  TRY(call.expect_count(1, 2));
  if (call.count() == 1) call.arguments.push_back(make_string(std::string(kDefaultPattern)));
  TRY(call.coerce(0, kLong));
  return with_pattern<int64_t>(
      call, kText, PatternUse::kFormat,
      [zone = call.settings.zone](Row& row, const TimePattern& pattern, int64_t seconds) {
        return formatted(row, pattern, saturating_micros(seconds, kMicrosPerSecond), zone);
      });
}

// timestamp_seconds, _millis, _micros of an integer.
template <int64_t kUnit>
ExprPtr make_from_integer(Call& call) {
  return make_strict(call, {kTimestamp, {}}, [](Row& row, int64_t count) {
    int64_t us;
    if (__builtin_mul_overflow(count, kUnit, &us))
      row.fail(arithmetic_overflow(number_text(count, kLong), kTimestamp));
    return us;
  });
}

template <int64_t kUnit>
Result<ExprPtr> make_from_count(Call& call) {
  TRY(call.expect_count(1, 1));
  if (call.type(0).is_fractional() && kUnit != kMicrosPerSecond)
    return call.wrong_type(0, "an integer");
  if (call.type(0).is_fractional())
    return make_strict(call, {kTimestamp, {}}, [](Row& row, double seconds) {
      if (!std::isfinite(seconds)) row.set_null();
      return std::isnan(seconds) ? int64_t{0} : saturating_integer(seconds * 1e6);
    });
  TRY(call.coerce(0, kLong));
  return make_from_integer<kUnit>(call);
}

template <int64_t kUnit>
Factory count_since_epoch() {
  return strict(kLong, {kTimestamp}, [](int64_t us) { return floor_div(us, kUnit); });
}

}  // namespace

void add_time_texts(FunctionTable& table) {
  table.add("unix_timestamp", "unix_timestamp([time[, pattern]])",
            "Seconds since 1970, cut toward zero", make_unix_timestamp);
  table.add("to_unix_timestamp", "to_unix_timestamp(time[, pattern])", "As unix_timestamp",
            make_to_unix_timestamp);
  table.add("to_timestamp", "to_timestamp(value[, pattern])", "A TIMESTAMP from a text",
            make_to_time<kTimestamp, false>);
  table.add("try_to_timestamp", "try_to_timestamp(value[, pattern])",
            "As to_timestamp, NULL if it is none", make_to_time<kTimestamp, true>);
  table.add("to_date", "to_date(value[, pattern])", "A DATE from a text or time",
            make_to_time<Kind::kDate, false>);
  table.add("try_to_date", "try_to_date(value[, pattern])", "As to_date, NULL if it is none",
            make_to_time<Kind::kDate, true>);
  table.add("date_format", "date_format(time, pattern)", "The time as text", make_date_format);
  table.add("from_unixtime", "from_unixtime(seconds[, pattern])", "Seconds since 1970 as text",
            make_from_unixtime);
  table.add("timestamp_seconds", "timestamp_seconds(number)", "The time so many seconds after 1970",
            make_from_count<kMicrosPerSecond>);
  table.add("timestamp_millis", "timestamp_millis(number)",
            "The time so many milliseconds after 1970", make_from_count<kMicrosPerMilli>);
  table.add("timestamp_micros", "timestamp_micros(number)",
            "The time so many microseconds after 1970", make_from_count<1>);
  table.add("unix_seconds", "unix_seconds(time)", "Seconds since 1970, rounded down",
            count_since_epoch<kMicrosPerSecond>());
  table.add("unix_millis", "unix_millis(time)", "Milliseconds since 1970, rounded down",
            count_since_epoch<kMicrosPerMilli>());
  table.add("unix_micros", "unix_micros(time)", "Microseconds since 1970", count_since_epoch<1>());
  table.add("unix_date", "unix_date(date)", "Days since 1970",
            strict(Kind::kInt, {Kind::kDate}, [](int64_t day) { return day; }));
  table.add("date_from_unix_date", "date_from_unix_date(days)", "The date so many days after 1970",
            strict(Kind::kDate, {Kind::kInt}, [](int64_t day) { return day; }));
}

}  // namespace tailrace::sql
