#include "formats/ddl_lexer.h"

#include <algorithm>

#include <fmt/format.h>

#include "formats/english_names.h"

namespace tailrace::formats {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Letters of other alphabets are fine in a name without quotes, as in Spark.
bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
         (c & 0x80) != 0;
}

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_continuation(char c) { return (c & 0xc0) == 0x80; }

}  // namespace

bool DdlToken::is_word(std::string_view upper) const {
  return kind == DdlTokenKind::kWord && equal_without_case(name, upper);
}

void DdlLexer::skip_blanks() {
  while (at_ < text_.size()) {
    if (is_blank(text_[at_]))
      ++at_;
    else if (text_.substr(at_).starts_with("--"))
      at_ = std::min(text_.size(), text_.find('\n', at_));
    else
      break;
  }
}

// A doubled quote stands for itself; in texts a backslash escapes, as in Spark.
Result<DdlToken> DdlLexer::quoted(char quote, DdlTokenKind kind) {
  DdlToken token{kind, {}, {}, at_};
  for (size_t i = at_ + 1; i < text_.size(); ++i) {
    if (text_[i] == '\\' && quote != '`' && i + 1 < text_.size()) {
      token.name += text_[++i];
    } else if (text_[i] != quote) {
      token.name += text_[i];
    } else if (i + 1 < text_.size() && text_[i + 1] == quote) {
      token.name += text_[i++];
    } else {
      token.source = text_.substr(at_, i + 1 - at_);
      at_ = i + 1;
      return token;
    }
  }
  return error_at(token.offset, fmt::format("this {} is not closed", quote));
}

Result<DdlToken> DdlLexer::next() {
  skip_blanks();
  DdlToken token;
  token.offset = at_;
  if (at_ == text_.size()) return token;
  const char c = text_[at_];
  if (c == '`') return quoted(c, DdlTokenKind::kQuotedName);
  if (c == '\'' || c == '"') return quoted(c, DdlTokenKind::kText);
  size_t size = 1;
  token.kind = DdlTokenKind::kMark;
  if (is_word_byte(c)) {
    while (at_ + size < text_.size() && is_word_byte(text_[at_ + size])) ++size;
    token.source = text_.substr(at_, size);
    const bool number = std::ranges::all_of(token.source, is_digit);
    token.kind = number ? DdlTokenKind::kNumber : DdlTokenKind::kWord;
    token.name = token.source;
  }
  token.source = text_.substr(at_, size);
  at_ += size;
  return token;
}

std::unexpected<Error> DdlLexer::error_at(size_t offset, std::string_view message) const {
  const std::string_view before = text_.substr(0, offset);
  const auto line_number = 1 + std::ranges::count(before, '\n');
  const size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  std::string_view line = text_.substr(line_begin);
  line = line.substr(0, line.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::string pad;  // a column for each character, tabs kept so that the caret stands right
  for (const char c : before.substr(line_begin))
    if (!is_continuation(c)) pad += c == '\t' ? '\t' : ' ';
  return usage_error(fmt::format("{}:{}:{}: {}\n  {}\n  {}^", what_, line_number, pad.size() + 1,
                                 message, line, pad));
}

}  // namespace tailrace::formats
