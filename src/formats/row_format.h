// RowFormat: rows to text, for the line formats (jsonl, csv, tsv). Immutable, so any thread may use
// it; appends to `out`. Values look as cli.md "Output" says: times in RFC 3339 in the zone, DOUBLE
// in the shortest form that reads back with a fraction or exponent, NaN and Infinity as strings.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "columns/batch.h"
#include "columns/type.h"
#include "formats/time_zone.h"

namespace tailrace::formats {

class RowFormat {
 public:
  virtual ~RowFormat() = default;
  virtual void header(Buffer& out) const = 0;  // csv and tsv; nothing for jsonl
  virtual void rows(const columns::Batch& batch, columns::Rows selected, Buffer& out) const = 0;
};

std::unique_ptr<RowFormat> jsonl_format(columns::Schema schema, TimeZone zone);
std::unique_ptr<RowFormat> csv_format(columns::Schema schema, TimeZone zone);
std::unique_ptr<RowFormat> tsv_format(columns::Schema schema, TimeZone zone);

// One value as compact JSON (nested values in csv, table cells, collect_list in the ledger).
void append_json_value(const columns::Column& column, size_t row, const TimeZone& zone,
                       Buffer& out);
// A JSON string with its quotes; escapes ", \, control characters; UTF-8 passes. Invalid UTF-8
// becomes U+FFFD.
void append_json_string(std::string_view text, Buffer& out);

}  // namespace tailrace::formats
