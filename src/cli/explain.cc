#include "cli/explain.h"

#include <fmt/format.h>

#include "base/duration.h"

namespace tailrace::cli {
namespace {

bool can_expire(const sql::Aggregation& aggregation) {
  return aggregation.window ? aggregation.window_on_event_time : aggregation.event_time_key >= 0;
}

std::string watermark_line(const Options& options) {
  if (!options.watermark_us)
    return options.checkpoint.empty()
               ? "none: nothing is late, groups are final at the end of the input"
               : "none: nothing is late, groups are never final";
  const std::string delay = format_duration(*options.watermark_us);
  if (options.watermark_mode == WatermarkMode::kRow)
    return fmt::format("row mode: each partition's greatest event time so far less {}", delay);
  return fmt::format("batch mode: the greatest event time of all batches before less {}", delay);
}

std::string state_line(const Options& options, const sql::Query& query) {
  if (!query.aggregation) return "none: rows are looked at one by one";
  if (options.query.mode == sql::OutputMode::kComplete)
    return "every group for ever (--mode complete)";
  if (options.watermark_us && can_expire(*query.aggregation))
    return "the groups whose end the watermark has not passed";
  return options.checkpoint.empty() ? "every group until the end of the input"
                                    : "every group for ever";
}

std::string replay_line(const Options& options, const Input& input) {
  if (options.checkpoint.empty()) return "none: without --checkpoint a run begins at the beginning";
  return input.is_pipe() ? "each batch is spooled in the checkpoint before it runs, and runs again "
                           "after a crash"
                         : "files are read again from the offsets of the last commit";
}

std::string delivery_line(const Options& options) {
  if (options.to == "-")
    return options.checkpoint.empty() ? "to standard output, once a run"
                                      : "to standard output, at least once across a crash";
  return options.checkpoint.empty() ? "to " + options.to + ", made anew by each run"
                                    : "to " + options.to + ", exactly once after recovery";
}

}  // namespace

std::string explain_text(const Options& options, const Input& input, const QuerySetup& setup) {
  return fmt::format(
      "SQL\n{}\n\nPLAN\n{}\nWATERMARK\n  {}\n\nSTATE\n  {}\n\nREPLAY\n  {}\n\nDELIVERY\n  {}\n",
      sql::explain_sql(*setup.parsed), sql::explain_plan(setup.query), watermark_line(options),
      state_line(options, setup.query), replay_line(options, input), delivery_line(options));
}

}  // namespace tailrace::cli
