// parse_request: the texts of the flags to one SELECT, and every check that needs no schema.
#include <array>

#include <fmt/format.h>

#include "sql/bind/flag_query.h"
#include "sql/bind/parsed_request.h"
#include "sql/parse/lexer.h"
#include "sql/parse/parse.h"
#include "sql/parse/printer.h"

namespace tailrace::sql {
namespace {

struct NamedFlag {
  std::string_view flag;
  bool given;
};

Status refuse_flags_beside_sql(const QueryRequest& request) {
  const std::array flags = {NamedFlag{"--where", request.where.has_value()},
                            NamedFlag{"--select", request.select.has_value()},
                            NamedFlag{"--by", request.by.has_value()},
                            NamedFlag{"--agg", request.aggregates.has_value()},
                            NamedFlag{"--having", request.having.has_value()},
                            NamedFlag{"--order-by", request.order_by.has_value()},
                            NamedFlag{"--window", request.window.has_value()},
                            NamedFlag{"--slide", request.slide.has_value()},
                            NamedFlag{"--window-start", request.window_start.has_value()},
                            NamedFlag{"--limit", request.limit.has_value()}};
  for (const NamedFlag& flag : flags) {
    if (flag.given) {
      return usage_error(
          fmt::format("{}: cannot stand beside --sql; write it into the SQL text", flag.flag));
    }
  }
  return {};
}

// `EXPR AS name`, or a column just as it is called: @timestamp needs no quotes here.
Result<TimeSyntax> parse_time(Sources& sources, const std::string& text) {
  const int source = sources.add("--time", text);
  TimeSyntax time;
  time.place = {source, 0};
  if (lower_case(text).find(" as ") == std::string::npos) {
    time.name = text;
    const bool quoted = text.size() > 2 && text.front() == '`' && text.back() == '`';
    if (quoted) time.name = text.substr(1, text.size() - 2);
    if (time.name.empty()) return sources.error(time.place, "name the event time's column");
    return time;
  }
  std::vector<SelectItem> items = TRY(parse_select_list(sources, source));
  if (items.size() != 1 || items[0].alias.empty()) {
    return sources.error(time.place, "write one column, or EXPR AS name");
  }
  if (contains_aggregate(items[0].value)) {
    return sources.error(items[0].value.place, "the event time cannot be an aggregate");
  }
  time.name = items[0].alias;
  time.value = std::move(items[0].value);
  return time;
}

Result<SelectSyntax> parse_prepare(Sources& sources, const std::string& text) {
  SelectSyntax prepare = TRY(parse_query(sources, sources.add("--prepare", text)));
  for (const SelectSyntax* level = &prepare; level != nullptr;) {
    if (is_aggregating(*level) || !level->order_by.empty() || level->limit) {
      return sources.error(level->place,
                           "--prepare looks at one row at a time: no GROUP BY, DISTINCT, "
                           "aggregate, ORDER BY or LIMIT here");
    }
    level = level->from.subquery.empty() ? nullptr : &level->from.subquery[0];
  }
  return prepare;
}

Status check_mode(const ParsedRequest& parsed) {
  if (parsed.mode != OutputMode::kComplete) return {};
  for (const SelectSyntax* level = &parsed.query;; level = &level->from.subquery[0]) {
    if (is_aggregating(*level)) return {};
    if (level->from.subquery.empty()) break;
  }
  return usage_error(
      "--mode: [STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION] complete needs an "
      "aggregation; leave --mode out");
}

}  // namespace

bool is_aggregate_call(const Syntax& syntax) {
  return syntax.kind == SyntaxKind::kCall && is_aggregate_function(syntax.text);
}

bool contains_aggregate(const Syntax& syntax) {
  bool found = false;
  walk(syntax, [&](const Syntax& part) { found = found || is_aggregate_call(part); });
  return found;
}

bool is_aggregating(const SelectSyntax& select) {
  if (select.distinct || !select.group_by.empty() || select.having) return true;
  for (const SelectItem& item : select.items) {
    if (contains_aggregate(item.value)) return true;
  }
  return false;
}

bool contains_window(const SelectSyntax& query) {
  bool found = false;
  const auto look = [&](const Syntax& syntax) {
    walk(syntax, [&](const Syntax& part) {
      found = found || (part.kind == SyntaxKind::kCall && part.text == "window");
    });
  };
  for (const SelectItem& item : query.items) look(item.value);
  for (const Syntax& key : query.group_by) look(key);
  for (const SelectSyntax& inner : query.from.subquery) found = found || contains_window(inner);
  return found;
}

Result<std::shared_ptr<const ParsedRequest>> parse_request(const QueryRequest& request) {
  auto parsed = std::make_shared<ParsedRequest>();
  parsed->view = request.view;
  parsed->mode = request.mode;
  parsed->needs_event_time = request.window.has_value() || request.has_watermark;
  if (request.view.empty()) return usage_error("--view: a view needs a name");
  if (request.prepare) parsed->prepare = TRY(parse_prepare(parsed->sources, *request.prepare));
  if (request.time) parsed->time = TRY(parse_time(parsed->sources, *request.time));
  if (request.sql) {
    TRY(refuse_flags_beside_sql(request));
    parsed->query = TRY(parse_query(parsed->sources, parsed->sources.add("--sql", *request.sql)));
  } else {
    parsed->query = TRY(flag_query(request, parsed->sources));
  }
  TRY(check_mode(*parsed));
  return std::shared_ptr<const ParsedRequest>(std::move(parsed));
}

}  // namespace tailrace::sql
