#include "sql/bind/flag_query.h"

#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "base/duration.h"
#include "base/nearest.h"
#include "base/time.h"
#include "sql/bind/parsed_request.h"
#include "sql/parse/parse.h"
#include "sql/parse/printer.h"

namespace tailrace::sql {
namespace {

Result<int64_t> duration_of(std::string_view flag, const std::string& text) {
  Result<int64_t> duration = parse_duration_us(text);
  if (!duration) return usage_error(fmt::format("{}: {}", flag, duration.error().message));
  return duration;
}

// window(event time, size[, slide[, start]]).
Result<Syntax> window_call(const QueryRequest& request) {
  const int64_t size = TRY(duration_of("--window", *request.window));
  const int64_t slide = request.slide ? TRY(duration_of("--slide", *request.slide)) : size;
  const int64_t start =
      request.window_start ? TRY(duration_of("--window-start", *request.window_start)) : 0;
  TRY(check_window("--window", size, slide, start));
  std::vector<Syntax> arguments;
  arguments.push_back(event_time_name({}));
  arguments.push_back(string_syntax({}, interval_text(size)));
  if (slide != size || start != 0) arguments.push_back(string_syntax({}, interval_text(slide)));
  if (start != 0) arguments.push_back(string_syntax({}, interval_text(start)));
  return call_syntax({}, "window", std::move(arguments));
}

Status add_window(const QueryRequest& request, SelectSyntax& select) {
  if (!request.window) {
    if (request.slide) return usage_error("--slide: needs --window SIZE");
    if (request.window_start) return usage_error("--window-start: needs --window SIZE");
    return {};
  }
  select.group_by.push_back(TRY(window_call(request)));
  select.items.push_back({name_syntax({}, {"window", "start"}), "window_start"});
  select.items.push_back({name_syntax({}, {"window", "end"}), "window_end"});
  return {};
}

Status add_keys(const QueryRequest& request, Sources& sources, SelectSyntax& select) {
  if (!request.by) return {};
  std::vector<SelectItem> keys = TRY(parse_key_list(sources, sources.add("--by", *request.by)));
  for (SelectItem& key : keys) {
    if (contains_aggregate(key.value)) {
      return sources.error(key.value.place,
                           "[GROUP_BY_AGGREGATE] an aggregate cannot be grouped by; "
                           "put it into --agg");
    }
    select.group_by.push_back(key.value);
    select.items.push_back(std::move(key));
  }
  return {};
}

std::string no_aggregate(const Syntax& value) {
  const bool call = value.kind == SyntaxKind::kCall;
  std::vector<std::string_view> known;
  for (const FunctionInfo& function : aggregate_functions()) known.push_back(function.name);
  const std::string_view near = call ? nearest(value.text, known) : std::string_view();
  return fmt::format("{}{} is not an aggregate; {}", call ? "[UNRESOLVED_ROUTINE] " : "",
                     print(value),
                     near.empty() ? std::string("`tailrace --functions` lists them")
                                  : fmt::format("did you mean `{}`?", near));
}

Status add_aggregates(const QueryRequest& request, Sources& sources, SelectSyntax& select) {
  const int source = sources.add("--agg", request.aggregates.value_or("count"));
  std::vector<SelectItem> items = TRY(parse_aggregate_list(sources, source));
  for (SelectItem& item : items) {
    if (!contains_aggregate(item.value))
      return sources.error(item.value.place, no_aggregate(item.value));
    select.items.push_back(std::move(item));
  }
  return {};
}

Status add_projection(const QueryRequest& request, Sources& sources, SelectSyntax& select) {
  if (request.select) {
    select.items = TRY(parse_select_list(sources, sources.add("--select", *request.select)));
    for (const SelectItem& item : select.items) {
      if (contains_aggregate(item.value)) {
        return sources.error(item.value.place,
                             "--select has no aggregates; use --agg, and --by for its keys");
      }
    }
    return {};
  }
  Syntax star;
  star.kind = SyntaxKind::kStar;
  select.items.push_back({std::move(star), ""});
  return {};
}

Status check_combination(const QueryRequest& request, bool aggregating) {
  if (request.select && aggregating) {
    return usage_error(
        "--select: is for a query without aggregates; name the output with --by and --agg");
  }
  if (request.having && !aggregating) {
    return usage_error("--having: needs --agg, --by or --window; use --where to filter rows");
  }
  return {};
}

}  // namespace

std::string interval_text(int64_t duration_us) {
  struct Unit {
    int64_t us;
    std::string_view name;
  };
  constexpr std::array kUnits = {
      Unit{kMicrosPerDay, "day"},           Unit{kMicrosPerHour, "hour"},
      Unit{kMicrosPerMinute, "minute"},     Unit{kMicrosPerSecond, "second"},
      Unit{kMicrosPerMilli, "millisecond"}, Unit{1, "microsecond"}};
  for (const Unit& unit : kUnits) {
    if (duration_us == 0 || duration_us % unit.us != 0) continue;
    const int64_t count = duration_us / unit.us;
    return fmt::format("{} {}{}", count, unit.name, count == 1 ? "" : "s");
  }
  return "0 seconds";
}

Status check_window(std::string_view label, int64_t size_us, int64_t slide_us, int64_t start_us) {
  constexpr std::string_view kRange = "[DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE]";
  constexpr std::string_view kRelation = "[DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION]";
  if (size_us <= 0)
    return usage_error(fmt::format("{}: {} the size must be greater than 0", label, kRange));
  if (slide_us <= 0)
    return usage_error(fmt::format("{}: {} the slide must be greater than 0", label, kRange));
  if (slide_us > size_us) {
    return usage_error(fmt::format("{}: {} the slide ({}) must not be greater than the size ({})",
                                   label, kRelation, interval_text(slide_us),
                                   interval_text(size_us)));
  }
  if (start_us >= slide_us || start_us <= -slide_us) {
    return usage_error(fmt::format("{}: {} the start ({}) must be less than the slide ({})", label,
                                   kRelation, interval_text(start_us), interval_text(slide_us)));
  }
  return {};
}

Result<SelectSyntax> flag_query(const QueryRequest& request, Sources& sources) {
  SelectSyntax select;
  select.from.view = request.view;
  const bool aggregating = request.by || request.window || request.aggregates;
  TRY(check_combination(request, aggregating));
  TRY(add_window(request, select));
  if (aggregating) {
    TRY(add_keys(request, sources, select));
    TRY(add_aggregates(request, sources, select));
  } else {
    TRY(add_projection(request, sources, select));
  }
  if (request.where) {
    select.where = TRY(parse_expression(sources, sources.add("--where", *request.where)));
  }
  if (request.having) {
    select.having = TRY(parse_expression(sources, sources.add("--having", *request.having)));
  }
  if (request.order_by) {
    select.order_by = TRY(parse_order_list(sources, sources.add("--order-by", *request.order_by)));
  }
  select.limit = request.limit;
  return select;
}

}  // namespace tailrace::sql
