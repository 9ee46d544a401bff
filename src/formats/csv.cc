// csv: RFC 4180 with LF for line ends, as Unix tools write them; a null is empty, an empty string
// is "". tsv: jq's @tsv: tab, newline, carriage return and backslash are \t \n \r \\ and nothing is
// quoted; null and the empty string are both empty. Nested values are compact JSON in either.

#include "formats/json_writer.h"
#include "formats/number_text.h"
#include "formats/row_format.h"
#include "formats/timestamp.h"

namespace tailrace::formats {
namespace {

using columns::Column;
using columns::Kind;

bool needs_quotes(std::string_view text) {
  bool odd = text.empty();
  for (const char c : text) odd |= c == ',' || c == '"' || c == '\r' || c == '\n';
  return odd;
}

void put_csv_text(std::string_view text, TextCursor& out) {
  if (!needs_quotes(text)) return out.put(text);
  out.put('"');
  for (size_t quote; (quote = text.find('"')) != std::string_view::npos;) {
    out.put(text.substr(0, quote + 1));
    out.put('"');
    text.remove_prefix(quote + 1);
  }
  out.put(text);
  out.put('"');
}

void put_tsv_text(std::string_view text, TextCursor& out) {
  for (size_t odd; (odd = text.find_first_of("\t\n\r\\")) != std::string_view::npos;) {
    out.put(text.substr(0, odd));
    out.put('\\');
    const char byte = text[odd];
    out.put(byte == '\t' ? 't' : byte == '\n' ? 'n' : byte == '\r' ? 'r' : '\\');
    text.remove_prefix(odd + 1);
  }
  out.put(text);
}

struct Dialect {
  char separator;
  void (*put_text)(std::string_view text, TextCursor& out);
};
constexpr Dialect kCsv = {',', put_csv_text};
constexpr Dialect kTsv = {'\t', put_tsv_text};

// The state of one call of rows(): the caches that make it fast, the scratch for nested values.
class FieldWriter {
 public:
  FieldWriter(const Dialect& dialect, const TimeZone& zone, TextCursor& out)
      : dialect_(dialect), zone_(zone), times_(zone), out_(out) {}

  void field(const JsonShape& shape, const Column& column, size_t row) {
    if (column.is_null(row)) return;
    switch (shape.kind) {
      case Kind::kNull: return;
      case Kind::kBoolean: return out_.put(column.ints[row] != 0 ? "true" : "false");
      case Kind::kByte:
      case Kind::kShort:
      case Kind::kInt:
      case Kind::kLong:
        return out_.advance_to(write_integer(column.ints[row], out_.room(kNumberBytesMax)));
      case Kind::kFloat:
        return out_.advance_to(
            write_float(static_cast<float>(column.doubles[row]), out_.room(kNumberBytesMax)));
      case Kind::kDouble:
        return out_.advance_to(write_double(column.doubles[row], out_.room(kNumberBytesMax)));
      case Kind::kString: return dialect_.put_text(column.texts[row], out_);
      case Kind::kDate:
        return out_.advance_to(format_date(column.ints[row], out_.room(kTimestampBytesMax)));
      case Kind::kTimestamp:
        return out_.advance_to(times_.write(column.ints[row], out_.room(Rfc3339Writer::kBytesMax)));
      case Kind::kStruct:
      case Kind::kArray: return nested(shape, column, row);
    }
  }

 private:
  void nested(const JsonShape& shape, const Column& column, size_t row) {
    scratch_.clear();
    {
      TextCursor cursor(scratch_);
      JsonWriter(zone_, cursor).value(shape, column, row);
    }
    dialect_.put_text(scratch_.view(), out_);
  }

  const Dialect& dialect_;
  const TimeZone& zone_;
  Rfc3339Writer times_;
  TextCursor& out_;
  Buffer scratch_;
};

class SeparatedValues : public RowFormat {
 public:
  SeparatedValues(const Dialect& dialect, columns::Schema schema, TimeZone zone)
      : dialect_(dialect),
        schema_(std::move(schema)),
        shapes_(json_object_shape(schema_)),
        zone_(std::move(zone)) {}

  void header(Buffer& out) const override {
    TextCursor cursor(out);
    for (const columns::Field& field : schema_) {
      if (&field != &schema_.front()) cursor.put(dialect_.separator);
      dialect_.put_text(field.name, cursor);
    }
    cursor.put('\n');
  }

  void rows(const columns::Batch& batch, columns::Rows selected, Buffer& out) const override {
    TextCursor cursor(out);
    FieldWriter writer(dialect_, zone_, cursor);
    for (const uint32_t row : selected) {
      for (size_t i = 0; i < shapes_.size(); i++) {
        if (i > 0) cursor.put(dialect_.separator);
        writer.field(shapes_[i], batch.columns[i], row);
      }
      cursor.put('\n');
    }
  }

 private:
  const Dialect& dialect_;
  columns::Schema schema_;
  std::vector<JsonShape> shapes_;
  TimeZone zone_;
};

}  // namespace

std::unique_ptr<RowFormat> csv_format(columns::Schema schema, TimeZone zone) {
  return std::make_unique<SeparatedValues>(kCsv, std::move(schema), std::move(zone));
}

std::unique_ptr<RowFormat> tsv_format(columns::Schema schema, TimeZone zone) {
  return std::make_unique<SeparatedValues>(kTsv, std::move(schema), std::move(zone));
}

}  // namespace tailrace::formats
