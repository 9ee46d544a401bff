// UTF-8 (RFC 3629): one code point at a time, for text that may be damaged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tailrace::formats {

// The bytes of the well-formed sequence that `text` begins with, 1 to 4; 0 if there is none
// (overlong, surrogate, beyond U+10FFFF, cut off). REQUIRES: text is not empty.
size_t utf8_sequence_bytes(std::string_view text);

// The code point of a well-formed sequence. REQUIRES: bytes == utf8_sequence_bytes(text), not 0.
uint32_t utf8_code_point(std::string_view text, size_t bytes);

}  // namespace tailrace::formats
