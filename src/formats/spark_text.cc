#include "formats/spark_text.h"

#include "formats/number_text.h"
#include "formats/timestamp.h"

namespace tailrace::formats {
namespace {

using columns::Column;
using columns::Kind;

// What stays the same while a value is written.
struct SparkText {
  const TimeZone& zone;
  std::string_view null_text;
  std::string& out;

  void value(const Column& column, size_t row) const;
  void real(const Column& column, size_t row) const;
  void date(int64_t days) const;
  void timestamp(int64_t us) const;
  void structure(const Column& column, size_t row) const;
  void array(const Column& column, size_t row) const;
};

void SparkText::real(const Column& column, size_t row) const {
  char text[kNumberBytesMax];
  const double number = column.doubles[row];
  char* end = column.type.kind == Kind::kFloat ? write_float(static_cast<float>(number), text)
                                               : write_double(number, text);
  out.append(text, end);
}

void SparkText::date(int64_t days) const {
  char text[kTimestampBytesMax];
  out.append(text, format_date(days, text));
}

void SparkText::timestamp(int64_t us) const {
  char text[kTimestampBytesMax];
  out.append(text, format_spark_timestamp(us, zone, text));
}

void SparkText::structure(const Column& column, size_t row) const {
  out += '{';
  for (const Column& child : column.children) {
    if (&child != &column.children.front()) out += ", ";
    value(child, row);
  }
  out += '}';
}

void SparkText::array(const Column& column, size_t row) const {
  const columns::List list = column.lists[row];
  out += '[';
  for (uint32_t i = 0; i < list.count; i++) {
    if (i > 0) out += ", ";
    value(column.children[0], size_t{list.begin} + i);
  }
  out += ']';
}

void SparkText::value(const Column& column, size_t row) const {
  if (column.is_null(row)) {
    out += null_text;
    return;
  }
  switch (column.type.kind) {
    case Kind::kNull: out += null_text; break;
    case Kind::kBoolean: out += column.ints[row] != 0 ? "true" : "false"; break;
    case Kind::kByte:
    case Kind::kShort:
    case Kind::kInt:
    case Kind::kLong: out += std::to_string(column.ints[row]); break;
    case Kind::kFloat:
    case Kind::kDouble: real(column, row); break;
    case Kind::kString: out += column.texts[row]; break;
    case Kind::kDate: date(column.ints[row]); break;
    case Kind::kTimestamp: timestamp(column.ints[row]); break;
    case Kind::kStruct: structure(column, row); break;
    case Kind::kArray: array(column, row); break;
  }
}

}  // namespace

void append_spark_text(const Column& column, size_t row, const TimeZone& zone, std::string& out,
                       std::string_view null_text) {
  SparkText{zone, null_text, out}.value(column, row);
}

}  // namespace tailrace::formats
