// OutputStage: groups to rows of the query's output: keys back to columns, the aggregates' results,
// then HAVING and the SELECT list; and ORDER BY with LIMIT. After aggregation there is no row to
// blame any more, so a failing expression is an error of the run.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "columns/batch.h"
#include "sql/aggregate/accumulators.h"
#include "sql/pipeline/query.h"
#include "sql/pipeline/row_stage.h"
#include "state/group.h"

namespace tailrace::sql {

// Scratch and result; texts point into the groups, constants or `arena`.
struct OutputRows {
  const columns::Batch* batch = nullptr;
  std::vector<uint32_t> rows;  // in order of output
  columns::Batch grouped;
  std::vector<columns::Batch> projected;
  Arena arena;
  RowErrors errors;
};

Status make_output(const Query& query, const Accumulators& accumulators,
                   std::span<const state::Group* const> groups, int64_t batch_time_us,
                   OutputRows& out);

// Puts `rows` in ORDER BY's order; equal rows keep theirs. Fails if a sort key does.
Status sort_rows(const std::vector<SortKey>& order, const columns::Batch& batch,
                 int64_t batch_time_us, std::vector<uint32_t>& rows);

}  // namespace tailrace::sql
