#include "sql/expr/field.h"

#include <strings.h>

#include <fmt/format.h>

#include "sql/expr/leaves.h"

namespace tailrace::sql {

using columns::Column;
using columns::Kind;
using columns::List;
using columns::Type;

namespace {

// array.member: an array with the same nulls and lengths.
class ArrayFieldExpr final : public Expr {
 public:
  ArrayFieldExpr(ExprPtr array, size_t index, Type type)
      : Expr(std::move(type)), array_(std::move(array)), index_(index) {}

  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                Column& out) const override {
    prepare(out, type(), input.rows);
    ScratchColumn scratch(context.pool);
    const Column* there = in_place(*array_, input);
    const Column& array = there ? *there : evaluated(*array_, input, rows, context, *scratch);
    for (const uint32_t row : rows) {
      out.nulls[row] = array.nulls[row];
      if (!array.is_null(row))
        out.lists[row] = take(array.children[0], array.lists[row], out.children[0]);
    }
  }
  void collect_columns(std::vector<int>& columns) const override {
    array_->collect_columns(columns);
  }

 private:
  List take(const Column& structs, List list, Column& members) const {
    const size_t begin = members.size;
    members.resize(begin + list.count);
    for (uint32_t i = 0; i < list.count; i++)
      if (!structs.is_null(list.begin + i))
        copy_value(structs.children[index_], list.begin + i, members, begin + i);
    return {static_cast<uint32_t>(begin), list.count};
  }

  ExprPtr array_;
  size_t index_;
};

// By exact name, else by the one name that is equal without regard to case.
Result<size_t> find_field(const Type& structure, std::string_view name) {
  size_t found = structure.fields.size(), matches = 0;
  for (size_t i = 0; i < structure.fields.size(); i++) {
    const std::string& known = structure.fields[i].name;
    if (known == name) return i;
    if (known.size() != name.size() || strncasecmp(known.data(), name.data(), name.size()) != 0)
      continue;
    found = i;
    matches++;
  }
  if (matches == 1) return found;
  if (matches > 1)
    return usage_error(
        fmt::format("[AMBIGUOUS_REFERENCE_TO_FIELDS] The member `{}` could be {} of {}.", name,
                    matches, columns::type_name(structure)));
  return usage_error(fmt::format("[FIELD_NOT_FOUND] There is no member `{}` in {}.", name,
                                 columns::type_name(structure)));
}

}  // namespace

void FieldExpr::evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                         Column& out) const {
  ScratchColumn scratch(context.pool);
  const Column& from = walk(evaluated(*root_, input, rows, context, *scratch));
  prepare(out, type(), input.rows);
  copy_column(from, rows, out);
}

const Column& FieldExpr::walk(const Column& from) const {
  const Column* at = &from;
  for (const size_t index : path_) at = &at->children[index];
  return *at;
}

ExprPtr FieldExpr::member_of(ExprPtr child, size_t index) {
  Type type = child->type().fields[index].type;
  std::vector<size_t> path;
  if (auto* field = dynamic_cast<FieldExpr*>(child.get())) {
    path = field->path_;
    ExprPtr root = std::move(field->root_);
    child = std::move(root);
  }
  path.push_back(index);
  return std::make_unique<FieldExpr>(std::move(child), std::move(path), std::move(type));
}

const Column* in_place(const Expr& expr, const columns::Batch& input) {
  if (expr.column_index() >= 0) return &input.columns[expr.column_index()];
  const auto* field = dynamic_cast<const FieldExpr*>(&expr);
  if (field == nullptr || field->root().column_index() < 0) return nullptr;
  return &field->walk(input.columns[field->root().column_index()]);
}

Result<ExprPtr> make_field(ExprPtr child, std::string_view name) {
  const Type& type = child->type();
  const bool is_constant = child->is_constant();
  ExprPtr member;
  if (type.kind == Kind::kStruct) {
    member = FieldExpr::member_of(std::move(child), TRY(find_field(type, name)));
  } else if (type.kind == Kind::kArray && type.element().kind == Kind::kStruct) {
    const size_t index = TRY(find_field(type.element(), name));
    Type members = columns::array_of(type.element().fields[index].type);
    member = std::make_unique<ArrayFieldExpr>(std::move(child), index, std::move(members));
  } else {
    return usage_error(fmt::format("[INVALID_EXTRACT_BASE_FIELD_TYPE] {} has no member `{}`.",
                                   columns::type_name(type), name));
  }
  return is_constant ? folded(std::move(member)) : std::move(member);
}

}  // namespace tailrace::sql
