// Scope: the columns that names in one SELECT can mean. A base scope's columns are those of actual
// rows; a derived scope's are the expressions of a subquery's SELECT list over its parent, put in
// where they are named: so stateless subqueries cost no step of their own. Scopes live in a Binding
// and never move. Names ignore case.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "columns/type.h"
#include "sql/parse/syntax.h"

namespace tailrace::sql {

struct Grouping;
struct Ordering;

// Paths into a column that a query uses: {} is the whole of it, {"b"} its member b.
using Path = std::vector<std::string>;

struct ScopeColumn {
  std::string name;
  std::optional<Syntax> definition{};  // over the parent scope; none: a column of the rows
  int index = -1;                      // of the rows' column
  columns::Type type{};
  bool hidden = false;    // not in * and not to be named
  bool metadata = false;  // not in *
  std::set<Path> uses{};  // of a rows' column, lower case; filled while binding
};

struct Scope {
  std::vector<ScopeColumn> columns;
  std::vector<std::string> qualifiers;  // names before a dot that mean this scope itself
  Scope* parent = nullptr;
  Grouping* grouping = nullptr;  // expressions are over the rows that an aggregation gives
  Ordering* ordering = nullptr;  // expressions are over the output's rows
  int event_time = -1;           // index in `columns`, of a base scope
  Path event_time_path{};        // in a base scope: the path that `event_time` stands for
};

// What a dotted name means: columns[column], then the members `rest`.
struct Resolved {
  int column = -1;  // -1: no such column
  size_t rest = 0;  // index of the first part that names a member
  bool ambiguous = false;
};
Resolved resolve(const Scope& scope, const std::vector<std::string>& parts);

// "there is no column `x`; did you mean `y`?" with Spark's error class.
std::string unresolved_column(const Scope& scope, const std::vector<std::string>& parts);

// Equal for expressions that mean the same over `scope`'s rows.
std::string identity(const Syntax& syntax, const Scope& scope);

}  // namespace tailrace::sql
