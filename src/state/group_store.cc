#include "state/group_store.h"

#include <algorithm>

namespace tailrace::state {

GroupTable& GroupStore::find_table(int64_t bucket, int64_t end) {
  auto found = tables_.find(bucket);
  if (found == tables_.end()) {
    if (tables_.size() >= kBucketsMax && bucket != kNoEnd) {
      widen();
      return table_for(end);
    }
    found = tables_.emplace(bucket, GroupTable(layout_->payload_bytes())).first;
  }
  cache_[static_cast<uint64_t>(bucket) % cache_.size()] = {bucket, &found->second};
  return found->second;
}

// Doubles the width until there is room again; each join is of neighbours, so groups are not
// copied.
void GroupStore::widen() {
  cache_ = {};
  joins_++;
  while (tables_.size() >= kBucketsMax) {
    bucket_us_ = bucket_us_ > kNoEnd / 2 ? kNoEnd : bucket_us_ * 2;
    std::map<int64_t, GroupTable> wider;
    for (auto& [bucket, table] : tables_) {
      const int64_t joined = bucket == kNoEnd ? kNoEnd : floor_div(bucket, 2);
      auto [at, is_new] = wider.try_emplace(joined, std::move(table));
      if (!is_new) at->second.absorb(std::move(table));
    }
    tables_ = std::move(wider);
  }
}

int64_t GroupStore::least_end() const {
  if (tables_.empty() || tables_.begin()->first == kNoEnd) return kNoEnd;
  return tables_.begin()->first * bucket_us_;
}

std::vector<GroupTable> GroupStore::take(int64_t limit) {
  std::vector<GroupTable> taken;
  cache_ = {};
  while (!tables_.empty() && least_end() <= limit && least_end() != kNoEnd) {
    GroupTable& table = tables_.begin()->second;
    const auto expired = [limit](const Group* group) { return group->end <= limit; };
    if (std::ranges::all_of(table.groups(), expired)) {
      taken.push_back(std::move(table));
      tables_.erase(tables_.begin());
      continue;
    }
    // The limit cuts this bucket: what stays moves to a fresh table, and the old one goes with its
    // memory.
    GroupTable rest(layout_->payload_bytes());
    for (const Group* group : table.groups()) {
      if (group->end <= limit) continue;
      bool added = false;
      Group& copy = rest.find_or_add(table.key_of(*group), group->hash, group->end, added);
      copy.set_first(group->first());
      layout_->begin(copy.payload());
      layout_->merge(copy.payload(), group->payload(), rest.arena());
    }
    if (rest.groups().size() < table.groups().size()) {
      table.retain([limit](const Group& group) { return group.end <= limit; });
      taken.push_back(std::move(table));
      table = std::move(rest);
    }
    break;
  }
  if (limit == kNoEnd && !tables_.empty()) {
    for (auto& [bucket, table] : tables_) taken.push_back(std::move(table));
    tables_.clear();
  }
  return taken;
}

Group& GroupStore::merge_group(const GroupTable& from_table, const Group& from) {
  GroupTable& table = table_for(from.end);
  bool added = false;
  Group& group = table.find_or_add(from_table.key_of(from), from.hash, from.end, added);
  if (added) {
    layout_->begin(group.payload());
    group.set_first(from.first());
  }
  if (from.first() < group.first()) group.set_first(from.first());
  layout_->merge(group.payload(), from.payload(), table.arena());
  return group;
}

size_t GroupStore::group_count() const {
  size_t count = 0;
  for (const auto& [bucket, table] : tables_) count += table.groups().size();
  return count;
}

size_t GroupStore::memory_bytes() const {
  size_t bytes = 0;
  for (const auto& [bucket, table] : tables_) bytes += table.memory_bytes();
  return bytes;
}

void GroupStore::clear() {
  tables_.clear();
  cache_ = {};
}

}  // namespace tailrace::state
