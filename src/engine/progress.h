// Progress: a batch as Spark's StreamingQueryProgress JSON (spark-semantics.md 9.1), one line, plus
// `observed`. All times UTC.
#pragma once

#include <cstdint>
#include <string>

#include "engine/batch_counts.h"
#include "engine/job.h"

namespace tailrace::engine {

struct BatchReport {
  int64_t batch = 0;
  WallTime started;
  int64_t duration_us = 0;
  int64_t since_last_start_us = 0;  // 0: the first batch of this run
  int64_t planning_us = 0;
  int64_t running_us = 0;
  int64_t state_us = 0;
  int64_t committing_us = 0;
  int64_t watermark_us = INT64_MIN;  // the one used in the batch
  bool has_watermark = false;
  std::string start_offsets;  // JSON
  std::string end_offsets;
  std::string latest_offsets;
  uint64_t unknown_fields = 0;
};

std::string progress_json(const Job& job, const BatchReport& report, const BatchCounts& counts);

}  // namespace tailrace::engine
