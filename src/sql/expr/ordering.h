// Equality and order of single values as Spark has them (spark-semantics.md 4.3): NaN equals itself
// and is greatest, -0.0 equals 0.0, texts by their UTF-8 bytes, structs and arrays part by part.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "columns/column.h"
#include "sql/expr/kernel.h"

namespace tailrace::sql {

inline bool equals(int64_t a, int64_t b) { return a == b; }
inline bool equals(double a, double b) { return (a == b) | ((a != a) & (b != b)); }
inline bool equals(std::string_view a, std::string_view b) { return a == b; }
inline bool equals(Cell a, Cell b) {
  return compare_values(*a.column, a.row, *b.column, b.row) == 0;
}

inline bool less(int64_t a, int64_t b) { return a < b; }
inline bool less(double a, double b) { return (a < b) | ((a == a) & (b != b)); }
inline bool less(std::string_view a, std::string_view b) { return a < b; }
inline bool less(Cell a, Cell b) { return compare_values(*a.column, a.row, *b.column, b.row) < 0; }

// Is a text this one? Short texts are compared as two overlapping words, which is several times
// quicker than calling memcmp; `event_type = 'click'` over millions of rows is the usual query.
class SameText {
 public:
  explicit SameText(std::string_view text) : text_(text) {
    if (text.size() >= 8)
      load(head8_, tail8_, text);
    else if (text.size() >= 4)
      load(head4_, tail4_, text);
  }

  bool operator()(std::string_view other) const {
    if (other.size() != text_.size()) return false;
    if (other.size() >= 8) return same_words(head8_, tail8_, other) && same_middle(other);
    if (other.size() >= 4) return same_words(head4_, tail4_, other);
    for (size_t i = 0; i < other.size(); i++)
      if (other[i] != text_[i]) return false;
    return true;
  }

 private:
  template <class Word>
  static void load(Word& head, Word& tail, std::string_view text) {
    std::memcpy(&head, text.data(), sizeof(Word));
    std::memcpy(&tail, text.data() + text.size() - sizeof(Word), sizeof(Word));
  }
  template <class Word>
  static bool same_words(Word head, Word tail, std::string_view other) {
    Word other_head, other_tail;
    load(other_head, other_tail, other);
    return (head == other_head) & (tail == other_tail);
  }
  bool same_middle(std::string_view other) const {
    return other.size() <= 16 || std::memcmp(other.data(), text_.data(), other.size()) == 0;
  }

  std::string text_;
  uint64_t head8_ = 0, tail8_ = 0;
  uint32_t head4_ = 0, tail4_ = 0;
};

// Calls fn(T()) with the C++ type that values of `kind` are kept in; Cell for nested ones.
template <class Fn>
auto with_storage(columns::Kind kind, Fn fn) {
  switch (columns::storage_of(kind)) {
    case columns::Storage::kInts: return fn(int64_t{});
    case columns::Storage::kDoubles: return fn(double{});
    case columns::Storage::kTexts: return fn(std::string_view{});
    default: return fn(Cell{});
  }
}

}  // namespace tailrace::sql
