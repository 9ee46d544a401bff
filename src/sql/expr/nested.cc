// Structs and arrays: making them, and looking into them.
#include <numeric>

#include <fmt/format.h>

#include "sql/expr/failure.h"
#include "sql/expr/function_table.h"
#include "sql/expr/ordering.h"

namespace tailrace::sql {

using columns::Column;
using columns::Kind;
using columns::List;
using columns::Type;

namespace {

List list_of(Cell array) { return array.column->lists[array.row]; }
Cell element(Cell array, uint32_t i) {
  return {&array.column->children[0], list_of(array).begin + i};
}

class ArrayExpr final : public CallExpr {
 public:
  using CallExpr::CallExpr;
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    prepare(out, type(), input.rows);
    const size_t count = arguments().size();
    Column& elements = out.children[0];
    elements.resize(rows.size() * count);
    for (size_t i = 0; i < rows.size(); i++) {
      out.lists[rows[i]] = {static_cast<uint32_t>(i * count), static_cast<uint32_t>(count)};
      out.nulls[rows[i]] = 0;
    }
    ScratchColumn scratch(context.pool);
    for (size_t a = 0; a < count; a++) {
      const kernel::EitherReader<Cell> value(
          read_argument(*arguments()[a], input, rows, context, *scratch));
      for (size_t i = 0; i < rows.size(); i++)
        copy_value(*value[rows[i]].column, value[rows[i]].row, elements, i * count + a);
    }
  }
};

Result<ExprPtr> make_array(Call& call) {
  std::vector<size_t> all(call.count());
  std::iota(all.begin(), all.end(), size_t{0});
  const Type type = TRY(unify(call.arguments, all, Meeting::kChoice, call.name, call.settings));
  return std::make_unique<ArrayExpr>(columns::array_of(type), std::move(call.arguments));
}

class StructExpr final : public CallExpr {
 public:
  using CallExpr::CallExpr;
  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    prepare(out, type(), input.rows);
    for (const uint32_t row : rows) out.nulls[row] = 0;
    for (size_t i = 0; i < arguments().size(); i++)
      arguments()[i]->evaluate(input, rows, context, out.children[i]);
  }
};

ExprPtr struct_from(columns::Schema fields, std::vector<ExprPtr> members) {
  for (size_t i = 0; i < fields.size(); i++) fields[i].type = members[i]->type();
  return std::make_unique<StructExpr>(columns::struct_of(std::move(fields)), std::move(members));
}

Result<ExprPtr> make_struct(Call& call) {
  TRY(call.expect_count(1, kAnyCount));
  columns::Schema fields;
  for (size_t i = 0; i < call.count(); i++) fields.push_back({fmt::format("col{}", i + 1), {}});
  return struct_from(std::move(fields), std::move(call.arguments));
}

Result<ExprPtr> make_named_struct(Call& call) {
  TRY(call.expect_count(2, kAnyCount));
  if (call.count() % 2 != 0)
    return usage_error(
        "[WRONG_NUM_ARGS.WITHOUT_SUGGESTION] named_struct takes pairs of a name and a value.");
  columns::Schema fields;
  std::vector<ExprPtr> members;
  for (size_t i = 0; i < call.count(); i += 2) {
    const std::string_view* name = literal_text(*call.arguments[i]);
    if (name == nullptr) return call.wrong_type(i, "a name in quotes");
    fields.push_back({std::string(*name), {}});
    members.push_back(std::move(call.arguments[i + 1]));
  }
  return struct_from(std::move(fields), std::move(members));
}

Status expect_array(const Call& call) {
  if (call.kind(0) != Kind::kArray) return call.wrong_type(0, "an ARRAY");
  return {};
}

std::string out_of_bounds(std::string_view error_class, int64_t index, uint32_t count) {
  return fmt::format("[{}] The index {} is out of bounds. The array has {} elements.", error_class,
                     index, count);
}

// array[i], get(array, i): from 0 on.
ExprPtr make_element(Call& call, bool fails) {
  Type type = call.type(0).element();
  return make_strict(call, std::move(type), [fails](Row& row, Cell array, int64_t index) {
    const uint32_t count = list_of(array).count;
    if (index >= 0 && index < count) return element(array, static_cast<uint32_t>(index));
    fail_or_null(row, fails, [&] { return out_of_bounds("INVALID_ARRAY_INDEX", index, count); });
    return array;
  });
}

Result<ExprPtr> make_get(Call& call) {
  TRY(call.expect_count(2, 2));
  TRY(expect_array(call));
  TRY(call.coerce(1, Kind::kInt));
  return make_element(call, false);
}

// element_at(array, i): from 1 on, or from the end with negative numbers.
template <bool kTry>
Result<ExprPtr> make_element_at(Call& call) {
  TRY(call.expect_count(2, 2));
  TRY(expect_array(call));
  TRY(call.coerce(1, Kind::kInt));
  Type type = call.type(0).element();
  const bool fails = call.settings.ansi && !kTry;
  return make_strict(call, std::move(type), [fails](Row& row, Cell array, int64_t index) {
    const uint32_t count = list_of(array).count;
    if (index > 0 && index <= count) return element(array, static_cast<uint32_t>(index - 1));
    if (index < 0 && -index <= count) return element(array, static_cast<uint32_t>(count + index));
    if (index == 0)
      row.fail("[INVALID_INDEX_OF_ZERO] The index 0 is invalid: the first element has index 1.");
    else
      fail_or_null(row, fails, [&] {
        return out_of_bounds("INVALID_ARRAY_INDEX_IN_ELEMENT_AT", index, count);
      });
    return array;
  });
}

Result<ExprPtr> make_size(Call& call) {
  TRY(call.expect_count(1, 1));
  if (call.kind(0) == Kind::kNull) return make_null_of({Kind::kInt, {}});
  TRY(expect_array(call));
  ExprPtr size =
      make_strict(call, {Kind::kInt, {}}, [](Cell array) { return int64_t{list_of(array).count}; });
  if (call.settings.ansi) return size;
  std::vector<ExprPtr> choices;  // the size of NULL is -1 with ANSI off
  choices.push_back(std::move(size));
  choices.push_back(make_integer(-1, Kind::kInt));
  return make_call("coalesce", std::move(choices), call.settings);
}

// Brings the elements and the value that is looked for to one type.
Status unify_with_elements(Call& call) {
  TRY(call.expect_count(2, 2));
  TRY(expect_array(call));
  const std::optional<Type> type =
      meeting_type(call.type(0).element(), call.type(1), Meeting::kComparison, call.settings.ansi);
  if (!type) return call.wrong_type(1, columns::type_name(call.type(0).element()));
  TRY(call.coerce(0, columns::array_of(*type)));
  return call.coerce(1, *type);
}

// The first place (from 1) of a value in an array; 0 if it is not there.
int64_t position_of(Cell array, Cell value) {
  for (uint32_t i = 0; i < list_of(array).count; i++)
    if (!element(array, i).is_null() && equals(element(array, i), value)) return i + 1;
  return 0;
}

bool has_null(Cell array) {
  for (uint32_t i = 0; i < list_of(array).count; i++)
    if (element(array, i).is_null()) return true;
  return false;
}

Result<ExprPtr> make_array_contains(Call& call) {
  TRY(unify_with_elements(call));
  return make_strict(call, {Kind::kBoolean, {}}, [](Row& row, Cell array, Cell value) {
    const bool found = position_of(array, value) != 0;
    if (!found && has_null(array)) row.set_null();
    return int64_t{found};
  });
}

Result<ExprPtr> make_array_position(Call& call) {
  TRY(unify_with_elements(call));
  return make_strict(call, {Kind::kLong, {}},
                     [](Cell array, Cell value) { return position_of(array, value); });
}

// array_join(array, separator): NULL elements are left out.
Result<ExprPtr> make_array_join(Call& call) {
  TRY(call.expect_count(2, 2));
  TRY(expect_array(call));
  TRY(call.coerce(0, columns::array_of({Kind::kString, {}})));
  TRY(call.coerce(1, Kind::kString));
  return make_strict(call, {Kind::kString, {}},
                     [](Row& row, Cell array, std::string_view separator) {
                       std::string joined;
                       bool is_first = true;
                       for (uint32_t i = 0; i < list_of(array).count; i++) {
                         const Cell part = element(array, i);
                         if (part.is_null()) continue;
                         if (!std::exchange(is_first, false)) joined += separator;
                         joined += part.column->texts[part.row];
                       }
                       return row.arena().copy(joined);
                     });
}

// The least or greatest element that is not null.
template <bool kGreatest>
Result<ExprPtr> make_array_extreme(Call& call) {
  TRY(call.expect_count(1, 1));
  TRY(expect_array(call));
  Type type = call.type(0).element();
  return make_strict(call, std::move(type), [](Row& row, Cell array) {
    Cell best{nullptr, 0};
    for (uint32_t i = 0; i < list_of(array).count; i++) {
      const Cell at = element(array, i);
      if (at.is_null()) continue;
      if (best.column == nullptr || (kGreatest ? less(best, at) : less(at, best))) best = at;
    }
    if (best.column == nullptr) row.set_null();
    return best;
  });
}

}  // namespace

Result<ExprPtr> make_subscript(ExprPtr child, ExprPtr index, const ExprSettings& settings) {
  if (child->type().kind == Kind::kStruct) {
    if (const std::string_view* name = literal_text(*index))
      return make_field(std::move(child), *name);
    return usage_error(
        "[INVALID_EXTRACT_FIELD_TYPE] The member of a struct is named by a text in quotes.");
  }
  if (child->type().kind != Kind::kArray ||
      !(index->type().is_integral() || index->type().kind == Kind::kNull))
    return usage_error(
        fmt::format("[INVALID_EXTRACT_BASE_FIELD_TYPE] {} cannot be indexed with {}.",
                    columns::type_name(child->type()), columns::type_name(index->type())));
  const bool is_constant = child->is_constant() && index->is_constant();
  Call call{"[]", {}, settings};
  call.arguments.push_back(std::move(child));
  call.arguments.push_back(std::move(index));
  ExprPtr made = make_element(call, settings.ansi);
  return is_constant && !made->is_constant() ? folded(std::move(made)) : std::move(made);
}

void add_nested(FunctionTable& table) {
  table.add("array", "array(value, ...)", "An array of the values", make_array);
  table.add("struct", "struct(value, ...)", "A struct with members col1, col2, ...", make_struct);
  table.add("named_struct", "named_struct(name, value, ...)", "A struct with named members",
            make_named_struct);
  table.add("size", "size(array)", "How many elements an array has", make_size);
  table.alias("cardinality", "size");
  table.alias("array_size", "size");
  table.add("get", "get(array, index)", "Element by its index from 0, NULL if there is none",
            make_get);
  table.add("element_at", "element_at(array, index)",
            "Element by its index from 1, or from the end", make_element_at<false>);
  table.add("try_element_at", "try_element_at(array, index)",
            "As element_at, NULL if there is none", make_element_at<true>);
  table.add("array_contains", "array_contains(array, value)",
            "Whether a value is among the elements", make_array_contains);
  table.add("array_position", "array_position(array, value)",
            "Place of a value from 1, 0 if it is not there", make_array_position);
  table.add("array_join", "array_join(array, separator)", "The elements as one text",
            make_array_join);
  table.add("array_min", "array_min(array)", "The least element", make_array_extreme<false>);
  table.add("array_max", "array_max(array)", "The greatest element", make_array_extreme<true>);
}

}  // namespace tailrace::sql
