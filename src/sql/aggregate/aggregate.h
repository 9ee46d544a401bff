// Aggregate: one aggregate function call of a query, with its typed arguments and FILTER. Built by
// make_aggregate; how groups are kept and updated is in sql/aggregate/accumulators.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "columns/type.h"
#include "sql/expr/expr.h"

namespace tailrace::sql {

enum class AggregateFunction : uint8_t {
  kCountRows,      // count(*)
  kCount,          // count(x, ...): rows where all arguments are not null
  kCountDistinct,  // count(DISTINCT x, ...), count_distinct(x, ...)
  kSum,
  kAvg,
  kMin,
  kMax,
  kFirst,
  kLast,
  kCollectList,
};

struct Aggregate {
  AggregateFunction function = AggregateFunction::kCountRows;
  std::vector<ExprPtr> arguments;  // over the aggregation's input, already coerced
  ExprPtr filter;                  // BOOLEAN, or null: no FILTER clause
  bool ignore_nulls = false;       // first, last
  columns::Type type;              // of the result
};

// True for names that make_aggregate knows (lower case).
bool is_aggregate_function(std::string_view name);

// `name` is lower case: count (no arguments or one constant: count(*)), count_distinct, sum, avg,
// mean, min, max, first, first_value, any_value, last, last_value, collect_list, array_agg. first
// and last take a second argument TRUE for "ignore nulls". Wrong arguments are usage errors with
// Spark's error class.
Result<Aggregate> make_aggregate(std::string_view name, std::vector<ExprPtr> arguments,
                                 bool distinct, ExprPtr filter, const ExprSettings& settings);

// For `tailrace --functions`; sorted by name.
const std::vector<FunctionInfo>& aggregate_functions();

}  // namespace tailrace::sql
