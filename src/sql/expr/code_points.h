// Text as code points: Spark counts in them. The texts are valid UTF-8 (the decoders see to it);
// on others nothing is read beyond the end. Case mapping is Unicode's simple one, and ß -> SS.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace tailrace::sql {

inline bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

inline int64_t count_code_points(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char byte) { return !is_continuation(byte); });
}

// How many bytes the first `count` code points take; all of them if there are fewer.
inline size_t bytes_of_code_points(std::string_view text, int64_t count) {
  size_t at = 0;
  for (; count > 0 && at < text.size(); count--) {
    at++;
    while (at < text.size() && is_continuation(text[at])) at++;
  }
  return at;
}

// Code points from `begin` to before `end`, from 0 on; what lies outside is not there.
inline std::string_view slice_code_points(std::string_view text, int64_t begin, int64_t end) {
  begin = std::max<int64_t>(begin, 0);
  if (end <= begin) return text.substr(0, 0);
  text.remove_prefix(bytes_of_code_points(text, begin));
  return text.substr(0, bytes_of_code_points(text, end - begin));
}

// SQL's substring: from 1, 0 is 1, negative from the end.
inline std::string_view sql_substring(std::string_view text, int64_t position, int64_t length) {
  const int64_t begin = position > 0   ? position - 1
                        : position < 0 ? count_code_points(text) + position
                                       : 0;
  return slice_code_points(text, begin, begin + std::clamp<int64_t>(length, 0, INT32_MAX));
}

// Takes the first code point off a text that is not empty.
uint32_t take_code_point(std::string_view& text);
void append_code_point(uint32_t code_point, std::string& out);

void append_upper(std::string_view text, std::string& out);
void append_lower(std::string_view text, std::string& out);

}  // namespace tailrace::sql
