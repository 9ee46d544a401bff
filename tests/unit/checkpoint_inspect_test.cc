// What show, status and reset say and do.
#include "checkpoint/inspect.h"

#include <doctest/doctest.h>

#include "checkpoint/checkpoint.h"
#include "io/process.h"
#include "support/memory_filesystem.h"
#include "watermark/watermark.h"

namespace tailrace::checkpoint {

namespace {

using test::MemoryFilesystem;

Metadata sample() {
  Metadata metadata;
  metadata.id = "f81d4fae-7dec-4d00-a765-00a0c91e6bf6";
  metadata.query = {{"sql", "SELECT *\nFROM input"}, {"window", "5m"}};
  metadata.hash_seed = 42;
  metadata.partitions = 2;
  metadata.schema_ddl = "a BIGINT";
  metadata.created = "2024-01-01T00:00:00.000Z";
  return metadata;
}

Checkpoint open(io::Filesystem& files) {
  auto checkpoint = Checkpoint::open(files, "/c", sample());
  REQUIRE_MESSAGE(checkpoint, checkpoint.error().message);
  return std::move(*checkpoint);
}

BatchPlan plan_of(int64_t batch) {
  BatchPlan plan;
  plan.batch = batch;
  plan.end_positions = "{\"-\":" + std::to_string(1000 + batch) + "}";
  return plan;
}

void run_batch(Checkpoint& checkpoint, int64_t watermark_us = 1'704'067'500'250'000) {
  const int64_t batch = checkpoint.next_batch();
  REQUIRE(checkpoint.write_plan(plan_of(batch)));
  BatchCommit commit;
  commit.batch = batch;
  commit.next_watermark_us = watermark_us;
  commit.counters = {{"badRows", 3}, {"lateRows", 1}};
  REQUIRE(checkpoint.write_commit(commit));
  REQUIRE(checkpoint.append_progress("{\"batchId\":" + std::to_string(batch) +
                                     ",\"timestamp\":\"2024-01-01T00:10:00.000Z\"}"));
}

Inspection look(io::Filesystem& files) {
  auto inspection = inspect(files, "/c");
  REQUIRE_MESSAGE(inspection, inspection.error().message);
  return std::move(*inspection);
}

}  // namespace

TEST_CASE("show names the query, batches, offsets, watermark, state and progress") {
  MemoryFilesystem files;
  {
    Checkpoint checkpoint = open(files);
    run_batch(checkpoint);
  }
  files.put("/c/state/0/0.delta", "12345");
  files.put("/c/state/1/0.delta", "123");
  CHECK(show_text(look(files)) ==
        "id          f81d4fae-7dec-4d00-a765-00a0c91e6bf6\n"
        "made        2024-01-01T00:00:00.000Z\n"
        "sql         SELECT *\n"
        "            FROM input\n"
        "window      5m\n"
        "columns     a BIGINT\n"
        "running     no\n"
        "batches     0 is the last complete one\n"
        "watermark   2024-01-01T00:05:00.250Z\n"
        "offsets     - 1000\n"
        "counters    badRows 3, lateRows 1\n"
        "state       8 bytes in 2 files\n"
        "            state/0/0.delta 5\n"
        "            state/1/0.delta 3\n"
        "progress    {\"batchId\":0,\"timestamp\":\"2024-01-01T00:10:00.000Z\"}\n");
  CHECK(
      show_json(look(files)) ==
      R"({"checkpoint":"/c","id":"f81d4fae-7dec-4d00-a765-00a0c91e6bf6","name":null,"running":false,"pid":null,)"
      R"("lastBatch":0,"watermark":"2024-01-01T00:05:00.250Z",)"
      R"("lastProgress":{"batchId":0,"timestamp":"2024-01-01T00:10:00.000Z"},"lastError":null,)"
      R"("created":"2024-01-01T00:00:00.000Z","query":{"sql":"SELECT *\nFROM input","window":"5m"},)"
      R"("schema":"a BIGINT","partitions":2,"unfinishedBatch":null,"offsets":{"-":1000},)"
      R"("counters":{"badRows":3,"lateRows":1},"stateBytes":8,)"
      R"("stateFiles":{"state/0/0.delta":5,"state/1/0.delta":3}})");
}

TEST_CASE("looking changes nothing and works while a query runs") {
  MemoryFilesystem files;
  Checkpoint checkpoint = open(files);
  CHECK(show_text(look(files)).find("batches     none is complete\n") != std::string::npos);
  run_batch(checkpoint, watermark::kNone);
  REQUIRE(checkpoint.write_plan(plan_of(1)));
  REQUIRE(checkpoint.write_error("/log: gone"));
  const uint64_t operations = files.operations();
  const std::string pid = std::to_string(io::process_id());
  CHECK(status_text(look(files)) ==
        "/c: running: yes, process " + pid +
            "; batches: 0 is the last complete one; 1 is running; " +
            "watermark: none; last progress: 2024-01-01T00:10:00.000Z; last error: /log: gone\n");
  CHECK(
      status_json(look(files)) ==
      R"({"checkpoint":"/c","id":"f81d4fae-7dec-4d00-a765-00a0c91e6bf6","name":null,"running":true,"pid":)" +
          pid +
          R"(,"lastBatch":0,"watermark":null,)"
          R"("lastProgress":{"batchId":0,"timestamp":"2024-01-01T00:10:00.000Z"},)"
          R"("lastError":"/log: gone"})");
  CHECK(files.operations() == operations);
}

TEST_CASE("what the next run would drop as torn does not count, damage is named") {
  MemoryFilesystem files;
  {
    Checkpoint checkpoint = open(files);
    run_batch(checkpoint);
    run_batch(checkpoint);
  }
  files.put("/c/commits/1", "v1\n");
  CHECK(look(files).last_commit->batch == 0);
  CHECK(look(files).unfinished_plan->batch == 1);
  files.put("/c/offsets/1", "");
  CHECK(!look(files).unfinished_plan);
  files.put("/c/commits/0", "rubbish\n");
  CHECK(inspect(files, "/c").error().kind == ErrorKind::kDamage);
  CHECK(!inspect(files, "/none"));
  CHECK(inspect(files, "/c/state").error().message ==
        "/c/state: not a checkpoint (there is no metadata in it); name the directory that "
        "--checkpoint named");
}

TEST_CASE("reset removes the checkpoint's own files only") {
  MemoryFilesystem files;
  {
    Checkpoint checkpoint = open(files);
    run_batch(checkpoint);
    REQUIRE(checkpoint.write_error("x"));
    CHECK(reset(files, "/c").error().kind == ErrorKind::kBusy);
  }
  files.put("/c/state/0/0.delta", "12345");
  files.put("/c/spool/0", "bytes");
  files.put("/c/sinks/start", "0");
  files.put("/c/notes.txt", "mine");
  REQUIRE(reset(files, "/c"));
  CHECK(files.paths() == std::vector<std::string>{"/c/notes.txt"});
  CHECK(files.after_crash(test::Loss::kStrict).paths() == std::vector<std::string>{"/c/notes.txt"});
  CHECK(reset(files, "/c").error().message ==
        "/c: not a checkpoint (there is no metadata in it), so nothing was removed; name the "
        "directory that --checkpoint named");
}

TEST_CASE("an interrupted reset never leaves something to start on, and can be run again") {
  for (uint64_t at = 0;; ++at) {
    CAPTURE(at);
    MemoryFilesystem files;
    {
      Checkpoint checkpoint = open(files);
      run_batch(checkpoint);
    }
    files.crash_at(files.operations() + at);
    const bool finished = reset(files, "/c").has_value();
    for (uint64_t seed = 0; seed < 10; ++seed) {
      MemoryFilesystem next = files.after_crash(test::Loss::kPartial, seed);
      const auto opened = Checkpoint::open(next, "/c", sample());
      if (opened) {
        // Either nothing had happened yet, or everything.
        CHECK((opened->is_new() || opened->next_batch() == 1));
        continue;
      }
      CAPTURE(opened.error().message);
      CHECK(opened.error().message ==
            "/c: a reset was interrupted; run 'tailrace checkpoint reset /c' again");
      REQUIRE(reset(next, "/c"));
      CHECK(next.paths().empty());
    }
    if (finished) break;
  }
}

}  // namespace tailrace::checkpoint
