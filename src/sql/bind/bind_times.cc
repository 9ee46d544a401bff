// The part of ExpressionBinder that knows time: window(), window_time() and intervals.
#include <fmt/format.h>

#include "base/duration.h"
#include "sql/bind/expression_binder.h"
#include "sql/bind/flag_query.h"
#include "sql/parse/printer.h"
#include "sql/window/tumbling_window.h"

namespace tailrace::sql {
namespace {

using columns::Kind;

bool is_literal(const Syntax& syntax, LiteralKind kind) {
  return syntax.kind == SyntaxKind::kLiteral && syntax.literal == kind;
}

bool is_window(const columns::Type& type) { return type == window_type(); }

}  // namespace

// The time moved by whole micros: timestamp_micros(unix_micros(time) + shift).
Result<ExprPtr> ExpressionBinder::shifted(ExprPtr time, int64_t shift_us, Place place) {
  std::vector<ExprPtr> arguments;
  arguments.push_back(std::move(time));
  ExprPtr micros = TRY(located(make_call("unix_micros", std::move(arguments), settings_), place));
  std::vector<ExprPtr> sum;
  sum.push_back(std::move(micros));
  sum.push_back(make_integer(shift_us, Kind::kLong));
  ExprPtr moved = TRY(located(make_call("+", std::move(sum), settings_), place));
  std::vector<ExprPtr> back;
  back.push_back(std::move(moved));
  return located(make_call("timestamp_micros", std::move(back), settings_), place);
}

Result<ExprPtr> ExpressionBinder::bind_time_shift(const Syntax& syntax, Scope& scope) {
  const bool interval_first = is_literal(syntax.children[0], LiteralKind::kInterval);
  const Syntax& interval = syntax.children[interval_first ? 0 : 1];
  if (interval_first && syntax.text == "-") return error(syntax, "a time cannot be taken from an interval");
  const Result<int64_t> length = parse_duration_us(interval.text);
  if (!length) return error(interval, length.error().message);
  ExprPtr time = TRY(bind(syntax.children[interval_first ? 1 : 0], scope));
  if (time->type().kind == Kind::kDate) {
    time = TRY(located(make_cast(std::move(time), {Kind::kTimestamp, {}}, settings_), syntax.place));
  }
  if (time->type().kind != Kind::kTimestamp) {
    return error(syntax, fmt::format("[DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES] an interval can only be "
                                     "added to a timestamp; this is {}", columns::type_name(time->type())));
  }
  return shifted(std::move(time), syntax.text == "-" ? -*length : *length, syntax.place);
}

// window_time(w) is the last micro of the window.
Result<ExprPtr> ExpressionBinder::bind_window_time(const Syntax& syntax, Scope& scope) {
  if (syntax.children.size() != 1) return error(syntax, "[WRONG_NUM_ARGS] window_time takes a window");
  ExprPtr window = TRY(bind(syntax.children[0], scope));
  if (!is_window(window->type())) return error(syntax, "window_time takes what window() gave");
  ExprPtr end = TRY(located(make_field(std::move(window), "end"), syntax.place));
  return shifted(std::move(end), -1, syntax.place);
}

Result<int64_t> ExpressionBinder::window_length(const Syntax& argument) {
  if (is_literal(argument, LiteralKind::kInteger)) return std::strtoll(argument.text.c_str(), nullptr, 10);
  if (!is_literal(argument, LiteralKind::kString) && !is_literal(argument, LiteralKind::kInterval)) {
    return error(argument, "a window's lengths are written as text ('5 minutes') or integer micros");
  }
  const Result<int64_t> length = parse_duration_us(argument.text);
  if (!length) return error(argument, length.error().message);
  return length;
}

Result<Window> ExpressionBinder::bind_window(const Syntax& call, Scope& scope) {
  const size_t count = call.children.size();
  if (count < 2 || count > 4) {
    return error(call, "[WRONG_NUM_ARGS.WITHOUT_SUGGESTION] window takes a time, a size and maybe a "
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
  if (is_window(type)) return error(call, "a window over windows (two levels of aggregation) is not supported yet");
  if (type.kind == Kind::kString || type.kind == Kind::kDate) {
    window.time = TRY(located(make_cast(std::move(window.time), {Kind::kTimestamp, {}}, settings_), call.place));
  } else if (type.kind != Kind::kTimestamp) {
    return error(call, fmt::format("[DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE] window needs a TIMESTAMP; {} is {}",
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
