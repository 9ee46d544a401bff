// The part of ExpressionBinder for expressions above a GROUP BY and in ORDER BY.
#include <fmt/format.h>

#include "sql/bind/expression_binder.h"
#include "sql/bind/parsed_request.h"
#include "sql/parse/lexer.h"
#include "sql/parse/printer.h"

namespace tailrace::sql {
namespace {

const GroupColumn* find(const std::vector<GroupColumn>& columns, const std::string& key) {
  for (const GroupColumn& column : columns) {
    if (column.identity == key) return &column;
  }
  return nullptr;
}

ExprPtr column_of(const GroupColumn& column) { return make_column(column.index, column.type); }

}  // namespace

Result<ExprPtr> ExpressionBinder::value_of(const Grouping& grouping, const GroupColumn& column) {
  if (!grouping.over_rows || column.key.empty()) return column_of(column);
  return bind(column.key[0], *grouping.rows);
}

Result<ExprPtr> ExpressionBinder::bind_grouped(const Syntax& syntax, Scope& scope) {
  Grouping& grouping = *scope.grouping;
  if (syntax.kind == SyntaxKind::kName) return bind_grouped_name(syntax, scope);
  if (syntax.kind == SyntaxKind::kStar || syntax.kind == SyntaxKind::kLiteral) return ExprPtr();
  std::string key = identity(syntax, scope);
  if (const GroupColumn* found = find(grouping.columns, key)) return value_of(grouping, *found);
  if (is_aggregate_call(syntax)) return bind_aggregate(syntax, grouping, std::move(key));
  if (syntax.kind == SyntaxKind::kCall && syntax.text == "window") {
    return error(syntax,
                 fmt::format("[MISSING_AGGREGATION] {} is not grouped by; add it to GROUP BY",
                             print(syntax)));
  }
  return ExprPtr();
}

Result<ExprPtr> ExpressionBinder::bind_grouped_name(const Syntax& syntax, Scope& scope) {
  Grouping& grouping = *scope.grouping;
  if (grouping.aliases != nullptr) {
    const std::vector<NamedSyntax>& aliases = *grouping.aliases;
    for (const NamedSyntax& alias : aliases) {
      if (!equal_ignoring_case(alias.name, syntax.parts[0])) continue;
      grouping.aliases = nullptr;  // what it stands for names columns, not aliases
      Result<ExprPtr> value = bind(alias.value, scope);
      grouping.aliases = &aliases;
      ExprPtr owner = TRY(std::move(value));
      return members(std::move(owner), syntax, 1);
    }
  }
  for (size_t size = syntax.parts.size(); size > 0; --size) {  // a.b.c is member c of the key a.b
    Syntax prefix = syntax;
    prefix.parts.resize(size);
    if (const GroupColumn* found = find(grouping.columns, identity(prefix, scope))) {
      ExprPtr owner = TRY(value_of(grouping, *found));
      return members(std::move(owner), syntax, size);
    }
  }
  if (grouping.has_window && equal_ignoring_case(syntax.parts[0], "window")) {
    return members(column_of(grouping.columns[0]), syntax, 1);
  }
  const Resolved resolved = resolve(*grouping.input, syntax.parts);
  if (resolved.column < 0) return error(syntax, unresolved_column(*grouping.input, syntax.parts));
  const ScopeColumn& column = grouping.input->columns[resolved.column];
  if (column.definition && column.definition->kind != SyntaxKind::kName) {
    // A subquery's expression may be made of keys or constants.
    Scope inner;
    inner.grouping = &grouping;
    Scope* input = grouping.input;
    grouping.input = input->parent;
    Result<ExprPtr> value = bind(*column.definition, inner);
    grouping.input = input;
    if (value) return members(std::move(*value), syntax, resolved.rest);
  }
  const std::string text = print(syntax);
  return error(syntax,
               fmt::format("[MISSING_AGGREGATION] {} is neither grouped nor aggregated; add it to "
                           "GROUP BY, or use any_value({})",
                           text, text));
}

Result<ExprPtr> ExpressionBinder::bind_aggregate(const Syntax& syntax, Grouping& grouping,
                                                 std::string key) {
  std::vector<ExprPtr> arguments;
  for (const Syntax& argument : syntax.children) {
    if (contains_aggregate(argument)) {
      return error(argument,
                   "[NESTED_AGGREGATE_FUNCTION] an aggregate cannot stand inside another");
    }
    if (argument.kind == SyntaxKind::kStar && syntax.text == "count" && !syntax.distinct) continue;
    arguments.push_back(TRY(bind(argument, *grouping.input)));
  }
  if (syntax.ignore_nulls) arguments.push_back(make_boolean(true));
  ExprPtr filter;
  if (!syntax.filter.empty())
    filter = TRY(bind_condition(syntax.filter[0], *grouping.input, "FILTER"));
  Result<Aggregate> made = make_aggregate(syntax.text, std::move(arguments), syntax.distinct,
                                          std::move(filter), settings_);
  if (!made) return sources_.error(syntax.place, made.error().message);
  const int index = static_cast<int>(grouping.columns.size());
  const columns::Type type = made->type;
  grouping.columns.push_back({std::move(key), index, type});
  grouping.aggregation.schema.push_back({column_name(syntax), type});
  grouping.aggregation.aggregates.push_back(std::move(*made));
  return make_column(index, type);
}

Result<ExprPtr> ExpressionBinder::bind_ordered(const Syntax& syntax, Scope& scope) {
  Ordering& ordering = *scope.ordering;
  if (syntax.kind == SyntaxKind::kName) {
    for (size_t i = 0; i < ordering.names.size(); ++i) {
      if (equal_ignoring_case(ordering.names[i], syntax.parts[0])) {
        return members(column_of(ordering.columns[i]), syntax, 1);
      }
    }
  }
  if (syntax.kind == SyntaxKind::kLiteral) return ExprPtr();
  if (const GroupColumn* found = find(ordering.columns, identity(syntax, *ordering.level))) {
    return column_of(*found);
  }
  const bool is_window = syntax.kind == SyntaxKind::kCall && syntax.text == "window";
  if (syntax.kind != SyntaxKind::kName && !is_window && !is_aggregate_call(syntax))
    return ExprPtr();
  for (size_t size = syntax.parts.size(); size-- > 1;) {
    Syntax prefix = syntax;
    prefix.parts.resize(size);
    if (const GroupColumn* found = find(ordering.columns, identity(prefix, *ordering.level))) {
      return members(column_of(*found), syntax, size);
    }
  }
  ExprPtr hidden = TRY(bind(syntax, *ordering.level));
  const int index = static_cast<int>(ordering.columns.size());
  ordering.columns.push_back({identity(syntax, *ordering.level), index, hidden->type()});
  ordering.hidden.push_back(std::move(hidden));
  return column_of(ordering.columns.back());
}

}  // namespace tailrace::sql
