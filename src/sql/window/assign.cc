#include "sql/window/assign.h"

#include "base/time.h"

namespace tailrace::sql {

int64_t newest_window_start(int64_t time_us, const Window& window) {
  return time_us - floor_mod(time_us - window.start_us, window.slide_us);
}

namespace {

// Neighbouring rows mostly share a window, so the division is done when it changes.
void assign_tumbling(const Window& window, const columns::Column& time, columns::Rows rows,
                     WindowedRows& out) {
  int64_t start = 0;
  int64_t end = 0;
  for (const uint32_t row : rows) {
    if (time.is_null(row)) continue;
    const int64_t at = time.ints[row];
    if (at < start || at >= end) {
      start = newest_window_start(at, window);
      end = start + window.size_us;
    }
    out.rows.push_back(row);
    out.ends.push_back(end);
  }
}

void assign_sliding(const Window& window, const columns::Column& time, columns::Rows rows,
                    WindowedRows& out) {
  for (const uint32_t row : rows) {
    if (time.is_null(row)) continue;
    const int64_t at = time.ints[row];
    const int64_t newest = newest_window_start(at, window);
    int64_t start = newest - (window.size_us - 1) / window.slide_us * window.slide_us;
    for (; start <= newest; start += window.slide_us) {
      if (at >= start + window.size_us) continue;  // the size is no multiple of the slide
      out.rows.push_back(row);
      out.ends.push_back(start + window.size_us);
    }
  }
}

}  // namespace

void assign_windows(const Window& window, const columns::Column& time, columns::Rows rows,
                    WindowedRows& out) {
  out.rows.reserve(rows.size());
  out.ends.reserve(rows.size());
  if (window.slide_us == window.size_us)
    assign_tumbling(window, time, rows, out);
  else
    assign_sliding(window, time, rows, out);
}

}  // namespace tailrace::sql
