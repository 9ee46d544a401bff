// The first half of a pass: from the fields of a line to the rows that the watermark sees.
#include "sql/bind/binding.h"

#include <algorithm>

#include <fmt/format.h>

#include "sql/parse/lexer.h"
#include "sql/parse/printer.h"

namespace tailrace::sql {
namespace {

using columns::Kind;

std::string items_text(const std::vector<NamedSyntax>& items) {
  std::string out;
  for (const NamedSyntax& item : items) {
    if (!out.empty()) out += ", ";
    out += print(item.value);
    const bool same = item.value.kind == SyntaxKind::kName && item.value.parts.back() == item.name;
    if (!same) out += " AS " + print_name(item.name);
  }
  return out;
}

}  // namespace

Result<Query> Binding::run() {
  bind_fields();
  TRY(bind_prepare());
  TRY(bind_time());
  prepared_->qualifiers = {parsed_.view};
  std::vector<const SelectSyntax*> levels;  // from the innermost out
  for (const SelectSyntax* level = &parsed_.query; level != nullptr;) {
    levels.insert(levels.begin(), level);
    level = level->from.subquery.empty() ? nullptr : &level->from.subquery[0];
  }
  TRY(check_view(levels[0]->from, parsed_.view));
  Scope* scope = prepared_;
  for (const SelectSyntax* level : levels) {
    scope = TRY(bind_level(*level, *scope, level == levels.back()));
  }
  query_.uses_clock = expressions_.uses_clock();
  return std::move(query_);
}

void Binding::bind_fields() {
  query_.fields = input_.fields;
  query_.readings = input_.readings;
  Scope& scope = new_scope();
  for (const columns::Field& field : input_.fields) {
    ScopeColumn column;
    column.name = field.name;
    column.index = static_cast<int>(scope.columns.size());
    column.type = field.type;
    column.metadata = input_.metadata.contains(field.name);
    scope.columns.push_back(std::move(column));
  }
  prepared_ = &scope;
}

Status Binding::check_view(const Relation& from, std::string_view view) const {
  if (equal_ignoring_case(from.view, view)) return {};
  return parsed_.sources.error(
      from.place, fmt::format("[TABLE_OR_VIEW_NOT_FOUND] there is no view `{}`; the "
                              "input is `{}`{}",
                              from.view, view, view == "raw" ? "" : " (--view names it)"));
}

// A SELECT over `raw`; its conditions are steps before the watermark, whatever they name.
Status Binding::bind_prepare() {
  if (!parsed_.prepare) return {};
  std::vector<const SelectSyntax*> levels;
  for (const SelectSyntax* level = &*parsed_.prepare; level != nullptr;) {
    levels.insert(levels.begin(), level);
    level = level->from.subquery.empty() ? nullptr : &level->from.subquery[0];
  }
  TRY(check_view(levels[0]->from, "raw"));
  Scope* scope = prepared_;
  scope->qualifiers = {"raw"};
  for (const SelectSyntax* level : levels) {
    if (!level->from.alias.empty()) scope->qualifiers = {level->from.alias};
    if (level->where) {
      Step step;
      step.filter = TRY(expressions_.bind_condition(*level->where, *scope, "WHERE"));
      step.text = print(*level->where);
      query_.prepare.push_back(std::move(step));
    }
    const std::vector<NamedSyntax> items = TRY(expand(*level, *scope));
    scope = &derived(items, *scope);
  }
  prepared_ = scope;
  return {};
}

Result<int> Binding::only_timestamp() const {
  int found = -1;
  std::string names;
  for (size_t i = 0; i < prepared_->columns.size(); ++i) {
    const ScopeColumn& column = prepared_->columns[i];
    if (column.type.kind != Kind::kTimestamp) continue;
    names += (found >= 0 ? ", " : "") + print_name(column.name);
    found = found == -1 ? static_cast<int>(i) : -2;
  }
  if (found == -2) {
    return usage_error(
        fmt::format("--time: name the event time's column; TIMESTAMP are {}", names));
  }
  return found;
}

// After this prepared_ is a base scope; its event_time is set if the query has one.
Status Binding::bind_time() {
  const bool windows = contains_window(parsed_.query);
  const bool is_path = time_.path.size() > 1;
  std::vector<NamedSyntax> added;
  if (parsed_.time && parsed_.time->value) {
    const std::vector<std::string> name = {parsed_.time->name};
    if (resolve(*prepared_, name).column >= 0) {
      return parsed_.sources.error(parsed_.time->place,
                                   fmt::format("there is a column `{}` already; choose "
                                               "another name",
                                               name[0]));
    }
    added.push_back({parsed_.time->name, *parsed_.time->value});
  } else if (is_path) {
    added.push_back(
        {print(name_syntax({}, time_.path)), name_syntax(parsed_.time->place, time_.path)});
  }
  if (parsed_.prepare || !added.empty()) TRY(project_prepared(*prepared_, added));

  Scope& rows = *prepared_;
  if (!added.empty()) {
    rows.event_time = static_cast<int>(rows.columns.size()) - 1;
    if (is_path) rows.event_time_path = time_.path;
    event_time_text_ = added[0].name;
  } else if (parsed_.time) {
    rows.event_time = resolve(rows, time_.path).column;
    if (rows.event_time < 0) {
      return parsed_.sources.error(parsed_.time->place, unresolved_column(rows, time_.path));
    }
  } else if (parsed_.needs_event_time || windows) {
    const Result<int> only = only_timestamp();
    if (!only && parsed_.needs_event_time) return std::unexpected(only.error());
    rows.event_time = only.value_or(-1);
    if (rows.event_time < 0 && parsed_.needs_event_time) {
      return usage_error("--time: name the event time's column; the schema has no TIMESTAMP");
    }
  }
  if (rows.event_time < 0) return {};
  rows.columns[rows.event_time].uses.insert(Path{});
  query_.event_time = rows.columns[rows.event_time].index;
  if (event_time_text_.empty()) event_time_text_ = rows.columns[rows.event_time].name;
  return {};
}

Result<ExprPtr> Binding::as_event_time(ExprPtr value, Place place) {
  const Kind kind = value->type().kind;
  if (kind == Kind::kTimestamp) return value;
  if (kind == Kind::kString || kind == Kind::kDate) {
    return make_cast(std::move(value), {Kind::kTimestamp, {}}, settings_);
  }
  return parsed_.sources.error(
      place,
      fmt::format("[EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE] the event time is {}, not TIMESTAMP; use "
                  "timestamp_seconds(), timestamp_millis() or timestamp_micros()",
                  columns::type_name(value->type())));
}

// Makes rows of their own of what --prepare selects, and of the event time if it is an expression.
Status Binding::project_prepared(Scope& source, const std::vector<NamedSyntax>& time_column) {
  Scope& rows = new_scope();
  Step step;
  std::vector<NamedSyntax> kept;
  const auto add = [&](const NamedSyntax& item, bool is_time, bool hidden) -> Status {
    ExprPtr value = TRY(expressions_.bind(item.value, source));
    if (is_time) value = TRY(as_event_time(std::move(value), item.value.place));
    ScopeColumn column;
    column.name = item.name;
    column.index = static_cast<int>(step.columns.size());
    column.type = value->type();
    column.hidden = hidden;
    rows.columns.push_back(std::move(column));
    step.columns.push_back(std::move(value));
    kept.push_back(item);
    return {};
  };
  for (const ScopeColumn& column : source.columns) {
    if (input_.prepared && !input_.prepared->contains(column.name)) continue;
    const bool is_time = time_.path.size() == 1 && equal_ignoring_case(time_.path[0], column.name);
    NamedSyntax item{column.name, name_syntax({}, {column.name})};
    if (is_time && parsed_.time) item.value.place = parsed_.time->place;
    TRY(add(item, is_time, false));
  }
  for (const NamedSyntax& item : time_column) TRY(add(item, true, time_.path.size() > 1));
  step.text = items_text(kept);
  query_.prepare.push_back(std::move(step));
  prepared_ = &rows;
  return {};
}

}  // namespace tailrace::sql
