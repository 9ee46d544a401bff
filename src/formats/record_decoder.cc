#include "formats/record_decoder.h"

#include "base/check.h"

namespace tailrace::formats {

std::string_view reason_name(BadReason reason) {
  switch (reason) {
    case BadReason::kBadJson: return "bad_json";
    case BadReason::kBadType: return "bad_type";
    case BadReason::kBadExpression: return "bad_expression";
    case BadReason::kTooLong: return "too_long";
    case BadReason::kNoTime: return "no_time";
    case BadReason::kFuture: return "future";
    case BadReason::kLate: return "late";
  }
  CHECK(false);
}

void Decoded::clear() {
  batch.rows = 0;
  for (columns::Column& column : batch.columns) column.clear();
  row_line.clear();
  row_begin.clear();
  row_size.clear();
  bad.clear();
  unknown.clear();
  lines = 0;
  arena.clear();
}

}  // namespace tailrace::formats
