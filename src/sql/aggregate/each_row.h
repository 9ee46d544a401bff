// each_row: the loop of every aggregate's update: rows that pass the FILTER and whose argument is
// not null. The decisions are made once a block.
#pragma once

#include "sql/aggregate/aggregate_state.h"

namespace tailrace::sql {

// The state of type State in a group's payload.
template <class State>
State& state_at(state::Group* group, size_t at) {
  return *reinterpret_cast<State*>(group->payload() + at);
}
template <class State>
const State& state_at(const state::Group* group, size_t at) {
  return *reinterpret_cast<const State*>(group->payload() + at);
}

// body(i, row) for the i-th of the rows. `nulls`: of the argument, or nullptr to take nulls too.
template <class Body>
void each_row(const GroupedRows& rows, const columns::Column* filter, const uint8_t* nulls,
              Body body) {
  const size_t count = rows.rows.size();
  if (filter == nullptr && nulls == nullptr) {
    for (size_t i = 0; i < count; i++) body(i, rows.rows[i]);
  } else if (filter == nullptr) {
    for (size_t i = 0; i < count; i++)
      if (nulls[rows.rows[i]] == 0) body(i, rows.rows[i]);
  } else {
    for (size_t i = 0; i < count; i++) {
      const uint32_t row = rows.rows[i];
      if (filter->nulls[row] != 0 || filter->ints[row] == 0) continue;
      if (nulls == nullptr || nulls[row] == 0) body(i, row);
    }
  }
}

}  // namespace tailrace::sql
