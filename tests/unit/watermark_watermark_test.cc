#include "watermark/watermark.h"

#include <doctest/doctest.h>

using namespace tailrace;
using watermark::kNone;
using watermark::PartitionWatermarks;

TEST_CASE("after a batch the watermark is the greatest time in whole milliseconds less the delay") {
  struct Row {
    int64_t before, greatest, delay, after;
  };
  const Row rows[] = {
      {0, 15'000'000, 10'000'000, 5'000'000},
      {5'000'000, 14'000'000, 10'000'000, 5'000'000},  // it never falls
      {0, 3'000'000, 10'000'000, 0},                   // and never goes below the epoch
      {0, 1'999, 0, 1'000},                            // micros are cut to millis
      {0, -1, 0, 0},
  };
  for (const Row& row : rows)
    CHECK(watermark::after_batch(row.before, row.greatest, row.delay) == row.after);
  CHECK(watermark::after_batch(7, std::nullopt, 5) == 7);
}

TEST_CASE("a window whose end equals the watermark is late") {
  CHECK(watermark::is_late(100, 100));
  CHECK_FALSE(watermark::is_late(101, 100));
}

TEST_CASE("before its first row a partition has no watermark, so nothing is late or final") {
  CHECK(watermark::less_delay(kNone, 5) == kNone);
  PartitionWatermarks marks(10);
  marks.expect(0);
  CHECK(marks.value() == kNone);
  CHECK(marks.greatest(0) == kNone);
}

TEST_CASE("the slowest unfinished partition holds the watermark back") {
  PartitionWatermarks marks(10);
  marks.expect(0);
  marks.expect(1);
  marks.observe(0, 100);
  CHECK(marks.value() == kNone);
  marks.observe(1, 50);
  CHECK(marks.value() == 40);
  marks.observe(1, 30);  // late rows move nothing
  CHECK(marks.value() == 40);
  marks.finish(1);
  CHECK(marks.value() == 90);
  marks.finish(0);  // with every partition finished it stays where it was
  CHECK(marks.value() == 90);
}

TEST_CASE("a partition that appears later cannot pull the watermark back") {
  PartitionWatermarks marks(0);
  marks.expect(0);
  marks.observe(0, 100);
  marks.expect(1);
  marks.observe(1, 20);
  CHECK(marks.value() == 100);
}
