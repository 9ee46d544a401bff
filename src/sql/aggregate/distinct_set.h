// DistinctSet: the distinct values of one group, themselves and not their hashes: up to 15 bytes
// inline, longer ones in the arena. Plain data in a group's payload; all zero bytes are the empty
// set. The order of its values means nothing.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/arena.h"

namespace tailrace::sql {

class DistinctSet {
 public:
  // True if the value was new.
  bool add(std::string_view value, uint64_t seed, Arena& arena);
  uint64_t size() const { return count_; }

  template <class Visit>
  void for_each(Visit visit) const {
    for (uint32_t i = 0; i < capacity_; i++)
      if (!slots_[i].is_empty()) visit(slots_[i].value());
  }

 private:
  // 16 bytes: the value and, in the last byte, its length + 1; or a pointer, a length and kLong.
  struct Slot {
    static constexpr size_t kInlineMax = 15;
    static constexpr uint8_t kLong = 0xff;
    char bytes[16];

    bool is_empty() const { return bytes[15] == 0; }
    std::string_view value() const;
  };

  static Slot slot_for(std::string_view value);
  static uint64_t hash_of(const Slot& slot, uint64_t seed);
  static bool same(const Slot& a, const Slot& b);
  void grow(uint64_t seed, Arena& arena);

  Slot* slots_;
  uint32_t count_;
  uint32_t capacity_;  // a power of two, or 0
};
static_assert(sizeof(DistinctSet) == 16);

}  // namespace tailrace::sql
