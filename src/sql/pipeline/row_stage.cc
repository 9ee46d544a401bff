#include "sql/pipeline/row_stage.h"

#include <algorithm>
#include <limits>
#include <set>

#include "base/check.h"
#include "base/duration.h"
#include "formats/timestamp.h"

namespace tailrace::sql {

using columns::Batch;
using columns::Column;

void EventTimeStats::add(int64_t time_us) {
  least = count == 0 ? time_us : std::min(least, time_us);
  greatest = count == 0 ? time_us : std::max(greatest, time_us);
  sum_ms += floor_div(time_us, kMicrosPerMilli);
  count++;
}

void EventTimeStats::merge(const EventTimeStats& other) {
  if (other.count == 0) return;
  least = count == 0 ? other.least : std::min(least, other.least);
  greatest = count == 0 ? other.greatest : std::max(greatest, other.greatest);
  sum_ms += other.sum_ms;
  count += other.count;
}

void BlockRows::clear() {
  batch = nullptr;
  rows.clear();
  rejected.clear();
  times = {};
  arena.clear();
  errors.clear();
}

namespace {

void run_filter(const Expr& filter, const Batch& batch, std::vector<uint32_t>& rows,
                EvalContext& context, std::vector<RejectedRow>& rejected) {
  Column scratch;
  const Column& keep = evaluated(filter, batch, rows, context, scratch);
  drop_failed(*context.errors, rows, rejected);
  std::erase_if(rows, [&](uint32_t row) { return keep.nulls[row] != 0 || keep.ints[row] == 0; });
}

void run_projection(const std::vector<ExprPtr>& columns, const Batch& batch, columns::Rows rows,
                    EvalContext& context, Batch& out) {
  out.rows = batch.rows;
  out.columns.resize(columns.size());
  for (size_t i = 0; i < columns.size(); i++)
    columns[i]->evaluate(batch, rows, context, out.columns[i]);
}

// The usual block: every row has a time, and none is from the future.
bool all_times_good(const Column& time, const RowOptions& options, columns::Rows rows) {
  bool good = true;
  for (const uint32_t row : rows)
    good &= time.nulls[row] == 0 && time.ints[row] <= options.future_limit_us;
  return good;
}

void reject_time(const Column& time, const RowOptions& options, BlockRows& out) {
  if (all_times_good(time, options, out.rows)) return;
  std::erase_if(out.rows, [&](uint32_t row) {
    if (time.is_null(row)) {
      if (!options.needs_time) return false;
      if (!options.null_time_is_epoch)
        out.rejected.push_back(
            {row, formats::BadReason::kNoTime, "the event time is missing or null"});
      else
        out.times.add(0);
      return true;
    }
    if (time.ints[row] <= options.future_limit_us) return false;
    out.rejected.push_back(
        {row, formats::BadReason::kFuture,
         "ahead of the clock by " + format_duration(time.ints[row] - options.batch_time_us)});
    return true;
  });
}

void observe_time(const Column& time, const RowOptions& options, BlockRows& out) {
  int64_t greatest = std::numeric_limits<int64_t>::min();
  if (options.running_greatest) out.running_greatest.resize(time.size);
  out.event_times.resize(time.size);
  for (const uint32_t row : out.rows) {
    if (options.running_greatest) out.running_greatest[row] = greatest;
    if (time.is_null(row)) {
      out.event_times[row] = 0;
      if (options.null_time_is_epoch) out.times.add(0);
      continue;
    }
    const int64_t at = time.ints[row];
    out.event_times[row] = at;
    greatest = std::max(greatest, at);
    out.times.add(at);
  }
}

}  // namespace

void drop_failed(RowErrors& errors, std::vector<uint32_t>& rows,
                 std::vector<RejectedRow>& rejected) {
  if (errors.empty()) return;
  std::set<uint32_t> failed;
  for (const RowErrors::Entry& entry : errors.entries())
    if (failed.insert(entry.row).second)  // a row's first message counts
      rejected.push_back({entry.row, formats::BadReason::kBadExpression, entry.message});
  std::erase_if(rows, [&](uint32_t row) { return failed.contains(row); });
  errors.clear();
}

const Batch* run_steps(const std::vector<Step>& steps, const Batch* batch,
                       std::vector<uint32_t>& rows, EvalContext& context,
                       std::vector<Batch>& projected, size_t& used,
                       std::vector<RejectedRow>& rejected) {
  for (const Step& step : steps) {
    if (step.filter) {
      run_filter(*step.filter, *batch, rows, context, rejected);
      continue;
    }
    // Reserved by the caller, so that earlier batches stay where they are.
    CHECK(used < projected.size());
    Batch& out = projected[used++];
    run_projection(step.columns, *batch, rows, context, out);
    drop_failed(*context.errors, rows, rejected);
    batch = &out;
  }
  return batch;
}

void run_row_stage(const Query& query, const RowOptions& options, const formats::Decoded& decoded,
                   BlockRows& out) {
  out.clear();
  out.projected.resize(query.prepare.size() + query.after_watermark.size());
  out.context.batch_time_us = options.batch_time_us;
  size_t used = 0;
  out.rows.resize(decoded.batch.rows);
  for (uint32_t row = 0; row < out.rows.size(); row++) out.rows[row] = row;
  const auto run = [&](const std::vector<Step>& steps, const Batch* batch) {
    return run_steps(steps, batch, out.rows, out.context, out.projected, used, out.rejected);
  };
  const Batch* batch = run(query.prepare, &decoded.batch);
  batch = run(query.before_watermark, batch);
  if (query.event_time >= 0) {
    const Column& time = batch->columns[static_cast<size_t>(query.event_time)];
    reject_time(time, options, out);
    if (options.keep_times) observe_time(time, options, out);
  }
  out.batch = run(query.after_watermark, batch);
}

}  // namespace tailrace::sql
