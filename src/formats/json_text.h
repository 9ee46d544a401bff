// Small pure readers of JSON's scalars: strings without their quotes, and numbers. They refuse what
// RFC 8259 refuses. Used by the record reader; nothing allocates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tailrace::formats {

// Decodes the escapes of a string's inside (control characters and UTF-8 were checked before).
// REQUIRES: room for raw.size() bytes at `to`. Gives the bytes written, or kBadEscape.
inline constexpr size_t kBadEscape = SIZE_MAX;
size_t unescape_json(std::string_view raw, char* to);

// What a token is by RFC 8259's grammar.
enum class NumberShape : uint8_t { kNone, kInteger, kFraction };
NumberShape number_shape(std::string_view token);

// An integer of 64 bits. False: another shape, or out of range.
bool parse_json_integer(std::string_view token, int64_t& value);

// REQUIRES: number_shape(token) != kNone, and a byte behind the token that cannot belong to it.
// Too large is infinite and too small is zero, as Java's Double.parseDouble.
double parse_json_double(std::string_view token);
float parse_json_float(std::string_view token);

}  // namespace tailrace::formats
