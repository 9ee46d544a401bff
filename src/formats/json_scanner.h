// The strict scanner: RFC 8259 and UTF-8 byte by byte, for saying where a bad text is bad and for
// proving single values. It is only run on bad lines and odd values, so it is written to be
// obviously right. Pure functions; nesting is limited to kJsonDepthMax like everywhere here.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tailrace::formats {

inline constexpr int kJsonDepthMax = 1024;

struct JsonFault {
  size_t at = 0;     // the byte, counted from 0
  std::string what;  // "expected ':'"
};

// "byte 17: expected ':'".
std::string describe(const JsonFault& fault);

// The first fault of a text that should be one object with nothing but blanks around it.
std::optional<JsonFault> find_object_fault(std::string_view text);

// Scans one value from `at`, which stands on its first byte. Gives the byte behind the value, or
// the fault.
struct ScannedValue {
  size_t end = 0;
  std::optional<JsonFault> fault;
};
ScannedValue scan_json_value(std::string_view text, size_t at);

// Bytes of the well-formed UTF-8 character at `at` (RFC 3629), 0 if there is none.
size_t utf8_character_bytes(std::string_view text, size_t at);

constexpr bool is_json_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace tailrace::formats
