#include "sql/parse/parser.h"

#include <fmt/format.h>

namespace tailrace::sql {
namespace {

std::string described(const Token& token) {
  switch (token.kind) {
    case TokenKind::kEnd: return "the end";
    case TokenKind::kString: return "a string";
    case TokenKind::kQuotedName: return fmt::format("`{}`", token.text);
    default: return fmt::format("'{}{}'", token.text, token.suffix);
  }
}

}  // namespace

Result<Parser> Parser::start(const Sources& sources, int source) {
  std::vector<Token> tokens = TRY(tokenize(sources, source));
  return Parser(sources, source, std::move(tokens));
}

const Token& Parser::peek(size_t ahead) const {
  return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : tokens_.back();
}

std::unexpected<Error> Parser::error(Place where, std::string_view message) const {
  return sources_->error(where, message);
}

bool Parser::at_symbol(std::string_view symbol, size_t ahead) const {
  const Token& token = peek(ahead);
  return token.kind == TokenKind::kSymbol && token.text == symbol;
}

bool Parser::accept_word(std::string_view word) {
  if (!at_word(word)) return false;
  take();
  return true;
}

bool Parser::accept_words(std::string_view first, std::string_view second) {
  if (!at_word(first) || !at_word(second, 1)) return false;
  take();
  take();
  return true;
}

bool Parser::accept_symbol(std::string_view symbol) {
  if (!at_symbol(symbol)) return false;
  take();
  return true;
}

Status Parser::expect_word(std::string_view word) {
  if (!accept_word(word)) return unexpected(word);
  return {};
}

Status Parser::expect_symbol(std::string_view symbol) {
  if (!accept_symbol(symbol)) return unexpected(fmt::format("'{}'", symbol));
  return {};
}

std::unexpected<Error> Parser::unexpected(std::string_view wanted) const {
  return error(place(), fmt::format("[PARSE_SYNTAX_ERROR] expected {}, found {}", wanted,
                                    described(peek())));
}

std::unexpected<Error> Parser::unsupported(std::string_view what) const {
  return error(place(), fmt::format("{} is not supported yet", what));
}

Result<std::string> Parser::name(std::string_view wanted) {
  const Token& token = peek();
  if (token.kind != TokenKind::kWord && token.kind != TokenKind::kQuotedName) {
    return unexpected(wanted);
  }
  return take().text;
}

Status Parser::expect_end() {
  accept_symbol(";");
  if (peek().kind == TokenKind::kEnd) return {};
  TRY(refuse_later_clauses());
  return unexpected("the end");
}

}  // namespace tailrace::sql
