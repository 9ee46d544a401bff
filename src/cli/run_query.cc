// The main job: options to a Job, the run, and what is said about it.
#include "cli/run.h"

#include <fmt/format.h>

#include "checkpoint/checkpoint.h"
#include "cli/explain.h"
#include "cli/input.h"
#include "cli/messages.h"
#include "cli/query_setup.h"
#include "cli/summary.h"
#include "engine/job.h"
#include "formats/ddl.h"
#include "formats/timestamp.h"
#include "io/process.h"
#include "io/signals.h"
#include "sinks/make_sink.h"

namespace tailrace::cli {
namespace {

constexpr uint32_t kCheckpointPartitions = 16;
constexpr uint64_t kCommitBytes = uint64_t{16} << 20;
constexpr int kSignalStatus = 128;
constexpr int kThresholdStatus = 3;
constexpr int kClosedStatus = 141;  // what SIGPIPE would have given

std::string format_name(OutputFormat format) {
  static constexpr const char* kNames[] = {"jsonl", "csv", "tsv", "table", "console"};
  return kNames[static_cast<size_t>(format)];
}

// Everything that one run owns, made in order and torn down in reverse.
class QueryRun {
 public:
  QueryRun(const Options& options, const Machine& machine)
      : options_(options), machine_(machine), clock_(io::system_clock()) {}

  // Nullopt: --explain was answered.
  Result<std::optional<engine::Outcome>> run();
  const engine::Outcome& outcome() const { return outcome_; }
  int64_t wall_us() const { return clock_->monotonic_us() - start_us_; }

 private:
  void note(const std::string& text) const {
    if (options_.verbosity != Verbosity::kQuiet) say(machine_.errors, text);
  }
  Status open_checkpoint();
  Status open_outputs();
  Status open_progress();
  engine::Job job();
  uint32_t thread_count() const {
    return static_cast<uint32_t>(options_.threads > 0 ? options_.threads : io::processor_count());
  }

  const Options& options_;
  const Machine& machine_;
  std::unique_ptr<io::Clock> clock_;
  int64_t start_us_ = clock_->monotonic_us();
  std::optional<Input> input_;
  QuerySetup setup_;
  std::optional<checkpoint::Checkpoint> checkpoint_;
  std::unique_ptr<offsets::Source> source_;
  std::unique_ptr<sinks::Sink> sink_;
  std::unique_ptr<sinks::Ledger> ledger_;
  std::unique_ptr<formats::RowFormat> row_format_;
  std::unique_ptr<io::File> progress_file_;
  std::unique_ptr<io::OutputStream> progress_stream_;
  engine::Outcome outcome_;
};

Status QueryRun::open_checkpoint() {
  if (options_.checkpoint.empty()) return {};
  checkpoint::Metadata wanted;
  wanted.query = query_components(options_, *input_, setup_);
  wanted.partitions = kCheckpointPartitions;
  wanted.schema_ddl = formats::to_ddl(setup_.input.fields);
  if (setup_.input.inferred) wanted.extra["schema_inferred"] = "yes";
  if (!options_.name.empty()) wanted.extra["name"] = options_.name;
  char created[formats::kTimestampBytesMax];
  wanted.created = {created, formats::format_rfc3339(clock_->now().us, {}, created)};
  checkpoint_ = TRY(checkpoint::Checkpoint::open(machine_.files, options_.checkpoint, wanted));
  return {};
}

Status QueryRun::open_outputs() {
  const auto warn = [this](const std::string& text) { note(text); };
  sinks::SinkOptions sink;
  sink.format = format_name(options_.format);
  sink.path = options_.to;
  sink.schema = setup_.query.schema;
  sink.zone = options_.zone;
  sink.append = options_.append;
  sink.has_checkpoint = checkpoint_.has_value();
  sink.complete = options_.query.mode == sql::OutputMode::kComplete;
  sink.truncate = options_.truncate_values;
  sink.warn_on_data_loss = options_.on_data_loss == DataLoss::kWarn;
  if (checkpoint_) sink.start_file = checkpoint_->sinks_directory() + "/rows";
  sink.warn = warn;
  sink_ = TRY(sinks::make_sink(sink, machine_.files, machine_.output));
  if (sink_->takes_formatted())
    row_format_ = sinks::make_row_format(sink.format, sink.schema, sink.zone);
  if (options_.bad_ledger.empty() && options_.late_ledger.empty()) return {};
  sinks::LedgerOptions ledger;
  ledger.bad_path = options_.bad_ledger;
  ledger.late_path = options_.late_ledger;
  ledger.append = options_.append;
  ledger.has_checkpoint = checkpoint_.has_value();
  ledger.warn_on_data_loss = sink.warn_on_data_loss;
  if (checkpoint_) ledger.start_file = checkpoint_->sinks_directory() + "/ledger";
  ledger.warn = warn;
  ledger_ = std::make_unique<sinks::Ledger>(machine_.files, ledger);
  return {};
}

Status QueryRun::open_progress() {
  if (options_.progress_file)
    progress_file_ = TRY(machine_.files.open(*options_.progress_file, io::OpenMode::kAppend));
  if (options_.progress_descriptor)
    progress_stream_ = io::descriptor_output(*options_.progress_descriptor);
  return {};
}

engine::Threshold threshold(const std::optional<Threshold>& limit) {
  engine::Threshold result;
  if (!limit) return result;
  if (limit->count)
    result.count = limit->count;
  else
    result.percent = limit->percent;
  return result;
}

engine::Job QueryRun::job() {
  engine::Job job;
  job.query = &setup_.query;
  job.mode = options_.query.mode;
  job.ansi = options_.ansi;
  job.threads = thread_count();
  job.block_bytes = options_.block_bytes;
  job.hash_seed = checkpoint_ ? checkpoint_->metadata().hash_seed : io::random_seed();
  job.partitions = checkpoint_        ? checkpoint_->metadata().partitions
                   : job.threads == 1 ? 1
                                      : static_cast<uint32_t>(job.threads * 2);
  job.source = source_.get();
  job.is_pipe = input_->is_pipe();
  if (options_.trigger.kind != trigger::Trigger::Kind::kOnce) job.limits = options_.limits;
  job.trigger = options_.trigger;
  const bool paced = checkpoint_ && !options_.trigger_named && job.limits.files == 0 &&
                     job.limits.rows == 0 && job.limits.bytes == 0;
  if (paced) job.limits.bytes = kCommitBytes;
  job.make_decoder = [this] {
    formats::DecodeOptions decode = decode_options(options_, setup_);
    return options_.input_format == InputFormat::kKcat
               ? formats::kcat_decoder(std::move(decode))
               : formats::json_lines_decoder(std::move(decode));
  };
  job.line_bytes_max = options_.line_bytes_max;
  job.fail_on_bad = options_.bad == BadPolicy::kFail;
  job.permissive = options_.bad == BadPolicy::kNull;
  job.ledger = ledger_.get();
  job.max_bad = threshold(options_.max_bad);
  job.max_late = threshold(options_.max_late);
  job.delay_us = options_.watermark_us;
  job.watermark_mode = options_.watermark_mode == WatermarkMode::kRow
                           ? engine::WatermarkMode::kRow
                           : engine::WatermarkMode::kBatch;
  job.at_eof = options_.at_end == AtEnd::kClose ? engine::AtEof::kClose : engine::AtEof::kKeep;
  job.max_ahead_us = options_.max_ahead_us;
  job.fail_on_late = options_.late == LatePolicy::kFail;
  job.checkpoint = checkpoint_ ? &*checkpoint_ : nullptr;
  job.files = &machine_.files;
  job.sink = sink_.get();
  job.row_format = row_format_.get();
  job.clock = clock_.get();
  job.stop_signal = [] { return io::stop_signal(); };
  job.id = checkpoint_ ? checkpoint_->metadata().id : io::random_uuid();
  job.run_id = io::random_uuid();
  job.name = options_.name;
  job.wants_progress = progress_file_ != nullptr || progress_stream_ != nullptr;
  job.on_progress = [this](const std::string& json) {
    return progress_file_ ? progress_file_->append(json + "\n")
                          : progress_stream_->write(json + "\n");
  };
  job.on_notice = [this](const std::string& text) { note(text); };
  return job;
}

Result<std::optional<engine::Outcome>> QueryRun::run() {
  // Wrong SQL is found before anything is read; set_up_query parses it again, which costs nothing.
  TRY(sql::parse_request(options_.query));
  input_ = TRY(Input::choose(options_, machine_.files, *clock_));
  const auto existing = TRY(existing_metadata(options_, machine_.files));
  setup_ = TRY(set_up_query(options_, *input_, existing));
  if (options_.verbosity == Verbosity::kVerbose) {
    if (setup_.input.inferred) note("schema: " + formats::to_ddl(setup_.input.fields));
    for (const std::string& notice : setup_.query.notices) note(notice);
  }
  if (options_.explain) {
    TRY(machine_.output.write(explain_text(options_, *input_, setup_)));
    return std::nullopt;
  }
  TRY(open_checkpoint());
  TRY(open_outputs());
  TRY(open_progress());
  const std::string spool = checkpoint_ ? checkpoint_->spool_directory() : "";
  source_ =
      TRY(input_->make_source(options_, spool, [this](const std::string& text) { note(text); }));
  const Status status = engine::run(job(), outcome_);
  if (status) return outcome_;
  if (checkpoint_ && status.error().kind != ErrorKind::kClosed)
    (void)checkpoint_->write_error(status.error().message).has_value();
  return std::unexpected(status.error());
}

// One line, if somebody looks or something was not as it should be.
void say_summary(const Options& options, const engine::Outcome& outcome, const Machine& machine) {
  if (options.verbosity == Verbosity::kQuiet) return;
  for (const std::string& text : unknown_field_notes(outcome)) say(machine.errors, text);
  const bool notable = outcome.bad_rows > 0 || outcome.late_rows > 0;
  if (notable || machine.errors.is_terminal() || options.verbosity == Verbosity::kVerbose)
    say(machine.errors, summary_text(outcome));
}

}  // namespace

int run_query(const Options& options, const Machine& machine) {
  QueryRun query(options, machine);
  const auto outcome = query.run();
  if (!outcome) {
    if (outcome.error().kind == ErrorKind::kClosed)
      return options.checkpoint.empty() ? 0 : kClosedStatus;
    // The parser knows the query as --sql; the user of --sql-file knows it as the file.
    std::string message = outcome.error().message;
    constexpr std::string_view kSql = "--sql:";
    if (message.starts_with(kSql)) message.replace(0, kSql.size() - 1, options.sql_origin);
    say(machine.errors, message);
    return exit_status(outcome.error());
  }
  if (!*outcome) return 0;
  say_summary(options, **outcome, machine);
  if (options.stats) (void)machine.errors.write(stats_text(**outcome, query.wall_us())).has_value();
  if (!(*outcome)->exceeded.empty()) {
    say(machine.errors, (*outcome)->exceeded);
    return kThresholdStatus;
  }
  return io::stop_signal() != 0 ? kSignalStatus + io::stop_signal() : 0;
}

}  // namespace tailrace::cli
