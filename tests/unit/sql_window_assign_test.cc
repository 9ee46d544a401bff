#include "sql/window/assign.h"

#include <doctest/doctest.h>

#include <vector>

using namespace tailrace;
using namespace tailrace::sql;

namespace {

constexpr int64_t kSecond = 1'000'000;

struct Assigned {
  std::vector<uint32_t> rows;
  std::vector<int64_t> starts;  // in seconds
};

Assigned assign(int64_t size_s, int64_t slide_s, int64_t start_s,
                const std::vector<int64_t>& times_us) {
  Window window;
  window.size_us = size_s * kSecond;
  window.slide_us = slide_s * kSecond;
  window.start_us = start_s * kSecond;
  columns::Column time({columns::Kind::kTimestamp, {}});
  std::vector<uint32_t> rows;
  for (const int64_t at : times_us) {
    rows.push_back(static_cast<uint32_t>(time.size));
    time.append_int(at);
  }
  WindowedRows out;
  assign_windows(window, time, rows, out);
  Assigned assigned{out.rows, {}};
  for (const int64_t end : out.ends) assigned.starts.push_back(end / kSecond - size_s);
  return assigned;
}

}  // namespace

TEST_CASE("a window is half open: its start is in it, its end is in the next") {
  CHECK(assign(10, 10, 0, {0, 9'999'999, 10'000'000}).starts == std::vector<int64_t>{0, 0, 10});
}

TEST_CASE("windows before the epoch lie on the same grid") {
  CHECK(assign(10, 10, 0, {-1, -10'000'000, -10'000'001}).starts ==
        std::vector<int64_t>{-10, -10, -20});
}

TEST_CASE("an offset shifts the grid both ways") {
  CHECK(assign(10, 10, 5, {2 * kSecond, 5 * kSecond}).starts == std::vector<int64_t>{-5, 5});
  CHECK(assign(10, 10, -5, {2 * kSecond, 5 * kSecond}).starts == std::vector<int64_t>{-5, 5});
}

TEST_CASE("a row is in every sliding window that covers it, oldest first") {
  CHECK(assign(10, 5, 0, {7 * kSecond}).starts == std::vector<int64_t>{0, 5});
  CHECK(assign(10, 5, 0, {7 * kSecond}).rows == std::vector<uint32_t>{0, 0});
}

TEST_CASE("where the size is no multiple of the slide the number of windows varies, as in Spark") {
  // DataFrameTimeWindowingSuite: 10 s every 3 s; 2016-03-27 19:39:27, :34 and :56 as seconds of
  // that day.
  const int64_t day = 16'887 * int64_t{86'400};
  const int64_t minute = day + 19 * 3600 + 39 * 60;
  const auto starts_at = [&](int64_t second) {
    std::vector<int64_t> starts = assign(10, 3, 0, {(minute + second) * kSecond}).starts;
    for (int64_t& start : starts) start -= minute;
    return starts;
  };
  CHECK(starts_at(27) == std::vector<int64_t>{18, 21, 24, 27});
  CHECK(starts_at(34) == std::vector<int64_t>{27, 30, 33});
  CHECK(starts_at(56) == std::vector<int64_t>{48, 51, 54});
}

TEST_CASE("a row without time is in no window") {
  columns::Column time({columns::Kind::kTimestamp, {}});
  time.append_null();
  Window window;
  window.size_us = window.slide_us = kSecond;
  WindowedRows out;
  const std::vector<uint32_t> rows = {0};
  assign_windows(window, time, rows, out);
  CHECK(out.rows.empty());
}
