#include "formats/json_text.h"

#include <charconv>
#include <cstdlib>
#include <cstring>

namespace tailrace::formats {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = static_cast<char>(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The four digits at `at`, or -1.
int32_t code_unit(std::string_view raw, size_t at) {
  if (raw.size() < at + 4) return -1;
  int32_t unit = 0;
  for (size_t i = 0; i < 4; i++) {
    const int digit = hex_digit(raw[at + i]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

char* put_utf8(uint32_t code, char* to) {
  const auto put = [&to](uint32_t byte) { *to++ = static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 63));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 63));
    put(0x80 | (code & 63));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 63));
    put(0x80 | (code >> 6 & 63));
    put(0x80 | (code & 63));
  }
  return to;
}

// `at` stands behind "\u" and is moved behind the escape, or the pair of them.
bool unescape_unicode(std::string_view raw, size_t& at, char*& to) {
  const int32_t high = code_unit(raw, at);
  if (high < 0) return false;
  at += 4;
  auto code = static_cast<uint32_t>(high);
  if (code >= 0xD800 && code <= 0xDFFF) {
    if (code >= 0xDC00 || !raw.substr(at).starts_with("\\u")) return false;
    const int32_t low = code_unit(raw, at + 2);
    if (low < 0xDC00 || low > 0xDFFF) return false;
    at += 6;
    code = 0x10000 + ((code - 0xD800) << 10) + (static_cast<uint32_t>(low) - 0xDC00);
  }
  to = put_utf8(code, to);
  return true;
}

char simple_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return '\0';
  }
}

size_t digits_at(std::string_view token, size_t at) {
  size_t count = 0;
  while (at + count < token.size() && token[at + count] >= '0' && token[at + count] <= '9') count++;
  return count;
}

template <class T>
T parse_floating(std::string_view token) {
  T value = 0;
  const auto parsed = std::from_chars(token.data(), token.data() + token.size(), value);
  if (parsed.ec == std::errc{}) [[likely]]
    return value;
  // Out of range: strtod tells infinity from zero. It stops by itself behind the number.
  if constexpr (sizeof(T) == sizeof(float)) return std::strtof(token.data(), nullptr);
  return static_cast<T>(std::strtod(token.data(), nullptr));
}

}  // namespace

size_t unescape_json(std::string_view raw, char* to) {
  char* const begin = to;
  for (size_t at = 0; at < raw.size();) {
    const void* found = std::memchr(raw.data() + at, '\\', raw.size() - at);
    const size_t plain =
        found ? static_cast<size_t>(static_cast<const char*>(found) - raw.data()) - at
              : raw.size() - at;
    std::memcpy(to, raw.data() + at, plain);
    to += plain;
    at += plain;
    if (!found) break;
    if (at + 1 >= raw.size()) return kBadEscape;
    const char letter = raw[at + 1];
    at += 2;
    if (letter == 'u') {
      if (!unescape_unicode(raw, at, to)) return kBadEscape;
    } else if (const char c = simple_escape(letter)) {
      *to++ = c;
    } else {
      return kBadEscape;
    }
  }
  return static_cast<size_t>(to - begin);
}

NumberShape number_shape(std::string_view token) {
  size_t at = !token.empty() && token[0] == '-' ? 1 : 0;
  const size_t whole = digits_at(token, at);
  if (whole == 0 || (whole > 1 && token[at] == '0')) return NumberShape::kNone;
  at += whole;
  NumberShape shape = NumberShape::kInteger;
  if (at < token.size() && token[at] == '.') {
    const size_t fraction = digits_at(token, ++at);
    if (fraction == 0) return NumberShape::kNone;
    at += fraction;
    shape = NumberShape::kFraction;
  }
  if (at < token.size() && (token[at] | 0x20) == 'e') {
    at++;
    if (at < token.size() && (token[at] == '+' || token[at] == '-')) at++;
    const size_t exponent = digits_at(token, at);
    if (exponent == 0) return NumberShape::kNone;
    at += exponent;
    shape = NumberShape::kFraction;
  }
  return at == token.size() ? shape : NumberShape::kNone;
}

bool parse_json_integer(std::string_view token, int64_t& value) {
  const size_t sign = !token.empty() && token[0] == '-' ? 1 : 0;
  const size_t count = token.size() - sign;
  if (count == 0 || (count > 1 && token[sign] == '0') || digits_at(token, sign) != count)
    return false;
  if (count <= 18) [[likely]] {
    int64_t sum = 0;
    for (size_t i = sign; i < token.size(); i++) sum = sum * 10 + (token[i] - '0');
    value = sign ? -sum : sum;
    return true;
  }
  const auto parsed = std::from_chars(token.data(), token.data() + token.size(), value);
  return parsed.ec == std::errc{};
}

double parse_json_double(std::string_view token) { return parse_floating<double>(token); }
float parse_json_float(std::string_view token) { return parse_floating<float>(token); }

}  // namespace tailrace::formats
