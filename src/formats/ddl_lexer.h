// Words and marks of a DDL text, with their places for error messages. One thread; the text must
// outlive the lexer and its tokens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tailrace::formats {

enum class DdlTokenKind : uint8_t { kEnd, kWord, kQuotedName, kText, kNumber, kMark };

struct DdlToken {
  DdlTokenKind kind = DdlTokenKind::kEnd;
  std::string_view source;  // as written
  std::string name;         // kWord, kQuotedName: without quotes
  size_t offset = 0;

  bool is_mark(char mark) const { return kind == DdlTokenKind::kMark && source.front() == mark; }
  bool is_name() const { return kind == DdlTokenKind::kWord || kind == DdlTokenKind::kQuotedName; }
  // A key word, any case; `upper` is upper case. Names in back quotes are never one.
  bool is_word(std::string_view upper) const;
};

class DdlLexer {
 public:
  // `what` begins the error messages: "schema" or "type".
  DdlLexer(std::string_view text, std::string_view what) : text_(text), what_(what) {}

  Result<DdlToken> next();

  // "schema:1:12: MESSAGE", the line and a caret.
  std::unexpected<Error> error_at(size_t offset, std::string_view message) const;

 private:
  void skip_blanks();
  Result<DdlToken> quoted(char quote, DdlTokenKind kind);

  std::string_view text_;
  std::string_view what_;
  size_t at_ = 0;
};

}  // namespace tailrace::formats
