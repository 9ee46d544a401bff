// Decoding in tests: lines in, text out. A row is printed as its values between bars, a bad line as
// its reason and detail, so that a table of expectations can be read. Header only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/buffer.h"
#include "columns/batch.h"
#include "formats/record_decoder.h"

namespace tailrace::testing {

inline std::string render(const columns::Column& column, size_t row) {
  using columns::Kind;
  if (column.is_null(row)) return "null";
  std::string text;
  switch (columns::storage_of(column.type.kind)) {
    case columns::Storage::kInts:
      if (column.type.kind == Kind::kBoolean) return column.ints[row] ? "true" : "false";
      return std::to_string(column.ints[row]);
    case columns::Storage::kDoubles: return fmt::format("{}", column.doubles[row]);
    case columns::Storage::kTexts: return fmt::format("'{}'", column.texts[row]);
    case columns::Storage::kStruct:
      for (const columns::Column& child : column.children)
        text += (text.empty() ? "" : ", ") + render(child, row);
      return "{" + text + "}";
    case columns::Storage::kLists: break;
  }
  const columns::List list = column.lists[row];
  for (uint32_t i = 0; i < list.count; i++)
    text += (i ? ", " : "") + render(column.children[0], list.begin + i);
  return "[" + text + "]";
}

inline std::string render_row(const columns::Batch& batch, size_t row) {
  std::string text;
  for (const columns::Column& column : batch.columns)
    text += (text.empty() ? "" : " | ") + render(column, row);
  return text;
}

// A line's outcomes, by line: rows, bad lines, or nothing for a blank.
inline std::vector<std::string> render_lines(const formats::Decoded& decoded) {
  std::vector<std::string> lines(decoded.lines);
  const auto add = [&](uint32_t line, const std::string& text) {
    lines[line] += (lines[line].empty() ? "" : " & ") + text;
  };
  for (size_t row = 0; row < decoded.batch.rows; row++)
    add(decoded.row_line[row], render_row(decoded.batch, row));
  for (const formats::BadLine& bad : decoded.bad)
    add(bad.line, fmt::format("{}: {}", formats::reason_name(bad.reason), bad.detail));
  return lines;
}

// Keeps the padded bytes that a Decoded points into.
class Bytes {
 public:
  explicit Bytes(std::string_view text, char behind = '"') {
    buffer_.resize(text.size() + Buffer::kPadding);
    std::memcpy(buffer_.data(), text.data(), text.size());
    std::memset(buffer_.data() + text.size(), behind, Buffer::kPadding);
    size_ = text.size();
  }
  formats::Chunk chunk(uint64_t offset = 0) const { return {{buffer_.data(), size_}, offset}; }

 private:
  Buffer buffer_;
  size_t size_ = 0;
};

inline std::vector<std::string> decode_lines(formats::RecordDecoder& decoder, std::string_view text,
                                             uint64_t offset = 0) {
  const Bytes bytes(text);
  formats::Decoded decoded;
  decoder.decode(bytes.chunk(offset), decoded);
  return render_lines(decoded);
}

}  // namespace tailrace::testing
