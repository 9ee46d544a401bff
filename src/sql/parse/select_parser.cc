// The SELECT part of Parser. What Spark has and tailrace does not yet is refused by name, at its
// place, so that nobody has to guess from a syntax error.
#include <array>

#include <fmt/format.h>

#include "sql/parse/parser.h"

namespace tailrace::sql {
namespace {

constexpr int kSubqueryMax = 50;  // subqueries within subqueries

// Words that follow a select item or a relation and therefore are no alias without AS.
bool ends_item(const Token& token) {
  constexpr std::array<std::string_view, 19> kWords = {
      "UNION", "INTERSECT", "EXCEPT",  "MINUS",      "JOIN", "LEFT",    "RIGHT",
      "FULL",  "INNER",     "CROSS",   "ANTI",       "SEMI", "NATURAL", "LATERAL",
      "USING", "OFFSET",    "CLUSTER", "DISTRIBUTE", "SORT"};
  for (const std::string_view word : kWords) {
    if (is_word(token, word)) return true;
  }
  return is_reserved_word(token.text);
}

}  // namespace

Result<SelectSyntax> Parser::query() {
  if (at_word("WITH")) return unsupported("WITH (a common table expression)");
  if (at_word("FROM")) return unsupported("a query that begins with FROM");
  SelectSyntax result = TRY(select());
  TRY(refuse_later_clauses());
  return result;
}

Result<SelectSyntax> Parser::select() {
  SelectSyntax result;
  result.place = place();
  TRY(expect_word("SELECT"));
  if (accept_word("DISTINCT"))
    result.distinct = true;
  else
    accept_word("ALL");
  result.items = TRY(select_items());
  if (!accept_word("FROM")) {
    TRY(refuse_later_clauses());
    return unexpected("FROM");
  }
  result.from = TRY(relation());
  TRY(tail_of_select(result));
  return result;
}

Status Parser::tail_of_select(SelectSyntax& result) {
  TRY(refuse_later_clauses());
  if (accept_word("WHERE")) result.where = TRY(expression());
  if (accept_words("GROUP", "BY")) result.group_by = TRY(group_items());
  if (accept_word("HAVING")) result.having = TRY(expression());
  if (accept_words("ORDER", "BY")) result.order_by = TRY(sort_items());
  if (accept_word("LIMIT")) result.limit = TRY(row_count());
  return {};
}

Result<std::vector<SelectItem>> Parser::select_items() {
  std::vector<SelectItem> items;
  do {
    items.push_back(TRY(select_item()));
  } while (accept_symbol(","));
  return items;
}

bool Parser::at_alias() const {
  const Token& token = peek();
  if (token.kind == TokenKind::kQuotedName) return true;
  return token.kind == TokenKind::kWord && !ends_item(token);
}

// A word at the end of a SELECT begins no clause: `FROM input GROUP` names the view, as in Spark,
// where keywords are not reserved.
bool Parser::at_last_word() const {
  return (at_word("GROUP") || at_word("ORDER") || at_word("WHERE") || at_word("HAVING")) &&
         (peek(1).kind == TokenKind::kEnd || at_symbol(")", 1));
}

Result<SelectItem> Parser::select_item() {
  SelectItem item;
  item.value = TRY(expression());
  if (accept_word("AS")) {
    if (at_symbol("(")) return unsupported("several aliases for one expression");
    item.alias = TRY(name("a name after AS"));
  } else if (at_alias()) {
    item.alias = take().text;
  }
  if (!item.alias.empty() && item.value.kind == SyntaxKind::kStar) {
    return error(item.value.place, "[PARSE_SYNTAX_ERROR] * cannot have a name");
  }
  return item;
}

Result<std::vector<Syntax>> Parser::group_items() {
  std::vector<Syntax> items;
  do {
    const bool before_parenthesis = at_symbol("(", 1);
    if (before_parenthesis && (at_word("ROLLUP") || at_word("CUBE")))
      return unsupported("ROLLUP or CUBE");
    if (at_word("GROUPING") && at_word("SETS", 1)) return unsupported("GROUPING SETS");
    items.push_back(TRY(expression()));
  } while (accept_symbol(","));
  if (at_word("WITH")) return unsupported("WITH ROLLUP or WITH CUBE");
  if (at_word("GROUPING") && at_word("SETS", 1)) return unsupported("GROUPING SETS");
  return items;
}

Result<std::vector<SortItem>> Parser::sort_items() {
  std::vector<SortItem> items;
  do {
    items.push_back(TRY(sort_item()));
  } while (accept_symbol(","));
  return items;
}

Result<SortItem> Parser::sort_item() {
  SortItem item;
  item.value = TRY(expression());
  if (accept_word("DESC"))
    item.descending = true;
  else
    accept_word("ASC");
  if (accept_words("NULLS", "FIRST"))
    item.nulls_first = true;
  else if (accept_words("NULLS", "LAST"))
    item.nulls_first = false;
  return item;
}

Result<Relation> Parser::relation() {
  Relation result;
  result.place = place();
  if (at_symbol("(")) {
    take();
    if (++depth_ > kSubqueryMax) {
      return error(result.place,
                   fmt::format("more than {} subqueries within another", kSubqueryMax));
    }
    if (at_symbol("(")) return unsupported("a subquery in two pairs of parentheses");
    result.subquery.push_back(TRY(query()));
    --depth_;
    TRY(expect_symbol(")"));
  } else {
    result.view = TRY(name("a view or a subquery"));
    if (at_symbol(".")) return unsupported("a view name with a dot");
    if (at_symbol("(")) return unsupported("a table-valued function");
  }
  if (accept_word("AS")) {
    result.alias = TRY(name("a name after AS"));
  } else if (at_alias() || at_last_word()) {
    result.alias = take().text;
  }
  if (at_symbol(",")) return unsupported("a join");
  return result;
}

Result<uint64_t> Parser::row_count() {
  const Token& token = peek();
  const bool digits = token.kind == TokenKind::kNumber && token.suffix.empty() &&
                      token.text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || token.text.size() > 18) return unexpected("a number of rows");
  return std::strtoull(take().text.c_str(), nullptr, 10);
}

Status Parser::refuse_later_clauses() const {
  struct Clause {
    std::string_view word;
    std::string_view name;
  };
  constexpr std::array kClauses = {
      Clause{"UNION", "UNION"},
      Clause{"INTERSECT", "INTERSECT"},
      Clause{"EXCEPT", "EXCEPT"},
      Clause{"MINUS", "MINUS"},
      Clause{"JOIN", "a join"},
      Clause{"LEFT", "a join"},
      Clause{"RIGHT", "a join"},
      Clause{"FULL", "a join"},
      Clause{"INNER", "a join"},
      Clause{"CROSS", "a join"},
      Clause{"NATURAL", "a join"},
      Clause{"ANTI", "a join"},
      Clause{"SEMI", "a join"},
      Clause{"LATERAL", "LATERAL VIEW"},
      Clause{"OFFSET", "OFFSET"},
      Clause{"CLUSTER", "CLUSTER BY"},
      Clause{"DISTRIBUTE", "DISTRIBUTE BY"},
      Clause{"SORT", "SORT BY"},
  };
  for (const Clause& clause : kClauses) {
    if (at_word(clause.word)) return unsupported(clause.name);
  }
  return {};
}

}  // namespace tailrace::sql
