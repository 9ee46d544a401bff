#include "sql/parse/sources.h"

#include <algorithm>

#include <fmt/format.h>

namespace tailrace::sql {
namespace {

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// Blanks up to the caret; tabs stay, so that it stands right whatever the terminal's tab width.
std::string indent_below(std::string_view before) {
  std::string indent;
  for (const char byte : before) {
    if (continues_character(byte)) continue;
    indent += byte == '\t' ? '\t' : ' ';
  }
  return indent;
}

}  // namespace

int Sources::add(std::string label, std::string text) {
  entries_.push_back({std::move(label), std::move(text)});
  return static_cast<int>(entries_.size()) - 1;
}

std::unexpected<Error> Sources::error(Place place, std::string_view message) const {
  if (place.source < 0) return usage_error(std::string(message));
  const Entry& entry = entries_[place.source];
  const std::string_view text = entry.text;
  const size_t offset = std::min(place.offset, text.size());
  const std::string_view before = text.substr(0, offset);
  const size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  const size_t line_end = std::min(text.find('\n', offset), text.size());
  const auto line_number = std::count(before.begin(), before.end(), '\n') + 1;
  const std::string indent = indent_below(before.substr(line_begin));
  return usage_error(fmt::format("{}:{}:{}: {}\n  {}\n  {}^", entry.label, line_number,
                                 indent.size() + 1, message,
                                 text.substr(line_begin, line_end - line_begin), indent));
}

}  // namespace tailrace::sql
