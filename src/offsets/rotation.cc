#include "offsets/rotation.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace tailrace::offsets {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view text) { return std::ranges::all_of(text, is_digit); }

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// A date of this century or the last, as eight digits.
bool is_date(std::string_view digits) {
  if (digits.size() != 8 || !all_digits(digits)) return false;
  const int year = number(digits.substr(0, 4));
  const int month = number(digits.substr(4, 2));
  const int day = number(digits.substr(6, 2));
  return year >= 1970 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

// What follows a date: nothing, or a time of two, four or six digits with separators before and
// between.
bool is_time(std::string_view text) {
  if (text.empty()) return true;
  std::string digits;
  for (const char c : text) {
    if (is_digit(c)) {
      digits.push_back(c);
    } else if (c != '-' && c != '_' && c != 'T' && c != ':' && c != 'Z') {
      return false;
    }
  }
  return digits.size() == 2 || digits.size() == 4 || digits.size() == 6;
}

bool is_stamp(std::string_view text) {
  if (text.size() == 10 && text[0] == '1' && all_digits(text)) return true;
  if (text.size() >= 8 && is_date(text.substr(0, 8))) return is_time(text.substr(8));
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return false;
  std::string digits(text.substr(0, 4));
  digits += text.substr(5, 2);
  digits += text.substr(8, 2);
  return is_date(digits) && is_time(text.substr(10));
}

constexpr std::array<std::string_view, 5> kCompressed = {".gz", ".zst", ".lz4", ".bz2", ".xz"};

// The size of ".1" to ".123" at the end, or 0.
size_t number_size(std::string_view name) {
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return 0;
  const std::string_view last = name.substr(dot + 1);
  return !last.empty() && last.size() <= 3 && all_digits(last) ? last.size() + 1 : 0;
}

// The size of the one ending that `name` has, or 0.
size_t ending_size(std::string_view name) {
  for (const std::string_view ending : kCompressed) {
    if (name.ends_with(ending)) return ending.size();
  }
  if (const size_t size = number_size(name)) {
    // "web-10.0.0.1" is a host, not the first part of "web-10.0.0".
    return number_size(name.substr(0, name.size() - size)) > 0 ? 0 : size;
  }
  // The longest stamp wins: of "-2026-01-31" the ending is not "-31".
  for (size_t at = 0; at + 1 < name.size(); ++at) {
    const bool separator = name[at] == '-' || name[at] == '.' || name[at] == '_';
    if (separator && is_stamp(name.substr(at + 1))) return name.size() - at;
  }
  return 0;
}

}  // namespace

std::string unrotated_path(std::string_view path) {
  const size_t slash = path.rfind('/');
  const size_t name_begin = slash == std::string_view::npos ? 0 : slash + 1;
  std::string_view name = path.substr(name_begin);
  for (size_t size = ending_size(name); size > 0; size = ending_size(name)) {
    if (size >= name.size()) return std::string(path);
    name.remove_suffix(size);
  }
  return std::string(path.substr(0, name_begin)) + std::string(name);
}

}  // namespace tailrace::offsets
