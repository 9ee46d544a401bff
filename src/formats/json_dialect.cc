#include "formats/json_dialect.h"

#include <array>
#include <cstring>
#include <string>

#include "base/buffer.h"
#include "formats/json_scanner.h"

namespace tailrace::formats {

namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '-' || c == '.';
}

// Bare words that Jackson takes for numbers, as the strings that DOUBLE takes for them.
std::string_view number_word(std::string_view word) {
  static constexpr std::array<std::string_view, 6> kSame = {"NaN",       "Infinity", "-Infinity",
                                                            "+Infinity", "-INF",     "+INF"};
  for (const std::string_view same : kSame)
    if (word == same) return same;
  return word == "INF" ? "Infinity" : "";
}

// Turns single quotes and number words into double-quoted strings; the scanner judges the rest.
class Translator {
 public:
  explicit Translator(std::string_view text) : text_(text) {}

  std::string run() {
    while (at_ < text_.size()) step();
    return std::move(out_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '"' || c == '\'') return quoted(c);
    if (is_word(c)) return word();
    out_ += c;
    at_++;
  }

  void quoted(char quote) {
    out_ += '"';
    for (at_++; at_ < text_.size() && text_[at_] != quote; at_++) {
      if (text_[at_] == '"') out_ += '\\';
      out_ += text_[at_];
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) out_ += text_[++at_];
    }
    if (at_ == text_.size()) return;
    out_ += '"';
    at_++;
  }

  void word() {
    const size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) at_++;
    const std::string_view word = text_.substr(begin, at_ - begin);
    const std::string_view number = number_word(word);
    if (number.empty()) {
      out_ += word;
    } else {
      out_ += '"';
      out_ += number;
      out_ += '"';
    }
  }

  std::string_view text_;
  size_t at_ = 0;
  std::string out_;
};

size_t after_blanks(std::string_view text, size_t at) {
  while (at < text.size() && is_json_blank(text[at])) at++;
  return at;
}

std::string_view with_padding(const std::string& text, Arena& arena) {
  char* to = arena.allocate(text.size() + Buffer::kPadding);
  std::memcpy(to, text.data(), text.size());
  std::memset(to + text.size(), ' ', Buffer::kPadding);
  return {to, text.size()};
}

// The root value was proven; an element that is no object makes the record malformed.
std::optional<std::vector<std::string_view>> elements(std::string_view text, size_t at) {
  std::vector<std::string_view> objects;
  at = after_blanks(text, at + 1);
  while (text[at] != ']') {
    if (text[at] != '{') return std::nullopt;
    const size_t end = scan_json_value(text, at).end;
    objects.push_back(text.substr(at, end - at));
    at = after_blanks(text, end);
    if (text[at] == ',') at = after_blanks(text, at + 1);
  }
  return objects;
}

std::optional<std::vector<std::string_view>> root_objects(std::string_view text) {
  const size_t at = after_blanks(text, 0);
  if (at == text.size() || (text[at] != '{' && text[at] != '[')) return std::nullopt;
  const ScannedValue value = scan_json_value(text, at);
  if (value.fault) return std::nullopt;
  if (text[at] == '[') return elements(text, at);
  return std::vector<std::string_view>{text.substr(at, value.end - at)};
}

}  // namespace

std::optional<std::vector<std::string_view>> read_spark_dialect(std::string_view line,
                                                                Arena& arena) {
  if (auto strict = root_objects(line)) return strict;
  const std::string translated = Translator(line).run();
  return translated == line ? std::nullopt : root_objects(with_padding(translated, arena));
}

}  // namespace tailrace::formats
