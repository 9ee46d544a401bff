#include "sql/window/tumbling_window.h"

#include "base/check.h"
#include "sql/window/assign.h"

namespace tailrace::sql {

columns::Type window_type() {
  const columns::Type timestamp{columns::Kind::kTimestamp, {}};
  return columns::struct_of({{"start", timestamp}, {"end", timestamp}});
}

TumblingWindowExpr::TumblingWindowExpr(Window window)
    : Expr(window_type()), window_(std::move(window)) {
  CHECK(window_.slide_us == window_.size_us);
}

void TumblingWindowExpr::evaluate(const columns::Batch& input, columns::Rows rows,
                                  EvalContext& context, columns::Column& out) const {
  columns::Column scratch;
  const columns::Column& time = evaluated(*window_.time, input, rows, context, scratch);
  if (out.type != type()) out = columns::Column(type());
  out.resize(input.rows);
  columns::Column& start = out.children[0];
  columns::Column& end = out.children[1];
  for (const uint32_t row : rows) {
    const uint8_t null = time.nulls[row];
    out.nulls[row] = start.nulls[row] = end.nulls[row] = null;
    if (null != 0) continue;
    start.ints[row] = newest_window_start(time.ints[row], window_);
    end.ints[row] = start.ints[row] + window_.size_us;
  }
}

void TumblingWindowExpr::collect_columns(std::vector<int>& columns) const {
  window_.time->collect_columns(columns);
}

}  // namespace tailrace::sql
