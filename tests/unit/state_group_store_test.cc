#include "state/group_store.h"

#include <doctest/doctest.h>

#include <map>
#include <random>

#include "base/hash.h"
#include "state/state_log.h"
#include "support/memory_filesystem.h"

using namespace tailrace;
using namespace tailrace::state;

namespace {

// A payload that counts: enough to see what is merged with what.
class Counting final : public GroupLayout {
 public:
  size_t payload_bytes() const override { return 8; }
  void begin(char* payload) const override { count(payload) = 0; }
  void merge(char* into, const char* from, Arena&) const override {
    count(into) += *reinterpret_cast<const int64_t*>(from);
  }
  void encode(const char* payload, std::string& out) const override { out.append(payload, 8); }
  bool decode(std::string_view& in, char* payload, Arena&) const override {
    if (in.size() < 8) return false;
    __builtin_memcpy(payload, in.data(), 8);
    in.remove_prefix(8);
    return true;
  }
  static int64_t& count(char* payload) { return *reinterpret_cast<int64_t*>(payload); }
};

uint64_t hash_of(std::string_view key, int64_t end) {
  return hash_word(static_cast<uint64_t>(end), hash_bytes(key, 7));
}

void add(GroupStore& store, std::string_view key, int64_t end, uint64_t offset) {
  bool added = false;
  Group& group = store.table_for(end).find_or_add(key, hash_of(key, end), end, added);
  if (added) {
    store.layout().begin(group.payload());
    group.set_first({0, offset});
  }
  Counting::count(group.payload())++;
}

// One store for each hash partition; stores move, they do not copy.
std::vector<GroupStore> make_stores(const GroupLayout& layout, size_t count) {
  std::vector<GroupStore> stores;
  for (size_t i = 0; i < count; i++) stores.emplace_back(layout, 10);
  return stores;
}

using Contents = std::map<std::pair<int64_t, std::string>, int64_t>;

Contents contents(const GroupStore& store) {
  Contents all;
  store.for_each([&](const GroupTable& table, Group& group) {
    all[{group.end, std::string(table.key_of(group))}] = Counting::count(group.payload());
  });
  return all;
}

}  // namespace

TEST_CASE("groups are found again by key and end, also when thousands of ends share buckets") {
  const Counting layout;
  for (const int64_t distance : {int64_t{1}, int64_t{300'000'000}}) {
    GroupStore store(layout, 1);
    Contents expected;
    std::mt19937_64 random(17);
    for (uint64_t i = 0; i < 20'000; i++) {
      const int64_t end = static_cast<int64_t>(random() % 5'000) * distance;
      const std::string key = "user_" + std::to_string(random() % 7);
      add(store, key, end, i);
      expected[{end, key}]++;
    }
    CHECK(contents(store) == expected);
    CHECK(store.group_count() == expected.size());
  }
}

TEST_CASE("taking what ended leaves the rest, wherever the limit cuts a bucket") {
  const Counting layout;
  GroupStore store(layout, 1);
  for (int64_t end = 0; end < 4'000; end++) add(store, "k", end, static_cast<uint64_t>(end));
  add(store, "for ever", kNoEnd, 9'999);
  size_t taken = 0;
  for (const GroupTable& table : store.take(1'234))
    for (const Group* group : table.groups()) {
      CHECK(group->end <= 1'234);
      taken++;
    }
  CHECK(taken == 1'235);
  CHECK(store.group_count() == 4'000 - 1'235 + 1);
  CHECK(store.least_end() <= 1'235);
  size_t rest = 0;
  for (const GroupTable& table : store.take(kNoEnd)) rest += table.groups().size();
  CHECK(rest == 4'000 - 1'235 + 1);
  CHECK(store.group_count() == 0);
}

TEST_CASE("merging a delta adds its counts and keeps the earlier first row") {
  const Counting layout;
  GroupStore store(layout, 10);
  GroupStore delta = store.empty_like();
  add(store, "a", 10, 50);
  add(delta, "a", 10, 20);
  add(delta, "b", 20, 30);
  int touched = 0;
  store.merge(delta, [&](const Group&) { touched++; });
  CHECK(touched == 2);
  CHECK(contents(store) == Contents{{{10, "a"}, 2}, {{20, "b"}, 1}});
  store.for_each([](const GroupTable& table, Group& group) {
    if (table.key_of(group) == "a") CHECK(group.first() == Position{0, 20});
  });
}

TEST_CASE("the log gives every version back, with deltas, evictions and snapshots") {
  const Counting layout;
  test::MemoryFilesystem files;
  std::vector<Contents> versions;
  {
    StateLog log(files, "/ck/state/0", hash_of);
    std::vector<GroupStore> stores = make_stores(layout, 2);
    REQUIRE(log.load(-1, stores));
    for (int64_t batch = 0; batch < 130; batch++) {
      std::vector<GroupStore> deltas = make_stores(layout, 2);
      for (int64_t i = 0; i < 20; i++)
        add(deltas[static_cast<size_t>(i % 2)], "k" + std::to_string(i % 5), (batch + i % 3) * 10,
            1);
      const int64_t evict = (batch - 2) * 10;
      REQUIRE(log.write_delta(batch, evict, deltas));
      Contents all;
      for (size_t p = 0; p < 2; p++) {
        stores[p].merge(deltas[p], [](const Group&) {});
        stores[p].take(evict);
        all.merge(contents(stores[p]));
      }
      versions.push_back(all);
      REQUIRE(log.maintain(batch, 0, stores));
    }
  }
  for (const int64_t version : {0, 1, 99, 100, 101, 129}) {
    StateLog log(files, "/ck/state/0", hash_of);
    std::vector<GroupStore> stores = make_stores(layout, 2);
    REQUIRE(log.load(version, stores));
    Contents all = contents(stores[0]);
    all.merge(contents(stores[1]));
    CHECK(all == versions[static_cast<size_t>(version)]);
  }
}

TEST_CASE("a state file that was cut or changed is damage, named, never a wrong answer") {
  const Counting layout;
  test::MemoryFilesystem files;
  StateLog log(files, "/ck/state/0", hash_of);
  std::vector<GroupStore> deltas = make_stores(layout, 1);
  add(deltas[0], "key", 10, 1);
  REQUIRE(log.write_delta(0, StateLog::kNothing, deltas));
  const std::string whole = *io::read_file(files, "/ck/state/0/0.delta");
  for (size_t cut = 0; cut <= whole.size(); cut++) {
    std::string damaged = cut == whole.size() ? whole : whole.substr(0, cut);
    if (cut == whole.size()) damaged[whole.size() / 2] ^= 4;
    REQUIRE(io::publish(files, "/ck/state/0/0.delta", damaged));
    std::vector<GroupStore> stores = make_stores(layout, 1);
    const Status loaded = StateLog(files, "/ck/state/0", hash_of).load(0, stores);
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().kind == ErrorKind::kDamage);
    CHECK(loaded.error().message.find("/ck/state/0/0.delta") != std::string::npos);
  }
}
