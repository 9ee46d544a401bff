#include "formats/json_writer.h"

#include <cmath>

#include "base/buffer.h"
#include "formats/json_string.h"
#include "formats/number_text.h"
#include "formats/row_format.h"
#include "formats/timestamp.h"

namespace tailrace::formats {

using columns::Column;
using columns::Kind;

JsonShape json_shape(const columns::Type& type) {
  JsonShape shape;
  shape.kind = type.kind;
  if (type.is_nested()) shape.children = json_object_shape(type.fields);
  return shape;
}

std::vector<JsonShape> json_object_shape(const columns::Schema& fields) {
  std::vector<JsonShape> shapes;
  for (const columns::Field& field : fields) {
    Buffer key;
    append_json_string(field.name, key);
    shapes.push_back(json_shape(field.type));
    shapes.back().lead = (shapes.size() == 1 ? "{" : ",") + std::string(key.view()) + ":";
  }
  return shapes;
}

void JsonWriter::string(std::string_view text) {
  out_.advance_to(write_json_string(text, out_.room(json_string_bytes_max(text.size()))));
}

void JsonWriter::time(int64_t us) {
  char* out = out_.room(Rfc3339Writer::kBytesMax + 2);
  *out++ = '"';
  out = times_.write(us, out);
  *out++ = '"';
  out_.advance_to(out);
}

void JsonWriter::date(int64_t days) {
  char* out = out_.room(kTimestampBytesMax + 2);
  *out++ = '"';
  out = format_date(days, out);
  *out++ = '"';
  out_.advance_to(out);
}

// JSON has no NaN and no Infinity: they are strings, as Spark writes them.
void JsonWriter::real(const JsonShape& shape, double value) {
  const bool quoted = !std::isfinite(value);
  if (quoted) out_.put('"');
  char* out = out_.room(kNumberBytesMax);
  out_.advance_to(shape.kind == Kind::kFloat ? write_float(static_cast<float>(value), out)
                                             : write_double(value, out));
  if (quoted) out_.put('"');
}

void JsonWriter::array(const JsonShape& shape, const Column& column, size_t row) {
  const columns::List list = column.lists[row];
  out_.put('[');
  for (uint32_t i = 0; i < list.count; i++) {
    if (i > 0) out_.put(',');
    value(shape.children[0], column.children[0], size_t{list.begin} + i);
  }
  out_.put(']');
}

void JsonWriter::object(const std::vector<JsonShape>& shapes, const std::vector<Column>& columns,
                        size_t row) {
  if (shapes.empty()) out_.put('{');
  for (size_t i = 0; i < shapes.size(); i++) {
    const std::string& lead = shapes[i].lead;
    char* out = out_.room(lead.size());
    std::memcpy(out, lead.data(), lead.size());
    out_.advance_to(out + lead.size());
    value(shapes[i], columns[i], row);
  }
  out_.put('}');
}

void JsonWriter::value(const JsonShape& shape, const Column& column, size_t row) {
  if (column.is_null(row)) return out_.put("null");
  switch (shape.kind) {
    case Kind::kNull: return out_.put("null");
    case Kind::kBoolean: return out_.put(column.ints[row] != 0 ? "true" : "false");
    case Kind::kByte:
    case Kind::kShort:
    case Kind::kInt:
    case Kind::kLong:
      return out_.advance_to(write_integer(column.ints[row], out_.room(kNumberBytesMax)));
    case Kind::kFloat:
    case Kind::kDouble: return real(shape, column.doubles[row]);
    case Kind::kString: return string(column.texts[row]);
    case Kind::kDate: return date(column.ints[row]);
    case Kind::kTimestamp: return time(column.ints[row]);
    case Kind::kStruct: return object(shape.children, column.children, row);
    case Kind::kArray: return array(shape, column, row);
  }
}

void append_json_value(const Column& column, size_t row, const TimeZone& zone, Buffer& out) {
  TextCursor cursor(out);
  JsonWriter(zone, cursor).value(json_shape(column.type), column, row);
}

}  // namespace tailrace::formats
