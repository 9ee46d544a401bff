// JobFixture: a query bound once, and runs of it put together as cli does it for
// `--available-now --checkpoint /ckpt --to /out/rows.jsonl`: real FileSource, sink, ledger and
// checkpoint over the Filesystem of a test. A run is one process's life: everything is made anew.
// Header-only; whoever includes it links tailrace_engine. A query that does not bind throws.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "engine/job.h"
#include "formats/ddl.h"
#include "offsets/file_source.h"
#include "sinks/ledger.h"
#include "sinks/make_sink.h"
#include "sql/bind/bind.h"
#include "support/manual_clock.h"

namespace tailrace::test {

struct JobCase {
  std::string name;
  sql::QueryRequest request;  // over the columns of kJobSchema
  engine::WatermarkMode watermark = engine::WatermarkMode::kRow;
  std::optional<int64_t> delay_us;
  offsets::Limits limits;
  std::string format = "jsonl";
  size_t threads = 1;
  uint64_t block_bytes = 256 << 10;
};

inline constexpr const char* kJobSchema = "ts TIMESTAMP, k STRING, v DOUBLE, n BIGINT, u STRING";
inline constexpr const char* kJobOutput = "/out/rows.jsonl";
inline constexpr const char* kJobLedger = "/out/ledger.jsonl";
inline constexpr const char* kJobCheckpoint = "/ckpt";

class JobFixture {
 public:
  explicit JobFixture(JobCase one) : case_(std::move(one)) {
    input_ = sql::InputSchema{formats::parse_ddl(kJobSchema).value(), false};
    parsed_ = sql::parse_request(case_.request).value();
    query_ = sql::bind(*parsed_, input_, {formats::TimeZone(), true}).value();
  }

  const JobCase& job_case() const { return case_; }
  // What the checkpoint said when it was opened, over all runs: empty unless something was
  // repaired.
  const std::vector<std::string>& notices() const { return notices_; }

  // One process over the files of /in. `start` is what its clock says throughout.
  Status run(io::Filesystem& files, engine::AtEof at_eof, WallTime start,
             engine::Outcome& outcome) {
    auto checkpoint = TRY(checkpoint::Checkpoint::open(files, kJobCheckpoint, metadata()));
    const Status status = run_with(files, checkpoint, at_eof, start, outcome);
    if (!status) static_cast<void>(checkpoint.write_error(status.error().message));
    return status;
  }

 private:
  class NoStream : public io::OutputStream {
   public:
    Status write(std::string_view) override { return fail("standard output: not in this test"); }
    bool is_terminal() const override { return false; }
  };

  // Given, not random, so that the files of two checkpoints can be compared byte for byte.
  checkpoint::Metadata metadata() const {
    checkpoint::Metadata wanted;
    wanted.id = "00000000-0000-4000-8000-000000000000";
    wanted.hash_seed = 42;
    wanted.partitions = 4;
    wanted.query["sql"] = query_.sql;
    wanted.schema_ddl = kJobSchema;
    wanted.created = "2024-01-01T00:00:00.000Z";
    return wanted;
  }

  Status run_with(io::Filesystem& files, checkpoint::Checkpoint& checkpoint, engine::AtEof at_eof,
                  WallTime start, engine::Outcome& outcome) {
    ManualClock clock(start);
    offsets::FileSourceOptions input;
    input.operands = {"/in"};
    input.has_checkpoint = true;
    input.freeze = true;
    offsets::FileSource source(files, clock, std::move(input));
    const auto sink = TRY(sinks::make_sink(sink_options(), files, no_stream_));
    sinks::LedgerOptions book;
    book.bad_path = book.late_path = kJobLedger;
    book.has_checkpoint = true;
    book.start_file = checkpoint.sinks_directory() + "/ledger";
    sinks::Ledger ledger(files, book);
    const auto row_format =
        sinks::make_row_format(case_.format, query_.schema, formats::TimeZone());

    engine::Job job;
    job.query = &query_;
    job.mode = case_.request.mode;
    job.hash_seed = checkpoint.metadata().hash_seed;
    job.partitions = checkpoint.metadata().partitions;
    job.source = &source;
    job.limits = case_.limits;
    job.make_decoder = [this] { return formats::json_lines_decoder(decode_options()); };
    job.ledger = &ledger;
    job.trigger.kind = trigger::Trigger::Kind::kAvailableNow;
    job.delay_us = case_.delay_us;
    job.watermark_mode = case_.watermark;
    job.at_eof = at_eof;
    job.checkpoint = &checkpoint;
    job.files = &files;
    job.sink = sink.get();
    job.row_format = row_format.get();
    job.clock = &clock;
    job.threads = case_.threads;
    job.block_bytes = case_.block_bytes;
    job.id = checkpoint.metadata().id;
    job.run_id = job.id;
    job.on_notice = [this](const std::string& text) { notices_.push_back(text); };
    return engine::run(job, outcome);
  }

  sinks::SinkOptions sink_options() const {
    sinks::SinkOptions sink;
    sink.format = case_.format;
    sink.path = kJobOutput;
    sink.schema = query_.schema;
    sink.has_checkpoint = true;
    sink.complete = case_.request.mode == sql::OutputMode::kComplete;
    sink.start_file = std::string(kJobCheckpoint) + "/sinks/rows";
    return sink;
  }

  formats::DecodeOptions decode_options() const {
    formats::DecodeOptions decode;
    decode.schema = query_.fields;
    decode.readings = query_.readings;
    decode.known = input_.fields;
    return decode;
  }

  JobCase case_;
  std::shared_ptr<const sql::ParsedRequest> parsed_;
  sql::InputSchema input_;
  sql::Query query_;
  NoStream no_stream_;
  std::vector<std::string> notices_;
};

}  // namespace tailrace::test
