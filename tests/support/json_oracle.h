// What a good line is, said a second time and slowly, to hold the fast reader against: one object,
// its keys and the values in use strict JSON, of other values only the brackets and quotes; the
// last of duplicate keys is the one in use. UTF-8 and control characters count everywhere. Header
// only.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "columns/type.h"
#include "formats/json_scanner.h"
#include "formats/json_text.h"

namespace tailrace::testing {

class JsonOracle {
 public:
  explicit JsonOracle(const columns::Schema& schema) : schema_(schema) {}

  bool is_good_json(std::string_view line) const {
    if (!strings_are_sound(line)) return false;
    size_t at = blanks(line, 0);
    return object(line, at, schema_) && blanks(line, at) == line.size();
  }

 private:
  static bool is_operator(char c) {
    return std::string_view("{}[],:\x0c\x1a").find(c) != std::string_view::npos;
  }

  static size_t blanks(std::string_view text, size_t at) {
    while (at < text.size() && formats::is_json_blank(text[at])) at++;
    return at;
  }

  // Balanced quotes (a backslash escapes anywhere), no control characters in strings, UTF-8.
  static bool strings_are_sound(std::string_view text) {
    bool inside = false;
    for (size_t at = 0; at < text.size();) {
      const size_t bytes = formats::utf8_character_bytes(text, at);
      if (bytes == 0) return false;
      if (inside && static_cast<unsigned char>(text[at]) < 0x20) return false;
      if (text[at] == '\\') {
        if (at + 1 == text.size()) return !inside;
        if (inside && static_cast<unsigned char>(text[at + 1]) < 0x20) return false;
        at++;
        if (text[at] == '\\' || text[at] == '"') at++;
        continue;
      }
      if (text[at] == '"') inside = !inside;
      at += bytes;
    }
    return !inside;
  }

  static size_t behind_string(std::string_view text, size_t at) {
    for (at++; text[at] != '"'; at++)
      if (text[at] == '\\') at++;
    return at + 1;
  }

  // A scalar that nobody looks into: up to a blank or operator outside quotes.
  static size_t behind_scalar(std::string_view text, size_t at) {
    if (text[at] == '"') return behind_string(text, at);
    while (at < text.size() && !formats::is_json_blank(text[at]) && !is_operator(text[at])) {
      const char next = at + 1 < text.size() ? text[at + 1] : ' ';
      if (text[at] == '\\')
        at += next == '\\' || next == '"' ? 2 : 1;
      else if (text[at] == '"')
        return behind_string(text, at);
      else
        at++;
    }
    return at;
  }

  static bool unused(std::string_view text, size_t& at) {
    if (at >= text.size()) return false;
    if (text[at] != '{' && text[at] != '[') {
      if (is_operator(text[at]) && static_cast<unsigned char>(text[at]) >= 0x20) return false;
      const size_t begin = at;
      at = behind_scalar(text, at);
      if (at == begin) at++;  // a stray control character is a token of its own
      return true;
    }
    std::string open;
    while (at < text.size()) {
      const char c = text[at];
      if (formats::is_json_blank(c))
        at++;
      else if (c == '{' || c == '[') {
        if (open.size() + 1 >= formats::kJsonDepthMax) return false;
        open += c, at++;
      } else if (c == '}' || c == ']') {
        if (open.back() != (c == '}' ? '{' : '[')) return false;
        open.pop_back(), at++;
        if (open.empty()) return true;
      } else if (is_operator(c))
        at++;
      else
        at = behind_scalar(text, at);
    }
    return false;
  }

  static bool object(std::string_view text, size_t& at, const columns::Schema& schema) {
    if (at >= text.size() || text[at] != '{') return false;
    std::map<std::string, std::string_view> last;
    at = blanks(text, at + 1);
    if (at < text.size() && text[at] == '}') return ++at, true;
    for (;; at = blanks(text, at + 1)) {
      if (at >= text.size() || text[at] != '"') return false;
      const size_t end = behind_string(text, at);
      std::string name(end - at - 2, '\0');
      const size_t bytes = formats::unescape_json(text.substr(at + 1, end - at - 2), name.data());
      if (bytes == formats::kBadEscape) return false;
      name.resize(bytes);
      at = blanks(text, end);
      if (at >= text.size() || text[at] != ':') return false;
      const size_t begin = at = blanks(text, at + 1);
      if (!unused(text, at)) return false;
      last[name] = text.substr(begin, at - begin);
      at = blanks(text, at);
      if (at >= text.size()) return false;
      if (text[at] == '}') break;
      if (text[at] != ',') return false;
    }
    at++;
    for (const columns::Field& field : schema)
      if (const auto found = last.find(field.name);
          found != last.end() && !used(found->second, field.type))
        return false;
    return true;
  }

  static bool used(std::string_view value, const columns::Type& type) {
    size_t at = 0;
    if (type.kind == columns::Kind::kStruct && value[0] == '{')
      return object(value, at, type.fields);
    if (type.kind == columns::Kind::kArray && value[0] == '[') return array(value, type.element());
    const formats::ScannedValue scanned = formats::scan_json_value(value, 0);
    return !scanned.fault && scanned.end == value.size();
  }

  static bool array(std::string_view text, const columns::Type& element) {
    size_t at = blanks(text, 1);
    if (text[at] == ']') return true;
    for (;; at = blanks(text, at + 1)) {
      const size_t begin = at;
      if (!unused(text, at) || !used(text.substr(begin, at - begin), element)) return false;
      at = blanks(text, at);
      if (at >= text.size()) return false;
      if (text[at] == ']') return true;
      if (text[at] != ',') return false;
    }
  }

  columns::Schema schema_;
};

}  // namespace tailrace::testing
