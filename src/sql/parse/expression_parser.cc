// The expression part of Parser. Spark's precedence, loosest first: OR, AND, NOT, predicates
// (IS, IN, BETWEEN, LIKE), comparisons, |, ^, &, + - ||, * / % DIV, unary, postfix (:: . []).
#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "sql/parse/parser.h"

namespace tailrace::sql {
namespace {

using columns::Kind;

// Canonical printing may nest a little deeper than what was written (a::INT becomes CAST).
constexpr int kRecursionMax = kNestingMax + 60;

// Counts recursion for the life of a block.
class Deeper {
 public:
  explicit Deeper(int& depth) : depth_(depth) { ++depth_; }
  ~Deeper() { --depth_; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  int& depth_;
};

// Functions that SQL calls without parentheses.
bool is_bare_function(const Token& token) {
  constexpr std::array<std::string_view, 3> kNames = {"CURRENT_TIMESTAMP", "CURRENT_DATE",
                                                      "LOCALTIMESTAMP"};
  return std::ranges::any_of(kNames, [&](std::string_view name) { return is_word(token, name); });
}

bool is_interval_unit(const Token& token) {
  constexpr std::array<std::string_view, 10> kUnits = {
      "YEAR",   "MONTH",  "WEEK",        "DAY",         "HOUR",
      "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND", "NANOSECOND"};
  if (token.kind != TokenKind::kWord) return false;
  std::string unit = upper_case(token.text);
  if (unit.ends_with('S')) unit.pop_back();
  return std::ranges::find(kUnits, unit) != kUnits.end();
}

// dateadd(DAY, 3, t) and datediff(DAY, a, b) name a unit, not a column: timestampadd('DAY', 3, t).
Syntax with_unit(Syntax call) {
  constexpr std::array<std::string_view, 11> kUnits = {
      "YEAR", "QUARTER", "MONTH",  "WEEK",        "DAY",        "DAYOFYEAR",
      "HOUR", "MINUTE",  "SECOND", "MILLISECOND", "MICROSECOND"};
  constexpr std::array<std::string_view, 3> kAdds = {"timestampadd", "dateadd", "date_add"};
  constexpr std::array<std::string_view, 4> kDiffs = {"timestampdiff", "datediff", "date_diff",
                                                      "timediff"};
  const bool adds = std::ranges::find(kAdds, call.text) != kAdds.end();
  const bool subtracts = std::ranges::find(kDiffs, call.text) != kDiffs.end();
  if (call.children.size() != 3 || (!adds && !subtracts)) return call;
  Syntax& unit = call.children[0];
  if (unit.kind != SyntaxKind::kName || unit.parts.size() != 1) return call;
  const std::string name = upper_case(unit.parts[0]);
  if (std::ranges::find(kUnits, name) == kUnits.end()) return call;
  call.text = adds ? "timestampadd" : "timestampdiff";
  unit = string_syntax(unit.place, name);
  return call;
}

struct IntegerKind {
  std::string_view suffix;
  Kind kind;
  int64_t max;  // the greatest value; the least is -max - 1
};
constexpr std::array<IntegerKind, 3> kIntegerKinds = {IntegerKind{"Y", Kind::kByte, INT8_MAX},
                                                      IntegerKind{"S", Kind::kShort, INT16_MAX},
                                                      IntegerKind{"L", Kind::kLong, INT64_MAX}};

bool is_fraction(const Token& token) {
  return token.suffix == "D" || token.suffix == "F" || token.suffix == "BD" ||
         token.text.find_first_of(".eE") != std::string::npos;
}

}  // namespace

bool is_reserved_word(std::string_view word) {
  constexpr std::array<std::string_view, 20> kWords = {
      "SELECT", "FROM", "WHERE",   "GROUP", "HAVING", "ORDER", "LIMIT", "AND", "OR",    "NOT",
      "IN",     "IS",   "BETWEEN", "LIKE",  "WHEN",   "THEN",  "ELSE",  "AS",  "UNION", "ON"};
  return std::ranges::find(kWords, upper_case(word)) != kWords.end();
}

Result<Syntax> Parser::checked(Syntax syntax) const {
  if (syntax.nesting > kNestingMax) {
    return error(syntax.place, fmt::format("this is nested more than {} levels deep", kNestingMax));
  }
  if (syntax.height > kHeightMax) {
    return error(syntax.place,
                 fmt::format("this has more than {} operands in a row; use IN (...)", kHeightMax));
  }
  return syntax;
}

Result<Syntax> Parser::expression_above(int precedence) {
  const Deeper deeper(depth_);
  if (depth_ > kRecursionMax) {
    return error(place(), fmt::format("this is nested more than {} levels deep", kNestingMax));
  }
  Syntax left = TRY(operand(precedence));
  for (;;) {
    if (precedence <= kPredicate && at_predicate()) {
      left = TRY(predicate(std::move(left)));
      continue;
    }
    const Place where = place();
    std::string name = TRY(binary_operator(precedence));
    if (name.empty()) return left;
    Syntax right = TRY(expression_above(binary_precedence(name) + 1));
    std::vector<Syntax> operands;
    operands.push_back(std::move(left));
    operands.push_back(std::move(right));
    left = TRY(checked(operator_syntax(where, std::move(name), std::move(operands))));
  }
}

// Takes a binary operator that binds at least as tightly as `precedence`; else an empty name.
Result<std::string> Parser::binary_operator(int precedence) {
  const Token& token = peek();
  if (token.kind != TokenKind::kSymbol && token.kind != TokenKind::kWord) return std::string();
  std::string operator_name = lower_case(token.text);
  if (operator_name == "==") operator_name = "=";
  if (operator_name == "<>") operator_name = "!=";
  if (operator_name == "->") return unsupported("a lambda function");
  const int found = binary_precedence(operator_name);
  if (found == 0 || found < precedence) return std::string();
  take();
  return operator_name;
}

Result<Syntax> Parser::operand(int precedence) {
  const Place where = place();
  if (precedence <= kNot && (at_word("NOT") || at_symbol("!"))) {
    take();
    if (at_word("EXISTS")) return unsupported("EXISTS (SELECT ...)");
    Syntax child = TRY(expression_above(kNot));
    return checked(operator_syntax(where, "not", {std::move(child)}));
  }
  return negative_or_positive();
}

Result<Syntax> Parser::negative_or_positive() {
  const Place where = place();
  if (accept_symbol("~")) {
    const Deeper deeper(depth_);
    if (depth_ > kRecursionMax) return error(where, "there are too many signs in a row");
    Syntax child = TRY(negative_or_positive());
    return checked(call_syntax(where, "bit_not", {std::move(child)}));
  }
  if (at_symbol("-") && peek(1).kind == TokenKind::kNumber) {
    take();
    Syntax literal = TRY(number(true));
    literal.place = where;
    return postfix(std::move(literal));
  }
  if (!at_symbol("-") && !at_symbol("+")) {
    Syntax syntax = TRY(primary());
    return postfix(std::move(syntax));
  }
  const bool negative = take().text == "-";
  const Deeper deeper(depth_);
  if (depth_ > kRecursionMax) return error(where, "there are too many signs in a row");
  Syntax child = TRY(negative_or_positive());
  if (!negative) return child;
  return checked(operator_syntax(where, "negative", {std::move(child)}));
}

Result<Syntax> Parser::postfix(Syntax syntax) {
  for (;;) {
    const Place where = place();
    Syntax outer;
    outer.place = where;
    if (accept_symbol("::")) {
      outer.kind = SyntaxKind::kCast;
      outer.type = TRY(type());
    } else if (accept_symbol("[")) {
      outer.kind = SyntaxKind::kSubscript;
      Syntax index = TRY(expression());
      TRY(expect_symbol("]"));
      outer.children.push_back(std::move(index));
    } else if (accept_symbol(".")) {
      outer.kind = SyntaxKind::kMember;
      if (at_symbol("*")) return unsupported("'.*' after an expression");
      outer.text = TRY(name("a member's name"));
    } else {
      return syntax;
    }
    outer.children.insert(outer.children.begin(), std::move(syntax));
    syntax = TRY(checked(measured(std::move(outer))));
  }
}

Result<Syntax> Parser::primary() {
  const Token& token = peek();
  switch (token.kind) {
    case TokenKind::kNumber: return number(false);
    case TokenKind::kString: {
      const Place where = place();
      std::string value;  // strings one after the other are one string
      while (peek().kind == TokenKind::kString) value += take().text;
      return string_syntax(where, std::move(value));
    }
    case TokenKind::kQuotedName: return name_or_call();
    case TokenKind::kWord: return word_primary();
    case TokenKind::kSymbol:
      if (token.text == "(") return parenthesised();
      if (token.text == "*") {
        Syntax star;
        star.kind = SyntaxKind::kStar;
        star.place = place();
        take();
        return star;
      }
      break;
    case TokenKind::kEnd: break;
  }
  return unexpected("an expression");
}

Result<Syntax> Parser::word_primary() {
  const Place where = place();
  const bool before_string = peek(1).kind == TokenKind::kString;
  Syntax literal;
  literal.place = where;
  if (accept_word("NULL")) return literal;
  if (at_word("TRUE") || at_word("FALSE")) {
    literal.literal = LiteralKind::kBoolean;
    literal.text = lower_case(take().text);
    return literal;
  }
  if (at_word("CASE")) return case_expression();
  const bool before_parenthesis = at_symbol("(", 1);
  if (at_word("CAST") && before_parenthesis) return cast(false);
  if (at_word("TRY_CAST") && before_parenthesis) return cast(true);
  if (at_word("EXTRACT") && before_parenthesis) return extract(where);
  if (at_word("TRIM") && before_parenthesis) return trim(where);
  if (at_word("POSITION") && before_parenthesis) return position(where);
  if (at_word("EXISTS") && before_parenthesis) return unsupported("EXISTS (SELECT ...)");
  if (before_string && (at_word("TIMESTAMP") || at_word("TIMESTAMP_LTZ"))) {
    return typed_literal(LiteralKind::kTimestamp);
  }
  if (before_string && at_word("DATE")) return typed_literal(LiteralKind::kDate);
  if (at_interval()) return interval();
  if (is_bare_function(peek()) && !before_parenthesis) {
    return call_syntax(where, lower_case(take().text), {});
  }
  const bool function_like = at_word("LIKE") && before_parenthesis;
  if (is_reserved_word(peek().text) && !function_like) return unexpected("an expression");
  return name_or_call();
}

Result<Syntax> Parser::name_or_call() {
  const Place where = place();
  std::vector<std::string> parts = {take().text};
  if (at_symbol("(")) return call(where, lower_case(parts[0]));
  if (lower_case(parts[0]) == "count" && at_word("FILTER") && at_symbol("(", 1)) {
    Syntax star;  // --agg 'count FILTER (...)': bare count means count(*)
    star.kind = SyntaxKind::kStar;
    star.place = where;
    return checked(measured(TRY(call_suffixes(call_syntax(where, "count", {std::move(star)})))));
  }
  while (at_symbol(".")) {
    take();
    if (at_symbol("*")) {
      take();
      Syntax star;
      star.kind = SyntaxKind::kStar;
      star.place = where;
      star.parts = std::move(parts);
      return star;
    }
    parts.push_back(TRY(name("a name after '.'")));
    if (parts.size() > kNestingMax) return error(where, "this path is too long");
  }
  return name_syntax(where, std::move(parts));
}

Result<Syntax> Parser::call(Place where, std::string function) {
  Syntax syntax;
  syntax.kind = SyntaxKind::kCall;
  syntax.place = where;
  syntax.text = std::move(function);
  TRY(expect_symbol("("));
  if (accept_word("DISTINCT")) {
    syntax.distinct = true;
  } else if (at_word("ALL") && !at_symbol(")", 1) && !at_symbol(",", 1)) {
    take();
  }
  syntax = with_unit(TRY(arguments_of(std::move(syntax))));
  syntax = TRY(call_suffixes(std::move(syntax)));
  return checked(measured(std::move(syntax)));
}

Result<Syntax> Parser::arguments_of(Syntax syntax) {
  if (accept_symbol(")")) return syntax;
  do {
    if (at_word("SELECT")) return unsupported("a subquery inside an expression");
    Syntax argument = TRY(expression());
    if (at_word("AS")) return unsupported("an alias inside a function call");
    syntax.children.push_back(std::move(argument));
  } while (accept_symbol(",") || accept_substring_word(syntax));
  if (accept_words("IGNORE", "NULLS")) syntax.ignore_nulls = true;
  if (!accept_symbol(")")) return unexpected("',' or ')'");
  return syntax;
}

// substring(text FROM 2 FOR 3) has words for its commas.
bool Parser::accept_substring_word(const Syntax& call) {
  if (call.text != "substring" && call.text != "substr") return false;
  return accept_word(call.children.size() == 1 ? "FROM" : call.children.size() == 2 ? "FOR" : ",");
}

Result<Syntax> Parser::call_suffixes(Syntax syntax) {
  if (at_word("WITHIN") && at_word("GROUP", 1)) return unsupported("WITHIN GROUP");
  if (accept_words("IGNORE", "NULLS")) syntax.ignore_nulls = true;
  accept_words("RESPECT", "NULLS");
  if (at_word("FILTER") && at_symbol("(", 1)) {
    take();
    take();
    TRY(expect_word("WHERE"));
    Syntax condition = TRY(expression());
    TRY(expect_symbol(")"));
    syntax.filter.push_back(std::move(condition));
  }
  if (at_word("OVER") && (at_symbol("(", 1) || peek(1).kind == TokenKind::kWord)) {
    return unsupported("a window function (OVER)");
  }
  return syntax;
}

// trim([BOTH | LEADING | TRAILING] [set] FROM text), or the plain function trim.
Result<Syntax> Parser::trim(Place where) {
  struct Side {
    std::string_view word;
    std::string_view function;
  };
  constexpr std::array kSides = {Side{"BOTH", "trim"}, Side{"LEADING", "ltrim"},
                                 Side{"TRAILING", "rtrim"}};
  take();
  TRY(expect_symbol("("));
  std::string function = "trim";
  bool has_side = false;
  for (const Side& side : kSides) {
    if (has_side || !at_word(side.word) || at_symbol(",", 1) || at_symbol(")", 1)) continue;
    take();
    has_side = true;
    function = side.function;
  }
  Syntax syntax = call_syntax(where, std::move(function), {});
  if (!has_side && at_symbol(")")) return arguments_of(std::move(syntax));
  if (!has_side || !at_word("FROM")) syntax.children.push_back(TRY(expression()));
  if (!has_side && accept_symbol(","))
    return checked(measured(TRY(arguments_of(std::move(syntax)))));
  if (has_side || at_word("FROM")) {
    TRY(expect_word("FROM"));
    syntax.children.push_back(TRY(expression()));
  }
  TRY(expect_symbol(")"));
  return checked(measured(std::move(syntax)));
}

// position(part IN text), or the plain function position. IN is no operator here: it takes no list.
Result<Syntax> Parser::position(Place where) {
  take();
  TRY(expect_symbol("("));
  Syntax syntax = call_syntax(where, "position", {});
  if (at_symbol(")")) return arguments_of(std::move(syntax));
  Syntax part = TRY(expression_above(kComparison + 1));
  if (!accept_word("IN")) {
    if (!accept_symbol(",")) return unexpected("IN or ','");
    syntax = TRY(arguments_of(std::move(syntax)));
    syntax.children.insert(syntax.children.begin(), std::move(part));
    return checked(measured(std::move(syntax)));
  }
  Syntax text = TRY(expression());
  TRY(expect_symbol(")"));
  std::vector<Syntax> arguments = {std::move(part), std::move(text)};
  return checked(call_syntax(where, "position", std::move(arguments)));
}

// extract(YEAR FROM x) is the function of that name: year(x). But its seconds have their fraction.
Result<Syntax> Parser::extract(Place where) {
  take();
  TRY(expect_symbol("("));
  std::string field = TRY(name("a field such as YEAR"));
  TRY(expect_word("FROM"));
  Syntax argument = TRY(expression());
  TRY(expect_symbol(")"));
  field = lower_case(field);
  constexpr std::array<std::string_view, 5> kSeconds = {"second", "seconds", "sec", "secs", "s"};
  if (std::ranges::find(kSeconds, field) == kSeconds.end()) {
    return checked(call_syntax(where, std::move(field), {std::move(argument)}));
  }
  std::vector<Syntax> arguments = {string_syntax(where, "SECOND"), std::move(argument)};
  return checked(call_syntax(where, "date_part", std::move(arguments)));
}

Result<Syntax> Parser::parenthesised() {
  TRY(expect_symbol("("));
  if (at_word("SELECT") || at_word("WITH")) return unsupported("a subquery inside an expression");
  Syntax syntax = TRY(expression());
  if (at_symbol(",")) return unsupported("a list in parentheses (use struct(a, b))");
  TRY(expect_symbol(")"));
  return syntax;
}

Result<Syntax> Parser::case_expression() {
  Syntax syntax;
  syntax.kind = SyntaxKind::kCase;
  syntax.place = place();
  take();
  if (!at_word("WHEN")) {
    syntax.has_operand = true;
    syntax.children.push_back(TRY(expression()));
  }
  while (accept_word("WHEN")) {
    syntax.children.push_back(TRY(expression()));
    TRY(expect_word("THEN"));
    syntax.children.push_back(TRY(expression()));
  }
  if (syntax.children.size() < 2) return unexpected("WHEN");
  if (accept_word("ELSE")) {
    syntax.has_else = true;
    syntax.children.push_back(TRY(expression()));
  }
  TRY(expect_word("END"));
  return checked(measured(std::move(syntax)));
}

Result<Syntax> Parser::cast(bool try_cast) {
  Syntax syntax;
  syntax.kind = SyntaxKind::kCast;
  syntax.place = place();
  syntax.try_cast = try_cast;
  take();
  TRY(expect_symbol("("));
  syntax.children.push_back(TRY(expression()));
  TRY(expect_word("AS"));
  syntax.type = TRY(type());
  TRY(expect_symbol(")"));
  return checked(measured(std::move(syntax)));
}

// There are no decimals: 1.5 is a DOUBLE, which Spark makes a DECIMAL(2,1).
Result<Syntax> Parser::number(bool negated) {
  Syntax syntax;
  syntax.place = place();
  const Token token = take();
  syntax.text = (negated ? "-" : "") + token.text;
  if (is_fraction(token)) {
    syntax.literal = LiteralKind::kFraction;
    syntax.type.kind = token.suffix == "F" ? Kind::kFloat : Kind::kDouble;
    return syntax;
  }
  syntax.literal = LiteralKind::kInteger;
  errno = 0;
  const int64_t value = std::strtoll(syntax.text.c_str(), nullptr, 10);
  if (errno != 0) {
    return error(syntax.place, fmt::format("{} is beyond BIGINT; write {}.0 for a DOUBLE",
                                           syntax.text, syntax.text));
  }
  const bool small = value >= INT32_MIN && value <= INT32_MAX;
  syntax.type.kind = small ? Kind::kInt : Kind::kLong;
  for (const IntegerKind& kind : kIntegerKinds) {
    if (kind.suffix != token.suffix) continue;
    syntax.type.kind = kind.kind;
    if (value > kind.max || value < -kind.max - 1) {
      return error(syntax.place, fmt::format("{}{} is out of range", syntax.text, token.suffix));
    }
  }
  syntax.text = std::to_string(value);
  return syntax;
}

Result<Syntax> Parser::typed_literal(LiteralKind kind) {
  Syntax syntax;
  syntax.literal = kind;
  syntax.place = place();
  syntax.type.kind = kind == LiteralKind::kDate ? Kind::kDate : Kind::kTimestamp;
  take();
  syntax.text = take().text;
  return syntax;
}

// INTERVAL '5 minutes', INTERVAL 5 MINUTES, INTERVAL '5' MINUTE, and so on.
bool Parser::at_interval() const {
  if (!at_word("INTERVAL")) return false;
  if (peek(1).kind == TokenKind::kString) return true;
  const size_t sign = at_symbol("-", 1) || at_symbol("+", 1) ? 1 : 0;
  return peek(1 + sign).kind == TokenKind::kNumber && is_interval_unit(peek(2 + sign));
}

Result<Syntax> Parser::interval() {
  Syntax syntax;
  syntax.literal = LiteralKind::kInterval;
  syntax.place = place();
  take();
  if (peek().kind == TokenKind::kString && !is_interval_unit(peek(1))) {
    syntax.text = take().text;
    return syntax;
  }
  for (;;) {
    const bool negative = at_symbol("-");
    if (negative || at_symbol("+")) take();
    const bool amount = peek().kind == TokenKind::kNumber || peek().kind == TokenKind::kString;
    if (!amount || !is_interval_unit(peek(1))) return unexpected("a number and a unit");
    if (!syntax.text.empty()) syntax.text += ' ';
    if (negative) syntax.text += '-';
    syntax.text += take().text;
    syntax.text += ' ';
    syntax.text += lower_case(take().text);
    if (at_word("TO")) return unsupported("an interval from one unit TO another");
    const bool more = (peek().kind == TokenKind::kNumber || peek().kind == TokenKind::kString) &&
                      is_interval_unit(peek(1));
    if (!more) return syntax;
  }
}

}  // namespace tailrace::sql
