// Values as bytes: group keys, and the values that aggregates remember (distinct, first, lists).
// Equal values have equal bytes and the other way round, once normalised. Little-endian; the type
// is known from the query, not written:
//
//   value  := 0x00 (null) | 0x01 body
//   body   := int64 | double | uint32 length, bytes | struct: values | list: uint32 count, values
#pragma once

#include <string>
#include <string_view>

#include "columns/column.h"

namespace tailrace::sql {

// Spark's NormalizeFloatingNumbers: -0.0 becomes 0.0 and every NaN the same one, so that they
// group.
enum class Normalize : bool { kNo, kYes };

void append_value(const columns::Column& column, size_t row, Normalize normalize, std::string& out);

// Reads one value from the front of `in` into row `row` of `out` (which is that long already).
// Texts point into `in`'s memory. False: the bytes are damaged.
bool read_value(std::string_view& in, columns::Column& out, size_t row);

// Little-endian scalars in the state's files.
template <class T>
void append_scalar(T value, std::string& out) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}
template <class T>
bool read_scalar(std::string_view& in, T& value) {
  if (in.size() < sizeof value) return false;
  __builtin_memcpy(&value, in.data(), sizeof value);
  in.remove_prefix(sizeof value);
  return true;
}
void append_bytes(std::string_view bytes, std::string& out);  // with a uint32 length in front
bool read_bytes(std::string_view& in, std::string_view& bytes);

}  // namespace tailrace::sql
