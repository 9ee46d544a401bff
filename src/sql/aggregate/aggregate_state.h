// AggregateState: what one aggregate keeps of a group, inside the group's payload. Immutable
// itself; the states that it works on belong to their tables. A state of all zero bytes has seen
// nothing. Merging is commutative and associative, so that answers depend neither on threads nor on
// batches: sums are exact, first, last and lists carry the rows' positions.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/result.h"
#include "columns/column.h"
#include "sql/aggregate/aggregate.h"
#include "state/group.h"

namespace tailrace::sql {

// Some rows of a block, each with its group and the arena of the group's table.
struct GroupedRows {
  std::span<const uint32_t>
      rows;  // numbers of rows in the block; a row may stand here more than once
  std::span<state::Group* const> groups;
  std::span<Arena* const> arenas;
  const uint64_t* offsets = nullptr;  // of each row of the block in its partition
  uint32_t partition = 0;
};

// The evaluated arguments of an aggregate for a block; `filter` may be null.
struct AggregateInput {
  std::span<const columns::Column* const> arguments;
  const columns::Column* filter = nullptr;
};

class AggregateState {
 public:
  virtual ~AggregateState() = default;
  virtual size_t bytes() const = 0;  // a multiple of 8
  // Adds the rows; the state stands `at` bytes into each group's payload.
  virtual void update(const GroupedRows& rows, const AggregateInput& input, size_t at) const = 0;
  virtual void merge(char* into, const char* from, Arena& arena) const = 0;
  virtual void encode(const char* state, std::string& out) const = 0;
  virtual bool decode(std::string_view& in, char* state, Arena& arena) const = 0;
  // Sets out[i] for group i. Texts point into the groups' memory. Fails on overflow (ANSI).
  virtual Status results(std::span<const state::Group* const> groups, size_t at,
                         columns::Column& out) const = 0;
};

// `seed` is for the hashes of distinct sets.
std::unique_ptr<AggregateState> make_aggregate_state(const Aggregate& aggregate, uint64_t seed,
                                                     bool ansi);

}  // namespace tailrace::sql
