// The predicates of Parser: IS, IN, BETWEEN, LIKE, ILIKE, RLIKE, with or without NOT. They are
// written after their first operand and bind more loosely than a comparison.
#include "sql/parse/parser.h"

namespace tailrace::sql {
namespace {

Syntax negated_if(bool negated, Syntax syntax) {
  if (!negated) return syntax;
  const Place where = syntax.place;
  return operator_syntax(where, "not", {std::move(syntax)});
}

Syntax truth(Place where, bool value) {
  Syntax syntax;
  syntax.place = where;
  syntax.literal = LiteralKind::kBoolean;
  syntax.text = value ? "true" : "false";
  return syntax;
}

Syntax binary(Place where, std::string name, Syntax left, Syntax right) {
  std::vector<Syntax> operands;
  operands.push_back(std::move(left));
  operands.push_back(std::move(right));
  return operator_syntax(where, std::move(name), std::move(operands));
}

}  // namespace

bool Parser::at_predicate() const {
  const size_t ahead = at_word("NOT") ? 1 : 0;
  if (ahead == 0 && at_word("IS")) return true;
  for (const std::string_view word : {"IN", "BETWEEN", "LIKE", "ILIKE", "RLIKE", "REGEXP"}) {
    if (at_word(word, ahead)) return true;
  }
  return false;
}

Result<Syntax> Parser::predicate(Syntax left) {
  if (at_word("IS")) return is_predicate(std::move(left));
  const Place where = place();
  const bool negated = accept_word("NOT");
  const Token word = take();
  Syntax result;
  if (is_word(word, "IN")) {
    result = TRY(in_predicate(where, std::move(left)));
  } else if (is_word(word, "BETWEEN")) {
    result = TRY(between_predicate(where, std::move(left)));
  } else {
    std::string operator_name = is_word(word, "REGEXP") ? "rlike" : lower_case(word.text);
    result = TRY(like_predicate(where, std::move(left), std::move(operator_name)));
  }
  return checked(negated_if(negated, std::move(result)));
}

Result<Syntax> Parser::is_predicate(Syntax left) {
  const Place where = place();
  take();
  const bool negated = accept_word("NOT");
  if (accept_word("NULL") || accept_word("UNKNOWN")) {
    return checked(operator_syntax(where, negated ? "isnotnull" : "isnull", {std::move(left)}));
  }
  if (accept_words("DISTINCT", "FROM")) {
    Syntax right = TRY(expression_above(kComparison + 1));
    Syntax same = binary(where, "<=>", std::move(left), std::move(right));
    return checked(negated_if(!negated, std::move(same)));
  }
  if (!at_word("TRUE") && !at_word("FALSE"))
    return unexpected("NULL, TRUE, FALSE or DISTINCT FROM");
  const bool value = is_word(take(), "TRUE");
  Syntax same = binary(where, "<=>", std::move(left), truth(where, value));
  return checked(negated_if(negated, std::move(same)));
}

Result<Syntax> Parser::in_predicate(Place where, Syntax left) {
  TRY(expect_symbol("("));
  if (at_word("SELECT")) return unsupported("IN (SELECT ...)");
  std::vector<Syntax> operands;
  operands.push_back(std::move(left));
  do {
    operands.push_back(TRY(expression()));
  } while (accept_symbol(","));
  if (!accept_symbol(")")) return unexpected("',' or ')'");
  return checked(operator_syntax(where, "in", std::move(operands)));
}

Result<Syntax> Parser::between_predicate(Place where, Syntax left) {
  std::vector<Syntax> operands;
  operands.push_back(std::move(left));
  operands.push_back(TRY(expression_above(kComparison + 1)));
  TRY(expect_word("AND"));
  operands.push_back(TRY(expression_above(kComparison + 1)));
  return checked(operator_syntax(where, "between", std::move(operands)));
}

Result<Syntax> Parser::like_predicate(Place where, Syntax left, std::string operator_name) {
  if ((at_word("ANY") || at_word("ALL") || at_word("SOME")) && at_symbol("(", 1)) {
    return unsupported("LIKE ANY, LIKE ALL");
  }
  std::vector<Syntax> operands;
  operands.push_back(std::move(left));
  operands.push_back(TRY(expression_above(kComparison + 1)));
  if (operator_name != "rlike" && accept_word("ESCAPE")) {
    if (peek().kind != TokenKind::kString) return unexpected("a string of one character");
    const Place escape = place();
    operands.push_back(string_syntax(escape, take().text));
  }
  return checked(operator_syntax(where, std::move(operator_name), std::move(operands)));
}

}  // namespace tailrace::sql
