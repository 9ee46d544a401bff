// Grouping and Ordering: what expressions above a GROUP BY, and those of ORDER BY, may name. Both
// match by identity (scope.h): `upper(K)` in SELECT is the key `upper(k)` of GROUP BY. Built and
// used while one SELECT is bound.
#pragma once

#include <string>
#include <vector>

#include "sql/bind/scope.h"
#include "sql/pipeline/query.h"

namespace tailrace::sql {

// An item of a SELECT list after * has been expanded.
struct NamedSyntax {
  std::string name;
  Syntax value;
};

struct GroupColumn {
  std::string identity;
  int index = -1;  // in the aggregation's rows
  columns::Type type{};
  std::vector<Syntax>
      key{};  // of a key that is no window: what it is over the rows that are grouped
};

struct Grouping {
  Scope* input = nullptr;  // of the rows that are grouped
  Scope* rows = nullptr;   // the same, also while `input` is followed into a subquery
  bool over_rows = false;  // a condition on keys alone is bound over `rows`, not over the groups
  std::vector<GroupColumn> columns;  // window, keys, aggregates, in the order of the rows
  bool has_window = false;           // then columns[0] is it
  const std::vector<NamedSyntax>* aliases = nullptr;  // HAVING may name what SELECT names
  Aggregation aggregation;                            // grows as aggregates are met
};

struct Ordering {
  Scope* level = nullptr;            // where the SELECT list is bound
  std::vector<GroupColumn> columns;  // the output, then `hidden`; by identity over `level`
  std::vector<std::string> names;    // of the output
  std::vector<ExprPtr> hidden;       // over `level`: what only ORDER BY names
};

}  // namespace tailrace::sql
