// RowWriter: hands out the rows of a Decoded to a decoder and notes where each came from, so that
// columns grow in steps instead of row by row. Lives for one decoder; one thread.
#pragma once

#include <cstdint>
#include <string>

#include "formats/line_frames.h"
#include "formats/record_decoder.h"

namespace tailrace::formats {

class RowWriter {
 public:
  explicit RowWriter(const columns::Schema& schema) : schema_(schema) {}

  void begin(Decoded& out);
  // The next free row, all null. It is not in the batch before keep().
  size_t row() {
    if (rows_ == room_) [[unlikely]]
      grow();
    return rows_;
  }
  void keep(const LineFrame& from) {
    out_->row_line.push_back(from.number);
    out_->row_begin.push_back(from.begin);
    out_->row_size.push_back(from.size);
    rows_++;
  }
  void bad(const LineFrame& from, BadReason reason, std::string detail) {
    out_->bad.push_back({from.number, from.begin, from.size, reason, std::move(detail)});
  }
  void finish(uint32_t lines);
  Decoded& out() { return *out_; }

 private:
  void grow();
  void resize(size_t rows);

  columns::Schema schema_;
  Decoded* out_ = nullptr;
  size_t rows_ = 0;
  size_t room_ = 0;
  size_t rows_before_ = 0;  // of the chunk before, a guess for this one
};

}  // namespace tailrace::formats
