#include "formats/row_writer.h"

#include <algorithm>

namespace tailrace::formats {

namespace {

constexpr size_t kRowsMin = 64;

bool fits(const columns::Batch& batch, const columns::Schema& schema) {
  return std::ranges::equal(batch.columns, schema,
                            [](const columns::Column& column, const columns::Field& field) {
                              return column.type == field.type;
                            });
}

}  // namespace

void RowWriter::begin(Decoded& out) {
  out.clear();
  if (!fits(out.batch, schema_)) out.batch = columns::make_batch(schema_);
  out_ = &out;
  rows_ = room_ = 0;
}

void RowWriter::resize(size_t rows) {
  for (columns::Column& column : out_->batch.columns) column.resize(rows);
}

void RowWriter::grow() {
  room_ = room_ == 0 ? std::max(kRowsMin, rows_before_ + rows_before_ / 16) : room_ * 2;
  resize(room_);
}

void RowWriter::finish(uint32_t lines) {
  resize(rows_);
  out_->batch.rows = rows_;
  out_->lines = lines;
  rows_before_ = rows_;
  out_ = nullptr;
}

}  // namespace tailrace::formats
