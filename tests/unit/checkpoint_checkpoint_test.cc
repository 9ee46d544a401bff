// The life of a checkpoint: batches, crashes at every operation, a second holder, changed queries.
#include "checkpoint/checkpoint.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "io/process.h"
#include "support/memory_filesystem.h"

namespace tailrace::checkpoint {

namespace {

using test::Loss;
using test::MemoryFilesystem;

const std::string kDirectory = "/var/ckpt";

Metadata wanted() {
  Metadata metadata;
  metadata.query = {{"sql", "SELECT count(*) FROM input"}, {"window", "5m"}};
  metadata.partitions = 4;
  metadata.schema_ddl = "a BIGINT";
  return metadata;
}

BatchPlan plan_of(int64_t batch) {
  BatchPlan plan;
  plan.batch = batch;
  plan.begin_positions = batch == 0 ? "" : "{\"-\":" + std::to_string(batch) + "}";
  plan.end_positions = "{\"-\":" + std::to_string(batch + 1) + "}";
  plan.watermark_us = batch * 1000;
  return plan;
}

BatchCommit commit_of(int64_t batch) {
  BatchCommit commit;
  commit.batch = batch;
  commit.next_watermark_us = (batch + 1) * 1000;
  return commit;
}

Checkpoint open(io::Filesystem& files) {
  auto checkpoint = Checkpoint::open(files, kDirectory, wanted());
  REQUIRE_MESSAGE(checkpoint, checkpoint.error().message);
  return std::move(*checkpoint);
}

std::string open_message(io::Filesystem& files, const Metadata& metadata = wanted()) {
  const auto checkpoint = Checkpoint::open(files, kDirectory, metadata);
  return checkpoint ? "" : checkpoint.error().message;
}

// What a run got done before it ended.
struct Done {
  int64_t planned = -1;    // last batch whose plan was acknowledged
  int64_t committed = -1;  // last batch whose commit was
};

// Runs batches up to `last`, replaying first if need be, until something fails.
Done run_to(io::Filesystem& files, int64_t last) {
  Done done;
  auto checkpoint = Checkpoint::open(files, kDirectory, wanted());
  if (!checkpoint) return done;
  while (checkpoint->next_batch() <= last) {
    const int64_t batch = checkpoint->next_batch();
    if (!checkpoint->unfinished_plan() && !checkpoint->write_plan(plan_of(batch))) return done;
    done.planned = batch;
    if (!checkpoint->write_commit(commit_of(batch))) return done;
    done.committed = batch;
    if (!checkpoint->append_progress("{}")) return done;
  }
  return done;
}

int64_t last_committed(const Checkpoint& checkpoint) {
  return checkpoint.last_commit() ? checkpoint.last_commit()->batch : -1;
}

}  // namespace

TEST_CASE("a new checkpoint has an id, and its metadata comes back") {
  MemoryFilesystem files;
  std::string id;
  uint64_t seed = 0;
  {
    const Checkpoint checkpoint = open(files);
    CHECK(checkpoint.is_new());
    CHECK(checkpoint.next_batch() == 0);
    CHECK(!checkpoint.unfinished_plan());
    id = checkpoint.metadata().id;
    seed = checkpoint.metadata().hash_seed;
    CHECK(id.size() == 36);
    CHECK(seed != 0);
  }
  Metadata other = wanted();
  other.partitions = 9;
  const auto again = Checkpoint::open(files, kDirectory + "/", other);
  REQUIRE(again);
  CHECK(!again->is_new());
  CHECK(again->metadata().id == id);
  CHECK(again->metadata().hash_seed == seed);
  CHECK(again->metadata().partitions == 4);
  CHECK(again->metadata().schema_ddl == "a BIGINT");
}

TEST_CASE("a batch is complete with its commit, and an unfinished plan is kept as written") {
  MemoryFilesystem files;
  {
    Checkpoint checkpoint = open(files);
    REQUIRE(checkpoint.write_plan(plan_of(0)));
    CHECK(checkpoint.next_batch() == 0);
    REQUIRE(checkpoint.write_commit(commit_of(0)));
    CHECK(checkpoint.next_batch() == 1);
    REQUIRE(checkpoint.write_plan(plan_of(1)));
  }
  const Checkpoint again = open(files);
  CHECK(again.notices().empty());
  CHECK(again.next_batch() == 1);
  CHECK(again.last_commit()->next_watermark_us == 1000);
  CHECK(again.committed_plan()->end_positions == "{\"-\":1}");
  REQUIRE(again.unfinished_plan());
  CHECK(*to_json(*again.unfinished_plan()) == *to_json(plan_of(1)));
}

TEST_CASE("the files can be read by a person") {
  MemoryFilesystem files;
  run_to(files, 0);
  CHECK(files.paths() == std::vector<std::string>{"/var/ckpt/commits/0", "/var/ckpt/lock",
                                                  "/var/ckpt/metadata", "/var/ckpt/offsets/0",
                                                  "/var/ckpt/progress"});
  CHECK(files.bytes("/var/ckpt/offsets/0") ==
        "v1\n"
        R"({"batch":0,"begin":"","end":{"-":1},"watermarkUs":0,"lateWatermarkUs":0,)"
        R"("partitionMaxUs":{},"clockUs":0,"noData":false,"closing":false,"notes":{}})"
        "\ncrc32:52efa9c0\n");
}

TEST_CASE("crashed at any operation, the next start finds one of the two legal states") {
  constexpr int64_t kLast = 2;
  uint64_t operations = 0;
  {
    MemoryFilesystem files;
    REQUIRE(run_to(files, kLast).committed == kLast);
    operations = files.operations();
  }
  for (const Loss loss : {Loss::kNone, Loss::kStrict, Loss::kPartial}) {
    for (uint64_t at = 0; at < operations; ++at) {
      for (uint64_t seed = 0; seed < (loss == Loss::kPartial ? 20 : 1); ++seed) {
        CAPTURE(static_cast<int>(loss));
        CAPTURE(at);
        CAPTURE(seed);
        MemoryFilesystem files;
        files.crash_at(at);
        const Done done = run_to(files, kLast);
        REQUIRE(files.crashed());

        MemoryFilesystem next = files.after_crash(loss, seed);
        {
          const auto found = Checkpoint::open(next, kDirectory, wanted());
          REQUIRE_MESSAGE(found, found.error().message);
          const int64_t committed = last_committed(*found);
          const int64_t planned = found->unfinished_plan() ? committed + 1 : committed;
          CHECK(committed >= done.committed);
          CHECK(committed <= done.planned);
          CHECK(planned >= done.planned);
          CHECK(planned <= done.committed + 1);
        }
        // A second crash, in the recovery or behind it, and then to the end.
        next.crash_at(next.operations() + at % 5);
        run_to(next, kLast);
        MemoryFilesystem last = next.after_crash(loss, seed + 1);
        run_to(last, kLast);
        CHECK(last_committed(open(last)) == kLast);
        CHECK(open(last).notices().empty());
      }
    }
  }
}

TEST_CASE("a full disk fails the write, and the next run goes on") {
  uint64_t failures = 0;
  for (uint64_t at = 1; at < 20; ++at) {
    CAPTURE(at);
    MemoryFilesystem files;
    files.fail_at(at, ErrorKind::kFull);
    if (run_to(files, 1).committed < 1) ++failures;
    files.fail_at(0, ErrorKind::kFull);
    run_to(files, 1);
    CHECK(last_committed(open(files)) == 1);
  }
  CHECK(failures > 10);
}

TEST_CASE("a second run is refused at once, naming the first") {
  MemoryFilesystem files;
  {
    const Checkpoint first = open(files);
    const auto second = Checkpoint::open(files, kDirectory, wanted());
    REQUIRE(!second);
    CHECK(second.error().kind == ErrorKind::kBusy);
    CHECK(second.error().message == "/var/ckpt/lock: held by process " +
                                        std::to_string(io::process_id()) +
                                        "; wait for it to end, or stop it");
  }
  CHECK(open_message(files) == "");
}

TEST_CASE("a changed query is refused and changes nothing") {
  MemoryFilesystem files;
  run_to(files, 1);
  const auto before = files.paths();
  Metadata other = wanted();
  other.query["window"] = "1m";
  CHECK(open_message(files, other)
            .starts_with("/var/ckpt: the query is not the one this checkpoint was made with: "
                         "window was '5m', is '1m';"));
  CHECK(files.paths() == before);
  CHECK(open_message(files) == "");
}

TEST_CASE("a directory of something else is refused and left as it is") {
  MemoryFilesystem files;
  files.put(kDirectory + "/photo.jpg", "x");
  CHECK(
      open_message(files) ==
      "/var/ckpt: not empty (photo.jpg) and not a checkpoint, as it has no metadata; name another "
      "--checkpoint");
  CHECK(files.paths() == std::vector<std::string>{"/var/ckpt/photo.jpg"});
  MemoryFilesystem with_file;
  with_file.put(kDirectory, "x");
  CHECK(open_message(with_file) == "/var/ckpt: not a directory; name another --checkpoint");
  MemoryFilesystem empty;
  empty.put(kDirectory + "/lost+found/.x", "");
  CHECK(open_message(empty) == "");
}

TEST_CASE("the last hundred batches are kept") {
  MemoryFilesystem files;
  run_to(files, 130);
  const Layout layout{kDirectory};
  for (const std::string& directory : {layout.offsets(), layout.commits()}) {
    const auto batches = *batches_in(files, directory);
    CHECK(batches.front() == 30);
    CHECK(batches.size() == 101);
  }
  run_to(files, 140);
  CHECK(batches_in(files, layout.offsets())->front() == 40);
}

TEST_CASE("removals that a crash kept in part are no gap") {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    CAPTURE(seed);
    MemoryFilesystem files;
    run_to(files, 110);
    MemoryFilesystem next = files.after_crash(Loss::kPartial, seed);
    CHECK(last_committed(open(next)) == 110);
    run_to(next, 112);
    CHECK(batches_in(next, kDirectory + "/offsets")->front() == 12);
  }
}

TEST_CASE("an error stands until the next good commit") {
  MemoryFilesystem files;
  {
    Checkpoint checkpoint = open(files);
    REQUIRE(checkpoint.write_error("/log: gone"));
    CHECK(files.bytes("/var/ckpt/error") == "/log: gone\n");
  }
  {
    Checkpoint checkpoint = open(files);
    REQUIRE(checkpoint.write_plan(plan_of(0)));
    CHECK(files.bytes("/var/ckpt/error") == "/log: gone\n");
    REQUIRE(checkpoint.write_commit(commit_of(0)));
    CHECK(!*files.stat("/var/ckpt/error"));
  }
}

}  // namespace tailrace::checkpoint
