// concat, || and concat_ws: any number of arguments, so not kernels.
#include <algorithm>
#include <numeric>

#include "sql/expr/function_table.h"

namespace tailrace::sql {

using columns::Column;
using columns::Kind;

namespace {

const columns::Type kText{Kind::kString, {}};

// All arguments of a call, read for a block.
struct ReadAll {
  std::vector<Column> scratch;
  std::vector<kernel::EitherReader<Cell>> values;

  ReadAll(const std::vector<ExprPtr>& arguments, const columns::Batch& input, columns::Rows rows,
          EvalContext& context)
      : scratch(arguments.size()) {
    for (size_t i = 0; i < arguments.size(); i++)
      values.emplace_back(read_argument(*arguments[i], input, rows, context, scratch[i]));
  }
};

std::string_view text_of(Cell cell) { return cell.column->texts[cell.row]; }

class ConcatExpr final : public CallExpr {
 public:
  using CallExpr::CallExpr;
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    prepare(out, type(), input.rows);
    const ReadAll in(arguments(), input, rows, context);
    for (const uint32_t row : rows) {
      size_t bytes = 0;
      uint8_t is_null = 0;
      for (const auto& value : in.values) is_null |= value.null(row);
      out.nulls[row] = is_null;
      if (is_null) continue;
      for (const auto& value : in.values) bytes += text_of(value[row]).size();
      char* to = context.arena->allocate(bytes);
      out.texts[row] = {to, bytes};
      for (const auto& value : in.values)
        to += text_of(value[row]).copy(to, std::string_view::npos);
    }
  }
};

// concat of arrays: their elements one after the other.
class ConcatArraysExpr final : public CallExpr {
 public:
  using CallExpr::CallExpr;
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    prepare(out, type(), input.rows);
    const ReadAll in(arguments(), input, rows, context);
    Column& elements = out.children[0];
    for (const uint32_t row : rows) {
      out.nulls[row] = 0;
      for (const auto& value : in.values) out.nulls[row] |= value.null(row);
      if (out.nulls[row]) continue;
      const size_t begin = elements.size;
      for (const auto& value : in.values) append_elements(value[row], elements);
      out.lists[row] = {static_cast<uint32_t>(begin), static_cast<uint32_t>(elements.size - begin)};
    }
  }

 private:
  static void append_elements(Cell array, Column& elements) {
    const columns::List list = array.column->lists[array.row];
    const size_t begin = elements.size;
    elements.resize(begin + list.count);
    for (uint32_t i = 0; i < list.count; i++)
      copy_value(array.column->children[0], list.begin + i, elements, begin + i);
  }
};

Result<ExprPtr> make_concat_arrays(Call& call) {
  std::vector<size_t> all(call.count());
  std::iota(all.begin(), all.end(), size_t{0});
  const columns::Type type =
      TRY(unify(call.arguments, all, Meeting::kChoice, call.name, call.settings));
  return std::make_unique<ConcatArraysExpr>(type, std::move(call.arguments));
}

Result<ExprPtr> make_concat(Call& call) {
  const auto is_array = [](const ExprPtr& argument) {
    return argument->type().kind == Kind::kArray;
  };
  if (std::any_of(call.arguments.begin(), call.arguments.end(), is_array))
    return make_concat_arrays(call);
  for (ExprPtr& argument : call.arguments)
    argument = TRY(make_cast(std::move(argument), kText, call.settings));
  return std::make_unique<ConcatExpr>(kText, std::move(call.arguments));
}

// concat_ws(separator, text or array of texts, ...): NULLs are left out.
class ConcatWithSeparatorExpr final : public CallExpr {
 public:
  using CallExpr::CallExpr;
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    prepare(out, type(), input.rows);
    const ReadAll in(arguments(), input, rows, context);
    std::string joined;
    for (const uint32_t row : rows) {
      out.nulls[row] = in.values[0].null(row);
      if (out.nulls[row]) continue;
      join(in, row, joined);
      out.texts[row] = context.arena->copy(joined);
    }
  }

 private:
  static void join(const ReadAll& in, size_t row, std::string& joined) {
    const std::string_view separator = text_of(in.values[0][row]);
    joined.clear();
    bool is_first = true;
    const auto add = [&](Cell cell) {
      if (cell.is_null()) return;
      if (!std::exchange(is_first, false)) joined += separator;
      joined += text_of(cell);
    };
    for (size_t i = 1; i < in.values.size(); i++) {
      const Cell cell = in.values[i][row];
      if (cell.column->type.kind != Kind::kArray) {
        add(cell);
      } else if (!cell.is_null()) {
        const columns::List list = cell.column->lists[cell.row];
        for (uint32_t e = 0; e < list.count; e++) add({&cell.column->children[0], list.begin + e});
      }
    }
  }
};

Result<ExprPtr> make_concat_ws(Call& call) {
  TRY(call.expect_count(1, kAnyCount));
  for (size_t i = 0; i < call.count(); i++)
    TRY(call.coerce(i, i > 0 && call.kind(i) == Kind::kArray ? columns::array_of(kText) : kText));
  return std::make_unique<ConcatWithSeparatorExpr>(kText, std::move(call.arguments));
}

}  // namespace

void add_joined_texts(FunctionTable& table) {
  table.add("concat", "concat(value, ...)", "The values as one text, NULL if one is NULL",
            make_concat);
  table.add("||", "", "", make_concat);
  table.add("concat_ws", "concat_ws(separator, value, ...)",
            "One text with separators, without the NULLs", make_concat_ws);
}

}  // namespace tailrace::sql
