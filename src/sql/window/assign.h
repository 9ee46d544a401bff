// Windows of rows. All arithmetic in micros since the epoch, on the UTC grid, no calendar
// (Spark: TimeWindow, ResolveTimeWindows). Intervals are half open: a row at the end is in the
// next.
#pragma once

#include <cstdint>
#include <vector>

#include "columns/column.h"
#include "sql/pipeline/query.h"

namespace tailrace::sql {

// One row in one window: rows stand in order, their windows from the oldest to the newest.
struct WindowedRows {
  std::vector<uint32_t> rows;
  std::vector<int64_t> ends;
  void clear() {
    rows.clear();
    ends.clear();
  }
};

// Start of the newest window that contains the time.
int64_t newest_window_start(int64_t time_us, const Window& window);

// Puts each of `rows` into its windows; rows with a null time are in none.
void assign_windows(const Window& window, const columns::Column& time, columns::Rows rows,
                    WindowedRows& out);

}  // namespace tailrace::sql
