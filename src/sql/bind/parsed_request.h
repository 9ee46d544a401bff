// ParsedRequest: what the user asked, as syntax trees: flags and SQL are the same from here on.
// Made by parse_request, immutable, shared by value semantics of its owner (bind.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sql/bind/bind.h"
#include "sql/parse/sources.h"
#include "sql/parse/syntax.h"

namespace tailrace::sql {

// --time: a column, or EXPR AS name.
struct TimeSyntax {
  Place place;
  std::string name;             // the column as typed, or the name after AS
  std::optional<Syntax> value;  // EXPR
};

struct ParsedRequest {
  Sources sources;
  std::string view;
  std::optional<SelectSyntax> prepare;
  SelectSyntax query;
  std::optional<TimeSyntax> time;
  bool needs_event_time = false;  // --window or --watermark was given
  OutputMode mode = OutputMode::kAppend;
};

// The name that stands for the event time in the query that flags mean: which column that is may
// be known only with the schema.
Syntax event_time_name(Place place);
bool is_event_time_name(const Syntax& syntax);
// The query with that name replaced by `name`, for printing.
SelectSyntax with_event_time_named(const SelectSyntax& query, const std::string& name);

// True where the call is of an aggregate function; and whether one is anywhere inside.
bool is_aggregate_call(const Syntax& syntax);
bool contains_aggregate(const Syntax& syntax);
bool contains_window(const SelectSyntax& query);
// True if the SELECT itself (not its subquery) groups its rows.
bool is_aggregating(const SelectSyntax& select);

}  // namespace tailrace::sql
