#include "sql/bind/field_types.h"

#include <array>
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "sql/parse/lexer.h"
#include "sql/parse/printer.h"

namespace tailrace::sql {
namespace {

using columns::Field;
using columns::Kind;
using columns::Schema;
using columns::Type;

const Field* find_field(const Schema& fields, std::string_view name) {
  for (const Field& field : fields) {
    if (equal_ignoring_case(field.name, name)) return &field;
  }
  return nullptr;
}

// Type of a path, or null if the schema lacks it.
const Type* find_path(const Schema& fields, const Path& path) {
  const Schema* level = &fields;
  const Type* type = nullptr;
  for (const std::string& part : path) {
    const Field* field = find_field(*level, part);
    if (field == nullptr) return nullptr;
    type = &field->type;
    while (type->kind == Kind::kArray) type = &type->element();
    level = &type->fields;
  }
  return type;
}

void add_path(Schema& fields, const Path& path, size_t at, const Type& type) {
  for (Field& field : fields) {
    if (!equal_ignoring_case(field.name, path[at])) continue;
    // A member of what is no struct is left to bind, which says so at its place.
    if (at + 1 < path.size() && field.type.kind == Kind::kStruct)
      add_path(field.type.fields, path, at + 1, type);
    return;
  }
  Field field{path[at], type};
  if (at + 1 < path.size()) {
    Schema members;
    add_path(members, path, at + 1, type);
    field.type = columns::struct_of(std::move(members));
  }
  fields.push_back(std::move(field));
}

bool is_comparison(const Syntax& syntax) {
  constexpr std::array<std::string_view, 9> kNames = {
      "=", "<=>", "!=", "<", "<=", ">", ">=", "in", "between"};
  return syntax.kind == SyntaxKind::kOperator &&
         std::ranges::find(kNames, syntax.text) != kNames.end();
}

bool adds_up(const Syntax& syntax) {
  return syntax.kind == SyntaxKind::kCall &&
         (syntax.text == "sum" || syntax.text == "avg" || syntax.text == "mean");
}

// Walks the SELECT that reads the input's fields and gathers the names that they lack.
class Gatherer {
 public:
  Gatherer(const Schema& fields, const SelectSyntax& select) : fields_(fields) {
    qualifiers_ = {select.from.view};
    if (!select.from.alias.empty()) qualifiers_.push_back(select.from.alias);
    for (const SelectItem& item : select.items) {
      if (!item.alias.empty()) aliases_.push_back(item.alias);
    }
    groups_window_ = contains_window(select);
    for (const SelectItem& item : select.items) gather(item.value, std::nullopt);
    if (select.where) gather(*select.where, std::nullopt);
    behind_select_ = true;  // here aliases and `window` may be named
    for (const Syntax& key : select.group_by) gather(key, std::nullopt);
    if (select.having) gather(*select.having, std::nullopt);
    for (const SortItem& item : select.order_by) gather(item.value, std::nullopt);
  }

  void gather(const Syntax& syntax, const std::optional<Type>& hint) {
    if (syntax.kind == SyntaxKind::kName) return need(syntax, hint);
    std::optional<Type> child_hint;
    if (is_comparison(syntax)) child_hint = type_of_any(syntax.children);
    if (adds_up(syntax)) child_hint = Type{Kind::kDouble, {}};
    for (const Syntax& child : syntax.children) gather(child, child_hint);
    for (const Syntax& child : syntax.filter) gather(child, std::nullopt);
  }

  struct Need {
    Path path;
    std::optional<Type> type;
  };
  const std::vector<Need>& needs() const { return needs_; }

 private:
  Path without_qualifier(const Path& parts) const {
    const bool qualified = parts.size() > 1 && find_field(fields_, parts[0]) == nullptr &&
                           std::ranges::any_of(qualifiers_, [&](const std::string& qualifier) {
                             return equal_ignoring_case(qualifier, parts[0]);
                           });
    return qualified ? Path(parts.begin() + 1, parts.end()) : parts;
  }

  bool names_no_field(const Path& path) const {
    if (path[0].empty()) return true;  // the event time, as flags name it
    if (groups_window_ && equal_ignoring_case(path[0], "window")) return true;
    if (!behind_select_) return false;
    return std::ranges::any_of(
        aliases_, [&](const std::string& alias) { return equal_ignoring_case(alias, path[0]); });
  }

  void need(const Syntax& name, const std::optional<Type>& hint) {
    Path path = without_qualifier(name.parts);
    if (find_path(fields_, path) != nullptr || names_no_field(path)) return;
    for (Need& known : needs_) {
      if (!std::ranges::equal(known.path, path, [](const auto& a, const auto& b) {
            return equal_ignoring_case(a, b);
          }))
        continue;
      if (!known.type) known.type = hint;
      return;
    }
    needs_.push_back({std::move(path), hint});
  }

  // The type that inference would have given to the first operand whose type is plain to see.
  std::optional<Type> type_of_any(const std::vector<Syntax>& operands) const {
    for (const Syntax& operand : operands) {
      if (operand.kind == SyntaxKind::kCast) return operand.type;
      if (operand.kind == SyntaxKind::kLiteral) {
        switch (operand.literal) {
          case LiteralKind::kBoolean: return Type{Kind::kBoolean, {}};
          case LiteralKind::kInteger: return Type{Kind::kLong, {}};
          case LiteralKind::kFraction: return Type{Kind::kDouble, {}};
          case LiteralKind::kString: return Type{Kind::kString, {}};
          case LiteralKind::kTimestamp:
          case LiteralKind::kDate: return operand.type;
          default: break;
        }
      }
      if (operand.kind != SyntaxKind::kName) continue;
      if (const Type* type = find_path(fields_, without_qualifier(operand.parts))) return *type;
    }
    return std::nullopt;
  }

  const Schema& fields_;
  std::vector<std::string> qualifiers_;
  std::vector<std::string> aliases_;
  bool groups_window_ = false;
  bool behind_select_ = false;
  std::vector<Need> needs_;
};

const SelectSyntax& innermost(const SelectSyntax& select) {
  const SelectSyntax* level = &select;
  while (!level->from.subquery.empty()) level = &level->from.subquery[0];
  return *level;
}

std::string path_text(const Path& path) {
  std::string out;
  for (const std::string& part : path) out += (out.empty() ? "" : ".") + print_name(part);
  return out;
}

}  // namespace

void add_fields_from_use(const ParsedRequest& parsed, Schema& fields,
                         std::vector<std::string>& notices) {
  const SelectSyntax& select = innermost(parsed.prepare ? *parsed.prepare : parsed.query);
  Gatherer gatherer(fields, select);
  if (parsed.time && parsed.time->value && !parsed.prepare) {
    gatherer.gather(*parsed.time->value, std::nullopt);
  }
  for (const Gatherer::Need& need : gatherer.needs()) {
    const bool from_time =
        parsed.time && !parsed.prepare && equal_ignoring_case(need.path[0], parsed.time->name);
    if (from_time) continue;  // the column that --time adds or names
    const Type type = need.type.value_or(Type{Kind::kString, {}});
    add_path(fields, need.path, 0, type);
    notices.push_back(fmt::format("the sample has no field {}; it is taken as {}",
                                  path_text(need.path), print_type(type)));
  }
}

Type pruned(const Type& type, const std::set<Path>& uses) {
  if (uses.contains(Path{})) return type;
  if (type.kind == Kind::kArray) return columns::array_of(pruned(type.element(), uses));
  if (type.kind != Kind::kStruct) return type;
  Schema kept;
  for (const Field& member : type.fields) {
    std::set<Path> inner;
    for (const Path& path : uses) {
      if (equal_ignoring_case(path[0], member.name))
        inner.insert(Path(path.begin() + 1, path.end()));
    }
    if (!inner.empty()) kept.push_back({member.name, pruned(member.type, inner)});
  }
  return columns::struct_of(std::move(kept));
}

}  // namespace tailrace::sql
