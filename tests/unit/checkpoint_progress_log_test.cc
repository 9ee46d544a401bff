#include "checkpoint/progress_log.h"

#include <doctest/doctest.h>

#include "support/memory_filesystem.h"

namespace tailrace::checkpoint {

namespace {

const std::string kPath = "/c/progress";

std::string record(int number) { return "{\"batchId\":" + std::to_string(number) + "}"; }

// "first..last" of what a reader finds, and how many.
std::string found(test::MemoryFilesystem& files) {
  const auto records = read_progress(files, kPath);
  REQUIRE(records);
  if (records->empty()) return "none";
  return records->front() + ".." + records->back() + " " + std::to_string(records->size());
}

}  // namespace

TEST_CASE("the last hundred records are kept, and the file stays below two hundred lines") {
  test::MemoryFilesystem files;
  REQUIRE(files.make_directories("/c"));
  CHECK(found(files) == "none");
  auto log = ProgressLog::open(files, kPath);
  REQUIRE(log);
  size_t bytes_max = 0;
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(log->append(record(i)));
    bytes_max = std::max(bytes_max, files.bytes(kPath).size());
  }
  CHECK(found(files) == record(900) + ".." + record(999) + " 100");
  CHECK(bytes_max <= 200 * (record(999).size() + 1));
  auto again = ProgressLog::open(files, kPath);
  REQUIRE(again);
  REQUIRE(again->append(record(1000)));
  CHECK(found(files) == record(901) + ".." + record(1000) + " 100");
}

TEST_CASE("a torn line is dropped, also when the next run appends behind it") {
  test::MemoryFilesystem files;
  files.put(kPath, record(1) + "\n" + record(2).substr(0, 6));
  CHECK(found(files) == record(1) + ".." + record(1) + " 1");
  auto log = ProgressLog::open(files, kPath);
  REQUIRE(log);
  REQUIRE(log->append(record(3)));
  CHECK(files.bytes(kPath) == record(1) + "\n" + record(3) + "\n");
}

TEST_CASE("after a full disk the next record does not join half a line") {
  test::MemoryFilesystem files;
  REQUIRE(files.make_directories("/c"));
  auto log = ProgressLog::open(files, kPath);
  REQUIRE(log->append(record(1)));
  files.fail_at(files.operations() + 1, ErrorKind::kFull);
  CHECK(!log->append(record(2)));
  REQUIRE(log->append(record(3)));
  CHECK(files.bytes(kPath) == record(1) + "\n" + record(2) + "\n" + record(3) + "\n");
}

TEST_CASE("appending is one operation, without a sync") {
  test::MemoryFilesystem files;
  REQUIRE(files.make_directories("/c"));
  auto log = ProgressLog::open(files, kPath);
  REQUIRE(log->append(record(1)));
  const uint64_t before = files.operations();
  REQUIRE(log->append(record(2)));
  CHECK(files.operations() == before + 1);
}

}  // namespace tailrace::checkpoint
