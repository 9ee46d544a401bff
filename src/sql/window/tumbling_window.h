// TumblingWindowExpr: window(time, size[, size, start]) of a row as a value, STRUCT<start, end>,
// for queries that do not group by it. A null time gives a null struct; bind also filters such
// rows, as Spark does. Same arithmetic as grouping (window/assign.h). Immutable.
#pragma once

#include "sql/expr/expr.h"
#include "sql/pipeline/query.h"

namespace tailrace::sql {

class TumblingWindowExpr : public Expr {
 public:
  // REQUIRES: window.slide_us == window.size_us; window.time is TIMESTAMP.
  explicit TumblingWindowExpr(Window window);

  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                columns::Column& out) const override;
  void collect_columns(std::vector<int>& columns) const override;

 private:
  const Window window_;
};

// STRUCT<start: TIMESTAMP, end: TIMESTAMP>
columns::Type window_type();

}  // namespace tailrace::sql
