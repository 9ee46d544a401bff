#include "formats/json_string.h"

#include <simdjson.h>

#include <cstdint>
#include <cstring>

#include "formats/row_format.h"
#include "formats/utf8.h"

namespace tailrace::formats {
namespace {

constexpr uint64_t kOnes = 0x0101010101010101;
constexpr uint64_t kHighs = 0x8080808080808080;

// High bits set (perhaps among others) if any byte of the word is zero; exact as a yes or no.
constexpr uint64_t has_zero(uint64_t word) { return (word - kOnes) & ~word; }

// Nonzero high bits if a byte of the word cannot simply be copied: control, quote, backslash, or
// not ASCII.
constexpr uint64_t odd_bytes(uint64_t word) {
  const uint64_t control = (word - kOnes * 0x20) & ~word;
  return (control | has_zero(word ^ (kOnes * '"')) | has_zero(word ^ (kOnes * '\\')) |
          has_zero(word ^ (kOnes * 0x7f)) | word) &
         kHighs;
}

template <class Word>
uint64_t copy_word(const char* from, char* to) {
  Word word;
  std::memcpy(&word, from, sizeof word);
  std::memcpy(to, &word, sizeof word);
  return word;
}

// Copies the text in whole words, the last two overlapping; true if all of it is plain.
bool copy_if_plain(const char* text, size_t size, char* out) {
  uint64_t odd = 0;
  if (size >= 8) {
    for (size_t i = 0; i + 8 <= size; i += 8)
      odd |= odd_bytes(copy_word<uint64_t>(text + i, out + i));
    return (odd | odd_bytes(copy_word<uint64_t>(text + size - 8, out + size - 8))) == 0;
  }
  constexpr uint64_t blanks = uint64_t{0x20202020} << 32;
  if (size >= 4) {
    odd = odd_bytes(copy_word<uint32_t>(text, out) | blanks);
    return (odd | odd_bytes(copy_word<uint32_t>(text + size - 4, out + size - 4) | blanks)) == 0;
  }
  for (size_t i = 0; i < size; i++)
    odd |= odd_bytes(copy_word<uint8_t>(text + i, out + i) | (kOnes * 0x20 & ~uint64_t{0xff}));
  return odd == 0;
}

char* write_escape(unsigned char byte, char* out) {
  constexpr std::string_view named = "\"\"\\\\\bb\ff\nn\rr\tt";
  *out++ = '\\';
  for (size_t i = 0; i < named.size(); i += 2) {
    if (static_cast<unsigned char>(named[i]) != byte) continue;
    *out++ = named[i + 1];
    return out;
  }
  constexpr char digits[] = "0123456789abcdef";
  const char unicode[] = {'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
  std::memcpy(out, unicode, sizeof unicode);
  return out + sizeof unicode;
}

bool needs_escape(unsigned char byte) {
  return byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7f;
}

char* write_escaped(std::string_view text, char* out) {
  const bool valid = simdjson::validate_utf8(text.data(), text.size());
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const size_t size = byte < 0x80 || valid ? 1 : utf8_sequence_bytes(text.substr(i));
    if (needs_escape(byte)) {
      out = write_escape(byte, out);
    } else if (size == 0) {
      std::memcpy(out, "\xef\xbf\xbd", 3);
      out += 3;
    } else {
      std::memcpy(out, text.data() + i, size);
      out += size;
    }
    i += size == 0 ? 1 : size;
  }
  return out;
}

}  // namespace

char* write_json_string(std::string_view text, char* out) {
  *out++ = '"';
  out = copy_if_plain(text.data(), text.size(), out) ? out + text.size() : write_escaped(text, out);
  *out++ = '"';
  return out;
}

void append_json_string(std::string_view text, Buffer& out) {
  const size_t at = out.size();
  out.reserve(at + json_string_bytes_max(text.size()));
  const char* end = write_json_string(text, out.data() + at);
  out.resize(static_cast<size_t>(end - out.data()));
}

}  // namespace tailrace::formats
