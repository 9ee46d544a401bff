// IntegerRange: what an integer kind holds, and how a value that it does not hold wraps.
#pragma once

#include <cstdint>

#include "columns/type.h"

namespace tailrace::sql {

struct IntegerRange {
  int64_t least;
  int64_t greatest;
  int spare_bits;  // of the 64 that every integer is kept in

  static constexpr IntegerRange of(columns::Kind kind) {
    const int bits = kind == columns::Kind::kByte    ? 8
                     : kind == columns::Kind::kShort ? 16
                     : kind == columns::Kind::kLong  ? 64
                                                     : 32;  // INT, and the days of a DATE
    const int64_t greatest = INT64_MAX >> (64 - bits);
    return {-greatest - 1, greatest, 64 - bits};
  }
  constexpr bool holds(int64_t value) const { return value >= least && value <= greatest; }
  constexpr int64_t wrapped(int64_t value) const {
    return static_cast<int64_t>(static_cast<uint64_t>(value) << spare_bits) >> spare_bits;
  }
};

}  // namespace tailrace::sql
