#include "sql/aggregate/value_codec.h"

#include <cmath>
#include <limits>

namespace tailrace::sql {

using columns::Column;
using columns::Kind;
using columns::List;
using columns::Storage;

namespace {

double normalized(double value) {
  if (std::isnan(value)) return std::numeric_limits<double>::quiet_NaN();
  return value == 0 ? 0.0 : value;
}

bool read_list(std::string_view& in, Column& out, size_t row) {
  uint32_t count = 0;
  if (!read_scalar(in, count) || count > in.size()) return false;
  Column& elements = out.children[0];
  const auto begin = static_cast<uint32_t>(elements.size);
  elements.resize(begin + count);
  out.lists[row] = {begin, count};
  for (uint32_t i = 0; i < count; i++)
    if (!read_value(in, elements, begin + i)) return false;
  return true;
}

}  // namespace

void append_bytes(std::string_view bytes, std::string& out) {
  append_scalar(static_cast<uint32_t>(bytes.size()), out);
  out.append(bytes);
}

bool read_bytes(std::string_view& in, std::string_view& bytes) {
  uint32_t size = 0;
  if (!read_scalar(in, size) || in.size() < size) return false;
  bytes = in.substr(0, size);
  in.remove_prefix(size);
  return true;
}

void append_value(const Column& column, size_t row, Normalize normalize, std::string& out) {
  if (column.is_null(row)) {
    out.push_back(0);
    return;
  }
  out.push_back(1);
  switch (columns::storage_of(column.type.kind)) {
    case Storage::kInts: append_scalar(column.ints[row], out); break;
    case Storage::kDoubles: {
      const double value = column.doubles[row];
      append_scalar(normalize == Normalize::kYes ? normalized(value) : value, out);
      break;
    }
    case Storage::kTexts: append_bytes(column.texts[row], out); break;
    case Storage::kStruct:
      for (const Column& child : column.children) append_value(child, row, normalize, out);
      break;
    case Storage::kLists: {
      const List list = column.lists[row];
      append_scalar(list.count, out);
      for (uint32_t i = 0; i < list.count; i++)
        append_value(column.children[0], list.begin + i, normalize, out);
      break;
    }
  }
}

bool read_value(std::string_view& in, Column& out, size_t row) {
  if (in.empty()) return false;
  const char tag = in[0];
  in.remove_prefix(1);
  out.nulls[row] = tag == 0;
  if (tag == 0) return true;
  switch (columns::storage_of(out.type.kind)) {
    case Storage::kInts: return out.type.kind != Kind::kNull && read_scalar(in, out.ints[row]);
    case Storage::kDoubles: return read_scalar(in, out.doubles[row]);
    case Storage::kTexts: return read_bytes(in, out.texts[row]);
    case Storage::kLists: return read_list(in, out, row);
    case Storage::kStruct: break;
  }
  for (Column& child : out.children)
    if (!read_value(in, child, row)) return false;
  return true;
}

}  // namespace tailrace::sql
