// The loop: six decisions into committed batches. A batch is planned (and the plan made durable),
// run, its state saved, the sink committed, the commit made durable; recovery replays an unfinished
// plan.
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "engine/batch_run.h"
#include "engine/emitter.h"
#include "engine/job.h"
#include "engine/progress.h"
#include "engine/query_state.h"
#include "engine/retire.h"

namespace tailrace::engine {
namespace {

using offsets::Plan;
using trigger::SourceState;

constexpr int64_t kNothing = std::numeric_limits<int64_t>::min();
constexpr const char* kBytesRead = "bytesRead";  // a counter of the commit
constexpr const char* kDataFirst = "dataFirst";  // a note of the commit
constexpr int64_t kPollUs =
    100'000;  // how long a wait for data lasts before triggers are looked at again

class Run {
 public:
  Run(const Job& job, Outcome& outcome)
      : job_(job),
        outcome_(outcome),
        workers_(job.threads),
        state_(job, workers_),
        emitter_(job, state_.accumulators(), workers_),
        watermarks_(job.delay_us.value_or(0)),
        watermark_us_(row_mode() ? watermark::kNone : 0) {}

  Status run();

 private:
  bool row_mode() const { return job_.watermark_mode == WatermarkMode::kRow; }
  // What a stopped run owed comes first, unless that run would have gone on with input: a crash
  // must not put a batch between two others.
  bool owes_no_data() const { return owes_no_data_ && !(runs_ == 0 && data_first_); }
  bool stopping() const { return job_.stop_signal() != 0 || !outcome_.exceeded.empty(); }

  Status recover();
  Status loop();
  Status try_batch(bool no_data);
  Status drain();
  Status wait(const trigger::Decision& decision);
  bool owes_closing() const;
  Status close();

  enum class Kind : uint8_t { kData, kNoData, kClosing };
  Result<bool> plan_and_run(int64_t wait_us);
  Status start_batch(const Plan& plan, Kind kind);
  Status start_empty_batch(Kind kind);
  checkpoint::BatchPlan plan_record(const Plan& plan, Kind kind) const;
  Status run_batch(const checkpoint::BatchPlan& record, const Plan& plan);
  Status run_blocks(const checkpoint::BatchPlan& record, const Plan& plan, BatchCounts& counts);
  void expect_partitions(const Plan& plan);
  int64_t evict_until(const checkpoint::BatchPlan& record) const;
  void move_watermark(const checkpoint::BatchPlan& record, const BatchCounts& counts,
                      int64_t greatest_closed);
  Status commit(const checkpoint::BatchPlan& record, const Plan& plan, const BatchCounts& counts);
  Status write_kept_rows(BatchCounts& counts);
  void add_to_outcome(const BatchCounts& counts);
  Status report_progress(const BatchReport& report, const BatchCounts& counts);
  void check_thresholds();

  const Job& job_;
  Outcome& outcome_;
  Workers workers_;
  QueryState state_;
  Emitter emitter_;
  std::vector<std::unique_ptr<BlockStage>> stages_;
  std::vector<std::unique_ptr<Block>> blocks_;
  std::optional<Retirer::Kept> kept_;  // ORDER BY without aggregation

  watermark::PartitionWatermarks watermarks_;  // row mode
  int64_t watermark_us_;                       // the next batch's, for eviction
  int64_t late_watermark_us_ = 0;              // batch mode: the one of the batch before
  int64_t next_batch_ = 0;
  std::string positions_;
  bool owes_no_data_ = false;
  bool data_first_ = false;  // the run before was stopped with input still before it
  uint64_t runs_ = 0;        // batches of this run
  SourceState source_ = SourceState::kUnknown;
  std::optional<int64_t> last_start_us_;
  std::map<std::string, int64_t> totals_;  // over the checkpoint's life
};

// recovery:
//   the state is that of the last commit C; what is newer is ignored and overwritten
//   the sink and the ledger are cut back to what C noted
//   a plan C + 1 without commit runs again exactly as written, under the same number
Status Run::recover() {
  if (job_.checkpoint == nullptr) return job_.source->restore("");
  for (const std::string& notice : job_.checkpoint->notices())
    if (job_.on_notice) job_.on_notice(notice);
  next_batch_ = job_.checkpoint->next_batch();
  std::map<std::string, std::string> notes;
  std::string sink_note, ledger_note;
  if (const auto& last = job_.checkpoint->last_commit()) {
    watermark_us_ = last->next_watermark_us;
    std::map<uint32_t, int64_t> greatest;
    for (const auto& [name, us] : last->partition_max_us)
      greatest[static_cast<uint32_t>(std::stoul(name))] = us;
    watermarks_.restore(std::move(greatest), watermark_us_);
    owes_no_data_ = last->owes_no_data_batch;
    data_first_ = last->notes.contains(kDataFirst);
    totals_ = last->counters;
    outcome_.rows_out_before = static_cast<uint64_t>(totals_["rowsOut"]);
    sink_note = last->sink_note;
    const auto ledger = last->ledger_notes.find("ledger");
    if (ledger != last->ledger_notes.end()) ledger_note = ledger->second;
    const auto positions = last->notes.find("positions");
    positions_ = positions != last->notes.end() ? positions->second
                                                : job_.checkpoint->committed_plan()->end_positions;
    // Windows that a closing batch gave out are closed for the next batch already.
    const auto& committed = job_.checkpoint->committed_plan();
    late_watermark_us_ = committed->closing ? watermark_us_ : committed->watermark_us;
  }
  TRY(job_.source->restore(positions_));
  TRY(state_.load(next_batch_ - 1));
  TRY(job_.sink->recover(sink_note));
  if (job_.ledger != nullptr) TRY(job_.ledger->recover(ledger_note));
  if (const auto& unfinished = job_.checkpoint->unfinished_plan()) {
    const checkpoint::BatchPlan record = *unfinished;
    Plan plan;
    plan.positions = record.end_positions;
    if (!record.no_data && !record.closing)
      plan = TRY(job_.source->replay(record.begin_positions, record.end_positions));
    late_watermark_us_ = record.late_watermark_us;
    watermark_us_ = record.watermark_us;
    return run_batch(record, plan);
  }
  return {};
}

Status Run::run() {
  if (!job_.query->aggregation && !job_.query->order_by.empty()) {
    kept_.emplace();
    columns::Schema schema = job_.query->schema;
    schema.insert(schema.end(), job_.query->order_columns.begin(), job_.query->order_columns.end());
    kept_->rows = columns::make_batch(schema);
  }
  TRY(recover());
  TRY(loop());
  TRY(close());
  outcome_.open_groups = state_.open_groups();
  outcome_.watermark_us = row_mode() ? watermarks_.value() : watermark_us_;
  for (const auto& stage : stages_) {
    outcome_.times.read += stage->times().read;
    outcome_.times.decode += stage->times().decode;
    outcome_.times.rows += stage->times().rows;
    outcome_.times.group += stage->times().group;
  }
  return job_.sink->finish();
}

Status Run::loop() {
  while (true) {
    const trigger::Moment moment{
        runs_, job_.clock->monotonic_us(), last_start_us_, source_, owes_no_data(), stopping()};
    const trigger::Decision decision = trigger::decide(job_.trigger, moment);
    if (decision.kind == trigger::Decision::Kind::kFinish) return drain();
    if (decision.kind == trigger::Decision::Kind::kWaitUntil) {
      TRY(wait(decision));
      continue;
    }
    TRY(try_batch(decision.no_data));
  }
}

// After a signal a pipe gives only what was taken from it before.
Status Run::drain() {
  if (job_.stop_signal() == 0 || !job_.is_pipe) return {};
  while (TRY(plan_and_run(0))) continue;
  return {};
}

// Asks the source and runs what it has. True: a batch ran.
Result<bool> Run::plan_and_run(int64_t wait_us) {
  const Plan plan = TRY(job_.source->plan(job_.limits, wait_us));
  if (plan.state == Plan::State::kReady) {
    last_start_us_ = job_.clock->monotonic_us();
    source_ = SourceState::kReady;
    TRY(start_batch(plan, Kind::kData));
    // The end of finite input is asked for at once: the next tick could bring nothing but the wait.
    const bool at_end =
        job_.trigger.kind == trigger::Trigger::Kind::kEvery && plan.unfinished.empty();
    return at_end ? plan_and_run(0) : true;
  }
  source_ = plan.state == Plan::State::kFinished ? SourceState::kFinished : SourceState::kNothing;
  expect_partitions(plan);
  return false;
}

Status Run::try_batch(bool no_data) {
  last_start_us_ = job_.clock->monotonic_us();
  if (!no_data && TRY(plan_and_run(0))) return {};
  if (!owes_no_data_ || job_.trigger.kind == trigger::Trigger::Kind::kOnce) return {};
  return start_empty_batch(Kind::kNoData);
}

Status Run::start_empty_batch(Kind kind) {
  Plan nothing;
  nothing.positions = positions_;
  return start_batch(nothing, kind);
}

Status Run::start_batch(const Plan& plan, Kind kind) {
  const checkpoint::BatchPlan record = plan_record(plan, kind);
  if (job_.checkpoint != nullptr) TRY(job_.checkpoint->write_plan(record));
  return run_batch(record, plan);
}

// For triggers without a grid data ends the wait: the source is asked with a time limit.
Status Run::wait(const trigger::Decision& decision) {
  TRY(job_.sink->flush());
  const int64_t now = job_.clock->monotonic_us();
  if (job_.trigger.kind == trigger::Trigger::Kind::kEvery) {
    job_.clock->sleep_until(decision.until_us);
    return {};
  }
  const int64_t wait_us = std::min(decision.until_us - std::min(now, decision.until_us), kPollUs);
  TRY(plan_and_run(wait_us));
  return {};
}

bool Run::owes_closing() const {
  if (!outcome_.exceeded.empty()) return false;
  if (kept_) return true;
  if (job_.at_eof != AtEof::kClose || state_.is_stateless()) return false;
  const sql::Aggregation& aggregation = *job_.query->aggregation;
  const bool global = aggregation.keys.empty() && !aggregation.window;
  if (job_.mode == sql::OutputMode::kAppend) return global || state_.open_groups() > 0;
  return global && next_batch_ == 0;  // its one row, over no rows at all
}

// The end of a run with --at-eof close: what is open is final now. One more batch, without input.
Status Run::close() {
  if (!owes_closing()) return {};
  const bool append = job_.mode == sql::OutputMode::kAppend;
  return start_empty_batch(append || kept_ ? Kind::kClosing : Kind::kNoData);
}

checkpoint::BatchPlan Run::plan_record(const Plan& plan, Kind kind) const {
  checkpoint::BatchPlan record;
  record.batch = next_batch_;
  record.begin_positions = positions_;
  record.end_positions = plan.positions;
  record.watermark_us = watermark_us_;
  record.late_watermark_us = late_watermark_us_;
  for (const auto& [partition, us] : watermarks_.greatest_by_partition())
    record.partition_max_us[std::to_string(partition)] = us;
  record.clock_us = job_.clock->now().us;
  record.no_data = kind != Kind::kData;
  record.closing = kind == Kind::kClosing;
  return record;
}

// With a checkpoint and --at-eof keep every file may grow before the next run, so none is ever
// finished.
void Run::expect_partitions(const Plan& plan) {
  const bool may_grow = job_.checkpoint != nullptr && job_.at_eof == AtEof::kKeep;
  for (const uint32_t partition : plan.unfinished) watermarks_.expect(partition);
  for (const offsets::Range& range : plan.ranges) watermarks_.expect(range.partition);
  for (const uint32_t partition : plan.finished) {
    const bool has_rows = std::ranges::any_of(plan.ranges, [&](const offsets::Range& range) {
      return range.partition == partition && range.begin < range.end;
    });
    if (may_grow)
      watermarks_.expect(partition);
    else if (!has_rows)
      watermarks_.finish(partition);
  }
}

Status Run::run_blocks(const checkpoint::BatchPlan& record, const Plan& plan, BatchCounts& counts) {
  const sql::Query& query = *job_.query;
  sql::RowOptions options;
  options.needs_time = query.aggregation && query.aggregation->window && query.event_time >= 0;
  options.null_time_is_epoch = job_.permissive;
  options.keep_times = job_.delay_us.has_value();
  options.running_greatest = options.keep_times && row_mode();
  options.batch_time_us = record.clock_us;
  if (job_.max_ahead_us) options.future_limit_us = record.clock_us + *job_.max_ahead_us;
  sql::LateRule late_rule;
  late_rule.check = state_.expires();
  late_rule.closed = row_mode() ? record.watermark_us : record.late_watermark_us;
  late_rule.delay_us = job_.delay_us.value_or(0);
  const bool row_watermark = row_mode() && job_.delay_us;
  Plan run_plan = plan;
  if (job_.checkpoint != nullptr && job_.at_eof == AtEof::kKeep) run_plan.finished.clear();
  BatchRun run(job_, state_.accumulators(), workers_, stages_, blocks_, state_.target(),
               row_watermark ? &watermarks_ : nullptr);
  const bool closes_windows = row_watermark && state_.is_direct() && state_.expires();
  Retirer retirer(job_, counts, outcome_, emitter_, run, late_rule, closes_windows,
                  state_.target());
  if (kept_) retirer.keep_rows_in(&*kept_);
  return run.run(run_plan, static_cast<uint64_t>(totals_[kBytesRead]), options, late_rule, retirer);
}

int64_t Run::evict_until(const checkpoint::BatchPlan& record) const {
  if (record.closing) return job_.mode == sql::OutputMode::kAppend ? state::kNoEnd : kNothing;
  if (!state_.expires()) return kNothing;
  return row_mode() ? watermarks_.value() : record.watermark_us;
}

Status Run::run_batch(const checkpoint::BatchPlan& record, const Plan& plan) {
  BatchReport report;
  report.batch = record.batch;
  report.started = job_.clock->now();
  const int64_t start = job_.clock->monotonic_us();
  BatchCounts counts;
  TRY(job_.sink->begin_batch(record.batch));
  if (job_.ledger != nullptr) TRY(job_.ledger->begin_batch(record.batch));
  expect_partitions(plan);
  TRY(run_blocks(record, plan, counts));
  const int64_t ran = job_.clock->monotonic_us();

  const int64_t evict = evict_until(record);
  TRY(state_.save(record.batch, evict));
  QueryState::Due due = state_.finish_batch(evict, record.closing, counts);
  if (job_.mode == sql::OutputMode::kAppend && !state_.is_stateless())
    due.groups = emitter_.collect(due.tables, Emitter::Threads::kAll);
  int64_t greatest_closed = kNothing;
  for (const Emitter::Due& one : due.groups)
    if (record.closing && one.end != state::kNoEnd)
      greatest_closed = std::max(greatest_closed, one.end);
  const auto limit = job_.mode == sql::OutputMode::kAppend && job_.query->aggregation &&
                             job_.query->aggregation->window
                         ? Emitter::Limit::kPerWindow
                         : Emitter::Limit::kWhole;
  if (!state_.is_stateless())
    counts.rows_out +=
        TRY(emitter_.emit(due.groups, limit, Emitter::Threads::kAll, record.clock_us));
  if (record.closing && kept_) TRY(write_kept_rows(counts));
  const int64_t saved = job_.clock->monotonic_us();

  move_watermark(record, counts, greatest_closed);
  TRY(commit(record, plan, counts));
  add_to_outcome(counts);
  report.duration_us = job_.clock->monotonic_us() - start;
  report.running_us = ran - start;
  report.state_us = saved - ran;
  report.committing_us = job_.clock->monotonic_us() - saved;
  outcome_.times.emit += report.state_us;
  outcome_.times.commit += report.committing_us;
  report.has_watermark = job_.delay_us.has_value();
  report.watermark_us = row_mode() ? watermarks_.value() : record.watermark_us;
  report.start_offsets = job_.source->offsets_of(record.begin_positions);
  report.end_offsets = job_.source->offsets_of(record.end_positions);
  TRY(report_progress(report, counts));
  check_thresholds();
  return {};
}

void Run::move_watermark(const checkpoint::BatchPlan& record, const BatchCounts& counts,
                         int64_t greatest_closed) {
  late_watermark_us_ = record.watermark_us;
  owes_no_data_ = false;
  if (!job_.delay_us) return;
  if (row_mode()) {
    watermark_us_ = std::max(watermarks_.value(), greatest_closed);
    watermarks_.restore(watermarks_.greatest_by_partition(), watermark_us_);
    return;
  }
  const auto greatest =
      counts.times.count > 0 ? std::optional(counts.times.greatest) : std::nullopt;
  watermark_us_ = watermark::after_batch(watermark_us_, greatest, *job_.delay_us);
  watermark_us_ = std::max(watermark_us_, greatest_closed);
  owes_no_data_ =
      state_.follows_watermark() && !record.closing && watermark_us_ > record.watermark_us;
}

Status Run::commit(const checkpoint::BatchPlan& record, const Plan& plan,
                   const BatchCounts& counts) {
  checkpoint::BatchCommit commit;
  commit.sink_note = TRY(job_.sink->commit_batch(record.batch));
  if (job_.ledger != nullptr) commit.ledger_notes["ledger"] = TRY(job_.ledger->commit_batch());
  positions_ = job_.source->with_lines(plan.positions, counts.lines);
  next_batch_ = record.batch + 1;
  for (const offsets::Range& range : plan.ranges)
    totals_[kBytesRead] += static_cast<int64_t>(range.end - range.begin);
  if (job_.checkpoint == nullptr) return job_.source->committed(positions_);
  totals_["rowsIn"] += static_cast<int64_t>(counts.rows_in);
  totals_["rowsOut"] += static_cast<int64_t>(counts.rows_out);
  totals_["badRows"] += static_cast<int64_t>(counts.bad_rows);
  totals_["lateRows"] += static_cast<int64_t>(counts.late_rows);
  commit.batch = record.batch;
  commit.next_watermark_us = watermark_us_;
  for (const auto& [partition, us] : watermarks_.greatest_by_partition())
    commit.partition_max_us[std::to_string(partition)] = us;
  commit.owes_no_data_batch = owes_no_data_;
  commit.counters = totals_;
  commit.notes["positions"] = positions_;
  if (owes_no_data_ && !plan.unfinished.empty()) commit.notes[kDataFirst] = "yes";
  TRY(job_.checkpoint->write_commit(commit));
  TRY(job_.source->committed(positions_));
  return state_.maintain(record.batch);
}

Status Run::write_kept_rows(BatchCounts& counts) {
  std::vector<uint32_t> rows(kept_->rows.rows);
  for (uint32_t i = 0; i < rows.size(); i++) rows[i] = i;
  TRY(sql::sort_rows(job_.query->order_by, kept_->rows, 0, rows));
  columns::drop_columns(kept_->rows, job_.query->schema.size());
  if (job_.query->limit && rows.size() > *job_.query->limit) rows.resize(*job_.query->limit);
  counts.rows_out += rows.size();
  if (job_.row_format == nullptr) return job_.sink->write(kept_->rows, rows);
  Buffer formatted;
  job_.row_format->rows(kept_->rows, rows, formatted);
  return job_.sink->write_formatted(formatted.view(), rows.size());
}

void Run::add_to_outcome(const BatchCounts& counts) {
  runs_++;
  outcome_.batches++;
  outcome_.rows_in += counts.rows_in;
  outcome_.rows_out += counts.rows_out;
  outcome_.bad_rows += counts.bad_rows;
  outcome_.late_rows += counts.late_rows;
  outcome_.future_rows += counts.future_rows;
  outcome_.bytes += counts.bytes;
}

Status Run::report_progress(const BatchReport& report, const BatchCounts& counts) {
  if (!job_.wants_progress && job_.checkpoint == nullptr) return {};
  BatchReport full = report;
  full.unknown_fields = outcome_.unknown_fields.size();
  full.latest_offsets = job_.source->latest_offsets();
  const std::string json = progress_json(job_, full, counts);
  if (job_.checkpoint != nullptr) TRY(job_.checkpoint->append_progress(json));
  return job_.wants_progress && job_.on_progress ? job_.on_progress(json) : Status();
}

void Run::check_thresholds() {
  const uint64_t all = outcome_.rows_in + outcome_.bad_rows;
  const auto exceeds = [&](const Threshold& threshold, uint64_t count) {
    if (threshold.count && count > *threshold.count) return true;
    return threshold.percent && all >= 100 &&
           static_cast<double>(count) * 100 > *threshold.percent * static_cast<double>(all);
  };
  if (exceeds(job_.max_bad, outcome_.bad_rows))
    outcome_.exceeded = fmt::format("--max-bad: {} of {} rows were bad, more than it allows",
                                    outcome_.bad_rows, all);
  else if (exceeds(job_.max_late, outcome_.late_rows))
    outcome_.exceeded = fmt::format("--max-late: {} of {} rows were late, more than it allows",
                                    outcome_.late_rows, all);
}

}  // namespace

Status run(const Job& job, Outcome& outcome) { return Run(job, outcome).run(); }

}  // namespace tailrace::engine
