#include "sql/expr/leaves.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "columns/column.h"

namespace tailrace::sql {

using columns::Column;
using columns::Kind;
using columns::Storage;
using columns::Type;

namespace {

// Calls fn(row) for each of `rows`, in the quickest way.
template <class Fn>
void each(columns::Rows rows, size_t count, Fn fn) {
  if (is_all(rows, count)) {
    for (size_t row = 0; row < count; row++) fn(row);
  } else {
    for (const uint32_t row : rows) fn(row);
  }
}

template <class T>
void copy_rows(const Column& from, const std::vector<T>& values, columns::Rows rows, Column& to,
               std::vector<T>& out) {
  const T* in = values.data();
  const uint8_t* in_nulls = from.nulls.data();
  T* result = out.data();
  uint8_t* nulls = to.nulls.data();
  each(rows, to.size, [=](size_t row) {
    result[row] = in[row];
    nulls[row] = in_nulls[row];
  });
}

template <class T>
void fill_rows(T value, columns::Rows rows, Column& to, std::vector<T>& out) {
  T* result = out.data();
  uint8_t* nulls = to.nulls.data();
  each(rows, to.size, [=](size_t row) {
    result[row] = value;
    nulls[row] = 0;
  });
}

void fill_nulls(columns::Rows rows, Column& to) {
  for (const uint32_t row : rows) to.nulls[row] = 1;
  if (to.type.kind != Kind::kStruct) return;
  for (Column& child : to.children) fill_nulls(rows, child);
}

// A folded value may point into literals that are about to go.
void own_texts(Column& column, Arena& texts) {
  for (std::string_view& text : column.texts) text = texts.copy(text);
  for (Column& child : column.children) own_texts(child, texts);
}

bool keeps_buffers(const Type& a, const Type& b) {
  return !a.is_nested() && !b.is_nested() && storage_of(a.kind) == storage_of(b.kind);
}

}  // namespace

void copy_column(const Column& from, columns::Rows rows, Column& to) {
  switch (columns::storage_of(to.type.kind)) {
    case Storage::kInts: return copy_rows(from, from.ints, rows, to, to.ints);
    case Storage::kDoubles: return copy_rows(from, from.doubles, rows, to, to.doubles);
    case Storage::kTexts: return copy_rows(from, from.texts, rows, to, to.texts);
    case Storage::kStruct:
    case Storage::kLists: break;
  }
  for (const uint32_t row : rows) copy_value(from, row, to, row);
}

void prepare(Column& out, const Type& type, size_t rows) {
  if (out.type != type) {
    if (keeps_buffers(out.type, type)) {
      out.type = type;
    } else {
      out = Column(type);
    }
  }
  if (type.is_nested()) out.resize(0);  // or lists would grow with every block
  if (out.size != rows) out.resize(rows);
}

void ColumnExpr::evaluate(const columns::Batch& input, columns::Rows rows, EvalContext&,
                          Column& out) const {
  prepare(out, type(), input.rows);
  copy_column(input.columns[index_], rows, out);
}

LiteralExpr::LiteralExpr(Column value, Arena texts)
    : Expr(value.type), value_(std::move(value)), texts_(std::move(texts)) {
  DCHECK(value_.size == 1);
}

void LiteralExpr::evaluate(const columns::Batch& input, columns::Rows rows, EvalContext&,
                           Column& out) const {
  prepare(out, type(), input.rows);
  if (is_null()) return fill_nulls(rows, out);
  switch (columns::storage_of(type().kind)) {
    case Storage::kInts: return fill_rows(value_.ints[0], rows, out, out.ints);
    case Storage::kDoubles: return fill_rows(value_.doubles[0], rows, out, out.doubles);
    case Storage::kTexts: return fill_rows(value_.texts[0], rows, out, out.texts);
    case Storage::kStruct:
    case Storage::kLists: break;
  }
  for (const uint32_t row : rows) copy_value(value_, 0, out, row);
}

void RetypedExpr::evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                           Column& out) const {
  prepare(out, child_->type(), input.rows);
  child_->evaluate(input, rows, context, out);
  prepare(out, type(), input.rows);
}

const LiteralExpr* as_literal(const Expr& expr) {
  return expr.is_constant() ? static_cast<const LiteralExpr*>(&expr) : nullptr;
}

const std::string_view* literal_text(const Expr& expr) {
  const LiteralExpr* literal = as_literal(expr);
  if (literal == nullptr || literal->is_null() || expr.type().kind != Kind::kString) return nullptr;
  return &literal->value().texts[0];
}

const Expr& stored(const Expr& expr) {
  const auto* retyped = dynamic_cast<const RetypedExpr*>(&expr);
  return retyped ? stored(retyped->child()) : expr;
}

ExprPtr make_null_of(const Type& type) {
  Column value(type);
  value.append_null();
  return std::make_unique<LiteralExpr>(std::move(value), Arena());
}

ExprPtr folded(ExprPtr expr) {
  constexpr std::array<uint32_t, 1> kOneRow = {0};
  Arena texts;
  RowErrors errors;
  EvalContext context{&texts, &errors, 0, {}};
  columns::Batch input;
  input.rows = 1;
  Column value(expr->type());
  expr->evaluate(input, kOneRow, context, value);
  if (!errors.empty()) return expr;
  Arena owned;
  own_texts(value, owned);
  return std::make_unique<LiteralExpr>(std::move(value), std::move(owned));
}

const Column& evaluated(const Expr& expr, const columns::Batch& input, columns::Rows rows,
                        EvalContext& context, Column& scratch) {
  if (expr.column_index() >= 0) return input.columns[expr.column_index()];
  expr.evaluate(input, rows, context, scratch);
  return scratch;
}

ExprPtr make_column(int index, Type type) {
  return std::make_unique<ColumnExpr>(index, std::move(type));
}

ExprPtr make_null() { return make_null_of({Kind::kNull, {}}); }
ExprPtr make_boolean(bool value) { return make_integer(value, Kind::kBoolean); }

ExprPtr make_integer(int64_t value, Kind kind) {
  Column column({kind, {}});
  column.append_int(value);
  return std::make_unique<LiteralExpr>(std::move(column), Arena());
}

ExprPtr make_double(double value, Kind kind) {
  Column column({kind, {}});
  column.append_double(kind == Kind::kFloat ? static_cast<double>(static_cast<float>(value))
                                            : value);
  return std::make_unique<LiteralExpr>(std::move(column), Arena());
}

ExprPtr make_string(std::string value) {
  Arena texts;
  Column column({Kind::kString, {}});
  column.append_text(texts.copy(value));
  return std::make_unique<LiteralExpr>(std::move(column), std::move(texts));
}

}  // namespace tailrace::sql
