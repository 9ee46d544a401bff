// Query: a bound query, the one plan that flags and SQL both become. Immutable; shared by all
// workers. Built by sql/bind, run by sql/pipeline, printed by --explain.
//
//   decoded fields -> prepare -> [before_watermark] -> watermark looks at event_time
//     -> [after_watermark] -> project, or aggregation -> output -> order_by, limit
//
// Every step names its input's columns by index. Subqueries and --prepare are steps here, too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "columns/type.h"
#include "formats/record_decoder.h"
#include "sql/aggregate/aggregate.h"
#include "sql/expr/expr.h"

namespace tailrace::sql {

// Either a filter (keeps the rows where it is true) or a projection (new columns).
struct Step {
  ExprPtr filter;
  std::vector<ExprPtr> columns;
  std::string text{};  // as SQL, for --explain
};

// window(time, size[, slide[, start]]), in micros. start < slide <= size.
struct Window {
  ExprPtr time;  // TIMESTAMP; a null time leaves the row out
  int64_t size_us = 0;
  int64_t slide_us = 0;
  int64_t start_us = 0;
  std::string text{};  // as SQL, for --explain
};

// GROUP BY. The rows it gives have the columns: the window (STRUCT<start, end>) if there is one,
// then the keys, then the aggregates.
struct Aggregation {
  std::optional<Window> window;
  std::vector<ExprPtr> keys;
  int event_time_key = -1;  // index into keys of the event time itself (GROUP BY ts), or -1
  bool window_on_event_time = false;  // the window is over the watermarked event time
  std::vector<Aggregate> aggregates;
  columns::Schema schema;  // of the rows it gives; key and aggregate names are for --explain only
};

struct SortKey {
  ExprPtr value;  // over the output columns, then order_columns
  bool descending = false;
  bool nulls_first = true;
  std::string text{};  // as SQL, for --explain
};

enum class OutputMode : uint8_t { kAppend, kUpdate, kComplete };

struct Query {
  columns::Schema fields;                      // what must be decoded from a line
  std::vector<formats::TimeReading> readings;  // for each field
  std::vector<Step> prepare;
  int event_time = -1;                 // column of the prepared rows, TIMESTAMP; -1: none
  std::vector<Step> before_watermark;  // filters only
  std::vector<Step> after_watermark;
  std::optional<Aggregation> aggregation;
  std::vector<Step>
      output;  // over the aggregation's rows; without one the last projection is in after_watermark
  columns::Schema schema;           // of the output
  columns::Schema order_columns{};  // further columns of the output's rows that only order_by reads
  std::vector<SortKey> order_by;
  std::optional<uint64_t> limit;

  std::string sql;                     // canonical text, for --explain and the fingerprint
  bool uses_clock = false;             // current_timestamp() and the like
  std::vector<std::string> notices{};  // for -v: types that fields got from their use, and the like
};

}  // namespace tailrace::sql
