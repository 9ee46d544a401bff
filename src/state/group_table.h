// GroupTable: the groups of one bucket, found by key and end. Groups never move; they stand in
// order of insertion in groups(). One owner at a time; not thread-safe. Linear probing at a load of
// at most 5/8; a slot is a 16-bit tag of the hash over a 48-bit pointer, so that most probes touch
// one line.
#pragma once

#include <cstdint>
#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/check.h"
#include "state/group.h"

namespace tailrace::state {

class GroupTable {
 public:
  explicit GroupTable(size_t payload_bytes) : payload_bytes_(payload_bytes) {}

  // Finds the group or adds one whose payload is uninitialised (`added` tells).
  Group& find_or_add(std::string_view key, uint64_t hash, int64_t end, bool& added) {
    if (groups_.size() * 8 >= slots_.size() * 5) [[unlikely]]
      grow();
    size_t at = hash & mask_;
    const uint64_t tag = hash >> 48 << 48;
    for (;; at = (at + 1) & mask_) {
      const uint64_t slot = slots_[at];
      if (slot == 0) break;
      if ((slot ^ tag) >> 48 == 0) {
        Group& group = *pointer(slot);
        if (group.hash == hash && group.end == end && key_of(group) == key) {
          added = false;
          return group;
        }
      }
    }
    added = true;
    return add_at(at, key, hash, end);
  }

  std::string_view key_of(const Group& group) const {
    return {group.payload() + payload_bytes_, group.key_bytes};
  }

  // Two steps of looking ahead for a batch of rows: the slot, then the group it points to.
  void prefetch_slot(uint64_t hash) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[hash & mask_]);
  }
  void prefetch_group(uint64_t hash) const {
    if (slots_.empty()) return;
    const uint64_t slot = slots_[hash & mask_];
    if (slot != 0) __builtin_prefetch(pointer(slot), 1);
  }

  const std::vector<Group*>& groups() const { return groups_; }
  Arena& arena() { return arena_; }
  size_t memory_bytes() const {
    return arena_.bytes_reserved() + slots_.capacity() * 8 + groups_.capacity() * 8;
  }

  // Takes the groups of `other`, which must have none in common, without copying them.
  void absorb(GroupTable&& other);
  // Keeps only the groups for which keep(group) is true. Their memory stays until the table goes.
  template <class Keep>
  void retain(Keep keep) {
    std::erase_if(groups_, [&](Group* group) { return !keep(*group); });
    rebuild(slots_.size());
  }

 private:
  static Group* pointer(uint64_t slot) {
    return reinterpret_cast<Group*>(slot & ((uint64_t{1} << 48) - 1));
  }
  Group& add_at(size_t slot, std::string_view key, uint64_t hash, int64_t end);
  void grow();
  void rebuild(size_t slots);
  void insert_slot(Group* group);

  size_t payload_bytes_;
  std::vector<uint64_t> slots_;
  uint64_t mask_ = 0;
  std::vector<Group*> groups_;
  Arena arena_;
};

}  // namespace tailrace::state
