// The part of ExpressionBinder that knows time: window(), window_time() and intervals.
#include <cctype>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/duration.h"
#include "base/time.h"
#include "sql/bind/expression_binder.h"
#include "sql/bind/flag_query.h"
#include "sql/parse/lexer.h"
#include "sql/parse/printer.h"
#include "sql/window/tumbling_window.h"

namespace tailrace::sql {
namespace {

using columns::Kind;

constexpr int64_t kMonthsMax = 12'000'000;  // more than any time can be moved by

bool is_literal(const Syntax& syntax, LiteralKind kind) {
  return syntax.kind == SyntaxKind::kLiteral && syntax.literal == kind;
}

bool is_window(const columns::Type& type) { return type == window_type(); }

// An interval written in days and weeks alone, which a DATE takes and stays a DATE.
bool is_of_days(std::string_view interval) {
  std::string word;
  for (const char letter : std::string(interval) + ' ') {
    if (std::isalpha(static_cast<unsigned char>(letter)) != 0) {
      word += letter;
      continue;
    }
    const std::string unit = lower_case(std::exchange(word, {}));
    if (!unit.empty() && unit != "day" && unit != "days" && unit != "week" && unit != "weeks")
      return false;
  }
  return true;
}

// "1 month", "2 years 3 months", "-1 year": how many months; nothing if another unit is in it.
std::optional<int64_t> months_of(std::string_view interval) {
  std::istringstream words{std::string(interval)};
  int64_t months = 0;
  int64_t count = 0;
  std::string unit;
  bool any = false;
  while (words >> count >> unit) {
    unit = lower_case(unit);
    const bool years = unit == "year" || unit == "years";
    if (!years && unit != "month" && unit != "months") return std::nullopt;
    if (count < -kMonthsMax || count > kMonthsMax) return std::nullopt;
    months += years ? count * 12 : count;
    any = true;
  }
  return any && words.eof() ? std::optional(months) : std::nullopt;
}

}  // namespace

// The time moved by micros: whole days on the zone's clock, the rest as a length of time.
Result<ExprPtr> ExpressionBinder::shifted(ExprPtr time, int64_t shift_us, Place place) {
  std::vector<ExprPtr> arguments;
  arguments.push_back(std::move(time));
  arguments.push_back(make_integer(shift_us, Kind::kLong));
  return located(make_call("time + interval", std::move(arguments), settings_), place);
}

// A DATE stays a DATE, a TIMESTAMP keeps its time of day in the zone.
Result<ExprPtr> ExpressionBinder::moved_by_months(ExprPtr time, int64_t months,
                                                  const Syntax& syntax) {
  const bool is_date = time->type().kind == Kind::kDate;
  if (!is_date && time->type().kind != Kind::kTimestamp) return no_time(syntax, time->type());
  std::vector<ExprPtr> arguments;
  if (!is_date) arguments.push_back(make_string("MONTH"));
  arguments.push_back(is_date ? std::move(time) : make_integer(months, Kind::kInt));
  arguments.push_back(is_date ? make_integer(months, Kind::kInt) : std::move(time));
  return located(
      make_call(is_date ? "add_months" : "timestampadd", std::move(arguments), settings_),
      syntax.place);
}

std::unexpected<Error> ExpressionBinder::no_time(const Syntax& syntax,
                                                 const columns::Type& type) const {
  return error(syntax,
               fmt::format("[DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES] an interval can only be "
                           "added to a timestamp; this is {}",
                           columns::type_name(type)));
}

Result<ExprPtr> ExpressionBinder::bind_time_shift(const Syntax& syntax, Scope& scope) {
  const bool interval_first = is_literal(syntax.children[0], LiteralKind::kInterval);
  const Syntax& interval = syntax.children[interval_first ? 0 : 1];
  if (interval_first && syntax.text == "-")
    return error(syntax, "a time cannot be taken from an interval");
  const int sign = syntax.text == "-" ? -1 : 1;
  ExprPtr time = TRY(bind(syntax.children[interval_first ? 1 : 0], scope));
  if (const std::optional<int64_t> months = months_of(interval.text)) {
    return moved_by_months(std::move(time), sign * *months, syntax);
  }
  const Result<int64_t> length = parse_duration_us(interval.text);
  if (!length) return error(interval, length.error().message);
  const int64_t shift_us = sign * *length;
  if (time->type().kind == Kind::kDate && is_of_days(interval.text)) {
    std::vector<ExprPtr> arguments;
    arguments.push_back(std::move(time));
    arguments.push_back(make_integer(shift_us / kMicrosPerDay, Kind::kInt));
    return located(make_call("date_add", std::move(arguments), settings_), syntax.place);
  }
  if (time->type().kind == Kind::kDate) {
    time =
        TRY(located(make_cast(std::move(time), {Kind::kTimestamp, {}}, settings_), syntax.place));
  }
  if (time->type().kind != Kind::kTimestamp) return no_time(syntax, time->type());
  return shifted(std::move(time), shift_us, syntax.place);
}

// window_time(w) is the last micro of the window.
Result<ExprPtr> ExpressionBinder::bind_window_time(const Syntax& syntax, Scope& scope) {
  if (syntax.children.size() != 1)
    return error(syntax, "[WRONG_NUM_ARGS] window_time takes a window");
  ExprPtr window = TRY(bind(syntax.children[0], scope));
  if (!is_window(window->type())) return error(syntax, "window_time takes what window() gave");
  ExprPtr end = TRY(located(make_field(std::move(window), "end"), syntax.place));
  return shifted(std::move(end), -1, syntax.place);
}

Result<int64_t> ExpressionBinder::window_length(const Syntax& argument) {
  if (is_literal(argument, LiteralKind::kInteger))
    return std::strtoll(argument.text.c_str(), nullptr, 10);
  if (!is_literal(argument, LiteralKind::kString) &&
      !is_literal(argument, LiteralKind::kInterval)) {
    return error(argument,
                 "a window's lengths are written as text ('5 minutes') or integer micros");
  }
  const Result<int64_t> length = parse_duration_us(argument.text);
  if (!length) return error(argument, length.error().message);
  return length;
}

Result<Window> ExpressionBinder::bind_window(const Syntax& call, Scope& scope) {
  const size_t count = call.children.size();
  if (count < 2 || count > 4) {
    return error(call,
                 "[WRONG_NUM_ARGS.WITHOUT_SUGGESTION] window takes a time, a size and maybe a "
                 "slide and a start");
  }
  Window window;
  window.size_us = TRY(window_length(call.children[1]));
  window.slide_us = count > 2 ? TRY(window_length(call.children[2])) : window.size_us;
  window.start_us = count > 3 ? TRY(window_length(call.children[3])) : 0;
  const Status lengths = check_window("window", window.size_us, window.slide_us, window.start_us);
  if (!lengths) return error(call, lengths.error().message);
  window.time = TRY(bind(call.children[0], scope));
  const columns::Type& type = window.time->type();
  if (is_window(type))
    return error(call, "a window over windows (two levels of aggregation) is not supported yet");
  if (type.kind == Kind::kString || type.kind == Kind::kDate) {
    window.time = TRY(
        located(make_cast(std::move(window.time), {Kind::kTimestamp, {}}, settings_), call.place));
  } else if (type.kind != Kind::kTimestamp) {
    return error(
        call,
        fmt::format("[DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE] window needs a TIMESTAMP; {} is {}",
                    print(call.children[0]), columns::type_name(type)));
  }
  window.text = print(call);
  return window;
}

Result<ExprPtr> ExpressionBinder::bind_scalar_window(const Syntax& syntax, Scope& scope) {
  Window window = TRY(bind_window(syntax, scope));
  if (window.slide_us != window.size_us) {
    return error(syntax, "a sliding window outside GROUP BY is not supported yet");
  }
  return ExprPtr(std::make_unique<TumblingWindowExpr>(std::move(window)));
}

}  // namespace tailrace::sql
