// English names of months and days, as logs and java.time's Locale.US write them: `Jan`, `January`,
// `Mon`, `Monday`. Matching ignores case.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace tailrace::formats {

inline constexpr std::array<std::string_view, 12> kMonthNames = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
inline constexpr std::array<std::string_view, 7> kWeekdayNames = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
inline constexpr size_t kShortNameBytes = 3;

inline char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

inline bool equal_without_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i)
    if (ascii_lower(a[i]) != ascii_lower(b[i])) return false;
  return true;
}

inline bool starts_without_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equal_without_case(text.substr(0, prefix.size()), prefix);
}

// The number from 0 of the name, short or full, that `word` is; -1 if none.
inline int find_name(std::string_view word, std::span<const std::string_view> names) {
  for (size_t i = 0; i < names.size(); ++i)
    if (equal_without_case(word, names[i]) ||
        equal_without_case(word, names[i].substr(0, kShortNameBytes)))
      return static_cast<int>(i);
  return -1;
}

}  // namespace tailrace::formats
