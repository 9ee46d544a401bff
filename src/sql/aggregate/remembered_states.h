// The states that remember values: first, last, collect_list, count(DISTINCT). See
// aggregate_state.h.
#pragma once

#include <memory>

#include "sql/aggregate/aggregate_state.h"

namespace tailrace::sql {

std::unique_ptr<AggregateState> make_first_state(bool last, bool ignore_nulls);
std::unique_ptr<AggregateState> make_list_state();
std::unique_ptr<AggregateState> make_distinct_state(uint64_t seed);

}  // namespace tailrace::sql
