#include "formats/json_scanner.h"

#include <fmt/format.h>

namespace tailrace::formats {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Every step gives false after it set the fault; the caller hands that up.
class Scanner {
 public:
  Scanner(std::string_view text, size_t at) : text_(text), at_(at) {}

  bool value(int depth);
  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  size_t at() const { return at_; }
  JsonFault& fault() { return fault_; }

  void skip_blanks() {
    while (!at_end() && is_json_blank(text_[at_])) at_++;
  }

  bool wrong(std::string what) {
    if (!at_end() && utf8_character_bytes(text_, at_) == 0) what = "invalid UTF-8";
    fault_ = {at_, std::move(what)};
    return false;
  }

 private:
  bool object(int depth);
  bool member(int depth);
  bool array(int depth);
  bool string();
  bool escape();
  bool unicode_escape();
  bool four_hex(uint32_t& unit);
  bool number();
  bool digits();
  bool literal(std::string_view word);
  bool expect(char c);

  std::string_view text_;
  size_t at_;
  JsonFault fault_;
};

bool Scanner::expect(char c) {
  if (at_end()) return wrong(fmt::format("the line ends, expected '{}'", c));
  if (text_[at_] != c) return wrong(fmt::format("expected '{}'", c));
  at_++;
  return true;
}

bool Scanner::value(int depth) {
  if (at_end()) return wrong("the line ends, expected a value");
  switch (text_[at_]) {
    case '{': return object(depth + 1);
    case '[': return array(depth + 1);
    case '"': return string();
    case 't': return literal("true");
    case 'f': return literal("false");
    case 'n': return literal("null");
    default: break;
  }
  if (text_[at_] == '-' || is_digit(text_[at_])) return number();
  return wrong("expected a value");
}

bool Scanner::member(int depth) {
  skip_blanks();
  if (at_end()) return wrong("the line ends inside an object");
  if (text_[at_] != '"') return wrong("expected a key in double quotes");
  if (!string()) return false;
  skip_blanks();
  if (!expect(':')) return false;
  skip_blanks();
  return value(depth);
}

bool Scanner::object(int depth) {
  if (depth > kJsonDepthMax) return wrong(fmt::format("nested deeper than {}", kJsonDepthMax));
  at_++;
  skip_blanks();
  if (peek() == '}') return expect('}');
  for (;;) {
    if (!member(depth)) return false;
    skip_blanks();
    if (at_end()) return wrong("the line ends inside an object");
    if (text_[at_] == '}') return expect('}');
    if (text_[at_] != ',') return wrong("expected ',' or '}'");
    at_++;
  }
}

bool Scanner::array(int depth) {
  if (depth > kJsonDepthMax) return wrong(fmt::format("nested deeper than {}", kJsonDepthMax));
  at_++;
  skip_blanks();
  if (peek() == ']') return expect(']');
  for (;;) {
    skip_blanks();
    if (!value(depth)) return false;
    skip_blanks();
    if (at_end()) return wrong("the line ends inside an array");
    if (text_[at_] == ']') return expect(']');
    if (text_[at_] != ',') return wrong("expected ',' or ']'");
    at_++;
  }
}

bool Scanner::string() {
  at_++;
  for (;;) {
    if (at_end()) return wrong("the line ends inside a string");
    const char c = text_[at_];
    if (c == '"') break;
    if (static_cast<unsigned char>(c) < 0x20) return wrong("control character in a string");
    if (c == '\\') {
      if (!escape()) return false;
      continue;
    }
    const size_t bytes = utf8_character_bytes(text_, at_);
    if (bytes == 0) return wrong("invalid UTF-8");
    at_ += bytes;
  }
  at_++;
  return true;
}

bool Scanner::escape() {
  at_++;
  if (at_end()) return wrong("the line ends inside a string");
  if (text_[at_] == 'u') return unicode_escape();
  if (std::string_view("\"\\/bfnrt").find(text_[at_]) == std::string_view::npos)
    return wrong("unknown escape");
  at_++;
  return true;
}

bool Scanner::four_hex(uint32_t& unit) {
  unit = 0;
  for (int i = 0; i < 4; i++) {
    if (at_end() || !is_hex(text_[at_])) return wrong("expected four hexadecimal digits");
    const char c = text_[at_++];
    unit = unit * 16 + static_cast<uint32_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return true;
}

// Half a surrogate pair is no character, so it cannot become UTF-8: bad, as in simdjson.
bool Scanner::unicode_escape() {
  const size_t begin = at_ - 1;
  at_++;
  uint32_t unit = 0;
  if (!four_hex(unit)) return false;
  if (unit < 0xD800 || unit > 0xDFFF) return true;
  uint32_t low = 0;
  if (unit < 0xDC00 && text_.substr(at_).starts_with("\\u")) {
    at_ += 2;
    if (!four_hex(low)) return false;
  }
  if (low >= 0xDC00 && low <= 0xDFFF) return true;
  at_ = begin;
  return wrong("unpaired surrogate");
}

bool Scanner::digits() {
  if (!is_digit(peek())) return wrong("expected a digit");
  while (is_digit(peek())) at_++;
  return true;
}

bool Scanner::number() {
  if (peek() == '-') at_++;
  if (peek() == '0') {
    at_++;
    if (is_digit(peek())) return wrong("a number may not begin with 0");
  } else if (!digits()) {
    return false;
  }
  if (peek() == '.') {
    at_++;
    if (!digits()) return false;
  }
  if (peek() == 'e' || peek() == 'E') {
    at_++;
    if (peek() == '+' || peek() == '-') at_++;
    if (!digits()) return false;
  }
  return true;
}

bool Scanner::literal(std::string_view word) {
  if (!text_.substr(at_).starts_with(word)) return wrong(fmt::format("expected {}", word));
  at_ += word.size();
  return true;
}

}  // namespace

size_t utf8_character_bytes(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
  };
  const auto follows = [&](size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead == 0xE0) return follows(1, 0xA0) && follows(2) ? 3 : 0;
  if (lead == 0xED) return follows(1, 0x80, 0x9F) && follows(2) ? 3 : 0;
  if (lead >= 0xE1 && lead <= 0xEF) return follows(1) && follows(2) ? 3 : 0;
  if (lead == 0xF0) return follows(1, 0x90) && follows(2) && follows(3) ? 4 : 0;
  if (lead >= 0xF1 && lead <= 0xF3) return follows(1) && follows(2) && follows(3) ? 4 : 0;
  if (lead == 0xF4) return follows(1, 0x80, 0x8F) && follows(2) && follows(3) ? 4 : 0;
  return 0;
}

std::string describe(const JsonFault& fault) {
  return fmt::format("byte {}: {}", fault.at, fault.what);
}

std::optional<JsonFault> find_object_fault(std::string_view text) {
  Scanner scanner(text, 0);
  scanner.skip_blanks();
  bool good = scanner.peek() == '{' ? scanner.value(0) : scanner.wrong("expected '{'");
  scanner.skip_blanks();
  if (good && !scanner.at_end()) good = scanner.wrong("text after the object");
  if (good) return std::nullopt;
  return scanner.fault();
}

ScannedValue scan_json_value(std::string_view text, size_t at) {
  Scanner scanner(text, at);
  if (scanner.value(0)) return {scanner.at(), std::nullopt};
  return {scanner.at(), scanner.fault()};
}

}  // namespace tailrace::formats
