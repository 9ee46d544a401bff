#include "sql/pipeline/group_stage.h"

#include <algorithm>

#include "watermark/watermark.h"

namespace tailrace::sql {

using columns::Column;
using state::Group;
using state::GroupTable;

namespace {

// The ends of rows that are not in a window: the event time that they are grouped by, or none.
void assign_ends(const Column* time, columns::Rows rows, WindowedRows& out) {
  out.rows.assign(rows.begin(), rows.end());
  out.ends.assign(rows.size(), state::kNoEnd);
  if (time == nullptr) return;
  for (size_t i = 0; i < rows.size(); i++)
    if (!time->is_null(rows[i])) out.ends[i] = time->ints[rows[i]];
}

size_t expression_count(const Aggregation& aggregation) {
  size_t count = aggregation.keys.size() + 1;
  for (const Aggregate& aggregate : aggregation.aggregates) count += aggregate.arguments.size() + 1;
  return count;
}

// Evaluates into the block's memory; a failed row leaves the selection with the next filter step.
class Evaluator {
 public:
  Evaluator(BlockRows& rows, GroupedBlock& out) : rows_(rows), out_(out) {}

  const Column* operator()(const ExprPtr& expr) {
    return &evaluated(*expr, *rows_.batch, rows_.rows, rows_.context, out_.evaluated[used_++]);
  }

 private:
  BlockRows& rows_;
  GroupedBlock& out_;
  size_t used_ = 0;
};

void scatter(size_t partitions, GroupedBlock& out) {
  out.partitions.resize(partitions);
  for (auto& entries : out.partitions) entries.clear();
  const size_t count = out.entries.rows.size();
  if (partitions == 1) {
    out.partitions[0].resize(count);
    for (uint32_t i = 0; i < count; i++) out.partitions[0][i] = i;
    return;
  }
  for (uint32_t i = 0; i < count; i++) {
    // The table's slots use the low bits of the hash, so the partition takes the middle ones.
    const uint64_t hash = out.keys.hashes[out.entries.rows[i]];
    out.partitions[(hash >> 32) % partitions].push_back(i);
  }
}

}  // namespace

void group_rows(const Aggregation& aggregation, size_t partitions, uint64_t seed, BlockRows& rows,
                GroupedBlock& out) {
  out.evaluated.resize(expression_count(aggregation));
  Evaluator evaluate(rows, out);
  std::vector<const Column*> keys;
  for (const ExprPtr& key : aggregation.keys) keys.push_back(evaluate(key));
  const Column* time = aggregation.window ? evaluate(aggregation.window->time) : nullptr;
  out.arguments.clear();
  out.filters.clear();
  for (const Aggregate& aggregate : aggregation.aggregates) {
    auto& arguments = out.arguments.emplace_back();
    for (const ExprPtr& argument : aggregate.arguments) arguments.push_back(evaluate(argument));
    out.filters.push_back(aggregate.filter ? evaluate(aggregate.filter) : nullptr);
  }
  drop_failed(rows.errors, rows.rows, rows.rejected);
  encode_keys(keys, rows.rows, rows.batch->rows, seed, rows.arena, out.keys);
  out.entries.clear();
  if (aggregation.window)
    assign_windows(*aggregation.window, *time, rows.rows, out.entries);
  else {
    const int key = aggregation.event_time_key;
    assign_ends(key < 0 ? nullptr : keys[static_cast<size_t>(key)], rows.rows, out.entries);
  }
  out.least_end = state::kNoEnd;
  for (const int64_t end : out.entries.ends) out.least_end = std::min(out.least_end, end);
  scatter(partitions, out);
}

int64_t LateRule::watermark_for(uint32_t row) const {
  if (running_greatest == nullptr) return closed;
  const int64_t greatest = std::max(greatest_before, running_greatest[row]);
  return std::max(closed, watermark::less_delay(greatest, delay_us));
}

namespace {

void drop_late(const GroupedBlock& block, const LateRule& rule, std::span<const uint32_t> entries,
               std::vector<uint32_t>& kept, std::vector<uint32_t>& late) {
  for (const uint32_t entry : entries) {
    const int64_t end = block.entries.ends[entry];
    const bool is_late = end != state::kNoEnd &&
                         watermark::is_late(end, rule.watermark_for(block.entries.rows[entry]));
    (is_late ? late : kept).push_back(entry);
  }
}

// Finds or makes the groups of some entries. Three passes, so that the memory of one row's slot and
// group is on its way while others are looked at.
void find_groups(const Accumulators& accumulators, const GroupedBlock& block,
                 std::span<const uint32_t> entries, state::GroupStore& store,
                 UpdateScratch& scratch) {
  const size_t count = entries.size();
  // A new end may make the store join buckets; then the tables are looked up once more.
  for (uint64_t joins = store.joins() + 1; joins != store.joins();) {
    joins = store.joins();
    for (size_t i = 0; i < count; i++) {
      const uint32_t row = block.entries.rows[entries[i]];
      const int64_t end = block.entries.ends[entries[i]];
      scratch.rows[i] = row;
      scratch.hashes[i] = group_hash(block.keys.hashes[row], end);
      scratch.tables[i] = &store.table_for(end);
      scratch.tables[i]->prefetch_slot(scratch.hashes[i]);
    }
  }
  for (size_t i = 0; i < count; i++) scratch.tables[i]->prefetch_group(scratch.hashes[i]);
  for (size_t i = 0; i < count; i++) {
    const uint32_t row = scratch.rows[i];
    bool added = false;
    Group& group = scratch.tables[i]->find_or_add(block.keys.keys[row], scratch.hashes[i],
                                                  block.entries.ends[entries[i]], added);
    const state::Position position{block.input_partition, block.offsets[row]};
    if (added) accumulators.begin(group.payload());
    if (added || position < group.first()) group.set_first(position);
    scratch.groups[i] = &group;
    scratch.arenas[i] = &scratch.tables[i]->arena();
  }
}

}  // namespace

void update_groups(const Accumulators& accumulators, const GroupedBlock& block, size_t partition,
                   const LateRule& rule, state::GroupStore& store, UpdateScratch& scratch,
                   std::vector<uint32_t>& late) {
  constexpr size_t kRowsAtOnce = 128;  // their groups fit the first-level cache
  scratch.rows.resize(kRowsAtOnce);
  scratch.hashes.resize(kRowsAtOnce);
  scratch.tables.resize(kRowsAtOnce);
  scratch.groups.resize(kRowsAtOnce);
  scratch.arenas.resize(kRowsAtOnce);
  std::span<const uint32_t> entries = block.partitions[partition];
  if (rule.check) {
    scratch.entries.clear();
    drop_late(block, rule, entries, scratch.entries, late);
    entries = scratch.entries;
  }
  while (!entries.empty()) {
    const size_t count = std::min(entries.size(), kRowsAtOnce);
    find_groups(accumulators, block, entries.first(count), store, scratch);
    const GroupedRows grouped{{scratch.rows.data(), count},
                              {scratch.groups.data(), count},
                              {scratch.arenas.data(), count},
                              block.offsets.data(),
                              block.input_partition};
    for (size_t i = 0; i < accumulators.size(); i++)
      accumulators.update(i, grouped, {block.arguments[i], block.filters[i]});
    entries = entries.subspan(count);
  }
}

}  // namespace tailrace::sql
