// Parse: Spark SQL text to syntax trees. Each entry point reads one whole source, the text of a
// flag or of --sql. No names or types are looked at. Errors are usage errors with the place and a
// caret. Nesting is limited to kNestingMax levels, so that no text can overflow the stack.
#pragma once

#include <vector>

#include "base/result.h"
#include "sql/parse/sources.h"
#include "sql/parse/syntax.h"

namespace tailrace::sql {

inline constexpr int kNestingMax = 200;  // parentheses, calls, subqueries
inline constexpr int kHeightMax = 2000;  // operands of a chain a OR b OR c ...

Result<SelectSyntax> parse_query(const Sources& sources, int source);
Result<Syntax> parse_expression(const Sources& sources, int source);
// a, b.c, upper(x) AS y, *
Result<std::vector<SelectItem>> parse_select_list(const Sources& sources, int source);
// --agg: count, sum(x), expression AS name. Sets every alias by the rules of cli.md.
Result<std::vector<SelectItem>> parse_aggregate_list(const Sources& sources, int source);
// --by: columns, or expression AS name. Sets every alias: a.b is named b.
Result<std::vector<SelectItem>> parse_key_list(const Sources& sources, int source);
Result<std::vector<SortItem>> parse_order_list(const Sources& sources, int source);

}  // namespace tailrace::sql
