// Job: one run, as meant: the six decisions and the machine's parts that it may touch. Plain data
// that borrows everything; cli puts it together, tests do so with stand-ins.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "formats/record_decoder.h"
#include "formats/row_format.h"
#include "io/clock.h"
#include "io/filesystem.h"
#include "offsets/source.h"
#include "sinks/ledger.h"
#include "sinks/sink.h"
#include "sql/pipeline/query.h"
#include "trigger/trigger.h"

namespace tailrace::engine {

enum class WatermarkMode : uint8_t { kRow, kBatch };
enum class AtEof : uint8_t { kClose, kKeep };

// --max-bad, --max-late: more than this ends the run with exit status 3.
struct Threshold {
  std::optional<uint64_t> count;
  std::optional<double> percent;  // of all rows so far, from 100 rows on
};

struct Job {
  // HOW
  const sql::Query* query = nullptr;
  sql::OutputMode mode = sql::OutputMode::kAppend;
  bool ansi = true;
  uint64_t hash_seed = 0;
  uint32_t partitions = 1;  // of the state, by hash

  // WHAT
  offsets::Source* source = nullptr;
  offsets::Limits limits;
  std::function<std::unique_ptr<formats::RecordDecoder>()> make_decoder;  // one a worker
  uint64_t line_bytes_max = 16 << 20;
  bool is_pipe = false;             // what was read of it is nowhere else: a stop still runs it
  bool fail_on_bad = false;         // --bad fail
  bool permissive = false;          // --bad null
  sinks::Ledger* ledger = nullptr;  // may be null
  Threshold max_bad;

  // WHEN
  trigger::Trigger trigger;

  // FORGET
  std::optional<int64_t> delay_us;  // --watermark
  WatermarkMode watermark_mode = WatermarkMode::kRow;
  AtEof at_eof = AtEof::kClose;
  std::optional<int64_t> max_ahead_us;
  bool fail_on_late = false;
  Threshold max_late;

  // COMPLETE
  checkpoint::Checkpoint* checkpoint = nullptr;  // may be null
  io::Filesystem* files = nullptr;

  // Output
  sinks::Sink* sink = nullptr;
  const formats::RowFormat* row_format = nullptr;  // null: the sink takes columns only

  // The machine
  io::Clock* clock = nullptr;
  std::function<int()> stop_signal = [] { return 0; };
  size_t threads = 1;
  uint64_t block_bytes = 256 << 10;

  // Seeing
  std::string id;  // of the query
  std::string run_id;
  std::string name;
  bool wants_progress = false;
  std::function<Status(const std::string&)> on_progress;  // one JSON line a batch
  std::function<void(const std::string&)> on_notice;
};

// A field that neither the query nor the sample named.
struct UnseenField {
  std::string name;
  std::string place;  // "path:line"
};

// Where the time went, for --stats, in micros of all workers together.
struct StageTimes {
  int64_t read = 0;
  int64_t decode = 0;
  int64_t rows = 0;
  int64_t group = 0;
  int64_t emit = 0;
  int64_t commit = 0;
};

// Totals of a run.
struct Outcome {
  uint64_t batches = 0;
  uint64_t rows_in = 0;
  uint64_t rows_out = 0;
  uint64_t rows_out_before = 0;  // in earlier runs on this checkpoint
  uint64_t bad_rows = 0;
  uint64_t late_rows = 0;
  uint64_t future_rows = 0;
  uint64_t bytes = 0;
  std::vector<UnseenField> unknown_fields;
  std::string first_bad;  // "path:line: reason", for the summary
  std::string exceeded;   // which threshold, empty: none
  int64_t watermark_us = INT64_MIN;
  uint64_t open_groups = 0;
  StageTimes times;
};

// Runs the job to its end. The outcome is filled as far as the run came, also when it fails.
Status run(const Job& job, Outcome& outcome);

}  // namespace tailrace::engine
