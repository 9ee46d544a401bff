// JSON strings (RFC 8259): quotes, escapes for ", \ and control characters (DEL too, as jq), other
// UTF-8 as it is; each byte that is not part of valid UTF-8 becomes U+FFFD. The append form is
// append_json_string in formats/row_format.h.
#pragma once

#include <cstddef>
#include <string_view>

namespace tailrace::formats {

// Room that write_json_string needs: six bytes for an escaped one, the quotes, a word to scribble.
constexpr size_t json_string_bytes_max(size_t text_bytes) { return text_bytes * 6 + 2 + 16; }

// Writes the string with its quotes and returns its end.
char* write_json_string(std::string_view text, char* out);

}  // namespace tailrace::formats
