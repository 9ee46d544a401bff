#include "sql/parse/syntax.h"

#include <algorithm>
#include <array>

namespace tailrace::sql {
namespace {

struct Binary {
  std::string_view name;
  int precedence;
};

constexpr std::array kBinaries = {
    Binary{"or", kOr},          Binary{"and", kAnd},       Binary{"=", kComparison},
    Binary{"<=>", kComparison}, Binary{"!=", kComparison}, Binary{"<", kComparison},
    Binary{"<=", kComparison},  Binary{">", kComparison},  Binary{">=", kComparison},
    Binary{"|", kBitOr},        Binary{"^", kBitXor},      Binary{"&", kBitAnd},
    Binary{"+", kSum},          Binary{"-", kSum},         Binary{"||", kSum},
    Binary{"*", kProduct},      Binary{"/", kProduct},     Binary{"%", kProduct},
    Binary{"div", kProduct},
};

bool is_predicate(std::string_view name) {
  constexpr std::array<std::string_view, 7> kNames = {"in",    "between", "like",     "ilike",
                                                      "rlike", "isnull",  "isnotnull"};
  return std::ranges::find(kNames, name) != kNames.end();
}

// A left operand that binds at least as tightly is printed without parentheses.
bool continues_chain(const Syntax& syntax, size_t child) {
  return child == 0 && syntax.kind == SyntaxKind::kOperator &&
         binary_precedence(syntax.text) != 0 &&
         precedence_of(syntax.children[0]) >= precedence_of(syntax);
}

}  // namespace

int binary_precedence(std::string_view name) {
  for (const Binary& binary : kBinaries) {
    if (binary.name == name) return binary.precedence;
  }
  return 0;
}

bool is_negated_predicate(const Syntax& syntax) {
  if (syntax.kind != SyntaxKind::kOperator || syntax.text != "not") return false;
  const Syntax& child = syntax.children[0];
  return child.kind == SyntaxKind::kOperator && is_predicate(child.text) &&
         child.text != "isnull" && child.text != "isnotnull";
}

int precedence_of(const Syntax& syntax) {
  if (syntax.kind != SyntaxKind::kOperator) return kPostfix;
  if (syntax.text == "not") return is_negated_predicate(syntax) ? kPredicate : kNot;
  if (is_predicate(syntax.text)) return kPredicate;
  if (const int binary = binary_precedence(syntax.text)) return binary;
  return kUnary;
}

Syntax measured(Syntax syntax) {
  int nesting = 0;
  int height = 0;
  for (size_t i = 0; i < syntax.children.size(); ++i) {
    const Syntax& child = syntax.children[i];
    nesting = std::max(nesting, child.nesting + (continues_chain(syntax, i) ? 0 : 1));
    height = std::max(height, child.height + 1);
  }
  for (const Syntax& child : syntax.filter) {
    nesting = std::max(nesting, child.nesting + 1);
    height = std::max(height, child.height + 1);
  }
  syntax.nesting = static_cast<uint16_t>(nesting);
  syntax.height = static_cast<uint16_t>(height);
  return syntax;
}

Syntax name_syntax(Place place, std::vector<std::string> parts) {
  Syntax syntax;
  syntax.kind = SyntaxKind::kName;
  syntax.place = place;
  syntax.parts = std::move(parts);
  return syntax;
}

Syntax operator_syntax(Place place, std::string name, std::vector<Syntax> operands) {
  Syntax syntax;
  syntax.kind = SyntaxKind::kOperator;
  syntax.place = place;
  syntax.text = std::move(name);
  syntax.children = std::move(operands);
  return measured(std::move(syntax));
}

Syntax call_syntax(Place place, std::string name, std::vector<Syntax> arguments) {
  Syntax syntax;
  syntax.kind = SyntaxKind::kCall;
  syntax.place = place;
  syntax.text = std::move(name);
  syntax.children = std::move(arguments);
  return measured(std::move(syntax));
}

Syntax string_syntax(Place place, std::string value) {
  Syntax syntax;
  syntax.literal = LiteralKind::kString;
  syntax.place = place;
  syntax.text = std::move(value);
  syntax.type = {columns::Kind::kString, {}};
  return syntax;
}

Syntax integer_syntax(Place place, int64_t value) {
  Syntax syntax;
  syntax.literal = LiteralKind::kInteger;
  syntax.place = place;
  syntax.text = std::to_string(value);
  const bool fits = value >= INT32_MIN && value <= INT32_MAX;
  syntax.type = {fits ? columns::Kind::kInt : columns::Kind::kLong, {}};
  return syntax;
}

}  // namespace tailrace::sql
