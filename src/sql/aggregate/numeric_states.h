// The states of counts, sums, averages, minima and maxima. See aggregate_state.h for the contract.
#pragma once

#include <memory>

#include "sql/aggregate/aggregate_state.h"

namespace tailrace::sql {

std::unique_ptr<AggregateState> make_count_state(size_t arguments);
// sum and avg; whole numbers are added in 128 bits, doubles exactly (exact_sum.h).
std::unique_ptr<AggregateState> make_sum_state(const columns::Type& argument, bool ansi);
std::unique_ptr<AggregateState> make_average_state(const columns::Type& argument);
std::unique_ptr<AggregateState> make_extreme_state(const columns::Type& argument, bool greatest);

}  // namespace tailrace::sql
