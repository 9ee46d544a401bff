// Leaves of an expression: a column of the input, a constant; and the retyped view of a child whose
// values are kept the same way (INT as BIGINT). Immutable, as every Expr.
#pragma once

#include <memory>
#include <string>

#include "sql/expr/expr.h"

namespace tailrace::sql {

class ColumnExpr final : public Expr {
 public:
  ColumnExpr(int index, columns::Type type) : Expr(std::move(type)), index_(index) {}
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                columns::Column& out) const override;
  int column_index() const override { return index_; }
  void collect_columns(std::vector<int>& columns) const override { columns.push_back(index_); }

 private:
  int index_;
};

// The only Expr that is_constant(). `value` has one row; its texts live in `texts`.
class LiteralExpr final : public Expr {
 public:
  LiteralExpr(columns::Column value, Arena texts);
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                columns::Column& out) const override;
  bool is_constant() const override { return true; }
  void collect_columns(std::vector<int>&) const override {}
  const columns::Column& value() const { return value_; }
  bool is_null() const { return value_.is_null(0); }

 private:
  columns::Column value_;
  Arena texts_;
};

// The child's values under another type with the same storage. Costs nothing where a function
// reads its argument: they look through it (see stored()).
class RetypedExpr final : public Expr {
 public:
  RetypedExpr(ExprPtr child, columns::Type type)
      : Expr(std::move(type)), child_(std::move(child)) {}
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                columns::Column& out) const override;
  void collect_columns(std::vector<int>& columns) const override {
    child_->collect_columns(columns);
  }
  const Expr& child() const { return *child_; }

 private:
  ExprPtr child_;
};

// Null unless `expr` is a literal.
const LiteralExpr* as_literal(const Expr& expr);
// The value of a non-null STRING literal, or null.
const std::string_view* literal_text(const Expr& expr);
// `expr` without the retyping around it: the same values, perhaps another type.
const Expr& stored(const Expr& expr);

ExprPtr make_null_of(const columns::Type& type);
// Evaluates `expr`, which reads no column, once; the expr itself if that fails.
ExprPtr folded(ExprPtr expr);

// Makes `out` a column of `type` with `rows` rows. Keeps the buffers, and for types that are not
// nested the values, too.
void prepare(columns::Column& out, const columns::Type& type, size_t rows);

// out[row] = from[row]; `to` is prepared already, with the same type.
void copy_column(const columns::Column& from, columns::Rows rows, columns::Column& to);

// The rows for which nothing else need be known: true if `rows` is all of 0..count-1.
inline bool is_all(columns::Rows rows, size_t count) { return rows.size() == count; }

}  // namespace tailrace::sql
