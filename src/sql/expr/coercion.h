// Spark's implicit casts (AnsiTypeCoercion; with ANSI off TypeCoercion): which type two operands
// meet in, and what may be passed for a parameter. Decisions of the binder; nothing is evaluated.
#pragma once

#include <optional>
#include <vector>

#include "columns/type.h"
#include "sql/expr/expr.h"

namespace tailrace::sql {

// How two types meet. The three differ for a STRING beside something else: under ANSI it always
// becomes the other type (an integer: BIGINT); else a comparison casts to the other type, a choice
// (CASE, coalesce, IN) to STRING, arithmetic to DOUBLE.
enum class Meeting { kComparison, kChoice, kArithmetic };

std::optional<columns::Type> meeting_type(const columns::Type& a, const columns::Type& b,
                                          Meeting meeting, bool ansi);

// Whether a value of `from` may be passed where a function wants `to`.
bool can_pass_as(const columns::Type& from, const columns::Type& to);

// Brings `expressions` (those from `first` on, every `step`th) to one type. An error names `name`.
Result<columns::Type> unify(std::vector<ExprPtr>& expressions, const std::vector<size_t>& which,
                            Meeting meeting, std::string_view name, const ExprSettings& settings);

}  // namespace tailrace::sql
