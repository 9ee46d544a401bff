#include "sql/parse/printer.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sql/parse/lexer.h"
#include "sql/parse/parser.h"

namespace tailrace::sql {
namespace {

using columns::Kind;

// Letters, digits and _, not beginning with a digit.
bool is_plain(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && std::ranges::all_of(name, plain) && !(name[0] >= '0' && name[0] <= '9');
}

// Functions may have the names of many words: left, any, current_timestamp.
std::string print_function(std::string_view name) {
  constexpr std::array<std::string_view, 11> kWords = {"ALL",      "CASE",    "CAST",  "DISTINCT",
                                                       "EXISTS",   "EXTRACT", "FALSE", "NULL",
                                                       "TRY_CAST", "TRUE",    "WITH"};
  const bool special = std::ranges::find(kWords, upper_case(name)) != kWords.end();
  return is_plain(name) && !special && !is_reserved_word(name) ? std::string(name)
                                                               : print_name(name);
}

// Words with a meaning of their own in some place where a name may stand.
bool needs_quotes(std::string_view name) {
  constexpr std::array<std::string_view, 49> kWords = {
      "ALL",    "ANTI",           "ANY",        "ASC",          "CASE",
      "CAST",   "CLUSTER",        "CROSS",      "CURRENT_DATE", "CURRENT_TIMESTAMP",
      "DESC",   "DISTINCT",       "DISTRIBUTE", "DIV",          "END",
      "ESCAPE", "EXCEPT",         "EXISTS",     "EXTRACT",      "FALSE",
      "FILTER", "FULL",           "GROUPING",   "IGNORE",       "ILIKE",
      "INNER",  "INTERSECT",      "INTERVAL",   "JOIN",         "LATERAL",
      "LEFT",   "LOCALTIMESTAMP", "MINUS",      "NATURAL",      "NULL",
      "NULLS",  "OFFSET",         "OVER",       "REGEXP",       "RESPECT",
      "RIGHT",  "RLIKE",          "SEMI",       "SORT",         "SOME",
      "TRUE",   "TRY_CAST",       "USING",      "WITH"};
  if (!is_plain(name)) return true;
  return is_reserved_word(name) || std::ranges::find(kWords, upper_case(name)) != kWords.end();
}

std::string quoted_string(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    switch (c) {
      case '\\': out += "\\\\"; break;
      case '\'': out += "\\'"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\0': out += "\\000"; break;  // \0 before digits would be an octal code
      default: out += c;
    }
  }
  return out + "'";
}

std::string print_path(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += '.';
    out += print_name(part);
  }
  return out;
}

bool fits_int(const std::string& digits) {
  const int64_t value = std::strtoll(digits.c_str(), nullptr, 10);
  return value >= INT32_MIN && value <= INT32_MAX;
}

std::string_view number_suffix(const Syntax& literal) {
  switch (literal.type.kind) {
    case Kind::kByte: return "Y";
    case Kind::kShort: return "S";
    case Kind::kLong: return fits_int(literal.text) ? "L" : "";
    case Kind::kFloat: return "F";
    case Kind::kDouble: return literal.text.find_first_of(".eE") == std::string::npos ? "D" : "";
    default: return "";
  }
}

std::string print_literal(const Syntax& literal) {
  switch (literal.literal) {
    case LiteralKind::kNull: return "NULL";
    case LiteralKind::kBoolean: return upper_case(literal.text);
    case LiteralKind::kInteger:
    case LiteralKind::kFraction: return fmt::format("{}{}", literal.text, number_suffix(literal));
    case LiteralKind::kString: return quoted_string(literal.text);
    case LiteralKind::kTimestamp: return "TIMESTAMP " + quoted_string(literal.text);
    case LiteralKind::kDate: return "DATE " + quoted_string(literal.text);
    case LiteralKind::kInterval: return "INTERVAL " + quoted_string(literal.text);
  }
  return {};
}

// Operators spelled as words.
std::string operator_text(std::string_view name) {
  if (name == "and" || name == "or" || name == "div" || name == "like" || name == "ilike" ||
      name == "rlike") {
    return upper_case(name);
  }
  return std::string(name);
}

std::string case_text(const Syntax& syntax, const auto& print_child) {
  std::string out = "CASE";
  size_t next = 0;
  if (syntax.has_operand) out += " " + print_child(syntax.children[next++]);
  const size_t end = syntax.children.size() - (syntax.has_else ? 1 : 0);
  for (; next + 1 < end; next += 2) {
    out += fmt::format(" WHEN {} THEN {}", print_child(syntax.children[next]),
                       print_child(syntax.children[next + 1]));
  }
  if (syntax.has_else) out += " ELSE " + print_child(syntax.children.back());
  return out + " END";
}

std::string joined(const std::vector<Syntax>& items, size_t from, const auto& print_item) {
  std::string out;
  for (size_t i = from; i < items.size(); ++i) {
    if (i > from) out += ", ";
    out += print_item(items[i]);
  }
  return out;
}

// --- Canonical text: parentheses only where the precedence asks for them.

std::string print_above(const Syntax& syntax, int precedence);

std::string print_any(const Syntax& syntax) { return print_above(syntax, 0); }

std::string print_predicate(const Syntax& syntax, bool negated) {
  const std::string_view negation = negated ? "NOT " : "";
  const std::string left = print_above(syntax.children[0], kPredicate);
  const auto operand = [&](size_t i) { return print_above(syntax.children[i], kComparison + 1); };
  if (syntax.text == "in") {
    return fmt::format("{} {}IN ({})", left, negation, joined(syntax.children, 1, print_any));
  }
  if (syntax.text == "between") {
    return fmt::format("{} {}BETWEEN {} AND {}", left, negation, operand(1), operand(2));
  }
  const std::string escape =
      syntax.children.size() > 2 ? " ESCAPE " + print_any(syntax.children[2]) : "";
  return fmt::format("{} {}{} {}{}", left, negation, operator_text(syntax.text), operand(1),
                     escape);
}

std::string print_operator(const Syntax& syntax) {
  const std::string& name = syntax.text;
  if (is_negated_predicate(syntax)) return print_predicate(syntax.children[0], true);
  if (name == "not") return "NOT " + print_above(syntax.children[0], kNot);
  if (name == "negative") {
    const std::string child = print_above(syntax.children[0], kUnary);
    return (child.starts_with('-') ? "- " : "-") + child;
  }
  if (name == "isnull" || name == "isnotnull") {
    return fmt::format("{} IS {}NULL", print_above(syntax.children[0], kPredicate),
                       name == "isnull" ? "" : "NOT ");
  }
  const int precedence = binary_precedence(name);
  if (precedence == 0) return print_predicate(syntax, false);
  return fmt::format("{} {} {}", print_above(syntax.children[0], precedence), operator_text(name),
                     print_above(syntax.children[1], precedence + 1));
}

std::string print_call(const Syntax& syntax) {
  std::string out =
      fmt::format("{}({}{}{})", print_function(syntax.text), syntax.distinct ? "DISTINCT " : "",
                  joined(syntax.children, 0, print_any),
                  syntax.ignore_nulls && !syntax.children.empty() ? " IGNORE NULLS" : "");
  if (!syntax.filter.empty()) out += fmt::format(" FILTER (WHERE {})", print_any(syntax.filter[0]));
  return out;
}

// A number before a dot would swallow it.
std::string print_owner(const Syntax& owner) {
  const bool number = owner.kind == SyntaxKind::kLiteral || owner.kind == SyntaxKind::kName ||
                      owner.kind == SyntaxKind::kStar;
  const bool negative = precedence_of(owner) < kPostfix;
  return number || negative ? fmt::format("({})", print_any(owner)) : print_any(owner);
}

std::string print_above(const Syntax& syntax, int precedence) {
  switch (syntax.kind) {
    case SyntaxKind::kLiteral: return print_literal(syntax);
    case SyntaxKind::kName: return print_path(syntax.parts);
    case SyntaxKind::kStar: return syntax.parts.empty() ? "*" : print_path(syntax.parts) + ".*";
    case SyntaxKind::kCall: return print_call(syntax);
    case SyntaxKind::kCase: return case_text(syntax, print_any);
    case SyntaxKind::kCast:
      return fmt::format("{}CAST({} AS {})", syntax.try_cast ? "TRY_" : "",
                         print_any(syntax.children[0]), print_type(syntax.type));
    case SyntaxKind::kMember:
      return print_owner(syntax.children[0]) + "." + print_name(syntax.text);
    case SyntaxKind::kSubscript: {
      const Syntax& owner = syntax.children[0];
      const bool name = owner.kind == SyntaxKind::kName;
      return fmt::format("{}[{}]", name ? print_any(owner) : print_owner(owner),
                         print_any(syntax.children[1]));
    }
    case SyntaxKind::kOperator: break;
  }
  const std::string text = print_operator(syntax);
  return precedence_of(syntax) < precedence ? "(" + text + ")" : text;
}

std::string print_relation(const Relation& from) {
  std::string out =
      from.subquery.empty() ? print_name(from.view) : "(" + print(from.subquery[0]) + ")";
  if (!from.alias.empty()) out += " AS " + print_name(from.alias);
  return out;
}

std::string print_items(const std::vector<SelectItem>& items) {
  std::string out;
  for (const SelectItem& item : items) {
    if (!out.empty()) out += ", ";
    out += print(item.value);
    if (!item.alias.empty()) out += " AS " + print_name(item.alias);
  }
  return out;
}

std::string print_order(const std::vector<SortItem>& items) {
  std::string out;
  for (const SortItem& item : items) {
    if (!out.empty()) out += ", ";
    out += print(item.value);
    if (item.descending) out += " DESC";
    if (item.nulls_first) out += *item.nulls_first ? " NULLS FIRST" : " NULLS LAST";
  }
  return out;
}

std::string print_select(const SelectSyntax& select, std::string_view separator) {
  std::string out = select.distinct ? "SELECT DISTINCT " : "SELECT ";
  const auto clause = [&](std::string_view word, const std::string& text) {
    out += fmt::format("{}{} {}", separator, word, text);
  };
  out += print_items(select.items);
  clause("FROM", print_relation(select.from));
  if (select.where) clause("WHERE", print(*select.where));
  if (!select.group_by.empty()) clause("GROUP BY", joined(select.group_by, 0, print_any));
  if (select.having) clause("HAVING", print(*select.having));
  if (!select.order_by.empty()) clause("ORDER BY", print_order(select.order_by));
  if (select.limit) clause("LIMIT", std::to_string(*select.limit));
  return out;
}

// --- Spark's column names and keys: every operator in parentheses, as Spark's toPrettySQL.

class Full {
 public:
  explicit Full(const NameKey* name_key) : name_key_(name_key) {}

  std::string text(const Syntax& syntax) const {
    switch (syntax.kind) {
      case SyntaxKind::kLiteral: return literal(syntax);
      case SyntaxKind::kName: return name_key_ ? (*name_key_)(syntax) : path(syntax.parts);
      case SyntaxKind::kStar: return "1";  // count(*) is count(1)
      case SyntaxKind::kCall: return call(syntax);
      case SyntaxKind::kCase: return case_of(syntax);
      case SyntaxKind::kCast:
        return fmt::format("{}CAST({} AS {})", syntax.try_cast ? "TRY_" : "",
                           text(syntax.children[0]), print_type(syntax.type));
      case SyntaxKind::kMember:
        return text(syntax.children[0]) + "." + (name_key_ ? lower_case(syntax.text) : syntax.text);
      case SyntaxKind::kSubscript:
        return fmt::format("{}[{}]", text(syntax.children[0]), text(syntax.children[1]));
      case SyntaxKind::kOperator: return operation(syntax);
    }
    return {};
  }

 private:
  std::string literal(const Syntax& syntax) const {
    if (name_key_ != nullptr) return print_literal(syntax);
    const bool bare =
        syntax.literal == LiteralKind::kString || syntax.literal == LiteralKind::kBoolean ||
        syntax.literal == LiteralKind::kInteger || syntax.literal == LiteralKind::kFraction;
    return bare ? syntax.text : print_literal(syntax);
  }

  static std::string path(const std::vector<std::string>& parts) {
    std::string out;
    for (const std::string& part : parts) out += (out.empty() ? "" : ".") + part;
    return out;
  }

  std::string list(const std::vector<Syntax>& items, size_t from = 0) const {
    return joined(items, from, [this](const Syntax& item) { return text(item); });
  }

  std::string call(const Syntax& syntax) const {
    if (syntax.text == "if") return fmt::format("(IF({}))", list(syntax.children));
    std::string out = fmt::format("{}({}{})", syntax.text, syntax.distinct ? "DISTINCT " : "",
                                  list(syntax.children));
    if (syntax.ignore_nulls) out += " ignore nulls";
    if (!syntax.filter.empty()) out += fmt::format(" FILTER (WHERE {})", text(syntax.filter[0]));
    return out;
  }

  // CASE x WHEN 1 is CASE WHEN (x = 1), as Spark's analyser has it.
  std::string case_of(const Syntax& syntax) const {
    const auto child = [this](const Syntax& part) { return text(part); };
    if (!syntax.has_operand) return case_text(syntax, child);
    Syntax plain = syntax;
    plain.has_operand = false;
    plain.children.erase(plain.children.begin());
    const size_t end = plain.children.size() - (plain.has_else ? 1 : 0);
    for (size_t i = 0; i + 1 < end; i += 2) {
      std::vector<Syntax> sides = {syntax.children[0], plain.children[i]};
      plain.children[i] = operator_syntax(syntax.place, "=", std::move(sides));
    }
    return case_text(plain, child);
  }

  std::string operation(const Syntax& syntax) const {
    const std::string& name = syntax.text;
    const std::string left = text(syntax.children[0]);
    if (name == "not") return fmt::format("(NOT {})", left);
    if (name == "negative") return fmt::format("(- {})", left);
    if (name == "isnull") return fmt::format("({} IS NULL)", left);
    if (name == "isnotnull") return fmt::format("({} IS NOT NULL)", left);
    if (name == "in") return fmt::format("({} IN ({}))", left, list(syntax.children, 1));
    const std::string right = text(syntax.children[1]);
    if (name == "!=") return fmt::format("(NOT ({} = {}))", left, right);
    if (name == "between" || name == "ilike")
      return fmt::format("{}({})", name, list(syntax.children));
    if (name == "rlike") return fmt::format("RLIKE({}, {})", left, right);
    if (name == "||") return fmt::format("concat({}, {})", left, right);
    if (name == "like") {
      const bool escape = syntax.children.size() > 2;
      return fmt::format("{} LIKE {}{}", left, right,
                         escape ? fmt::format(" ESCAPE '{}'", syntax.children[2].text) : "");
    }
    const std::string word = name == "and" || name == "or" ? upper_case(name) : name;
    return fmt::format("({} {} {})", left, word, right);
  }

  const NameKey* name_key_;  // null: column names
};

}  // namespace

std::string print_name(std::string_view name) {
  if (!needs_quotes(name)) return std::string(name);
  std::string out = "`";
  for (const char c : name) out += c == '`' ? std::string("``") : std::string(1, c);
  return out + "`";
}

std::string print_type(const columns::Type& type) {
  if (type.kind == Kind::kArray) return fmt::format("ARRAY<{}>", print_type(type.element()));
  if (type.kind != Kind::kStruct) return columns::type_name(type);
  std::string out;
  for (const columns::Field& field : type.fields) {
    if (!out.empty()) out += ", ";
    out += fmt::format("{}: {}", print_name(field.name), print_type(field.type));
  }
  return fmt::format("STRUCT<{}>", out);
}

std::string print(const Syntax& syntax) { return print_any(syntax); }
std::string print(const SelectSyntax& select) { return print_select(select, " "); }
std::string print_lines(const SelectSyntax& select) { return print_select(select, "\n"); }
std::string column_name(const Syntax& syntax) {
  if (syntax.kind == SyntaxKind::kName) return syntax.parts.back();
  if (syntax.kind == SyntaxKind::kCall && syntax.text == "window") return "window";
  const bool cast_of_column = syntax.kind == SyntaxKind::kCast &&
                              syntax.children[0].kind == SyntaxKind::kName &&
                              syntax.children[0].parts.size() == 1;
  if (cast_of_column) return syntax.children[0].parts[0];
  return Full(nullptr).text(syntax);
}
std::string expression_key(const Syntax& syntax, const NameKey& name_key) {
  return Full(&name_key).text(syntax);
}

}  // namespace tailrace::sql
