#include "sql/expr/failure.h"

#include <fmt/format.h>

#include "formats/number_text.h"

namespace tailrace::sql {

using columns::Kind;

namespace {

constexpr size_t kQuotedBytesMax = 64;

std::string name_of(Kind kind) { return columns::type_name({kind, {}}); }

}  // namespace

std::string quoted(std::string_view text) {
  if (text.size() <= kQuotedBytesMax) return fmt::format("'{}'", text);
  size_t cut = kQuotedBytesMax;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) cut--;
  return fmt::format("'{}...'", text.substr(0, cut));
}

std::string number_text(int64_t value, Kind kind) {
  const std::string_view suffix = kind == Kind::kByte    ? "Y"
                                  : kind == Kind::kShort ? "S"
                                  : kind == Kind::kLong  ? "L"
                                                         : "";
  return fmt::format("{}{}", value, suffix);
}

std::string number_text(double value, Kind kind) {
  char text[formats::kNumberBytesMax];
  char* end = kind == Kind::kFloat ? formats::write_float(static_cast<float>(value), text)
                                   : formats::write_double(value, text);
  const bool is_finite = value - value == 0;
  return std::string(text, end) + (kind == Kind::kDouble && is_finite ? "D" : "");
}

std::string cast_invalid(std::string_view text, Kind to) {
  return fmt::format(
      "[CAST_INVALID_INPUT] The value {} of the type \"STRING\" cannot be cast to \"{}\" because "
      "it is "
      "malformed.",
      quoted(text), name_of(to));
}

std::string cast_overflow(std::string_view number, Kind from, Kind to) {
  return fmt::format(
      "[CAST_OVERFLOW] The value {} of the type \"{}\" cannot be cast to \"{}\" due to an "
      "overflow.",
      number, name_of(from), name_of(to));
}

std::string arithmetic_overflow(std::string_view what, Kind kind) {
  const bool is_small = kind == Kind::kByte || kind == Kind::kShort;
  return fmt::format("[{}ARITHMETIC_OVERFLOW] {} does not fit {}.", is_small ? "BINARY_" : "", what,
                     name_of(kind));
}

}  // namespace tailrace::sql
