// CASE, if, coalesce and their kin: a branch is evaluated for the rows that choose it, and no
// others.
#include <algorithm>

#include "sql/expr/function_table.h"
#include "sql/expr/ordering.h"

namespace tailrace::sql {

using columns::Column;
using columns::Kind;
using columns::Type;

namespace {

bool is_true(const kernel::EitherReader<int64_t>& condition, size_t row) {
  return condition.null(row) == 0 && condition[row] != 0;
}

// Writes `branch` for `rows` of `out`, leaving the others as they are.
void write_branch(const Expr& branch, const columns::Batch& input, columns::Rows rows,
                  EvalContext& context, Column& out) {
  if (rows.empty()) return;
  if (!branch.type().is_nested()) return branch.evaluate(input, rows, context, out);
  ScratchColumn scratch(context.pool);
  const kernel::EitherReader<Cell> value(read_argument(branch, input, rows, context, *scratch));
  for (const uint32_t row : rows) copy_value(*value[row].column, value[row].row, out, row);
}

// Arguments: condition, value, condition, value, ..., else.
class CaseExpr final : public CallExpr {
 public:
  using CallExpr::CallExpr;
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    prepare(out, type(), input.rows);
    ScratchRows open(context.pool), taken(context.pool);
    columns::Rows left = rows;
    for (size_t i = 0; i + 1 < arguments().size() && !left.empty(); i += 2) {
      taken->clear();
      choose(*arguments()[i], input, left, context, *taken, *open);
      left = *open;
      write_branch(*arguments()[i + 1], input, *taken, context, out);
    }
    write_branch(*arguments().back(), input, left, context, out);
  }

 private:
  // Parts `left` into the rows where the condition is true and the others. `left` may be `open`.
  static void choose(const Expr& condition, const columns::Batch& input, columns::Rows left,
                     EvalContext& context, std::vector<uint32_t>& taken,
                     std::vector<uint32_t>& open) {
    ScratchColumn scratch(context.pool);
    const kernel::EitherReader<int64_t> test(
        read_argument(condition, input, left, context, *scratch));
    const size_t count = left.size();
    taken.resize(count);
    if (open.size() < count) open.resize(count);
    size_t takes = 0, opens = 0;
    for (size_t i = 0; i < count; i++) {
      const uint32_t row = left.data()[i];
      const bool is = is_true(test, row);
      taken.data()[takes] = row;
      takes += is;
      open.data()[opens] = row;
      opens += !is;
    }
    taken.resize(takes);
    open.resize(opens);
  }
};

// CASE WHEN condition THEN 1 ELSE 0 END: no rows are parted, the loop picks one of two values.
template <class T>
class PickExpr final : public CallExpr {
 public:
  using CallExpr::CallExpr;
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    ScratchColumn scratch(context.pool);
    const kernel::EitherReader<int64_t> test(
        read_argument(*arguments()[0], input, rows, context, *scratch));
    prepare(out, type(), input.rows);
    const T chosen = value(1), other = value(2);
    T* values = kernel::values_of<T>(out);
    uint8_t* nulls = out.nulls.data();
    const auto pick = [&](size_t row) {
      values[row] = is_true(test, row) ? chosen : other;
      nulls[row] = 0;
    };
    if (is_all(rows, input.rows)) {
      for (size_t row = 0; row < input.rows; row++) pick(row);
    } else {
      for (const uint32_t row : rows) pick(row);
    }
  }

 private:
  T value(size_t i) const { return kernel::values_of<T>(as_literal(*arguments()[i])->value())[0]; }
};

bool is_value(const ExprPtr& expr) {
  const LiteralExpr* literal = as_literal(*expr);
  return literal != nullptr && !literal->is_null();
}

Result<ExprPtr> finish_case(std::vector<ExprPtr> arguments, const Type& type) {
  // Constant conditions are decided now; this also drops branches that would fail.
  std::vector<ExprPtr> kept;
  for (size_t i = 0; i + 1 < arguments.size(); i += 2) {
    const LiteralExpr* known = as_literal(*arguments[i]);
    const bool never = known != nullptr && (known->is_null() || known->value().ints[0] == 0);
    if (never) continue;
    if (known != nullptr) {
      kept.push_back(std::move(arguments[i + 1]));
      break;
    }
    kept.push_back(std::move(arguments[i]));
    kept.push_back(std::move(arguments[i + 1]));
  }
  if (kept.size() % 2 == 0) kept.push_back(std::move(arguments.back()));
  if (kept.size() == 1) return std::move(kept[0]);
  if (kept.size() == 3 && is_value(kept[1]) && is_value(kept[2]) && !type.is_nested()) {
    return with_storage(type.kind, [&]<class T>(T) -> ExprPtr {
      if constexpr (std::is_same_v<T, Cell>)
        return nullptr;
      else
        return std::make_unique<PickExpr<T>>(type, std::move(kept));
    });
  }
  return std::make_unique<CaseExpr>(type, std::move(kept));
}

Result<ExprPtr> make_case(Call& call) {
  TRY(call.expect_count(2, kAnyCount));
  if (call.count() % 2 == 0) call.arguments.push_back(make_null());
  std::vector<size_t> values;
  for (size_t i = 0; i + 1 < call.count(); i += 2) {
    if (call.kind(i) != Kind::kBoolean && call.kind(i) != Kind::kNull)
      return call.wrong_type(i, "BOOLEAN");
    TRY(call.coerce(i, Kind::kBoolean));
    values.push_back(i + 1);
  }
  values.push_back(call.count() - 1);
  const Type type = TRY(unify(call.arguments, values, Meeting::kChoice, call.name, call.settings));
  return finish_case(std::move(call.arguments), type);
}

Result<ExprPtr> make_if(Call& call) {
  TRY(call.expect_count(3, 3));
  return make_case(call);
}

// The first argument that is not null; later ones are evaluated for the rows still without a value.
class CoalesceExpr final : public CallExpr {
 public:
  using CallExpr::CallExpr;
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    prepare(out, type(), input.rows);
    ScratchRows open(context.pool);
    columns::Rows left = rows;
    for (const ExprPtr& argument : arguments()) {
      write_branch(*argument, input, left, context, out);
      keep_nulls(left, out, *open);
      left = *open;
      if (left.empty()) return;
    }
  }

 private:
  static void keep_nulls(columns::Rows left, const Column& out, std::vector<uint32_t>& open) {
    const size_t count = left.size();
    if (open.size() < count) open.resize(count);
    size_t opens = 0;
    for (size_t i = 0; i < count; i++) {
      const uint32_t row = left.data()[i];
      open.data()[opens] = row;
      opens += out.nulls[row] != 0;
    }
    open.resize(opens);
  }
};

Result<ExprPtr> make_coalesce(Call& call) {
  TRY(call.expect_count(1, kAnyCount));
  std::vector<size_t> all;
  for (size_t i = 0; i < call.count(); i++) all.push_back(i);
  const Type type = TRY(unify(call.arguments, all, Meeting::kChoice, call.name, call.settings));
  return std::make_unique<CoalesceExpr>(type, std::move(call.arguments));
}

Result<ExprPtr> make_nvl(Call& call) {
  TRY(call.expect_count(2, 2));
  return make_coalesce(call);
}

Result<ExprPtr> make_nvl2(Call& call) {
  TRY(call.expect_count(3, 3));
  std::vector<ExprPtr> tested;
  tested.push_back(std::move(call.arguments[0]));
  call.arguments[0] = TRY(make_call("isnotnull", std::move(tested), call.settings));
  return make_case(call);
}

// Evaluates its arguments once and then `body`, which sees them as columns 0, 1, ...: for functions
// that are written with others and name an argument twice.
class LetExpr final : public CallExpr {
 public:
  LetExpr(std::vector<ExprPtr> arguments, ExprPtr body)
      : CallExpr(body->type(), std::move(arguments)), body_(std::move(body)) {}
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    columns::Batch bound;
    bound.rows = input.rows;
    bound.columns.resize(arguments().size());
    for (size_t i = 0; i < arguments().size(); i++)
      arguments()[i]->evaluate(input, rows, context, bound.columns[i]);
    body_->evaluate(bound, rows, context, out);
  }

 private:
  ExprPtr body_;
};

template <class... Arguments>
std::vector<ExprPtr> list(Arguments... arguments) {
  std::vector<ExprPtr> all;
  (all.push_back(std::move(arguments)), ...);
  return all;
}

// nullif(a, b) is if(a = b, NULL, a), and of a's type.
Result<ExprPtr> make_nullif(Call& call) {
  TRY(call.expect_count(2, 2));
  const Type type = call.type(0);
  ExprPtr same =
      TRY(make_call("=", list(make_column(0, type), make_column(1, call.type(1))), call.settings));
  ExprPtr body =
      TRY(make_call("if", list(std::move(same), make_null(), make_column(0, type)), call.settings));
  return std::make_unique<LetExpr>(std::move(call.arguments), std::move(body));
}

Result<ExprPtr> make_nullifzero(Call& call) {
  TRY(call.expect_count(1, 1));
  call.arguments.push_back(make_integer(0, Kind::kInt));
  return make_nullif(call);
}

Result<ExprPtr> make_zeroifnull(Call& call) {
  TRY(call.expect_count(1, 1));
  call.arguments.push_back(make_integer(0, Kind::kInt));
  return make_coalesce(call);
}

}  // namespace

void add_conditionals(FunctionTable& table) {
  table.add("case", "", "", make_case);
  table.add("if", "if(condition, value, other)", "One of two values, by a condition", make_if);
  table.alias("iff", "if");
  table.add("coalesce", "coalesce(value, ...)", "The first argument that is not NULL",
            make_coalesce);
  table.add("nvl", "nvl(value, other)", "The other value where the first is NULL", make_nvl);
  table.alias("ifnull", "nvl");
  table.add("nvl2", "nvl2(value, if_not_null, if_null)", "One of two values, by a NULL test",
            make_nvl2);
  table.add("nullif", "nullif(value, other)", "NULL where the two are equal, else the value",
            make_nullif);
  table.add("nullifzero", "nullifzero(value)", "NULL where the value is 0", make_nullifzero);
  table.add("zeroifnull", "zeroifnull(value)", "0 where the value is NULL", make_zeroifnull);
}

}  // namespace tailrace::sql
