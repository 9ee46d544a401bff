// CAST and TRY_CAST by pairs of types; make_cast (expr.h) picks one of these. Each gives null if
// Spark has no such cast. Sources of the rules: spark-semantics.md 10.1, 10.7 and its Errata.
#pragma once

#include "sql/expr/expr.h"
#include "sql/expr/failure.h"

namespace tailrace::sql {

struct Casting {
  columns::Type from;
  columns::Type to;
  bool strict;  // ANSI's rules: TRY_CAST has them even with ANSI off
  bool fails;   // a value that does not fit fails the row, else it is NULL
  const ExprSettings& settings;

  columns::Kind from_kind() const { return from.kind; }
  columns::Kind to_kind() const { return to.kind; }
};

ExprPtr cast_between_numbers(ExprPtr child, const Casting& casting);  // BOOLEAN is one of them
ExprPtr cast_from_text(ExprPtr child, const Casting& casting);
ExprPtr cast_to_text(ExprPtr child, const Casting& casting);
ExprPtr cast_time(ExprPtr child, const Casting& casting);  // from or to DATE, TIMESTAMP
Result<ExprPtr> cast_nested(ExprPtr child, const Casting& casting, bool try_cast);

// Text as a number, Java's way: surrounding blanks and control characters do not count.
std::string_view trimmed(std::string_view text);
bool parse_integer(std::string_view text, bool allow_fraction, int64_t& value);
bool parse_double(std::string_view text, double& value);
bool parse_float(std::string_view text, double& value);
bool parse_boolean(std::string_view text, int64_t& value);

}  // namespace tailrace::sql
