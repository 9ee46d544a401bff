#include "sql/expr/decimal_rounding.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>

namespace tailrace::sql {

namespace {

// value = 0.DIGITS * 10^exponent, with the shortest digits that read back.
struct Shortest {
  char digits[24];
  int count = 0;
  int exponent = 0;
};

Shortest shortest_of(double magnitude, bool is_float) {
  char text[32];
  const auto written =
      is_float ? std::to_chars(text, text + 32, static_cast<float>(magnitude),
                               std::chars_format::scientific)
               : std::to_chars(text, text + 32, magnitude, std::chars_format::scientific);
  Shortest result;
  const char* at = text;
  for (; *at != 'e'; at++)
    if (*at != '.') result.digits[result.count++] = *at;
  at++;
  if (*at == '+') at++;  // from_chars does not take it
  std::from_chars(at, written.ptr, result.exponent);
  result.exponent++;
  return result;
}

// Whether the digits from `keep` on round up. REQUIRES: keep >= 0.
bool rounds_up(const Shortest& value, int keep, bool half_even) {
  if (keep >= value.count) return false;
  if (value.digits[keep] != '5' || !half_even) return value.digits[keep] >= '5';
  if (keep + 1 < value.count) return true;
  return keep > 0 && (value.digits[keep - 1] - '0') % 2 != 0;
}

}  // namespace

double round_decimal(double value, int digits, bool half_even, bool is_float) {
  if (!std::isfinite(value) || value == 0) return value + 0.0;
  const Shortest shortest = shortest_of(std::fabs(value), is_float);
  const int keep = shortest.exponent + digits;
  if (keep >= shortest.count) return value;
  if (keep < 0) return 0;
  uint64_t kept = 0;  // at most 17 digits
  for (int i = 0; i < keep; i++) kept = kept * 10 + static_cast<uint64_t>(shortest.digits[i] - '0');
  kept += rounds_up(shortest, keep, half_even);
  const std::string text = std::to_string(kept) + "e" + std::to_string(-digits);
  double rounded = 0;
  if (is_float) {
    float narrow = 0;
    std::from_chars(text.data(), text.data() + text.size(), narrow);
    rounded = static_cast<double>(narrow);
  } else {
    std::from_chars(text.data(), text.data() + text.size(), rounded);
  }
  return rounded == 0 ? 0 : std::copysign(rounded, value);
}

}  // namespace tailrace::sql
