// ExactSum: a sum of doubles that does not depend on the order of its terms: it keeps the exact sum
// as a few non-overlapping doubles and rounds once, at the end. Shewchuk, "Adaptive Precision
// Floating-Point Arithmetic" (1997), as in Python's math.fsum. Plain data in a group's payload; all
// zero bytes are an empty sum. Terms and sums beyond about 1.8e308 count as infinite.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/arena.h"

namespace tailrace::sql {

class ExactSum {
 public:
  void add(double value, Arena& arena) {
    // Most sums are one double: whole numbers and the like.
    if (used_ == 0 && special_ == 0 && value - value == 0) {
      inline_[0] = value;
      used_ = value != 0;
      return;
    }
    add_slowly(value, arena);
  }
  void merge(const ExactSum& other, Arena& arena);
  double value() const;

  void encode(std::string& out) const;
  bool decode(std::string_view& in, Arena& arena);

 private:
  static constexpr uint16_t kInline = 2;
  enum Special : uint8_t { kNan = 1, kPositive = 2, kNegative = 4 };

  void add_slowly(double value, Arena& arena);
  void add_special(double value);
  void reserve(uint16_t parts, Arena& arena);
  double* parts() { return more_ != nullptr ? more_ : inline_; }
  const double* parts() const { return more_ != nullptr ? more_ : inline_; }

  double inline_[kInline];  // smallest part first
  double* more_;            // in the arena, once more than kInline parts are needed
  uint16_t used_;
  uint16_t capacity_;
  uint8_t special_;
};
static_assert(sizeof(ExactSum) == 32);

}  // namespace tailrace::sql
