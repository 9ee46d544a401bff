#include "formats/visible_text.h"

#include <algorithm>
#include <cstdint>
#include <span>

#include <fmt/format.h>

#include "formats/utf8.h"

namespace tailrace::formats {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};

// The ranges of full-width characters in Spark's console (its fullWidthRegex).
constexpr Range kSparkWide[] = {
    {0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
    {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6},
};
// What terminals draw wide beyond that: emoji, and the ideographs outside of the first plane.
constexpr Range kAlsoWide[] = {
    {0x1f300, 0x1f64f},
    {0x1f680, 0x1f6ff},
    {0x1f900, 0x1f9ff},
    {0x20000, 0x3fffd},
};
constexpr Range kCombining[] = {
    {0x0300, 0x036f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200d},
    {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
};
// C0, DEL and C1; line and paragraph separators; marks, embeddings, overrides and isolates of
// direction (the "Trojan Source" set).
constexpr Range kSteering[] = {
    {0x00, 0x1f},     {0x7f, 0x9f},     {0x061c, 0x061c}, {0x200e, 0x200f},
    {0x2028, 0x202e}, {0x2066, 0x2069}, {0xfeff, 0xfeff},
};

bool is_in(uint32_t code, std::span<const Range> ranges) {
  return std::ranges::any_of(ranges, [code](Range r) { return r.first <= code && code <= r.last; });
}

void append_escape(uint32_t code, std::string& out) {
  constexpr std::string_view named = "\aa\bb\tt\nn\vv\ff\rr";
  for (size_t i = 0; i < named.size(); i += 2) {
    if (static_cast<uint32_t>(named[i]) != code) continue;
    out += {'\\', named[i + 1]};
    return;
  }
  if (code < 0x80) {
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", code);
  } else {
    fmt::format_to(std::back_inserter(out), "\\u{{{:04x}}}", code);
  }
}

// Calls see(sequence, code point) for each character; damaged bytes are characters U+FFFD.
template <class See>
void each_character(std::string_view text, See see) {
  while (!text.empty()) {
    const size_t bytes = utf8_sequence_bytes(text);
    const uint32_t code = bytes == 0 ? 0xfffd : utf8_code_point(text, bytes);
    see(text.substr(0, std::max<size_t>(bytes, 1)), code, bytes != 0);
    text.remove_prefix(std::max<size_t>(bytes, 1));
  }
}

bool is_plain_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

size_t utf16_units(uint32_t code) { return code > 0xffff ? 2 : 1; }

}  // namespace

void append_visible(std::string_view text, std::string& out) {
  if (is_plain_ascii(text)) {
    out += text;
    return;
  }
  each_character(text, [&](std::string_view sequence, uint32_t code, bool valid) {
    if (!valid) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(sequence[0]));
    } else if (is_in(code, kSteering)) {
      append_escape(code, out);
    } else {
      out += sequence;
    }
  });
}

std::string visible_text(std::string_view text) {
  std::string out;
  append_visible(text, out);
  return out;
}

size_t display_width(std::string_view text) {
  if (is_plain_ascii(text)) return text.size();
  size_t width = 0;
  each_character(text, [&](std::string_view, uint32_t code, bool) {
    if (is_in(code, kCombining)) return;
    width += is_in(code, kSparkWide) || is_in(code, kAlsoWide) ? 2 : 1;
  });
  return width;
}

size_t spark_width(std::string_view text) {
  if (is_plain_ascii(text)) return text.size();
  size_t width = 0;
  each_character(text, [&](std::string_view, uint32_t code, bool) {
    width += utf16_units(code) + (is_in(code, kSparkWide) ? 1 : 0);
  });
  return width;
}

std::string spark_truncate(std::string_view text, size_t units) {
  size_t all = 0;
  size_t kept_bytes = 0;
  size_t position = 0;
  each_character(text, [&](std::string_view sequence, uint32_t code, bool) {
    all += utf16_units(code);
    position += sequence.size();
    if (all <= units - 3) kept_bytes = position;
  });
  if (all <= units) return std::string(text);
  return std::string(text.substr(0, kept_bytes)) + "...";
}

}  // namespace tailrace::formats
