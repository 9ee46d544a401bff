// BatchCounts: what a batch saw, for the progress report, the commit and the thresholds.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "sql/pipeline/row_stage.h"

namespace tailrace::engine {

struct BatchCounts {
  uint64_t rows_in = 0;  // good rows
  uint64_t rows_out = 0;
  uint64_t bad_rows = 0;  // future rows included
  uint64_t late_rows = 0;
  uint64_t future_rows = 0;
  uint64_t bytes = 0;
  sql::EventTimeStats times;
  std::unordered_set<uint64_t> late_groups;          // hashes of (window, key)
  std::vector<std::pair<uint32_t, uint64_t>> lines;  // of each range
  uint64_t groups_total = 0;
  uint64_t groups_updated = 0;
  uint64_t groups_removed = 0;
  uint64_t state_bytes = 0;
};

}  // namespace tailrace::engine
