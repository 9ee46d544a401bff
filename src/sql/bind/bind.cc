#include "sql/bind/bind.h"

#include <algorithm>

#include <fmt/format.h>

#include "sql/bind/binding.h"
#include "sql/bind/field_types.h"
#include "sql/parse/lexer.h"
#include "sql/parse/printer.h"

namespace tailrace::sql {
namespace {

using columns::Field;
using columns::Kind;
using columns::Schema;
using formats::TimeReading;

Status refuse_names_differing_in_case(const Schema& fields) {
  for (size_t i = 0; i < fields.size(); ++i) {
    for (size_t j = i + 1; j < fields.size(); ++j) {
      if (!equal_ignoring_case(fields[i].name, fields[j].name)) continue;
      return usage_error(fmt::format(
          "[COLUMN_ALREADY_EXISTS] the fields `{}` and `{}` differ only in case, which SQL "
          "does not see; leave one out of --schema",
          fields[i].name, fields[j].name));
    }
  }
  return {};
}

Path split_path(std::string_view text) {
  Path path;
  for (;;) {
    const size_t dot = text.find('.');
    path.emplace_back(text.substr(0, dot));
    if (dot == std::string_view::npos) return path;
    text.remove_prefix(dot + 1);
  }
}

Field* find_exact_or_ignoring_case(Schema& fields, std::string_view name) {
  for (Field& field : fields) {
    if (field.name == name) return &field;
  }
  for (Field& field : fields) {
    if (equal_ignoring_case(field.name, name)) return &field;
  }
  return nullptr;
}

// The field that a path names, and the path with the schema's spelling; null if there is none.
Field* find_field(Schema& fields, Path& path) {
  Schema* level = &fields;
  Field* field = nullptr;
  for (std::string& part : path) {
    field = level == nullptr ? nullptr : find_exact_or_ignoring_case(*level, part);
    if (field == nullptr) return nullptr;
    part = field->name;
    level = field->type.kind == Kind::kStruct ? &field->type.fields : nullptr;
  }
  return field;
}

std::string unknown_time(const Schema& fields, const std::string& name) {
  Scope scope;
  for (const Field& field : fields) {
    ScopeColumn column;
    column.name = field.name;
    scope.columns.push_back(std::move(column));
  }
  return unresolved_column(scope, {name});
}

// Finds the field that --time names and makes it TIMESTAMP; an inferred schema may lack it.
Status read_as_time(const ParsedRequest& parsed, bool inferred, BindingInput& input,
                    TimeField& time) {
  const TimeSyntax& syntax = *parsed.time;
  time.path = {syntax.name};  // first an exact key, then a path
  Field* field = find_field(input.fields, time.path);
  if (field == nullptr) {
    time.path = split_path(syntax.name);
    if (std::ranges::count(time.path, "") > 0) time.path = {syntax.name};
    field = find_field(input.fields, time.path);
  }
  if (field == nullptr) {
    if (!inferred || time.path.size() > 1)
      return parsed.sources.error(syntax.place, unknown_time(input.fields, syntax.name));
    input.fields.push_back({syntax.name, {Kind::kTimestamp, {}}});
    input.readings.push_back(TimeReading::kLenient);
    return {};
  }
  if (field->type.kind == Kind::kTimestamp) return {};
  const Kind kind = field->type.kind;
  if (kind != Kind::kString && kind != Kind::kLong && kind != Kind::kDouble) {
    return parsed.sources.error(
        syntax.place,
        fmt::format("[EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE] the event time `{}` is {}; it "
                    "must be TIMESTAMP, STRING, BIGINT or DOUBLE",
                    syntax.name, columns::type_name(field->type)));
  }
  field->type = {Kind::kTimestamp, {}};
  time.reread = true;
  for (size_t i = 0; i < input.fields.size(); ++i) {
    if (input.fields[i].name == time.path[0]) input.readings[i] = TimeReading::kLenient;
  }
  return {};
}

// With --prepare the event time is one of its columns.
TimeField prepared_time(const ParsedRequest& parsed) {
  TimeField time;
  if (parsed.time && !parsed.time->value) time.path = {parsed.time->name};
  return time;
}

// Keeps the fields that were used; a query that uses none still needs a row for each line.
BindingInput narrowed(const BindingInput& input, const Scope& fields) {
  BindingInput result;
  result.prepared = input.prepared;
  result.metadata = input.metadata;
  for (size_t i = 0; i < input.fields.size(); ++i) {
    const std::set<Path>& uses = fields.columns[i].uses;
    if (uses.empty()) continue;
    result.fields.push_back({input.fields[i].name, pruned(input.fields[i].type, uses)});
    result.readings.push_back(input.readings[i]);
  }
  return result;
}

std::set<std::string> used_names(const Scope& rows) {
  std::set<std::string> names;
  for (const ScopeColumn& column : rows.columns) {
    if (!column.uses.empty()) names.insert(column.name);
  }
  return names;
}

std::string canonical_text(const ParsedRequest& parsed, const std::string& event_time) {
  std::string text;
  if (parsed.prepare) text += fmt::format("prepare: {}\n", print(*parsed.prepare));
  if (parsed.time && parsed.time->value) {
    text +=
        fmt::format("time: {} AS {}\n", print(*parsed.time->value), print_name(parsed.time->name));
  } else if (!event_time.empty()) {
    text += fmt::format("time: {}\n", print_name(event_time));
  }
  return text + print(with_event_time_named(parsed.query, event_time));
}

}  // namespace

Result<Query> bind(const ParsedRequest& parsed, const InputSchema& schema,
                   const ExprSettings& settings) {
  TRY(refuse_names_differing_in_case(schema.fields));
  BindingInput input;
  input.fields = schema.fields;
  for (const Field& field : schema.metadata) {
    const bool in_payload = std::ranges::any_of(
        schema.fields, [&](const Field& one) { return one.name == field.name; });
    if (in_payload) continue;
    input.fields.push_back(field);
    input.metadata.insert(field.name);
  }
  std::vector<std::string> notices;
  if (schema.inferred) add_fields_from_use(parsed, input.fields, notices);
  input.readings.assign(input.fields.size(), TimeReading::kSpark);
  TimeField time = prepared_time(parsed);
  if (parsed.time && !parsed.time->value && !parsed.prepare) {
    TRY(read_as_time(parsed, schema.inferred, input, time));
  }

  Binding all(parsed, input, time, settings);  // what is used of the prepared rows
  TRY(all.run());
  input.prepared = used_names(all.prepared_scope());
  Binding prepared(parsed, input, time, settings);  // what these use of the fields
  TRY(prepared.run());
  const BindingInput used = narrowed(input, prepared.field_scope());
  Binding final_pass(parsed, used, time, settings);
  Query query = TRY(final_pass.run());
  query.sql = canonical_text(parsed, final_pass.event_time_text());
  query.notices = std::move(notices);
  return query;
}

std::string explain_sql(const ParsedRequest& parsed) {
  const std::string time = parsed.time ? parsed.time->name : "the TIMESTAMP column";
  std::string text;
  if (parsed.prepare) text += print_lines(*parsed.prepare) + "\n\n";
  if (parsed.time && parsed.time->value) {
    text += fmt::format("-- --time: {} AS {}\n", print(*parsed.time->value),
                        print_name(parsed.time->name));
  }
  return text + print_lines(with_event_time_named(parsed.query, time));
}

}  // namespace tailrace::sql
