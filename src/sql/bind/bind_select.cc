// The second half of a pass: the SELECTs, from the innermost out.
#include <algorithm>

#include <fmt/format.h>

#include "sql/bind/binding.h"
#include "sql/parse/lexer.h"
#include "sql/parse/printer.h"
#include "sql/window/tumbling_window.h"

namespace tailrace::sql {
namespace {

using columns::Kind;

void split_conjuncts(const Syntax& condition, std::vector<const Syntax*>& out) {
  if (condition.kind == SyntaxKind::kOperator && condition.text == "and") {
    split_conjuncts(condition.children[0], out);
    split_conjuncts(condition.children[1], out);
  } else {
    out.push_back(&condition);
  }
}

bool reads(const Expr& expr, int column) {
  std::vector<int> columns;
  expr.collect_columns(columns);
  return std::ranges::find(columns, column) != columns.end();
}

bool is_window_call(const Syntax& syntax) {
  return syntax.kind == SyntaxKind::kCall && syntax.text == "window";
}

std::string described(const NamedSyntax& item) {
  const std::string text = print(item.value);
  return text == print_name(item.name) ? text
                                       : fmt::format("{} AS {}", text, print_name(item.name));
}

}  // namespace

Result<Scope*> Binding::bind_level(const SelectSyntax& select, Scope& input, bool outermost) {
  const Sources& sources = parsed_.sources;
  if (!outermost && (!select.order_by.empty() || select.limit)) {
    return sources.error(select.place,
                         "ORDER BY and LIMIT inside a subquery are not supported yet");
  }
  if (!select.from.alias.empty()) input.qualifiers = {select.from.alias};
  if (select.where) TRY(bind_where(*select.where, input));
  const std::vector<NamedSyntax> items = TRY(expand(select, input));
  Scope* source = &input;
  if (is_aggregating(select)) {
    if (query_.aggregation) {
      return sources.error(select.place, "two levels of aggregation are not supported yet");
    }
    source = TRY(bind_aggregation(select, items, input));
  } else if (!query_.aggregation) {
    TRY(bind_window_times(items, input));
  }
  if (!outermost) return &derived(items, *source);
  TRY(bind_output(items, *source));
  TRY(bind_order(select, items, *source));
  if (query_.aggregation) query_.aggregation = std::move(groupings_.back().aggregation);
  query_.limit = select.limit;
  return source;
}

Scope& Binding::derived(const std::vector<NamedSyntax>& items, Scope& parent) {
  Scope& scope = new_scope();
  scope.parent = &parent;
  for (const NamedSyntax& item : items) {
    ScopeColumn column;
    column.name = item.name;
    column.definition = item.value;
    scope.columns.push_back(std::move(column));
  }
  return scope;
}

// Spark pushes conjuncts that do not name the event time below the watermark, so that rows removed
// by them do not move it; the others stay above (spark-semantics.md 1.1.10).
Status Binding::keep_rows(ExprPtr condition, std::string text, bool after_aggregation) {
  Step step;
  step.text = std::move(text);
  const bool names_time =
      query_.event_time >= 0 && !after_aggregation && reads(*condition, query_.event_time);
  step.filter = std::move(condition);
  if (after_aggregation) {
    query_.output.push_back(std::move(step));
  } else {
    (names_time ? query_.after_watermark : query_.before_watermark).push_back(std::move(step));
  }
  return {};
}

Status Binding::bind_where(const Syntax& where, Scope& input) {
  std::vector<const Syntax*> conjuncts;
  split_conjuncts(where, conjuncts);
  for (const Syntax* conjunct : conjuncts) {
    if (query_.aggregation) {
      TRY(keep_groups(*conjunct, input, "WHERE"));
      continue;
    }
    ExprPtr condition = TRY(expressions_.bind_condition(*conjunct, input, "WHERE"));
    TRY(keep_rows(std::move(condition), print(*conjunct), false));
  }
  return {};
}

// A condition above the aggregation. One on keys alone goes below it, and then below the watermark,
// too, as in Spark: groups that it removes are never made, and their rows do not move the
// watermark.
Status Binding::keep_groups(const Syntax& conjunct, Scope& scope, std::string_view clause) {
  ExprPtr condition = TRY(expressions_.bind_condition(conjunct, scope, clause));
  Grouping& grouping = groupings_.back();
  std::vector<int> columns;
  condition->collect_columns(columns);
  const bool of_keys = !columns.empty() && std::ranges::none_of(columns, [&](int column) {
    return grouping.columns[static_cast<size_t>(column)].key.empty();
  });
  if (!of_keys) return keep_rows(std::move(condition), print(conjunct), true);
  grouping.over_rows = true;
  Result<ExprPtr> below = expressions_.bind_condition(conjunct, scope, clause);
  grouping.over_rows = false;
  return keep_rows(TRY(std::move(below)), print(conjunct), false);
}

// A row without time is in no window: it goes, also where nothing is grouped.
Status Binding::bind_window_times(const std::vector<NamedSyntax>& items, Scope& input) {
  std::vector<const Syntax*> calls;
  for (const NamedSyntax& item : items) {
    walk(item.value, [&](const Syntax& part) {
      if (is_window_call(part)) calls.push_back(&part);
    });
  }
  for (const Syntax* call : calls) {
    Window window = TRY(expressions_.bind_window(*call, input));
    std::vector<ExprPtr> argument;
    argument.push_back(std::move(window.time));
    ExprPtr known = TRY(make_call("isnotnull", std::move(argument), settings_));
    TRY(keep_rows(std::move(known), print(call->children[0]) + " IS NOT NULL", false));
  }
  return {};
}

Result<std::vector<NamedSyntax>> Binding::expand(const SelectSyntax& select, Scope& input) {
  std::vector<NamedSyntax> items;
  for (const SelectItem& item : select.items) {
    if (item.value.kind == SyntaxKind::kStar) {
      TRY(expand_star(item.value, input, items));
    } else {
      items.push_back({item.alias.empty() ? column_name(item.value) : item.alias, item.value});
    }
  }
  return items;
}

// *, view.*, or all members of a struct column.
Status Binding::expand_star(const Syntax& star, Scope& input, std::vector<NamedSyntax>& items) {
  const bool of_view = star.parts.size() == 1 &&
                       std::ranges::any_of(input.qualifiers, [&](const std::string& qualifier) {
                         return equal_ignoring_case(qualifier, star.parts[0]);
                       });
  if (star.parts.empty() || of_view) {
    for (const ScopeColumn& column : input.columns) {
      if (!column.hidden && !column.metadata)
        items.push_back({column.name, name_syntax(star.place, {column.name})});
    }
    return {};
  }
  const ExprPtr owner = TRY(expressions_.bind(name_syntax(star.place, star.parts), input));
  if (owner->type().kind != Kind::kStruct) {
    return parsed_.sources.error(star.place,
                                 fmt::format("{} is neither a view nor a STRUCT", print(star)));
  }
  for (const columns::Field& member : owner->type().fields) {
    std::vector<std::string> parts = star.parts;
    parts.push_back(member.name);
    items.push_back({member.name, name_syntax(star.place, std::move(parts))});
  }
  return {};
}

Result<Scope*> Binding::bind_aggregation(const SelectSyntax& select,
                                         const std::vector<NamedSyntax>& items, Scope& input) {
  Grouping& grouping = groupings_.emplace_back();
  grouping.input = &input;
  grouping.rows = &input;
  std::vector<const Syntax*> keys;
  for (const Syntax& key : select.group_by) keys.push_back(TRY(key_syntax(key, items, input)));
  if (select.distinct) {
    for (const NamedSyntax& item : items) {
      if (!select.group_by.empty() || contains_aggregate(item.value)) {
        return parsed_.sources.error(select.place,
                                     "DISTINCT over an aggregation (two levels of "
                                     "aggregation) is not supported yet");
      }
      keys.push_back(&item.value);
    }
  }
  // The window is the first column, wherever GROUP BY names it.
  std::ranges::stable_partition(keys, [&](const Syntax* key) {
    const std::string text = identity(*key, input);
    return text.starts_with("window(") && text.ends_with(")");
  });
  for (const Syntax* key : keys) TRY(add_key(*key, input, grouping));

  Scope& grouped = new_scope();
  grouped.grouping = &grouping;
  query_.aggregation.emplace();  // from here on conditions are over its rows
  // Binding the items here finds every aggregate, also of items that an outer SELECT leaves out.
  for (const NamedSyntax& item : items) {
    if (contains_aggregate(item.value)) TRY(expressions_.bind(item.value, grouped));
  }
  if (select.having) {
    grouping.aliases = &items;
    std::vector<const Syntax*> conjuncts;
    split_conjuncts(*select.having, conjuncts);
    for (const Syntax* conjunct : conjuncts) TRY(keep_groups(*conjunct, grouped, "HAVING"));
    grouping.aliases = nullptr;
  }
  return &grouped;
}

// What a GROUP BY item means: an ordinal or alias of the SELECT list, or itself.
Result<const Syntax*> Binding::key_syntax(const Syntax& key, const std::vector<NamedSyntax>& items,
                                          const Scope& input) const {
  const Syntax* meant = &key;
  if (key.kind == SyntaxKind::kLiteral && key.literal == LiteralKind::kInteger) {
    const int64_t position = std::strtoll(key.text.c_str(), nullptr, 10);
    if (position < 1 || position > static_cast<int64_t>(items.size())) {
      return parsed_.sources.error(key.place,
                                   fmt::format("[GROUP_BY_POS_OUT_OF_RANGE] GROUP BY {} is not in "
                                               "the SELECT list of {} columns",
                                               position, items.size()));
    }
    meant = &items[position - 1].value;
  } else if (key.kind == SyntaxKind::kName && key.parts.size() == 1 &&
             resolve(input, key.parts).column < 0) {
    for (const NamedSyntax& item : items) {
      if (equal_ignoring_case(item.name, key.parts[0])) meant = &item.value;
    }
  }
  if (contains_aggregate(*meant)) {
    return parsed_.sources.error(key.place,
                                 "[GROUP_BY_AGGREGATE] an aggregate cannot be grouped by");
  }
  return meant;
}

Status Binding::add_key(const Syntax& key, Scope& input, Grouping& grouping) {
  std::string key_identity = identity(key, input);
  for (const GroupColumn& known : grouping.columns) {
    if (known.identity == key_identity) return {};
  }
  const Syntax* call = &key;
  Scope* scope = &input;
  while (call->kind == SyntaxKind::kName) {  // a subquery's name for a window
    const Resolved found = resolve(*scope, call->parts);
    if (found.column < 0 || found.rest != call->parts.size()) break;
    const ScopeColumn& column = scope->columns[found.column];
    if (!column.definition) break;
    call = &*column.definition;
    scope = scope->parent;
  }
  if (is_window_call(*call))
    return add_window_key(*call, *scope, std::move(key_identity), grouping);
  ExprPtr value = TRY(expressions_.bind(key, input));
  Aggregation& aggregation = grouping.aggregation;
  if (query_.event_time >= 0 && value->column_index() == query_.event_time) {
    aggregation.event_time_key = static_cast<int>(aggregation.keys.size());
  }
  grouping.columns.push_back(
      {std::move(key_identity), static_cast<int>(grouping.columns.size()), value->type(), {key}});
  aggregation.schema.push_back(
      {is_event_time_name(key) ? event_time_text_ : column_name(key), value->type()});
  aggregation.keys.push_back(std::move(value));
  return {};
}

Status Binding::add_window_key(const Syntax& call, Scope& scope, std::string key_identity,
                               Grouping& grouping) {
  if (grouping.has_window) {
    return parsed_.sources.error(call.place, "a query can group by one window only");
  }
  Window window = TRY(expressions_.bind_window(call, scope));
  Aggregation& aggregation = grouping.aggregation;
  aggregation.window_on_event_time =
      query_.event_time >= 0 && window.time->column_index() == query_.event_time;
  grouping.has_window = true;
  grouping.columns.push_back({std::move(key_identity), 0, window_type()});
  aggregation.schema.push_back({"window", window_type()});
  aggregation.window = std::move(window);
  return {};
}

Status Binding::bind_output(const std::vector<NamedSyntax>& items, Scope& source) {
  Step step;
  for (const NamedSyntax& item : items) {
    for (const columns::Field& field : query_.schema) {
      if (!equal_ignoring_case(field.name, item.name)) continue;
      return parsed_.sources.error(
          item.value.place,
          fmt::format("[COLUMN_ALREADY_EXISTS] two output columns are named `{}`; "
                      "give one another name with AS",
                      item.name));
    }
    ExprPtr value = TRY(expressions_.bind(item.value, source));
    query_.schema.push_back({item.name, value->type()});
    step.columns.push_back(std::move(value));
    step.text += (step.text.empty() ? "" : ", ") + described(item);
  }
  (query_.aggregation ? query_.output : query_.after_watermark).push_back(std::move(step));
  return {};
}

Status Binding::bind_order(const SelectSyntax& select, const std::vector<NamedSyntax>& items,
                           Scope& source) {
  if (select.order_by.empty()) return {};
  Ordering ordering;
  ordering.level = &source;
  for (size_t i = 0; i < items.size(); ++i) {
    ordering.names.push_back(items[i].name);
    ordering.columns.push_back(
        {identity(items[i].value, source), static_cast<int>(i), query_.schema[i].type});
  }
  Scope scope;
  scope.ordering = &ordering;
  for (const SortItem& item : select.order_by) {
    SortKey key;
    const bool ordinal =
        item.value.kind == SyntaxKind::kLiteral && item.value.literal == LiteralKind::kInteger;
    if (ordinal) {
      const int64_t position = std::strtoll(item.value.text.c_str(), nullptr, 10);
      if (position < 1 || position > static_cast<int64_t>(items.size())) {
        return parsed_.sources.error(item.value.place,
                                     fmt::format("[ORDER_BY_POS_OUT_OF_RANGE] ORDER BY {} is not "
                                                 "in the SELECT list of {} columns",
                                                 position, items.size()));
      }
      key.value = make_column(static_cast<int>(position) - 1, query_.schema[position - 1].type);
    } else {
      key.value = TRY(expressions_.bind(item.value, scope));
    }
    key.descending = item.descending;
    key.nulls_first = item.nulls_first.value_or(!item.descending);
    key.text = print(item.value);
    query_.order_by.push_back(std::move(key));
  }
  Step& projection = (query_.aggregation ? query_.output : query_.after_watermark).back();
  for (ExprPtr& hidden : ordering.hidden) {
    query_.order_columns.push_back({"", hidden->type()});
    projection.columns.push_back(std::move(hidden));
  }
  return {};
}

}  // namespace tailrace::sql
