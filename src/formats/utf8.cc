#include "formats/utf8.h"

namespace tailrace::formats {
namespace {

size_t announced_bytes(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

bool code_point_fits(uint32_t code, size_t bytes) {
  if (bytes == 3) return code >= 0x800 && (code < 0xd800 || code > 0xdfff);
  if (bytes == 4) return code >= 0x10000 && code <= 0x10ffff;
  return true;
}

}  // namespace

uint32_t utf8_code_point(std::string_view text, size_t bytes) {
  if (bytes == 1) return static_cast<unsigned char>(text[0]);
  uint32_t code = static_cast<unsigned char>(text[0]) & (0x7fU >> bytes);
  for (size_t i = 1; i < bytes; i++)
    code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
  return code;
}

size_t utf8_sequence_bytes(std::string_view text) {
  const size_t bytes = announced_bytes(static_cast<unsigned char>(text[0]));
  if (bytes > text.size()) return 0;
  for (size_t i = 1; i < bytes; i++)
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
  return bytes > 0 && code_point_fits(utf8_code_point(text, bytes), bytes) ? bytes : 0;
}

}  // namespace tailrace::formats
