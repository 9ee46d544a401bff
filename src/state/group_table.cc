#include "state/group_table.h"

namespace tailrace::state {
namespace {
constexpr size_t kFirstSlots = 16;
}

Group& GroupTable::add_at(size_t slot, std::string_view key, uint64_t hash, int64_t end) {
  char* memory = arena_.allocate(sizeof(Group) + payload_bytes_ + key.size());
  auto* group = new (memory) Group{hash, end, 0, 0, static_cast<uint32_t>(key.size())};
  if (!key.empty()) std::memcpy(group->payload() + payload_bytes_, key.data(), key.size());
  slots_[slot] = (hash >> 48 << 48) | reinterpret_cast<uint64_t>(group);
  groups_.push_back(group);
  return *group;
}

void GroupTable::grow() { rebuild(slots_.empty() ? kFirstSlots : slots_.size() * 2); }

void GroupTable::rebuild(size_t slots) {
  slots_.assign(slots, 0);
  mask_ = slots - 1;
  for (Group* group : groups_) insert_slot(group);
}

void GroupTable::insert_slot(Group* group) {
  // User-space pointers of x86-64 and arm64 Linux have 48 bits; the tag takes the rest.
  DCHECK(reinterpret_cast<uint64_t>(group) >> 48 == 0);
  size_t at = group->hash & mask_;
  while (slots_[at] != 0) at = (at + 1) & mask_;
  slots_[at] = (group->hash >> 48 << 48) | reinterpret_cast<uint64_t>(group);
}

void GroupTable::absorb(GroupTable&& other) {
  CHECK(payload_bytes_ == other.payload_bytes_);
  groups_.insert(groups_.end(), other.groups_.begin(), other.groups_.end());
  arena_.absorb(std::move(other.arena_));
  size_t slots = std::max(slots_.size(), kFirstSlots);
  while (groups_.size() * 8 >= slots * 5) slots *= 2;
  rebuild(slots);
}

}  // namespace tailrace::state
