// JsonWriter: values of one type as compact JSON, the shared inside of jsonl, of nested csv fields
// and of append_json_value. The shape (keys, already escaped and led by their commas) is computed
// once, the rows go through without looking at names. Shapes are immutable; a writer is one
// thread's.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "columns/column.h"
#include "columns/type.h"
#include "formats/rfc3339_writer.h"
#include "formats/text_cursor.h"
#include "formats/time_zone.h"

namespace tailrace::formats {

// How a value of a type is written.
struct JsonShape {
  columns::Kind kind = columns::Kind::kNull;
  std::string lead;  // what stands before the value in its object: `{"a":` or `,"b":`
  std::vector<JsonShape> children;
};

JsonShape json_shape(const columns::Type& type);
// The shape of an object that has these fields: leads included.
std::vector<JsonShape> json_object_shape(const columns::Schema& fields);

class JsonWriter {
 public:
  JsonWriter(const TimeZone& zone, TextCursor& out) : times_(zone), out_(out) {}
  void value(const JsonShape& shape, const columns::Column& column, size_t row);
  void string(std::string_view text);
  // An object of the row's values, without a newline.
  void object(const std::vector<JsonShape>& shapes, const std::vector<columns::Column>& columns,
              size_t row);

 private:
  void array(const JsonShape& shape, const columns::Column& column, size_t row);
  void real(const JsonShape& shape, double value);
  void time(int64_t us);
  void date(int64_t days);

  Rfc3339Writer times_;
  TextCursor& out_;
};

}  // namespace tailrace::formats
