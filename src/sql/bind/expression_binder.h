// ExpressionBinder: syntax trees to typed expressions over the columns of a scope. Errors are usage
// errors at the place of the syntax, with Spark's error class. For one thread; lives for one bind.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "sql/bind/grouping.h"
#include "sql/bind/scope.h"
#include "sql/expr/expr.h"
#include "sql/parse/sources.h"

namespace tailrace::sql {

class ExpressionBinder {
 public:
  ExpressionBinder(const Sources& sources, const ExprSettings& settings)
      : sources_(sources), settings_(settings) {}

  Result<ExprPtr> bind(const Syntax& syntax, Scope& scope);
  // A condition: BOOLEAN, else an error that names `clause`.
  Result<ExprPtr> bind_condition(const Syntax& syntax, Scope& scope, std::string_view clause);
  // A call of window(): its time over `scope`, its lengths.
  Result<Window> bind_window(const Syntax& call, Scope& scope);

  bool uses_clock() const { return uses_clock_; }

 private:
  Result<ExprPtr> bind_name(const Syntax& syntax, Scope& scope);
  Result<ExprPtr> bind_literal(const Syntax& syntax);
  Result<ExprPtr> bind_time_literal(const Syntax& syntax);
  Result<ExprPtr> bind_operator(const Syntax& syntax, Scope& scope);
  Result<ExprPtr> bind_call(const Syntax& syntax, Scope& scope);
  Result<ExprPtr> bind_case(const Syntax& syntax, Scope& scope);
  Result<ExprPtr> bind_subscript(const Syntax& syntax, Scope& scope);
  Result<ExprPtr> bind_time_shift(const Syntax& syntax, Scope& scope);
  Result<ExprPtr> bind_window_time(const Syntax& syntax, Scope& scope);
  Result<ExprPtr> bind_scalar_window(const Syntax& syntax, Scope& scope);
  Result<std::vector<ExprPtr>> bind_all(const std::vector<Syntax>& syntaxes, Scope& scope);

  // Above a GROUP BY: the group's column that this is, or null.
  Result<ExprPtr> bind_grouped(const Syntax& syntax, Scope& scope);
  Result<ExprPtr> bind_grouped_name(const Syntax& syntax, Scope& scope);
  Result<ExprPtr> value_of(const Grouping& grouping, const GroupColumn& column);
  Result<ExprPtr> bind_aggregate(const Syntax& syntax, Grouping& grouping, std::string key);
  // In ORDER BY: the output's column that this is, or null.
  Result<ExprPtr> bind_ordered(const Syntax& syntax, Scope& scope);

  Result<int64_t> window_length(const Syntax& argument);
  Result<ExprPtr> shifted(ExprPtr time, int64_t shift_us, Place place);
  Result<ExprPtr> moved_by_months(ExprPtr time, int64_t months, const Syntax& syntax);
  std::unexpected<Error> no_time(const Syntax& syntax, const columns::Type& type) const;
  Result<ExprPtr> members(ExprPtr owner, const Syntax& name, size_t from);
  Result<ExprPtr> located(Result<ExprPtr> result, Place place) const;
  std::unexpected<Error> error(const Syntax& syntax, std::string_view message) const {
    return sources_.error(syntax.place, message);
  }

  const Sources& sources_;
  const ExprSettings& settings_;
  bool uses_clock_ = false;
};

}  // namespace tailrace::sql
