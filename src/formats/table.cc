#include "formats/table.h"

#include <algorithm>

#include "formats/row_format.h"
#include "formats/spark_text.h"
#include "formats/visible_text.h"

namespace tailrace::formats {
namespace {

constexpr size_t kConsoleCellUnits = 20;
constexpr size_t kConsoleWidthMin = 3;

// Appends the cell with blanks on one side, so that it takes `width` columns.
void append_padded(std::string_view cell, size_t cell_width, size_t width, bool to_the_right,
                   std::string& out) {
  const std::string blanks(width > cell_width ? width - cell_width : 0, ' ');
  if (to_the_right) out += blanks;
  out += cell;
  if (!to_the_right) out += blanks;
}

std::vector<std::string> header_cells(const columns::Schema& schema) {
  std::vector<std::string> cells;
  for (const columns::Field& field : schema) cells.push_back(visible_text(field.name));
  return cells;
}

// A cell of the aligned table: what jsonl writes, without the quotes around a whole text.
std::string table_cell(const columns::Column& column, size_t row, const TimeZone& zone) {
  if (column.is_null(row)) return "NULL";
  if (column.type.kind == columns::Kind::kString) return visible_text(column.texts[row]);
  Buffer json;
  append_json_value(column, row, zone, json);
  std::string_view text = json.view();
  if (text.starts_with('"')) text = text.substr(1, text.size() - 2);
  return visible_text(text);
}

}  // namespace

ConsoleBatch::ConsoleBatch(columns::Schema schema, TimeZone zone, bool truncate)
    : schema_(std::move(schema)), zone_(std::move(zone)), truncate_(truncate) {}

void ConsoleBatch::begin() {
  rows_.clear();
  more_ = false;
}

std::string ConsoleBatch::cell(const columns::Column& column, size_t row) const {
  std::string text;
  append_spark_text(column, row, zone_, text, "NULL");
  std::string visible = visible_text(text);
  return truncate_ ? spark_truncate(visible, kConsoleCellUnits) : visible;
}

void ConsoleBatch::add(const columns::Batch& batch, columns::Rows selected) {
  for (const uint32_t row : selected) {
    if (rows_.size() == kRows) {
      more_ = true;
      return;
    }
    std::vector<std::string>& cells = rows_.emplace_back();
    for (const columns::Column& column : batch.columns) cells.push_back(cell(column, row));
  }
}

void ConsoleBatch::draw_row(const std::vector<std::string>& cells,
                            const std::vector<size_t>& widths, std::string& out) const {
  out += '|';
  for (size_t i = 0; i < cells.size(); i++) {
    if (i > 0) out += '|';
    append_padded(cells[i], spark_width(cells[i]), widths[i], truncate_, out);
  }
  out += "|\n";
}

void ConsoleBatch::draw(int64_t batch_number, std::string& out) const {
  const std::vector<std::string> header = header_cells(schema_);
  std::vector<size_t> widths;
  for (const std::string& name : header)
    widths.push_back(std::max(kConsoleWidthMin, spark_width(name)));
  for (const std::vector<std::string>& row : rows_)
    for (size_t i = 0; i < row.size(); i++) widths[i] = std::max(widths[i], spark_width(row[i]));

  std::string line = "+";
  for (size_t i = 0; i < widths.size(); i++)
    line += (i > 0 ? "+" : "") + std::string(widths[i], '-');
  line += "+\n";
  const std::string dashes(43, '-');
  out += dashes + "\nBatch: " + std::to_string(batch_number) + '\n' + dashes + '\n';
  out += line;
  draw_row(header, widths, out);
  out += line;
  for (const std::vector<std::string>& row : rows_) draw_row(row, widths, out);
  out += line;
  out += more_ ? "only showing top " + std::to_string(kRows) + " rows\n" : "\n";
}

AlignedTable::AlignedTable(columns::Schema schema, TimeZone zone)
    : schema_(std::move(schema)), zone_(std::move(zone)) {}

std::vector<std::string> AlignedTable::cells(const columns::Batch& batch, size_t row) const {
  std::vector<std::string> cells;
  for (const columns::Column& column : batch.columns)
    cells.push_back(table_cell(column, row, zone_));
  return cells;
}

void AlignedTable::add(const columns::Batch& batch, columns::Rows selected, std::string& out) {
  for (const uint32_t row : selected) {
    if (drawn_) {
      draw_row(cells(batch, row), out);
      continue;
    }
    sample_.push_back(cells(batch, row));
    if (sample_.size() == kSampleRows) draw_sample(out);
  }
}

void AlignedTable::fix_widths() {
  for (const std::string& name : header_cells(schema_)) widths_.push_back(display_width(name));
  for (const std::vector<std::string>& row : sample_) {
    for (size_t i = 0; i < row.size(); i++) {
      const size_t width = display_width(row[i]);
      if (width <= kWidthMax) widths_[i] = std::max(widths_[i], width);
    }
  }
}

void AlignedTable::draw_row(const std::vector<std::string>& row, std::string& out) const {
  for (size_t i = 0; i < row.size(); i++) {
    if (i > 0) out += "  ";
    const bool number = schema_[i].type.is_numeric();
    const bool needs_blanks = number || i + 1 < row.size();
    append_padded(row[i], display_width(row[i]), needs_blanks ? widths_[i] : 0, number, out);
  }
  out.erase(out.find_last_not_of(' ') + 1);
  out += '\n';
}

void AlignedTable::draw(std::string& out) {
  if (!sample_.empty()) draw_sample(out);
}

void AlignedTable::finish(std::string& out) {
  if (!drawn_) draw_sample(out);
}

void AlignedTable::draw_sample(std::string& out) {
  drawn_ = true;
  fix_widths();
  draw_row(header_cells(schema_), out);
  for (const std::vector<std::string>& row : sample_) draw_row(row, out);
  sample_.clear();
}

}  // namespace tailrace::formats
