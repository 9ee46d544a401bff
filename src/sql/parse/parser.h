// Parser: recursive descent over the tokens of one source, with precedence climbing for
// operators. Internal to sql/parse: parse.h has the entry points. The grammar's three parts are in
// expression_parser.cc, select_parser.cc and type_parser.cc. For one thread; used once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/parse/lexer.h"
#include "sql/parse/parse.h"

namespace tailrace::sql {

class Parser {
 public:
  static Result<Parser> start(const Sources& sources, int source);

  Result<SelectSyntax> query();
  Result<Syntax> expression() { return expression_above(0); }
  Result<std::vector<SelectItem>> select_items();
  Result<std::vector<SortItem>> sort_items();
  Status expect_end();

  const Token& peek(size_t ahead = 0) const;
  Place place() const { return {source_, peek().offset}; }
  std::unexpected<Error> error(Place place, std::string_view message) const;

 private:
  Parser(const Sources& sources, int source, std::vector<Token> tokens)
      : sources_(&sources), source_(source), tokens_(std::move(tokens)) {}

  // Tokens.
  Token take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  bool at_word(std::string_view word, size_t ahead = 0) const { return is_word(peek(ahead), word); }
  bool at_symbol(std::string_view symbol, size_t ahead = 0) const;
  bool accept_word(std::string_view word);
  bool accept_words(std::string_view first, std::string_view second);
  bool accept_symbol(std::string_view symbol);
  Status expect_word(std::string_view word);
  Status expect_symbol(std::string_view symbol);
  std::unexpected<Error> unexpected(std::string_view wanted) const;
  std::unexpected<Error> unsupported(std::string_view what) const;
  Result<std::string> name(std::string_view wanted);

  // Expressions. expression_above parses operators of at least this precedence.
  Result<Syntax> expression_above(int precedence);
  Result<Syntax> checked(Syntax syntax) const;
  Result<Syntax> operand(int precedence);
  Result<Syntax> negative_or_positive();
  Result<Syntax> postfix(Syntax syntax);
  Result<Syntax> primary();
  Result<Syntax> word_primary();
  Result<Syntax> name_or_call();
  Result<Syntax> call(Place place, std::string function);
  Result<Syntax> arguments_of(Syntax call);
  bool accept_substring_word(const Syntax& call);
  Result<Syntax> call_suffixes(Syntax call);
  Result<Syntax> extract(Place place);
  Result<Syntax> trim(Place place);
  Result<Syntax> position(Place place);
  Result<Syntax> parenthesised();
  Result<Syntax> case_expression();
  Result<Syntax> cast(bool try_cast);
  Result<Syntax> number(bool negated);
  Result<Syntax> typed_literal(LiteralKind kind);
  Result<Syntax> interval();
  bool at_interval() const;
  Result<std::string> binary_operator(int precedence);
  bool at_predicate() const;
  Result<Syntax> predicate(Syntax left);
  Result<Syntax> is_predicate(Syntax left);
  Result<Syntax> in_predicate(Place place, Syntax left);
  Result<Syntax> between_predicate(Place place, Syntax left);
  Result<Syntax> like_predicate(Place place, Syntax left, std::string name);

  // Types.
  Result<columns::Type> type();
  Result<columns::Type> array_type();
  Result<columns::Type> struct_type();

  // SELECT.
  Result<SelectSyntax> select();
  Result<SelectItem> select_item();
  Result<SortItem> sort_item();
  Result<Relation> relation();
  Result<std::vector<Syntax>> group_items();
  Status tail_of_select(SelectSyntax& select);
  Result<uint64_t> row_count();
  Status refuse_later_clauses() const;
  bool at_alias() const;
  bool at_last_word() const;

  const Sources* sources_;
  int source_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
  int depth_ = 0;  // of recursion, at most kNestingMax and some room for what printing adds
  int type_depth_ = 0;
};

// True for words that cannot stand for a column or alias without back quotes.
bool is_reserved_word(std::string_view word);

}  // namespace tailrace::sql
