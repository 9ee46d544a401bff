#include "sql/parse/lexer.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace tailrace::sql {
namespace {

constexpr std::array<std::string_view, 7> kTwoOrMore = {"<=>", "<=", ">=", "<>", "!=", "==", "||"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
// Bytes above ASCII count as letters: names may be in any script.
bool begins_word(char c) {
  return is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool continues_word(char c) { return begins_word(c) || is_digit(c); }
bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

void append_utf8(std::string& out, uint32_t code) {
  const auto byte = [&](uint32_t bits) { out += static_cast<char>(bits); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xC0 | (code >> 6));
  } else if (code < 0x10000) {
    byte(0xE0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3F));
  } else {
    byte(0xF0 | (code >> 18));
    byte(0x80 | ((code >> 12) & 0x3F));
    byte(0x80 | ((code >> 6) & 0x3F));
  }
  byte(0x80 | (code & 0x3F));
}

// Value of `digits` hexadecimal digits, or -1.
int64_t hexadecimal(std::string_view text, size_t digits) {
  if (text.size() < digits) return -1;
  int64_t value = 0;
  for (const char c : text.substr(0, digits)) {
    const char low = lower(c);
    if (is_digit(c))
      value = value * 16 + (c - '0');
    else if (low >= 'a' && low <= 'f')
      value = value * 16 + (low - 'a' + 10);
    else
      return -1;
  }
  return value;
}

bool is_octal_code(std::string_view text) {
  const auto octal = [](char c) { return c >= '0' && c <= '7'; };
  return text.size() >= 3 && (text[0] == '0' || text[0] == '1') && octal(text[1]) && octal(text[2]);
}

char simple_escape(char c) {
  switch (c) {
    case '0': return '\0';
    case 'b': return '\b';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'Z': return '\x1a';
    default: return c;
  }
}

// Appends what `\` followed by `rest` stands for; returns how many bytes of `rest` it took.
// \% and \_ keep their backslash, because LIKE reads them.
size_t append_escape(std::string& out, std::string_view rest) {
  const char first = rest[0];
  if (first == 'u' || first == 'U') {
    const size_t digits = first == 'u' ? 4 : 8;
    const int64_t code = hexadecimal(rest.substr(1), digits);
    if (code >= 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF)) {
      append_utf8(out, static_cast<uint32_t>(code));
      return digits + 1;
    }
  }
  if (is_octal_code(rest)) {
    append_utf8(
        out, static_cast<uint32_t>((rest[0] - '0') * 64 + (rest[1] - '0') * 8 + (rest[2] - '0')));
    return 3;
  }
  if (first == '%' || first == '_') out += '\\';
  out += simple_escape(first);
  return 1;
}

class Lexer {
 public:
  Lexer(const Sources& sources, int source)
      : sources_(sources), source_(source), text_(sources.text(source)) {}

  Result<std::vector<Token>> run() {
    for (;;) {
      TRY(skip_blanks());
      Token token;
      token.offset = at_;
      if (at_ < text_.size()) TRY(read(token));
      token.size = at_ - token.offset;
      tokens_.push_back(std::move(token));
      if (tokens_.back().kind == TokenKind::kEnd) return std::move(tokens_);
    }
  }

 private:
  char peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  std::unexpected<Error> error(size_t offset, std::string_view message) const {
    return sources_.error({source_, offset}, fmt::format("[PARSE_SYNTAX_ERROR] {}", message));
  }

  Status skip_blanks() {
    for (;;) {
      if (at_ < text_.size() && is_blank(peek())) {
        ++at_;
      } else if (peek() == '-' && peek(1) == '-') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (peek() == '/' && peek(1) == '*') {
        const size_t end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) return error(at_, "this comment does not end; add */");
        at_ = end + 2;
      } else {
        return {};
      }
    }
  }

  Status read(Token& token) {
    const char c = peek();
    if ((c == 'r' || c == 'R') && (peek(1) == '\'' || peek(1) == '"'))
      return read_raw_string(token);
    if (begins_word(c)) return read_word(token);
    if (is_digit(c) || (c == '.' && is_digit(peek(1)) && !follows_name()))
      return read_number(token);
    if (c == '\'' || c == '"') return read_string(token);
    if (c == '`') return read_quoted_name(token);
    return read_symbol(token);
  }

  // True after what a member may follow: then `.5` is not a number.
  bool follows_name() const {
    if (tokens_.empty()) return false;
    const Token& last = tokens_.back();
    return last.offset + last.size == at_ && last.kind != TokenKind::kSymbol;
  }

  Status read_word(Token& token) {
    token.kind = TokenKind::kWord;
    while (at_ < text_.size() && continues_word(text_[at_])) token.text += text_[at_++];
    return {};
  }

  void take_digits(Token& token) {
    while (is_digit(peek())) token.text += text_[at_++];
  }

  Status read_number(Token& token) {
    token.kind = TokenKind::kNumber;
    take_digits(token);
    if (peek() == '.' && !begins_word(peek(1))) {
      token.text += text_[at_++];
      take_digits(token);
    }
    const size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if (lower(peek()) == 'e' && is_digit(peek(1 + sign))) {
      token.text += text_.substr(at_, 1 + sign);
      at_ += 1 + sign;
      take_digits(token);
    }
    while (continues_word(peek()) && peek() != '\0') token.suffix += upper(text_[at_++]);
    constexpr std::array<std::string_view, 7> kSuffixes = {"", "L", "S", "Y", "D", "F", "BD"};
    if (std::ranges::find(kSuffixes, token.suffix) == kSuffixes.end()) {
      return error(token.offset, fmt::format("'{}' is neither a number nor a name; put back quotes "
                                             "around a name that begins with a digit",
                                             text_.substr(token.offset, at_ - token.offset)));
    }
    return {};
  }

  Status read_raw_string(Token& token) {
    token.kind = TokenKind::kString;
    const char quote = peek(1);
    const size_t end = text_.find(quote, at_ + 2);
    if (end == std::string_view::npos) return error(at_, "this string does not end");
    token.text = text_.substr(at_ + 2, end - at_ - 2);
    at_ = end + 1;
    return {};
  }

  Status read_string(Token& token) {
    token.kind = TokenKind::kString;
    const char quote = text_[at_++];
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size()) {
        at_ += append_escape(token.text, text_.substr(at_ + 1));
      } else if (c != quote) {
        token.text += c;
      } else if (peek(1) == quote) {
        token.text += text_[at_++];
      } else {
        ++at_;
        return {};
      }
    }
    return error(token.offset, "this string does not end");
  }

  Status read_quoted_name(Token& token) {
    token.kind = TokenKind::kQuotedName;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] != '`') {
        token.text += text_[at_];
      } else if (peek(1) == '`') {
        token.text += text_[at_++];
      } else {
        ++at_;
        if (token.text.empty()) return error(token.offset, "a name cannot be empty");
        return {};
      }
    }
    return error(token.offset, "this back-quoted name does not end");
  }

  Status read_symbol(Token& token) {
    token.kind = TokenKind::kSymbol;
    for (const std::string_view symbol : {std::string_view("::"), std::string_view("->")}) {
      if (text_.substr(at_).starts_with(symbol)) return take_symbol(token, symbol.size());
    }
    for (const std::string_view symbol : kTwoOrMore) {
      if (text_.substr(at_).starts_with(symbol)) return take_symbol(token, symbol.size());
    }
    constexpr std::string_view kSingle = "()[],.+-*/%=<>!&|^~:;";
    if (kSingle.find(peek()) != std::string_view::npos) return take_symbol(token, 1);
    return error(at_,
                 fmt::format("'{}' has no meaning here; put back quotes around an unusual name",
                             text_.substr(at_, 1)));
  }

  Status take_symbol(Token& token, size_t size) {
    token.text = text_.substr(at_, size);
    at_ += size;
    return {};
  }

  const Sources& sources_;
  const int source_;
  const std::string_view text_;  // owned by sources_
  size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

Result<std::vector<Token>> tokenize(const Sources& sources, int source) {
  return Lexer(sources, source).run();
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

std::string upper_case(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), upper);
  return result;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_word(const Token& token, std::string_view word) {
  return token.kind == TokenKind::kWord && equal_ignoring_case(token.text, word);
}

}  // namespace tailrace::sql
