// The whole engine over a disk in memory, with a crash or a failure at every operation. Seeds are
// printed; TAILRACE_SEED chooses one. TAILRACE_LONG=1: more input, more seeds, more second crashes.
#include <cstdlib>
#include <random>

#include <doctest/doctest.h>

#include "crash/forgetful_filesystem.h"
#include "crash/sweep.h"

using namespace tailrace;
using namespace tailrace::test;

namespace {

bool is_long() { return std::getenv("TAILRACE_LONG") != nullptr; }

uint64_t seed() {
  static const uint64_t chosen = [] {
    const char* given = std::getenv("TAILRACE_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  }();
  return chosen;
}

sql::QueryRequest windowed(const char* size, const char* aggregates) {
  sql::QueryRequest request;
  request.time = "ts";
  request.window = size;
  request.by = "k";
  request.aggregates = aggregates;
  request.has_watermark = true;
  return request;
}

constexpr const char* kAll =
    "count, sum(v), avg(v), min(n), max(v), first(u), last(u), collect_list(n) AS ns, "
    "count_distinct(u) AS users";

std::vector<JobCase> make_cases() {
  using engine::WatermarkMode;
  constexpr int64_t kDelayUs = 5'000'000;
  const offsets::Limits five{.rows = 5};
  std::vector<JobCase> cases;
  cases.push_back({"tumbling rows", windowed("10s", kAll), WatermarkMode::kRow, kDelayUs, five});
  cases.push_back(
      {"tumbling batches", windowed("10s", kAll), WatermarkMode::kBatch, kDelayUs, five});

  JobCase sliding{"sliding rows", windowed("20s", "count, sum(v)"), WatermarkMode::kRow, kDelayUs,
                  five};
  sliding.request.slide = "5s";
  sliding.block_bytes = 100;
  sliding.threads = 2;
  cases.push_back(sliding);

  JobCase update{"update", windowed("10s", kAll), WatermarkMode::kBatch, kDelayUs, five};
  update.request.mode = sql::OutputMode::kUpdate;
  cases.push_back(update);

  JobCase complete{"complete", windowed("10s", kAll), WatermarkMode::kBatch, kDelayUs, five};
  complete.request.mode = sql::OutputMode::kComplete;
  cases.push_back(complete);

  JobCase filter{"filter", {}, WatermarkMode::kBatch, std::nullopt, five};
  filter.request.where = "n > 20";
  filter.request.select = "ts, k, v * 2 AS twice, u";
  cases.push_back(filter);

  JobCase csv = filter;
  csv.name = "filter as csv";
  csv.format = "csv";
  cases.push_back(csv);
  return cases;
}

std::vector<Step> steps() { return is_long() ? make_steps(6, 25, seed()) : make_steps(4, 9, 7); }

SweepOptions options() {
  SweepOptions options;
  options.seed = seed();
  options.again_stride = is_long() ? 7 : 37;
  return options;
}

}  // namespace

TEST_CASE("a crash at any operation of the disk changes no byte of the answer") {
  for (const JobCase& one : make_cases()) {
    CAPTURE(one.name);
    Sweep sweep(one, steps(), options());
    REQUIRE(sweep.tell() == "");
    // The story is worth telling: there is output, and rows that did not count.
    CHECK(sweep.marks().back().output.size() > 300);
    CHECK(sweep.marks().back().ledger.size() > 100);
    CHECK(sweep.crash_everywhere() == "");
    MESSAGE(one.name << ": " << sweep.operations() << " operations, " << sweep.crashes()
                     << " crashes, seed " << seed());
  }
}

TEST_CASE("a story of more batches than a checkpoint keeps") {
  JobCase one = make_cases()[0];
  one.limits.rows = 1;
  SweepOptions sparse = options();
  sparse.stride = is_long() ? 41 : 487;
  sparse.again_stride = 0;
  // A snapshot is written when enough was written since the start of the process, so which files
  // of the state are there is a matter of when it crashed.
  sparse.compares_checkpoints = false;
  Sweep sweep(one, make_steps(3, 100, 11), sparse);
  REQUIRE(sweep.tell() == "");
  CHECK(sweep.crash_everywhere() == "");
  MESSAGE(sweep.operations() << " operations, " << sweep.crashes() << " crashes");
}

TEST_CASE("an operation that fails ends the run with its path, and the next run goes on") {
  for (const JobCase& one : make_cases()) {
    for (const ErrorKind kind : {ErrorKind::kFailure, ErrorKind::kFull}) {
      CAPTURE(one.name);
      SweepOptions sparse = options();
      if (kind == ErrorKind::kFull && !is_long()) sparse.stride = 3;
      Sweep sweep(one, steps(), sparse);
      REQUIRE(sweep.tell() == "");
      CHECK(sweep.fail_everywhere(kind) == "");
    }
  }
}

// Negative controls: the sweep must catch each sync that is left out, or it proves nothing.
TEST_CASE("the sweep catches every sync that is left out") {
  struct Row {
    Forgets forgets;
    const char* where;
  };
  const Row rows[] = {
      {Forgets::kFileSync, "/ckpt/.metadata"},    {Forgets::kFileSync, "/ckpt/offsets/"},
      {Forgets::kFileSync, "/ckpt/commits/"},     {Forgets::kFileSync, "/ckpt/state/"},
      {Forgets::kFileSync, "/ckpt/sinks/"},       {Forgets::kFileSync, kJobOutput},
      {Forgets::kFileSync, kJobLedger},           {Forgets::kDirectorySync, "/ckpt/offsets"},
      {Forgets::kDirectorySync, "/ckpt/commits"}, {Forgets::kDirectorySync, "/ckpt/state/0"},
      {Forgets::kDirectorySync, "/ckpt/sinks"},   {Forgets::kDirectorySync, "/out"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.where);
    CAPTURE((row.forgets == Forgets::kFileSync));
    SweepOptions forgetful = options();
    forgetful.again_stride = 0;
    // That would catch each of them; here the recovery after a crash must.
    forgetful.compares_checkpoints = forgetful.cuts_power_at_the_end = false;
    forgetful.between = [&row](MemoryFilesystem& disk) {
      return std::make_unique<ForgetfulFilesystem>(disk, row.forgets, row.where);
    };
    Sweep sweep(make_cases()[0], steps(), forgetful);
    REQUIRE(sweep.tell() == "");
    const std::string caught = sweep.crash_everywhere();
    CHECK(caught != "");
    MESSAGE(std::string(row.where) << ": " << caught.substr(0, 300));
  }
}
