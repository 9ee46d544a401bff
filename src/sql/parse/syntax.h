// Syntax: the tree of a query as written, before names and types are known. Plain values: copying
// a node copies its subtree. Flags and SQL text become the same trees; the printer turns them back
// into text. Every node knows its place, for error messages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "columns/type.h"
#include "sql/parse/sources.h"

namespace tailrace::sql {

enum class SyntaxKind : uint8_t {
  kLiteral,
  kName,       // parts: a.b.c
  kStar,       // *, or parts.*
  kOperator,   // text: its name as make_call takes it ("+", "and", "in", "isnull"); children:
               // operands
  kCall,       // text: function, lower case; children: arguments
  kCase,       // [operand,] condition, value, ... [, else]
  kCast,       // children[0] as `type`
  kMember,     // children[0].text, where children[0] is not a name
  kSubscript,  // children[0][children[1]]
};

enum class LiteralKind : uint8_t {
  kNull,
  kBoolean,    // text: true, false
  kInteger,    // text: decimal digits, maybe with a sign; `type` is its type
  kFraction,   // text as written; `type` is DOUBLE or FLOAT (there are no decimals)
  kString,     // text
  kTimestamp,  // text within the quotes
  kDate,       // text within the quotes
  kInterval,   // text: "5 minutes"
};

struct Syntax {
  SyntaxKind kind = SyntaxKind::kLiteral;
  LiteralKind literal = LiteralKind::kNull;
  Place place;
  std::string text;
  std::vector<std::string> parts;
  columns::Type type;
  std::vector<Syntax> children;
  std::vector<Syntax> filter;  // of a call: FILTER (WHERE ...), none or one
  bool distinct = false;
  bool ignore_nulls = false;
  bool try_cast = false;
  bool has_operand = false;  // CASE x WHEN ...
  bool has_else = false;
  uint16_t nesting = 0;  // levels that printing it nests
  uint16_t height = 0;   // of the tree: a chain a + b + c ... is high, but nests nothing
};

struct SelectItem {
  Syntax value;
  std::string alias;  // empty: none
};

struct SortItem {
  Syntax value;
  bool descending = false;
  std::optional<bool> nulls_first;  // as written; Spark's default is first when ascending
};

struct SelectSyntax;

// What FROM names: a view, or a subquery (then `subquery` has one element).
struct Relation {
  Place place;
  std::string view;
  std::vector<SelectSyntax> subquery;
  std::string alias;
};

struct SelectSyntax {
  Place place;
  bool distinct = false;
  std::vector<SelectItem> items;
  Relation from;
  std::optional<Syntax> where;
  std::vector<Syntax> group_by;
  std::optional<Syntax> having;
  std::vector<SortItem> order_by;
  std::optional<uint64_t> limit;
};

// How tightly an expression holds together when printed; greater is tighter.
enum Precedence : int {
  kOr = 1,
  kAnd,
  kNot,
  kPredicate,  // IN, LIKE, BETWEEN, IS
  kComparison,
  kBitOr,
  kBitXor,
  kBitAnd,
  kSum,
  kProduct,
  kUnary,
  kPostfix,
};
int precedence_of(const Syntax& syntax);
// Of a binary operator by name, or 0.
int binary_precedence(std::string_view name);
// NOT around a predicate, which is written inside it: a NOT IN (...).
bool is_negated_predicate(const Syntax& syntax);

// Builders; they also set `nesting` and `height`.
Syntax measured(Syntax syntax);
Syntax name_syntax(Place place, std::vector<std::string> parts);
Syntax operator_syntax(Place place, std::string name, std::vector<Syntax> operands);
Syntax call_syntax(Place place, std::string name, std::vector<Syntax> arguments);
Syntax string_syntax(Place place, std::string value);
Syntax integer_syntax(Place place, int64_t value);

// Calls visit(const Syntax&) for the node and everything below it, parents first.
template <class Visit>
void walk(const Syntax& syntax, const Visit& visit) {
  visit(syntax);
  for (const Syntax& child : syntax.children) walk(child, visit);
  for (const Syntax& child : syntax.filter) walk(child, visit);
}

}  // namespace tailrace::sql
