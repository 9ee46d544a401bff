// GroupStage: rows of a block to their groups, in two steps. group_rows gives each row its windows,
// key and hash partition and evaluates the aggregates' arguments (any worker, any order);
// update_groups adds one partition's rows to its store (the partition's owner, blocks in input
// order).
#pragma once

#include <cstdint>
#include <vector>

#include "sql/aggregate/accumulators.h"
#include "sql/aggregate/keys.h"
#include "sql/pipeline/query.h"
#include "sql/pipeline/row_stage.h"
#include "sql/window/assign.h"
#include "state/group_store.h"

namespace tailrace::sql {

// Scratch and result of group_rows, reused from block to block.
struct GroupedBlock {
  WindowedRows entries;
  EncodedKeys keys;                                            // by row
  std::vector<std::vector<uint32_t>> partitions;               // numbers of entries, in order
  std::vector<columns::Column> evaluated;                      // memory of what follows
  std::vector<std::vector<const columns::Column*>> arguments;  // by aggregate
  std::vector<const columns::Column*> filters;                 // by aggregate; null: none
  std::vector<uint64_t> offsets;  // by row: its place in the input partition
  uint32_t input_partition = 0;
  int64_t least_end = state::kNoEnd;  // of the entries
};

void group_rows(const Aggregation& aggregation, size_t partitions, uint64_t seed, BlockRows& rows,
                GroupedBlock& out);

// When an entry comes too late for its group (spark-semantics.md 1.2).
struct LateRule {
  bool check = false;
  int64_t closed = INT64_MIN;  // groups that end here or before are gone
  const int64_t* running_greatest =
      nullptr;                          // row mode: greatest time before each row in its block
  int64_t greatest_before = INT64_MIN;  // and before the block, in its partition
  int64_t delay_us = 0;

  // The watermark that this row is judged by.
  int64_t watermark_for(uint32_t row) const;
};

struct UpdateScratch {
  std::vector<uint32_t> rows;
  std::vector<uint64_t> hashes;
  std::vector<state::GroupTable*> tables;
  std::vector<state::Group*> groups;
  std::vector<Arena*> arenas;
  std::vector<uint32_t> entries;
};

// Adds partition `partition`'s entries of the block to `store`; entries that are late go to `late`.
void update_groups(const Accumulators& accumulators, const GroupedBlock& block, size_t partition,
                   const LateRule& rule, state::GroupStore& store, UpdateScratch& scratch,
                   std::vector<uint32_t>& late);

}  // namespace tailrace::sql
