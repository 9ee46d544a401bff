// What a run says of itself on standard error: the summary line, notes on fields that were not seen
// before, and --stats. Texts only; the caller prints.
#pragma once

#include <string>
#include <vector>

#include "engine/job.h"

namespace tailrace::cli {

// "9,999 rows in, 120 rows out, 3 bad (first: app.log:7: bad_json: ...), 2 late"
std::string summary_text(const engine::Outcome& outcome);
// Fields that neither the query nor the sample named, one sentence each, at most ten.
std::vector<std::string> unknown_field_notes(const engine::Outcome& outcome);
// --stats: where the time went, several lines.
std::string stats_text(const engine::Outcome& outcome, int64_t wall_us);

}  // namespace tailrace::cli
