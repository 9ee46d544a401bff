// bind: names and types. Turns what the user asked (flags or SQL) and the input's schema into a
// Query. Two steps, so that wrong syntax is found before anything is read: parse_request needs no
// schema; bind needs the declared or inferred one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "columns/type.h"
#include "sql/expr/expr.h"
#include "sql/pipeline/query.h"

namespace tailrace::sql {

// The query flags as typed; an empty optional is "not given".
struct QueryRequest {
  std::optional<std::string> where, select, by, aggregates, having, order_by;
  std::optional<std::string> window, slide, window_start;  // durations as typed
  std::optional<uint64_t> limit;
  std::optional<std::string> prepare;  // SELECT over the view `raw`
  std::optional<std::string> sql;      // the whole query; excludes the flags above except prepare
  std::string view = "input";
  std::optional<std::string> time;  // COLUMN or EXPR AS name
  bool has_watermark = false;
  OutputMode mode = OutputMode::kAppend;
};

struct ParsedRequest;  // syntax trees (sql/bind/parsed_request.h)

Result<std::shared_ptr<const ParsedRequest>> parse_request(const QueryRequest& request);

struct InputSchema {
  columns::Schema fields;  // every known field of a line, in order
  bool inferred = false;  // then fields that the query names and this lacks get their type from use
  // Of the record, not of its payload: can be named, is not in *.
  columns::Schema metadata{};
};

Result<Query> bind(const ParsedRequest& parsed, const InputSchema& input,
                   const ExprSettings& settings);

// The SQL that flags mean (for --explain), and the plan as indented lines.
std::string explain_sql(const ParsedRequest& parsed);
std::string explain_plan(const Query& query);

}  // namespace tailrace::sql
