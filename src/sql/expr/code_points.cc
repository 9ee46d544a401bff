#include "sql/expr/code_points.h"

#include <clocale>
#include <cwctype>
#include <locale.h>

#include "formats/utf8.h"

namespace tailrace::sql {

namespace {

// glibc has the Unicode tables in its built-in C.UTF-8; the process's own locale is not touched.
locale_t unicode() {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<signed char>(c) < 0; });
}

}  // namespace

uint32_t take_code_point(std::string_view& text) {
  const size_t bytes = formats::utf8_sequence_bytes(text);
  if (bytes == 0) {
    text.remove_prefix(1);
    return 0xFFFD;
  }
  const uint32_t code_point = formats::utf8_code_point(text, bytes);
  text.remove_prefix(bytes);
  return code_point;
}

void append_code_point(uint32_t c, std::string& out) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
  } else {
    if (c < 0x10000) {
      out += static_cast<char>(0xE0 | (c >> 12));
    } else {
      out += static_cast<char>(0xF0 | (c >> 18));
      out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    }
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
  }
  out += static_cast<char>(0x80 | (c & 0x3F));
}

void append_upper(std::string_view text, std::string& out) {
  if (is_ascii(text)) {
    for (const char c : text) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return;
  }
  constexpr uint32_t kSharpS = 0xDF;
  while (!text.empty()) {
    const uint32_t c = take_code_point(text);
    if (c == kSharpS)
      out += "SS";
    else
      append_code_point(static_cast<uint32_t>(towupper_l(static_cast<wint_t>(c), unicode())), out);
  }
}

void append_lower(std::string_view text, std::string& out) {
  if (is_ascii(text)) {
    for (const char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return;
  }
  constexpr uint32_t kCapitalIWithDot = 0x130;
  while (!text.empty()) {
    const uint32_t c = take_code_point(text);
    if (c == kCapitalIWithDot)
      out += "i\u0307";
    else
      append_code_point(static_cast<uint32_t>(towlower_l(static_cast<wint_t>(c), unicode())), out);
  }
}

}  // namespace tailrace::sql
