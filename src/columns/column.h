// Column: the values of one expression or field for the rows of a block, in typed arrays.
// Plain data; written by one thread. Texts are views: they point into the block's buffer or into
// an Arena that outlives the column (whoever fills the column says which). clear() keeps capacity.
//
// ints    kBoolean (0/1), kByte..kLong, kDate (days), kTimestamp (micros); kNull has no values
// doubles kFloat (already rounded to float), kDouble
// texts   kString, UTF-8
// lists   kArray: (begin, count) into children[0]; entries may stand in any order
// struct  kStruct: children run parallel to the rows; a null struct has null children
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "columns/type.h"

namespace tailrace::columns {

struct List {
  uint32_t begin = 0;
  uint32_t count = 0;
};

// Ascending numbers of the rows that an operation is for.
using Rows = std::span<const uint32_t>;

struct Column {
  Type type;
  size_t size = 0;
  std::vector<uint8_t> nulls;  // 1: null; the value behind it is unspecified
  std::vector<int64_t> ints;
  std::vector<double> doubles;
  std::vector<std::string_view> texts;
  std::vector<List> lists;
  std::vector<Column> children;

  Column() = default;
  explicit Column(Type column_type);

  // Sets the number of rows; new rows are null. Children of a struct follow; those of a list do
  // not.
  void resize(size_t rows);
  void clear() { resize(0); }

  bool is_null(size_t row) const { return nulls[row] != 0; }

  // For the slow, clear paths (tests, decoders of odd rows): append one row.
  void append_null();
  void append_int(int64_t value);
  void append_double(double value);
  void append_text(std::string_view value);
};

// Copies row `from_row` of `from` over row `to_row` of `to` (same type); list elements are appended
// to to.children[0]. Texts stay views into where `from`'s pointed.
void copy_value(const Column& from, size_t from_row, Column& to, size_t to_row);
// The same, with the texts copied into `arena`, so that the value outlives its block.
void copy_value(const Column& from, size_t from_row, Column& to, size_t to_row, Arena& arena);

// Spark's equality and order of values (spark-semantics.md 4.3): null first and equal to null,
// NaN equal to itself and greatest, -0.0 = 0.0, strings by UTF-8 bytes, structs and arrays by
// parts.
int compare_values(const Column& a, size_t a_row, const Column& b, size_t b_row);

}  // namespace tailrace::columns
