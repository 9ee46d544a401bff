#include "sinks/ledger.h"

#include <doctest/doctest.h>

#include "support/memory_filesystem.h"

namespace tailrace::sinks {
namespace {

using formats::BadReason;
using test::Loss;
using test::MemoryFilesystem;

MemoryFilesystem disk() {
  MemoryFilesystem files;
  CHECK(files.make_directories("/data"));
  CHECK(files.make_directories("/checkpoint"));
  return files;
}

LedgerOptions options_of(const std::string& bad, const std::string& late,
                         bool has_checkpoint = true) {
  LedgerOptions options;
  options.bad_path = bad;
  options.late_path = late;
  options.has_checkpoint = has_checkpoint;
  options.start_file = has_checkpoint ? "/checkpoint/ledger-start" : "";
  return options;
}

LedgerEntry entry(BadReason reason, std::string_view row, uint64_t line = 1) {
  LedgerEntry entry;
  entry.reason = reason;
  entry.detail = "why";
  entry.source = "in.jsonl";
  entry.offset = 17;
  entry.line = line;
  entry.row = row;
  return entry;
}

std::string line_of(const char* reason, const char* row, int line = 1) {
  return std::string("{\"reason\":\"") + reason +
         "\",\"detail\":\"why\",\"source\":\"in.jsonl\",\"offset\":17,\"line\":" +
         std::to_string(line) + ",\"row\":\"" + row + "\"}\n";
}

// One batch with one bad row and one late row.
Result<std::string> run_batch(Ledger& ledger, int64_t batch) {
  TRY(ledger.begin_batch(batch));
  TRY(ledger.add(entry(BadReason::kBadJson, std::to_string(batch))));
  TRY(ledger.add(entry(BadReason::kLate, std::to_string(batch))));
  return ledger.commit_batch();
}

}  // namespace

TEST_CASE("an entry is one JSON object a line; the row is its text, damaged bytes replaced") {
  MemoryFilesystem files = disk();
  Ledger ledger(files, options_of("/data/bad", "", false));
  CHECK(ledger.begin_batch(0));
  CHECK(ledger.add(entry(BadReason::kBadType, "{\"a\":\xff\t}", 3)));
  CHECK(*ledger.commit_batch() == "");
  CHECK(files.bytes("/data/bad") == line_of("bad_type", "{\\\"a\\\":\xef\xbf\xbd\\t}", 3));
}

TEST_CASE("a sliding row says how many of its windows were closed") {
  MemoryFilesystem files = disk();
  Ledger ledger(files, options_of("", "/data/late", false));
  CHECK(ledger.begin_batch(0));
  LedgerEntry late = entry(BadReason::kLate, "x");
  late.detail = "late by 3m12s";
  late.windows = "3/5";
  CHECK(ledger.add(late));
  CHECK(ledger.flush());
  CHECK(files.bytes("/data/late") ==
        "{\"reason\":\"late\",\"detail\":\"late by "
        "3m12s\",\"source\":\"in.jsonl\",\"offset\":17,\"line\":1,"
        "\"row\":\"x\",\"windows\":\"3/5\"}\n");
}

TEST_CASE("late rows and the others go to their own files, or in order to the same") {
  MemoryFilesystem files = disk();
  Ledger two(files, options_of("/data/bad", "/data/late", false));
  CHECK(run_batch(two, 0));
  CHECK(files.bytes("/data/bad") == line_of("bad_json", "0"));
  CHECK(files.bytes("/data/late") == line_of("late", "0"));
  Ledger one(files, options_of("/data/both", "/data/./both", false));
  CHECK(run_batch(one, 0));
  CHECK(files.bytes("/data/both") == line_of("bad_json", "0") + line_of("late", "0"));
}

TEST_CASE("entries without a file are dropped") {
  MemoryFilesystem files = disk();
  Ledger ledger(files, options_of("/data/bad", "", false));
  CHECK(ledger.keeps(BadReason::kFuture));
  CHECK(!ledger.keeps(BadReason::kLate));
  CHECK(run_batch(ledger, 0));
  CHECK(files.bytes("/data/bad") == line_of("bad_json", "0"));
  CHECK(files.paths().size() == 1);
}

TEST_CASE("recovery cuts both files; the same batch twice equals once") {
  MemoryFilesystem files = disk();
  std::string note;
  {
    Ledger ledger(files, options_of("/data/bad", "/data/late"));
    CHECK(ledger.recover(""));
    note = *run_batch(ledger, 0);
    CHECK(*run_batch(ledger, 0) == note);
    CHECK(run_batch(ledger, 1));
  }
  Ledger ledger(files, options_of("/data/bad", "/data/late"));
  CHECK(ledger.recover(note));
  CHECK(files.bytes("/data/bad") == line_of("bad_json", "0"));
  CHECK(files.bytes("/data/late") == line_of("late", "0"));
  CHECK(ledger.recover("nonsense").error().kind == ErrorKind::kDamage);
}

TEST_CASE("a ledger that is not empty at the first batch needs --append") {
  MemoryFilesystem files = disk();
  files.put("/data/bad", "theirs\n");
  CHECK(!Ledger(files, options_of("/data/bad", "")).recover(""));
  LedgerOptions options = options_of("/data/bad", "");
  options.append = true;
  CHECK(Ledger(files, options).recover(""));
}

TEST_CASE("after a crash at any operation each entry stands in its file exactly once") {
  const auto run = [](MemoryFilesystem& files) -> Status {
    Ledger ledger(files, options_of("/data/bad", "/data/late"));
    std::string note;
    int64_t next = 0;
    if (TRY(files.stat("/checkpoint/commit"))) {
      const std::string record = TRY(io::read_file(files, "/checkpoint/commit"));
      next = std::stoll(record) + 1;
      note = record.substr(record.find(' ') + 1);
    }
    TRY(ledger.recover(note));
    for (; next < 3; next++) {
      note = TRY(run_batch(ledger, next));
      TRY(io::publish(files, "/checkpoint/commit", std::to_string(next) + " " + note));
    }
    return {};
  };
  std::string bad, late;
  for (const char* row : {"0", "1", "2"}) {
    bad += line_of("bad_json", row);
    late += line_of("late", row);
  }
  for (const Loss loss : {Loss::kNone, Loss::kStrict, Loss::kPartial}) {
    for (uint64_t at = 0; at < 60; at++) {
      CAPTURE(at);
      MemoryFilesystem files = disk();
      files.crash_at(files.operations() + at);
      const bool whole = run(files).has_value();
      MemoryFilesystem restarted = files.after_crash(whole ? Loss::kNone : loss, at);
      CHECK(run(restarted));
      CHECK(restarted.bytes("/data/bad") == bad);
      CHECK(restarted.bytes("/data/late") == late);
    }
  }
}

}  // namespace tailrace::sinks
