#include "columns/column.h"

#include <algorithm>
#include <cmath>
#include <compare>

#include "base/check.h"

namespace tailrace::columns {

Column::Column(Type column_type) : type(std::move(column_type)) {
  for (const Field& field : type.fields) children.emplace_back(field.type);
}

void Column::resize(size_t rows) {
  nulls.resize(rows, 1);
  switch (storage_of(type.kind)) {
    case Storage::kInts: ints.resize(rows); break;
    case Storage::kDoubles: doubles.resize(rows); break;
    case Storage::kTexts: texts.resize(rows); break;
    case Storage::kStruct:
      for (Column& child : children) child.resize(rows);
      break;
    case Storage::kLists:
      lists.resize(rows);
      if (rows == 0) children[0].resize(0);
      break;
  }
  size = rows;
}

void Column::append_null() { resize(size + 1); }

void Column::append_int(int64_t value) {
  resize(size + 1);
  nulls.back() = 0;
  ints.back() = value;
}

void Column::append_double(double value) {
  resize(size + 1);
  nulls.back() = 0;
  doubles.back() = value;
}

void Column::append_text(std::string_view value) {
  resize(size + 1);
  nulls.back() = 0;
  texts.back() = value;
}

namespace {

// `copy_text` says where a text goes.
template <class CopyText>
void copy_any(const Column& from, size_t from_row, Column& to, size_t to_row, CopyText copy_text) {
  to.nulls[to_row] = from.nulls[from_row];
  if (from.is_null(from_row) || to.type.kind == Kind::kNull) {
    to.nulls[to_row] = 1;
    return;
  }
  switch (storage_of(from.type.kind)) {
    case Storage::kInts: to.ints[to_row] = from.ints[from_row]; break;
    case Storage::kDoubles: to.doubles[to_row] = from.doubles[from_row]; break;
    case Storage::kTexts: to.texts[to_row] = copy_text(from.texts[from_row]); break;
    case Storage::kStruct:
      for (size_t i = 0; i < from.children.size(); i++)
        copy_any(from.children[i], from_row, to.children[i], to_row, copy_text);
      break;
    case Storage::kLists: {
      const List list = from.lists[from_row];
      Column& elements = to.children[0];
      const size_t begin = elements.size;
      elements.resize(begin + list.count);
      for (uint32_t i = 0; i < list.count; i++)
        copy_any(from.children[0], list.begin + i, elements, begin + i, copy_text);
      to.lists[to_row] = {static_cast<uint32_t>(begin), list.count};
      break;
    }
  }
}

}  // namespace

void copy_value(const Column& from, size_t from_row, Column& to, size_t to_row) {
  copy_any(from, from_row, to, to_row, [](std::string_view text) { return text; });
}

void copy_value(const Column& from, size_t from_row, Column& to, size_t to_row, Arena& arena) {
  copy_any(from, from_row, to, to_row, [&](std::string_view text) { return arena.copy(text); });
}

namespace {

template <class T>
int order(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

int order_doubles(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return order(std::isnan(a), std::isnan(b));
  return order(a, b);
}

int order_lists(const Column& a, List x, const Column& b, List y) {
  for (uint32_t i = 0; i < std::min(x.count, y.count); i++) {
    const int part = compare_values(a, x.begin + i, b, y.begin + i);
    if (part != 0) return part;
  }
  return order(x.count, y.count);
}

}  // namespace

int compare_values(const Column& a, size_t a_row, const Column& b, size_t b_row) {
  if (a.is_null(a_row) || b.is_null(b_row)) return order(!a.is_null(a_row), !b.is_null(b_row));
  DCHECK(a.type.kind == b.type.kind);
  switch (storage_of(a.type.kind)) {
    case Storage::kInts: return order(a.ints[a_row], b.ints[b_row]);
    case Storage::kDoubles: return order_doubles(a.doubles[a_row], b.doubles[b_row]);
    case Storage::kTexts: return order(a.texts[a_row].compare(b.texts[b_row]), 0);
    case Storage::kLists:
      return order_lists(a.children[0], a.lists[a_row], b.children[0], b.lists[b_row]);
    case Storage::kStruct: break;
  }
  for (size_t i = 0; i < a.children.size(); i++) {
    const int part = compare_values(a.children[i], a_row, b.children[i], b_row);
    if (part != 0) return part;
  }
  return 0;
}

}  // namespace tailrace::columns
