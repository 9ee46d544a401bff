// Members: of a struct, and of every struct of an array. A member of a column is read where it is.
#pragma once

#include <vector>

#include "sql/expr/expr.h"

namespace tailrace::sql {

// a.b.c: `path` of member numbers from `root`, which is a STRUCT.
class FieldExpr final : public Expr {
 public:
  FieldExpr(ExprPtr root, std::vector<size_t> path, columns::Type type)
      : Expr(std::move(type)), root_(std::move(root)), path_(std::move(path)) {}
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                columns::Column& out) const override;
  void collect_columns(std::vector<int>& columns) const override {
    root_->collect_columns(columns);
  }
  const Expr& root() const { return *root_; }
  // The member of `from`, a value of the root.
  const columns::Column& walk(const columns::Column& from) const;
  // A deeper member of the same root.
  static ExprPtr member_of(ExprPtr child, size_t index);

 private:
  ExprPtr root_;
  std::vector<size_t> path_;
};

// The input's column (or a member of one) that `expr` is, or null if it must be computed.
const columns::Column* in_place(const Expr& expr, const columns::Batch& input);

}  // namespace tailrace::sql
