// Lexer: Spark SQL text to tokens. Words keep their spelling; back-quoted names and strings are
// decoded (backslash escapes as Spark's, '' and "" for a quote, r'...' raw). Comments are -- and
// /* */. Rubbish is a usage error [PARSE_SYNTAX_ERROR] at its place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sql/parse/sources.h"

namespace tailrace::sql {

enum class TokenKind : uint8_t { kEnd, kWord, kQuotedName, kString, kNumber, kSymbol };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;    // decoded; a number without its suffix
  std::string suffix;  // of a number, upper case: L S Y D F BD, or empty
  size_t offset = 0;   // in the source
  size_t size = 0;     // as written
};

// The last token is kEnd.
Result<std::vector<Token>> tokenize(const Sources& sources, int source);

// Equality of ASCII letters of either case; `word` is upper case.
bool is_word(const Token& token, std::string_view word);
std::string lower_case(std::string_view text);
std::string upper_case(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace tailrace::sql
