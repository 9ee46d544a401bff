// GroupStore: the open groups of one hash partition, in at most kBucketsMax tables by expiry, so
// that a closed window frees its memory at once and a thousand windows stay cheap. Where more ends
// are open than buckets, a bucket holds several: the width doubles and neighbours join
// (architecture.md, rule 5). One owner at a time; not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "state/group.h"
#include "state/group_table.h"

namespace tailrace::state {

class GroupStore {
 public:
  static constexpr size_t kBucketsMax = 1024;

  // `bucket_us`: the first width, the distance of window ends if that is known. REQUIRES: > 0.
  GroupStore(const GroupLayout& layout, int64_t bucket_us)
      : layout_(&layout), bucket_us_(bucket_us) {}

  // The table for groups with this end; stays good until joins() changes, or take().
  GroupTable& table_for(int64_t end) {
    const int64_t bucket = bucket_of(end);
    Cached& cached = cache_[static_cast<uint64_t>(bucket) % cache_.size()];
    if (cached.bucket == bucket && cached.table != nullptr) return *cached.table;
    return find_table(bucket, end);
  }

  // How often buckets were joined: then tables stand elsewhere. Groups never move.
  uint64_t joins() const { return joins_; }

  // The least end of any bucket's range: nothing ends before it. kNoEnd if empty.
  int64_t least_end() const;

  // Takes the groups with end <= limit out: whole tables, and from the one that the limit cuts, a
  // table with copies. The tables own the groups.
  std::vector<GroupTable> take(int64_t limit);

  // Adds the groups of `delta` (same layout) to these; `touched(group)` for each afterwards.
  template <class Touched>
  void merge(const GroupStore& delta, Touched touched) {
    for (const auto& [bucket, table] : delta.tables_)
      for (const Group* from : table.groups()) touched(merge_group(table, *from));
  }

  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& [bucket, table] : tables_)
      for (Group* group : table.groups()) visit(table, *group);
  }

  size_t group_count() const;
  size_t memory_bytes() const;
  const GroupLayout& layout() const { return *layout_; }
  void clear();
  // An empty store of the same layout and bucket width: the place for a batch's delta.
  GroupStore empty_like() const { return {*layout_, bucket_us_}; }

 private:
  struct Cached {
    int64_t bucket = 0;
    GroupTable* table = nullptr;
  };

  int64_t bucket_of(int64_t end) const {
    return end == kNoEnd ? kNoEnd : floor_div(end, bucket_us_);
  }
  GroupTable& find_table(int64_t bucket, int64_t end);
  void widen();
  Group& merge_group(const GroupTable& from_table, const Group& from);

  const GroupLayout* layout_;
  int64_t bucket_us_;
  uint64_t joins_ = 0;
  std::map<int64_t, GroupTable> tables_;
  std::array<Cached, 16> cache_{};
};

}  // namespace tailrace::state
