#include "sql/aggregate/distinct_set.h"

#include <cstring>

#include "base/hash.h"

namespace tailrace::sql {
namespace {
constexpr uint32_t kFirstCapacity = 4;
}

std::string_view DistinctSet::Slot::value() const {
  const auto tag = static_cast<uint8_t>(bytes[15]);
  if (tag != kLong) return {bytes, static_cast<size_t>(tag - 1)};
  const char* begin;
  uint32_t size;
  std::memcpy(&begin, bytes, sizeof begin);
  std::memcpy(&size, bytes + 8, sizeof size);
  return {begin, size};
}

DistinctSet::Slot DistinctSet::slot_for(std::string_view value) {
  Slot slot{};
  if (value.size() <= Slot::kInlineMax) {
    std::memcpy(slot.bytes, value.data(), value.size());
    slot.bytes[15] = static_cast<char>(value.size() + 1);
    return slot;
  }
  const char* begin = value.data();
  const auto size = static_cast<uint32_t>(value.size());
  std::memcpy(slot.bytes, &begin, sizeof begin);
  std::memcpy(slot.bytes + 8, &size, sizeof size);
  slot.bytes[15] = static_cast<char>(Slot::kLong);
  return slot;
}

uint64_t DistinctSet::hash_of(const Slot& slot, uint64_t seed) {
  if (static_cast<uint8_t>(slot.bytes[15]) == Slot::kLong) return hash_bytes(slot.value(), seed);
  uint64_t words[2];
  std::memcpy(words, slot.bytes, sizeof words);
  return hash_word(words[0] ^ hash_word(words[1], seed), seed);
}

bool DistinctSet::same(const Slot& a, const Slot& b) {
  if (std::memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0) return true;
  if (static_cast<uint8_t>(a.bytes[15]) != Slot::kLong || a.bytes[15] != b.bytes[15]) return false;
  return a.value() == b.value();
}

void DistinctSet::grow(uint64_t seed, Arena& arena) {
  const Slot* old = slots_;
  const uint32_t old_capacity = capacity_;
  capacity_ = capacity_ == 0 ? kFirstCapacity : capacity_ * 2;
  slots_ = reinterpret_cast<Slot*>(arena.allocate(capacity_ * sizeof(Slot)));
  std::memset(static_cast<void*>(slots_), 0, capacity_ * sizeof(Slot));
  for (uint32_t i = 0; i < old_capacity; i++) {
    if (old[i].is_empty()) continue;
    uint64_t at = hash_of(old[i], seed) & (capacity_ - 1);
    while (!slots_[at].is_empty()) at = (at + 1) & (capacity_ - 1);
    slots_[at] = old[i];
  }
}

bool DistinctSet::add(std::string_view value, uint64_t seed, Arena& arena) {
  if (uint64_t{count_} * 4 >= uint64_t{capacity_} * 3) grow(seed, arena);
  Slot slot = slot_for(value);
  uint64_t at = hash_of(slot, seed) & (capacity_ - 1);
  for (; !slots_[at].is_empty(); at = (at + 1) & (capacity_ - 1))
    if (same(slots_[at], slot)) return false;
  if (value.size() > Slot::kInlineMax) slot = slot_for(arena.copy(value));
  slots_[at] = slot;
  count_++;
  return true;
}

}  // namespace tailrace::sql
