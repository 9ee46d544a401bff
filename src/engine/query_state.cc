#include "engine/query_state.h"

#include <algorithm>

#include "base/hash.h"
#include "sql/aggregate/keys.h"

namespace tailrace::engine {
namespace {

constexpr int64_t kVersionsKept = 100;

int64_t bucket_width(const sql::Aggregation& aggregation) {
  return aggregation.window ? aggregation.window->slide_us : kMicrosPerSecond;
}

}  // namespace

QueryState::QueryState(const Job& job, Workers& workers) : job_(job), workers_(workers) {
  if (!job.query->aggregation) return;
  const sql::Aggregation& aggregation = *job.query->aggregation;
  accumulators_ =
      std::make_unique<sql::Accumulators>(aggregation.aggregates, job.hash_seed, job.ansi);
  direct_ =
      job.checkpoint == nullptr && job.mode != sql::OutputMode::kUpdate && !job.wants_progress;
  for (uint32_t i = 0; i < job.partitions; i++) {
    stores_.emplace_back(*accumulators_, bucket_width(aggregation));
    if (!direct_) deltas_.emplace_back(*accumulators_, bucket_width(aggregation));
  }
  if (job.checkpoint == nullptr) return;
  state::KeyHash key_hash = [seed = job.hash_seed](std::string_view key, int64_t end) {
    return sql::group_hash(hash_bytes(key, seed), end);
  };
  log_.emplace(*job.files, job.checkpoint->state_directory() + "/0", std::move(key_hash));
}

bool QueryState::follows_watermark() const {
  return !is_stateless() && job_.delay_us && job_.mode != sql::OutputMode::kComplete;
}

bool QueryState::expires() const {
  if (!follows_watermark()) return false;
  const sql::Aggregation& aggregation = *job_.query->aggregation;
  return aggregation.window ? aggregation.window_on_event_time : aggregation.event_time_key >= 0;
}

Status QueryState::load(int64_t batch) {
  return log_ && batch >= 0 ? log_->load(batch, stores_) : Status();
}

void QueryState::ensure_global_group(std::span<state::GroupStore> stores) {
  const sql::Aggregation& aggregation = *job_.query->aggregation;
  if (aggregation.window || !aggregation.keys.empty()) return;
  const uint64_t key_hash = hash_bytes({}, job_.hash_seed);
  const uint64_t hash = sql::group_hash(key_hash, state::kNoEnd);
  state::GroupTable& table = stores[(key_hash >> 32) % stores.size()].table_for(state::kNoEnd);
  bool added = false;
  state::Group& group = table.find_or_add({}, hash, state::kNoEnd, added);
  if (added) accumulators_->begin(group.payload());
}

Status QueryState::save(int64_t batch, int64_t evict) {
  if (!log_) return {};
  ensure_global_group(target());
  return log_->write_delta(batch, evict, deltas_);
}

QueryState::Due QueryState::finish_batch(int64_t evict, bool closing, BatchCounts& counts) {
  Due due;
  if (is_stateless()) return due;
  ensure_global_group(target());
  const bool update = job_.mode == sql::OutputMode::kUpdate;
  std::vector<std::vector<Emitter::Due>> touched(stores_.size());
  if (!direct_) {
    workers_.for_each(stores_.size(), [&](size_t p) {
      stores_[p].merge(deltas_[p], [&](const state::Group& group) {
        if (update) touched[p].push_back({group.end, group.first(), &group});
      });
    });
    for (state::GroupStore& delta : deltas_) {
      counts.groups_updated += delta.group_count();
      delta.clear();
    }
  }
  for (auto& groups : touched) due.groups.insert(due.groups.end(), groups.begin(), groups.end());
  if (job_.mode == sql::OutputMode::kComplete)
    for (const state::GroupStore& store : stores_)
      store.for_each([&](const state::GroupTable&, const state::Group& group) {
        due.groups.push_back({group.end, group.first(), &group});
      });
  if (evict != INT64_MIN) {
    for (state::GroupStore& store : stores_)
      for (state::GroupTable& table : store.take(evict)) due.tables.push_back(std::move(table));
    for (const state::GroupTable& table : due.tables)
      counts.groups_removed += table.groups().size();
  }
  if (closing && update) due.groups.clear();
  Emitter::sort(due.groups);
  for (const state::GroupStore& store : stores_) counts.state_bytes += store.memory_bytes();
  counts.groups_total = open_groups();
  return due;
}

Status QueryState::maintain(int64_t batch) {
  return log_ ? log_->maintain(batch, batch - kVersionsKept, stores_) : Status();
}

uint64_t QueryState::open_groups() const {
  uint64_t count = 0;
  for (const state::GroupStore& store : stores_) count += store.group_count();
  return count;
}

}  // namespace tailrace::engine
