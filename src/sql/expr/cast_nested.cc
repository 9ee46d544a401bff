// Casts of structs to structs and arrays to arrays: part by part, with the casts of the parts.
#include <algorithm>

#include <fmt/format.h>

#include "sql/expr/cast.h"
#include "sql/expr/function_table.h"

namespace tailrace::sql {

using columns::Batch;
using columns::Column;
using columns::Kind;

namespace {

// Evaluates `parts` over the members of a struct, as if they were the columns of a batch.
class StructCastExpr final : public Expr {
 public:
  StructCastExpr(ExprPtr child, columns::Type type, std::vector<ExprPtr> parts)
      : Expr(std::move(type)), child_(std::move(child)), parts_(std::move(parts)) {}

  void evaluate(const Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    Column from;
    child_->evaluate(input, rows, context, from);
    prepare(out, type(), input.rows);
    ScratchRows there(context.pool);
    for (const uint32_t row : rows) {
      out.nulls[row] = from.nulls[row];
      if (!from.is_null(row)) there->push_back(row);
    }
    Batch members{input.rows, std::move(from.children)};
    for (size_t i = 0; i < parts_.size(); i++)
      parts_[i]->evaluate(members, *there, context, out.children[i]);
  }
  void collect_columns(std::vector<int>& columns) const override {
    child_->collect_columns(columns);
  }

 private:
  ExprPtr child_;
  std::vector<ExprPtr> parts_;
};

// Evaluates `part` over the elements of all lists at once; an element that fails fails its row.
class ArrayCastExpr final : public Expr {
 public:
  ArrayCastExpr(ExprPtr child, columns::Type type, ExprPtr part)
      : Expr(std::move(type)), child_(std::move(child)), part_(std::move(part)) {}

  void evaluate(const Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    Column from;
    child_->evaluate(input, rows, context, from);
    prepare(out, type(), input.rows);
    Batch elements{from.children[0].size, {}};
    elements.columns.push_back(std::move(from.children[0]));
    std::vector<uint32_t> owner(elements.rows, kNobody), used;
    for (const uint32_t row : rows) {
      out.nulls[row] = from.nulls[row];
      out.lists[row] = from.lists[row];
      if (from.is_null(row)) continue;
      for (uint32_t i = 0; i < from.lists[row].count; i++) owner[from.lists[row].begin + i] = row;
    }
    for (uint32_t i = 0; i < owner.size(); i++)
      if (owner[i] != kNobody) used.push_back(i);
    cast_elements(elements, used, owner, context, out);
  }
  void collect_columns(std::vector<int>& columns) const override {
    child_->collect_columns(columns);
  }

 private:
  static constexpr uint32_t kNobody = ~uint32_t{0};

  void cast_elements(const Batch& elements, const std::vector<uint32_t>& used,
                     const std::vector<uint32_t>& owner, EvalContext& context, Column& out) const {
    RowErrors errors;
    EvalContext inner{context.arena, &errors, context.batch_time_us, {}};
    part_->evaluate(elements, used, inner, out.children[0]);
    for (const RowErrors::Entry& entry : errors.entries()) {
      context.errors->add(owner[entry.row], entry.message);
      out.nulls[owner[entry.row]] = 1;
    }
  }

  ExprPtr child_;
  ExprPtr part_;
};

}  // namespace

Result<ExprPtr> cast_nested(ExprPtr child, const Casting& casting, bool try_cast) {
  if (casting.from.fields.size() != casting.to.fields.size())
    return usage_error(
        fmt::format("[DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION] There is no cast from {} to {}.",
                    columns::type_name(casting.from), columns::type_name(casting.to)));
  std::vector<ExprPtr> parts;
  for (size_t i = 0; i < casting.to.fields.size(); i++)
    parts.push_back(TRY(make_cast(make_column(static_cast<int>(i), casting.from.fields[i].type),
                                  casting.to.fields[i].type, casting.settings, try_cast)));
  if (casting.to.kind == Kind::kArray)
    return std::make_unique<ArrayCastExpr>(std::move(child), casting.to, std::move(parts[0]));
  return std::make_unique<StructCastExpr>(std::move(child), casting.to, std::move(parts));
}

}  // namespace tailrace::sql
