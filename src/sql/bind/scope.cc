#include "sql/bind/scope.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/nearest.h"
#include "sql/bind/grouping.h"
#include "sql/bind/parsed_request.h"
#include "sql/parse/lexer.h"
#include "sql/parse/printer.h"

namespace tailrace::sql {
namespace {

// Number of the only column of that name: -1 if there is none, -2 if there are several.
int find_column(const Scope& scope, std::string_view name) {
  int found = -1;
  for (size_t i = 0; i < scope.columns.size(); ++i) {
    const ScopeColumn& column = scope.columns[i];
    if (column.hidden || !equal_ignoring_case(column.name, name)) continue;
    if (found >= 0) return -2;
    found = static_cast<int>(i);
  }
  return found;
}

bool is_qualifier(const Scope& scope, std::string_view name) {
  return std::ranges::any_of(scope.qualifiers, [&](const std::string& qualifier) {
    return equal_ignoring_case(qualifier, name);
  });
}

bool begins_with_path(const std::vector<std::string>& parts, const Path& path) {
  return !path.empty() && parts.size() >= path.size() &&
         std::equal(path.begin(), path.end(), parts.begin(),
                    [](const auto& a, const auto& b) { return equal_ignoring_case(a, b); });
}

std::string members_key(const std::vector<std::string>& parts, size_t from) {
  std::string out;
  for (size_t i = from; i < parts.size(); ++i) out += "." + lower_case(parts[i]);
  return out;
}

std::string name_identity(const Syntax& name, const Scope& scope) {
  if (scope.ordering != nullptr) return "?" + members_key(name.parts, 0);
  if (scope.grouping != nullptr) return name_identity(name, *scope.grouping->input);
  const Resolved found = resolve(scope, name.parts);
  if (found.column < 0) return "?" + members_key(name.parts, 0);
  const ScopeColumn& column = scope.columns[found.column];
  const std::string rest = members_key(name.parts, found.rest);
  if (column.definition) return identity(*column.definition, *scope.parent) + rest;
  return fmt::format("#{}{}", column.index, rest);
}

}  // namespace

Resolved resolve(const Scope& scope, const std::vector<std::string>& parts) {
  if (parts.size() == 1 && parts[0].empty()) {  // the event time, as flags name it
    if (scope.event_time >= 0) return {scope.event_time, 1};
    return {};
  }
  if (begins_with_path(parts, scope.event_time_path)) {
    return {scope.event_time, scope.event_time_path.size()};
  }
  size_t first = 0;
  int column = -1;
  if (parts.size() > 1 && is_qualifier(scope, parts[0])) {
    column = find_column(scope, parts[1]);
    first = 1;
  }
  if (column == -1) {
    column = find_column(scope, parts[0]);
    first = 0;
  }
  if (column == -2) return {-1, 0, true};
  return {column, first + 1};
}

std::string unresolved_column(const Scope& scope, const std::vector<std::string>& parts) {
  std::string written;
  for (const std::string& part : parts) written += (written.empty() ? "`" : ".`") + part + "`";
  if (resolve(scope, parts).ambiguous) {
    return fmt::format("[AMBIGUOUS_REFERENCE] {} may be more than one column", written);
  }
  const std::string& wanted =
      parts.size() > 1 && is_qualifier(scope, parts[0]) ? parts[1] : parts[0];
  std::vector<std::string_view> known;
  for (const ScopeColumn& column : scope.columns) {
    if (!column.hidden) known.push_back(column.name);
  }
  const std::string_view near = nearest(wanted, known);
  std::string hint;
  if (!near.empty()) {
    hint = fmt::format("; did you mean `{}`?", near);
  } else if (!known.empty()) {
    hint = "; there are ";
    for (size_t i = 0; i < known.size() && i < 10; ++i)
      hint += fmt::format("{}`{}`", i == 0 ? "" : ", ", known[i]);
    if (known.size() > 10) hint += fmt::format(" and {} more", known.size() - 10);
  }
  return fmt::format("[UNRESOLVED_COLUMN.WITH_SUGGESTION] there is no column {}{}", written, hint);
}

std::string identity(const Syntax& syntax, const Scope& scope) {
  return expression_key(syntax, [&](const Syntax& name) { return name_identity(name, scope); });
}

}  // namespace tailrace::sql
