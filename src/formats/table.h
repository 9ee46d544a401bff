// Tables for people. ConsoleBatch draws one batch as Spark's console sink does (spark-semantics.md
// 9.2); AlignedTable is our own: a header, then rows under it, as they come. Cells are made
// harmless for the terminal (formats/visible_text.h). One thread; nothing here fails.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "columns/batch.h"
#include "columns/type.h"
#include "formats/time_zone.h"

namespace tailrace::formats {

// The rows of one micro-batch in a box under `Batch: N`: at most kRows of them, cells cut at 20
// UTF-16 units and right-aligned if `truncate`, whole and left-aligned if not.
class ConsoleBatch {
 public:
  static constexpr size_t kRows = 20;

  ConsoleBatch(columns::Schema schema, TimeZone zone, bool truncate);
  void begin();  // forgets the batch before
  void add(const columns::Batch& batch, columns::Rows selected);
  void draw(int64_t batch_number, std::string& out) const;

 private:
  std::string cell(const columns::Column& column, size_t row) const;
  void draw_row(const std::vector<std::string>& cells, const std::vector<size_t>& widths,
                std::string& out) const;

  columns::Schema schema_;
  TimeZone zone_;
  bool truncate_;
  bool more_ = false;  // rows beyond kRows came
  std::vector<std::vector<std::string>> rows_;
};

// Columns two blanks apart, numbers to the right, nulls as NULL, times as jsonl writes them, nested
// values as JSON. Widths come from the first kSampleRows rows, or from those that were there when
// draw() was first asked for; a later wider cell pushes its row to the right.
class AlignedTable {
 public:
  static constexpr size_t kSampleRows = 1000;
  static constexpr size_t kWidthMax = 80;  // longer cells are written whole, but align nothing

  AlignedTable(columns::Schema schema, TimeZone zone);
  // Appends to `out` what can be drawn now: nothing while the sample is being collected.
  void add(const columns::Batch& batch, columns::Rows selected, std::string& out);
  // Draws all rows so far, with the header if it was not drawn yet; nothing if no row came.
  void draw(std::string& out);
  // The end: draws what is left, and a header even over no rows.
  void finish(std::string& out);

 private:
  void draw_sample(std::string& out);
  std::vector<std::string> cells(const columns::Batch& batch, size_t row) const;
  void fix_widths();
  void draw_row(const std::vector<std::string>& row, std::string& out) const;

  columns::Schema schema_;
  TimeZone zone_;
  bool drawn_ = false;
  std::vector<std::vector<std::string>> sample_;
  std::vector<size_t> widths_;
};

}  // namespace tailrace::formats
