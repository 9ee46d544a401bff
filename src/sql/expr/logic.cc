// AND, OR, NOT, IS NULL: three-valued, the right side evaluated only where the left leaves it open.
#include "sql/expr/function_table.h"

namespace tailrace::sql {

using columns::Column;
using columns::Kind;

namespace {

// AND is decided by false, OR by true: kDecisive. Null AND false is false.
template <bool kDecisive>
class JunctionExpr final : public CallExpr {
 public:
  using CallExpr::CallExpr;
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    arguments()[0]->evaluate(input, rows, context, out);
    prepare(out, type(), input.rows);
    ScratchRows open(context.pool);
    select_open(rows, out, *open);
    if (open->empty()) return;
    ScratchColumn scratch(context.pool);
    const kernel::EitherReader<int64_t> right(
        read_argument(*arguments()[1], input, *open, context, *scratch));
    for (const uint32_t row : *open) join(right, row, out);
  }

 private:
  static bool decides(bool is_null, int64_t value) { return !is_null && (value != 0) == kDecisive; }

  static void select_open(columns::Rows rows, const Column& left, std::vector<uint32_t>& open) {
    open.resize(rows.size());
    const uint8_t* nulls = left.nulls.data();
    const int64_t* values = left.ints.data();
    size_t count = 0;
    uint32_t* to = open.data();
    for (const uint32_t row : rows) {
      to[count] = row;
      count += !decides(nulls[row] != 0, values[row]);
    }
    open.resize(count);
  }

  static void join(const kernel::EitherReader<int64_t>& right, uint32_t row, Column& out) {
    const bool right_null = right.null(row) != 0;
    if (decides(right_null, right[row])) {
      out.ints[row] = kDecisive;
      out.nulls[row] = 0;
    } else if (right_null) {
      out.nulls[row] = 1;
    }
  }
};

template <bool kDecisive>
Result<ExprPtr> make_junction(Call& call) {
  TRY(call.expect_count(2, kAnyCount));
  for (size_t i = 0; i < call.count(); i++) {
    if (call.kind(i) != Kind::kBoolean && call.kind(i) != Kind::kNull &&
        call.kind(i) != Kind::kString)
      return call.wrong_type(i, "BOOLEAN");
    TRY(call.coerce(i, Kind::kBoolean));
  }
  ExprPtr joined = std::move(call.arguments[0]);
  for (size_t i = 1; i < call.count(); i++) {
    std::vector<ExprPtr> sides;
    sides.push_back(std::move(joined));
    sides.push_back(std::move(call.arguments[i]));
    joined = std::make_unique<JunctionExpr<kDecisive>>(columns::Type{Kind::kBoolean, {}},
                                                       std::move(sides));
  }
  return joined;
}

// IS NULL, IS NOT NULL: the only thing that is looked at is the null mark.
template <bool kWanted>
class NullTestExpr final : public CallExpr {
 public:
  using CallExpr::CallExpr;
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    prepare(out, type(), input.rows);
    ScratchColumn scratch(context.pool);
    const kernel::EitherReader<Cell> value(
        read_argument(*arguments()[0], input, rows, context, *scratch));
    for (const uint32_t row : rows) {
      out.ints[row] = (value.null(row) != 0) == kWanted;
      out.nulls[row] = 0;
    }
  }
};

template <bool kWanted>
Result<ExprPtr> make_null_test(Call& call) {
  TRY(call.expect_count(1, 1));
  return std::make_unique<NullTestExpr<kWanted>>(columns::Type{Kind::kBoolean, {}},
                                                 std::move(call.arguments));
}

}  // namespace

void add_logic(FunctionTable& table) {
  table.add("and", "", "", make_junction<false>);
  table.add("or", "", "", make_junction<true>);
  table.add("not", "", "",
            strict(Kind::kBoolean, {Kind::kBoolean}, [](int64_t a) { return a ^ 1; }));
  table.alias("!", "not");
  table.add("isnull", "isnull(value)", "True if the value is NULL", make_null_test<true>);
  table.add("isnotnull", "isnotnull(value)", "True if the value is not NULL",
            make_null_test<false>);
}

}  // namespace tailrace::sql
