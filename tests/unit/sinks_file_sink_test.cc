#include <doctest/doctest.h>

#include <functional>

#include "io/stream.h"
#include "sinks/append_file.h"
#include "sinks/make_sink.h"
#include "sinks/replace_file.h"
#include "support/memory_filesystem.h"

namespace tailrace::sinks {
namespace {

using test::Loss;
using test::MemoryFilesystem;

constexpr const char* kPath = "/data/out.jsonl";

class NoStream : public io::OutputStream {
 public:
  Status write(std::string_view) override { return fail("not meant to be written"); }
  bool is_terminal() const override { return false; }
};

struct Setup {
  bool has_checkpoint = true;
  bool append = false;
  bool complete = false;
  bool warn = false;
  bool start_file = true;
  std::string format = "jsonl";
  std::string path = kPath;
};

struct Opened {
  std::unique_ptr<Sink> sink;
  std::shared_ptr<std::string> warning = std::make_shared<std::string>();
  Sink* operator->() const { return sink.get(); }
};

Opened open_sink(MemoryFilesystem& files, const Setup& setup = {}) {
  static NoStream no_stream;
  Opened opened;
  SinkOptions options;
  options.schema = {{"n", {columns::Kind::kLong, {}}}};
  options.format = setup.format;
  options.path = setup.path;
  options.has_checkpoint = setup.has_checkpoint;
  options.append = setup.append;
  options.complete = setup.complete;
  options.warn_on_data_loss = setup.warn;
  if (setup.start_file) options.start_file = "/checkpoint/output-start";
  options.warn = [warning = opened.warning](const std::string& text) { *warning = text; };
  opened.sink = std::move(*make_sink(options, files, no_stream));
  return opened;
}

MemoryFilesystem disk() {
  MemoryFilesystem files;
  CHECK(files.make_directories("/data"));
  CHECK(files.make_directories("/checkpoint"));
  return files;
}

// Writes one batch of one row; its note, or "" if something failed.
Result<std::string> run_batch(const Opened& sink, int64_t batch) {
  TRY(sink->begin_batch(batch));
  TRY(sink->write_formatted("row " + std::to_string(batch) + "\n", 1));
  TRY(sink->flush());
  return sink->commit_batch(batch);
}

std::string rows_until(int64_t batches) {
  std::string rows;
  for (int64_t i = 0; i < batches; i++) rows += "row " + std::to_string(i) + "\n";
  return rows;
}

}  // namespace

TEST_CASE("without a checkpoint the file is emptied first, also by a run without a batch") {
  for (const bool has_batch : {true, false}) {
    MemoryFilesystem files = disk();
    files.put(kPath, "old\n");
    const Opened sink = open_sink(files, {.has_checkpoint = false});
    if (has_batch) CHECK(*run_batch(sink, 0) == "");
    CHECK(sink->finish());
    CHECK(files.bytes(kPath) == (has_batch ? "row 0\n" : ""));
  }
}

TEST_CASE("--append without a checkpoint adds, without a second header") {
  MemoryFilesystem files = disk();
  files.put(kPath, "n\n1\n");
  const Opened sink = open_sink(files, {.has_checkpoint = false, .append = true, .format = "csv"});
  CHECK(run_batch(sink, 0));
  CHECK(files.bytes(kPath) == "n\n1\nrow 0\n");
}

TEST_CASE("recovery cuts what stands behind the committed length") {
  MemoryFilesystem files = disk();
  Opened sink = open_sink(files);
  CHECK(sink->recover(""));
  CHECK(run_batch(sink, 0));
  const std::string note = *run_batch(sink, 1);
  CHECK(note == R"({"length":12,"path":"/data/out.jsonl"})");
  CHECK(run_batch(sink, 2));
  files.add(kPath, "torn");
  sink = open_sink(files);
  CHECK(sink->recover(note));
  CHECK(files.bytes(kPath) == rows_until(2));
  CHECK(run_batch(sink, 2));
  CHECK(files.bytes(kPath) == rows_until(3));
}

TEST_CASE("beginning or committing a batch twice equals once") {
  MemoryFilesystem files = disk();
  const Opened sink = open_sink(files, {.format = "csv"});
  CHECK(sink->recover(""));
  const std::string once = *run_batch(sink, 0);
  CHECK(*run_batch(sink, 0) == once);
  CHECK(files.bytes(kPath) == "n\nrow 0\n");
  const std::string next = *run_batch(sink, 1);
  CHECK(*run_batch(sink, 1) == next);
  CHECK(files.bytes(kPath) == "n\nrow 0\nrow 1\n");
}

TEST_CASE("a first batch onto a file that is not empty needs --append") {
  MemoryFilesystem files = disk();
  files.put(kPath, "theirs\n");
  CHECK(open_sink(files)->recover("").error().message ==
        "/data/out.jsonl: is not empty; pass --append to add to it, or name another file");
  Opened sink = open_sink(files, {.append = true});
  CHECK(sink->recover(""));
  const std::string note = *run_batch(sink, 0);
  CHECK(run_batch(sink, 1));
  sink = open_sink(files);  // --append is only asked of the first run
  CHECK(sink->recover(note));
  CHECK(files.bytes(kPath) == "theirs\nrow 0\n");
}

TEST_CASE("a crash in the first batch is not taken for somebody else's file") {
  for (const char* before : {"", "theirs\n"}) {
    MemoryFilesystem files = disk();
    if (*before) files.put(kPath, before);
    Opened sink = open_sink(files, {.append = true});
    CHECK(sink->recover(""));
    CHECK(run_batch(sink, 0));  // its commit record is never written
    sink = open_sink(files, {.append = *before != 0});
    CHECK(sink->recover(""));
    CHECK(files.bytes(kPath) == before);
  }
}

TEST_CASE("a file shorter than committed is an error that names both lengths, or a warning") {
  MemoryFilesystem files = disk();
  Opened sink = open_sink(files);
  CHECK(sink->recover(""));
  CHECK(run_batch(sink, 0));
  const std::string note = *run_batch(sink, 1);
  files.put(kPath, "row 0\n");
  CHECK(open_sink(files)->recover(note).error().message ==
        "/data/out.jsonl: has 6 bytes, but 12 were committed; restore it, or go on from what is "
        "there "
        "with --on-data-loss warn");
  sink = open_sink(files, {.warn = true});
  CHECK(sink->recover(note));
  CHECK(*sink.warning ==
        "/data/out.jsonl: has 6 bytes, but 12 were committed; going on from what is there");
  CHECK(run_batch(sink, 2));
  CHECK(files.bytes(kPath) == "row 0\nrow 2\n");
}

TEST_CASE("a file that is gone is made anew, with its header") {
  MemoryFilesystem files = disk();
  Opened sink = open_sink(files, {.format = "csv"});
  CHECK(sink->recover(""));
  const std::string note = *run_batch(sink, 0);
  CHECK(files.rename(kPath, "/data/taken-away"));
  sink = open_sink(files, {.format = "csv"});
  CHECK(sink->recover(note));
  CHECK(*run_batch(sink, 1) == R"({"length":8,"path":"/data/out.jsonl"})");
  CHECK(files.bytes(kPath) == "n\nrow 1\n");
}

TEST_CASE("another output than before is never cut to the length of the one before") {
  MemoryFilesystem files = disk();
  Opened sink = open_sink(files);
  CHECK(sink->recover(""));
  const std::string note = *run_batch(sink, 0);
  files.put("/data/other", "somebody else's long file\n");
  CHECK(open_sink(files, {.path = "/data/other"})->recover(note).error().message ==
        "/data/other: is not empty (this checkpoint's rows went to /data/out.jsonl so far); pass "
        "--append "
        "to add to it, or name another file");
  CHECK(files.bytes("/data/other") == "somebody else's long file\n");
}

TEST_CASE("a note that is not ours is damage") {
  MemoryFilesystem files = disk();
  for (const char* note : {"{", "[]", "{\"length\":-1,\"path\":\"/\"}", "{\"length\":3}"})
    CHECK(open_sink(files)->recover(note).error().kind == ErrorKind::kDamage);
}

// Runs batches 0 to 4 over one checkpoint until all are committed, with a crash after `crash_at`
// operations of the disk. The commit records live in a file of the same disk, as the checkpoint's
// do.
std::string run_with_crash(MemoryFilesystem& files, uint64_t crash_at, Loss loss, uint64_t seed,
                           const Setup& setup) {
  constexpr int64_t kBatches = 5;
  const auto run = [&](MemoryFilesystem& on) -> Status {
    const Opened sink = open_sink(on, setup);
    std::string note;
    int64_t next = 0;
    if (TRY(on.stat("/checkpoint/commit"))) {
      const std::string record = TRY(io::read_file(on, "/checkpoint/commit"));
      next = std::stoll(record) + 1;
      note = record.substr(record.find(' ') + 1);
    }
    TRY(sink->recover(note));
    for (; next < kBatches; next++) {
      note = TRY(run_batch(sink, next));
      TRY(io::publish(on, "/checkpoint/commit", std::to_string(next) + " " + note));
    }
    return {};
  };
  files.crash_at(files.operations() + crash_at);
  if (run(files)) return files.bytes(setup.path);
  MemoryFilesystem restarted = files.after_crash(loss, seed);
  const Status second = run(restarted);
  if (!second) return second.error().message;
  return restarted.bytes(setup.path);
}

TEST_CASE("after a crash at any operation every row stands in the file exactly once") {
  for (const Loss loss : {Loss::kNone, Loss::kStrict, Loss::kPartial}) {
    for (const bool append : {false, true}) {
      const std::string before = append ? "theirs\n" : "";
      for (uint64_t at = 0; at < 60; at++) {
        CAPTURE(at);
        CAPTURE(static_cast<int>(loss));
        MemoryFilesystem files = disk();
        if (append) files.put(kPath, before);
        CHECK(run_with_crash(files, at, loss, at, {.append = append}) == before + rows_until(5));
      }
    }
  }
}

TEST_CASE("complete mode: readers see the last whole batch, whatever crashes") {
  for (const Loss loss : {Loss::kNone, Loss::kStrict, Loss::kPartial}) {
    for (uint64_t at = 0; at < 60; at++) {
      CAPTURE(at);
      MemoryFilesystem files = disk();
      CHECK(run_with_crash(files, at, loss, at, {.complete = true}) == "row 4\n");
      CHECK(files.after_crash(Loss::kStrict).bytes(kPath).size() % 6 == 0);
    }
  }
}

TEST_CASE("complete mode: what stands there stays until the batch is committed") {
  MemoryFilesystem files = disk();
  files.put(kPath, "old\n");
  const Opened sink =
      open_sink(files, {.has_checkpoint = false, .complete = true, .format = "csv"});
  CHECK(sink->begin_batch(0));
  CHECK(sink->write_formatted("1\n", 1));
  CHECK(sink->flush());
  CHECK(files.bytes(kPath) == "old\n");
  CHECK(sink->commit_batch(0));
  CHECK(files.bytes(kPath) == "n\n1\n");
  CHECK(sink->begin_batch(1));
  CHECK(sink->finish());  // abandoned: the temporary goes, the table stays
  CHECK(files.bytes(kPath) == "n\n1\n");
  CHECK(files.paths().size() == 1);
}

TEST_CASE("a device takes rows with and without a checkpoint and is never cut") {
  const auto files = io::posix_filesystem();
  for (const bool has_checkpoint : {false, true}) {
    AppendFileOptions options;
    options.path = "/dev/null";
    options.has_checkpoint = has_checkpoint;
    AppendFile file(*files, options);
    if (has_checkpoint) CHECK(file.recover(R"({"length":99,"path":"/dev/null"})"));
    CHECK(file.begin_batch(0));
    CHECK(file.at_start());
    CHECK(file.write("x"));
    CHECK(!file.at_start());
    CHECK(file.commit_batch());
    CHECK(file.begin_batch(0));
    CHECK(file.finish());
  }
  ReplaceFile replaced(*files, "/dev/null");
  CHECK(replaced.begin_batch(0));
  CHECK(replaced.write("x"));
  CHECK(replaced.commit_batch());
  CHECK(replaced.begin_batch(1));
}

}  // namespace tailrace::sinks
