// =, <=>, !=, <, <=, >, >=, BETWEEN and IN.
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "sql/expr/function_table.h"
#include "sql/expr/ordering.h"

namespace tailrace::sql {

using columns::Column;
using columns::Kind;

namespace {

struct Equal {
  template <class T>
  static bool test(T a, T b) {
    return equals(a, b);
  }
};
struct NotEqual {
  template <class T>
  static bool test(T a, T b) {
    return !equals(a, b);
  }
};
struct Less {
  template <class T>
  static bool test(T a, T b) {
    return less(a, b);
  }
};
struct LessOrEqual {
  template <class T>
  static bool test(T a, T b) {
    return !less(b, a);
  }
};
struct Greater {
  template <class T>
  static bool test(T a, T b) {
    return less(b, a);
  }
};
struct GreaterOrEqual {
  template <class T>
  static bool test(T a, T b) {
    return !less(a, b);
  }
};

template <class Test, class T>
struct CompareKernel {
  static constexpr bool kHot = !std::is_same_v<T, Cell>;
  int64_t operator()(T a, T b) const { return Test::template test<T>(a, b); }
};
template <class Test>
struct CompareKernel<Test, Cell> {
  int64_t operator()(Cell a, Cell b) const { return Test::test(a, b); }
};

template <bool kSame>
struct TextKernel {
  static constexpr bool kHot = true;
  SameText same;
  int64_t operator()(std::string_view text) const { return same(text) == kSame; }
};

// 'text' = column and column = 'text': the literal moves into the kernel.
template <bool kSame>
ExprPtr compare_with_text(Call& call) {
  const size_t literal = literal_text(*call.arguments[1]) ? 1 : 0;
  const TextKernel<kSame> kernel{SameText(*literal_text(*call.arguments[literal]))};
  call.arguments.erase(call.arguments.begin() + literal);
  return make_strict(call, {Kind::kBoolean, {}}, kernel);
}

template <class Test>
Result<ExprPtr> make_comparison(Call& call) {
  TRY(call.expect_count(2, 2));
  const auto type =
      TRY(unify(call.arguments, {0, 1}, Meeting::kComparison, call.name, call.settings));
  constexpr bool kEquality = std::is_same_v<Test, Equal> || std::is_same_v<Test, NotEqual>;
  if constexpr (kEquality) {
    if (literal_text(*call.arguments[0]) || literal_text(*call.arguments[1]))
      return compare_with_text<std::is_same_v<Test, Equal>>(call);
  }
  return with_storage(type.kind, [&]<class T>(T) {
    return make_strict(call, {Kind::kBoolean, {}}, CompareKernel<Test, T>{});
  });
}

// Reads all arguments of a call whose result may be known although one of them is null.
template <size_t kCount>
struct ReadArguments {
  std::array<ScratchColumn, kCount> scratch;
  std::array<Argument, kCount> read;

  ReadArguments(const std::vector<ExprPtr>& arguments, const columns::Batch& input,
                columns::Rows rows, EvalContext& context)
      : ReadArguments(arguments, input, rows, context, std::make_index_sequence<kCount>()) {}

 private:
  template <size_t... I>
  ReadArguments(const std::vector<ExprPtr>& arguments, const columns::Batch& input,
                columns::Rows rows, EvalContext& context, std::index_sequence<I...>)
      : scratch{((void)I, ScratchColumn(context.pool))...},
        read{read_argument(*arguments[I], input, rows, context, *scratch[I], true)...} {}
};

class NullSafeEqualExpr final : public CallExpr {
 public:
  using CallExpr::CallExpr;
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    prepare(out, type(), input.rows);
    const ReadArguments<2> in(arguments(), input, rows, context);
    const kernel::EitherReader<Cell> a(in.read[0]), b(in.read[1]);
    for (const uint32_t row : rows) {
      out.ints[row] = equals(a[row], b[row]);
      out.nulls[row] = 0;
    }
  }
};

Result<ExprPtr> make_null_safe_equal(Call& call) {
  TRY(call.expect_count(2, 2));
  TRY(unify(call.arguments, {0, 1}, Meeting::kComparison, call.name, call.settings));
  return std::make_unique<NullSafeEqualExpr>(columns::Type{Kind::kBoolean, {}},
                                             std::move(call.arguments));
}

// value >= low AND value <= high, the value read once.
class BetweenExpr final : public CallExpr {
 public:
  using CallExpr::CallExpr;
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    prepare(out, type(), input.rows);
    const ReadArguments<3> in(arguments(), input, rows, context);
    with_storage(arguments()[0]->type().kind, [&]<class T>(T) {
      const kernel::EitherReader<T> value(in.read[0]), low(in.read[1]), high(in.read[2]);
      for (const uint32_t row : rows) {
        const bool above_known = !value.null(row) && !low.null(row);
        const bool below_known = !value.null(row) && !high.null(row);
        const bool above = above_known && !less(value[row], low[row]);
        const bool below = below_known && !less(high[row], value[row]);
        const bool is_false = (above_known && !above) || (below_known && !below);
        out.ints[row] = above && below;
        out.nulls[row] = !is_false && !(above_known && below_known);
      }
    });
  }
};

Result<ExprPtr> make_between(Call& call) {
  TRY(call.expect_count(3, 3));
  TRY(unify(call.arguments, {0, 1, 2}, Meeting::kComparison, call.name, call.settings));
  return std::make_unique<BetweenExpr>(columns::Type{Kind::kBoolean, {}},
                                       std::move(call.arguments));
}

// value IN (constants): a sorted list. Null if the value is not there but a NULL is.
template <class T>
struct InConstants {
  static constexpr bool kHot = true;
  using Kept = std::conditional_t<std::is_same_v<T, std::string_view>, std::string, T>;
  std::vector<Kept> sorted;
  bool has_null = false;

  int64_t operator()(Row& row, T value) const {
    const auto before = [](const auto& a, const auto& b) { return less(T(a), T(b)); };
    const bool found = std::binary_search(sorted.begin(), sorted.end(), value, before);
    if (!found && has_null) row.set_null();
    return found;
  }
};

template <class T>
ExprPtr make_in_constants(Call& call) {
  InConstants<T> kernel;
  for (size_t i = 1; i < call.count(); i++) {
    const LiteralExpr* literal = as_literal(*call.arguments[i]);
    if (literal->is_null())
      kernel.has_null = true;
    else
      kernel.sorted.emplace_back(kernel::values_of<T>(literal->value())[0]);
  }
  std::sort(kernel.sorted.begin(), kernel.sorted.end(),
            [](const auto& a, const auto& b) { return less(T(a), T(b)); });
  call.arguments.resize(1);
  return make_strict(call, {Kind::kBoolean, {}}, std::move(kernel));
}

// value IN (expressions): one after the other, each only for the rows that have not matched yet.
class InExpr final : public CallExpr {
 public:
  using CallExpr::CallExpr;
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    prepare(out, type(), input.rows);
    ScratchColumn value_scratch(context.pool), scratch(context.pool);
    ScratchRows open(context.pool);
    const kernel::EitherReader<Cell> value(
        read_argument(*arguments()[0], input, rows, context, *value_scratch, true));
    start(rows, value, out, *open);
    for (size_t i = 1; i < arguments().size() && !open->empty(); i++) {
      const kernel::EitherReader<Cell> candidate(
          read_argument(*arguments()[i], input, *open, context, *scratch, true));
      match(value, candidate, out, *open);
    }
  }

 private:
  static void start(columns::Rows rows, const kernel::EitherReader<Cell>& value, Column& out,
                    std::vector<uint32_t>& open) {
    for (const uint32_t row : rows) {
      out.ints[row] = 0;
      out.nulls[row] = value.null(row);
      if (!value.null(row)) open.push_back(row);
    }
  }

  static void match(const kernel::EitherReader<Cell>& value,
                    const kernel::EitherReader<Cell>& candidate, Column& out,
                    std::vector<uint32_t>& open) {
    std::erase_if(open, [&](uint32_t row) {
      const bool unknown = candidate.null(row);
      const bool same = !unknown && equals(value[row], candidate[row]);
      if (unknown) out.nulls[row] = 1;
      if (same) out.ints[row] = 1;
      if (same) out.nulls[row] = 0;
      return same;
    });
  }
};

Result<ExprPtr> make_in(Call& call) {
  TRY(call.expect_count(2, kAnyCount));
  std::vector<size_t> all(call.count());
  std::iota(all.begin(), all.end(), size_t{0});
  const auto type = TRY(unify(call.arguments, all, Meeting::kChoice, call.name, call.settings));
  const bool constants = std::all_of(call.arguments.begin() + 1, call.arguments.end(),
                                     [](const ExprPtr& e) { return e->is_constant(); });
  if (!constants || type.is_nested() || type.kind == Kind::kNull)
    return std::make_unique<InExpr>(columns::Type{Kind::kBoolean, {}}, std::move(call.arguments));
  switch (storage_of(type.kind)) {
    case columns::Storage::kInts: return make_in_constants<int64_t>(call);
    case columns::Storage::kDoubles: return make_in_constants<double>(call);
    default: return make_in_constants<std::string_view>(call);
  }
}

}  // namespace

void add_comparisons(FunctionTable& table) {
  table.add("=", "", "", make_comparison<Equal>);
  table.alias("==", "=");
  table.add("!=", "", "", make_comparison<NotEqual>);
  table.alias("<>", "!=");
  table.add("<", "", "", make_comparison<Less>);
  table.add("<=", "", "", make_comparison<LessOrEqual>);
  table.add(">", "", "", make_comparison<Greater>);
  table.add(">=", "", "", make_comparison<GreaterOrEqual>);
  table.add("<=>", "", "", make_null_safe_equal);
  table.add("between", "", "", make_between);
  table.add("in", "", "", make_in);
}

}  // namespace tailrace::sql
