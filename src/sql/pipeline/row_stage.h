// RowStage: the part of a query that looks at each row on its own: prepare, filters, the event
// time, projections. Functions of a decoded block; a worker calls them with its own scratch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/arena.h"
#include "columns/batch.h"
#include "formats/record_decoder.h"
#include "sql/expr/expr.h"
#include "sql/pipeline/query.h"

namespace tailrace::sql {

// A row that the query cannot take, by its number in the block.
struct RejectedRow {
  uint32_t row = 0;
  formats::BadReason reason = formats::BadReason::kBadExpression;
  std::string detail;
};

// Spark's EventTimeStats over the rows that reach the watermark, in micros.
struct EventTimeStats {
  int64_t count = 0;
  int64_t least = 0;
  int64_t greatest = 0;
  __int128 sum_ms =
      0;  // of whole milliseconds, as Spark's; exact, so that no cut into blocks shows
  void add(int64_t time_us);
  void merge(const EventTimeStats& other);
  int64_t mean_ms() const { return count == 0 ? 0 : static_cast<int64_t>(sum_ms / count); }
};

struct RowOptions {
  bool needs_time = false;              // a row without event time is rejected (a windowed query)
  bool null_time_is_epoch = false;      // --bad null: Spark counts it as 0 in the statistics
  bool running_greatest = false;        // fill running_greatest (row mode)
  bool keep_times = false;              // there is a watermark: fill event_times and the statistics
  int64_t future_limit_us = INT64_MAX;  // rows stamped later are rejected (--max-ahead)
  int64_t batch_time_us = 0;
};

// Scratch and result, reused from block to block.
struct BlockRows {
  const columns::Batch* batch = nullptr;  // the columns that the next stage reads
  std::vector<uint32_t> rows;             // of them, the ones that are left; ascending
  std::vector<RejectedRow> rejected;      // in no particular order
  EventTimeStats times;
  std::vector<int64_t> event_times;  // by row number
  std::vector<int64_t>
      running_greatest;  // by row number: greatest time of the block's rows before it
  std::vector<columns::Batch> projected;  // one a projection
  Arena arena;
  RowErrors errors;
  EvalContext context{&arena, &errors, 0, {}};
  BlockRows() = default;
  BlockRows(const BlockRows&) = delete;  // the context points into it
  BlockRows& operator=(const BlockRows&) = delete;
  void clear();
};

void run_row_stage(const Query& query, const RowOptions& options, const formats::Decoded& decoded,
                   BlockRows& out);

// Takes the rows that failed out of `rows`, lists them and clears `errors`.
void drop_failed(RowErrors& errors, std::vector<uint32_t>& rows,
                 std::vector<RejectedRow>& rejected);

// Applies filters and projections in order. Failing rows are dropped from `rows` and listed.
// `projected[used...]` is the memory of the projections.
const columns::Batch* run_steps(const std::vector<Step>& steps, const columns::Batch* batch,
                                std::vector<uint32_t>& rows, EvalContext& context,
                                std::vector<columns::Batch>& projected, size_t& used,
                                std::vector<RejectedRow>& rejected);

}  // namespace tailrace::sql
