// Numbers as text, for JSON and for Spark's cast to STRING alike. Floating point is written as
// Java's Double.toString since JDK 19 does: the shortest digits that read back, plain for
// 1e-3 <= |x| < 1e7, else `1.0E7`; always with a fraction; NaN, Infinity, -Infinity without quotes.
// Each returns the end of what it wrote; at most kNumberBytesMax bytes.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>

namespace tailrace::formats {

inline constexpr size_t kNumberBytesMax = 32;

char* write_double(double value, char* out);
char* write_float(float value, char* out);

inline char* write_integer(int64_t value, char* out) {
  return std::to_chars(out, out + kNumberBytesMax, value).ptr;
}

}  // namespace tailrace::formats
