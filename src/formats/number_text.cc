#include "formats/number_text.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>

namespace tailrace::formats {
namespace {

char* write_text(std::string_view text, char* out) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

// Turns the "1e-05" of to_chars into Java's "1.0E-5".
char* write_java_exponent(std::string_view scientific, char* out) {
  const size_t e = scientific.find('e');
  const std::string_view mantissa = scientific.substr(0, e);
  out = write_text(mantissa, out);
  if (mantissa.find('.') == std::string_view::npos) out = write_text(".0", out);
  *out++ = 'E';
  std::string_view exponent = scientific.substr(e + 1);
  if (exponent.front() == '-') *out++ = '-';
  exponent.remove_prefix(1);
  while (exponent.size() > 1 && exponent.front() == '0') exponent.remove_prefix(1);
  return write_text(exponent, out);
}

// Java writes at least two digits and takes the nearest such number, which differs from a single
// shortest digit where doubles are coarser than that: 4.9E-324, where to_chars says 5e-324.
template <class Real>
char* write_scientific(Real value, char* out) {
  char text[kNumberBytesMax];
  char* end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  const bool one_digit = text[value < 0 ? 2 : 1] == 'e';
  if (one_digit && std::fabs(value) < std::numeric_limits<Real>::min())
    end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific, 1).ptr;
  return write_java_exponent({text, static_cast<size_t>(end - text)}, out);
}

template <class Real>
char* write_real(Real value, char* out) {
  const Real size = std::fabs(value);
  if (size < static_cast<Real>(1e7)) [[likely]] {
    const auto whole = static_cast<int64_t>(value);
    if (static_cast<Real>(whole) == value) {
      if (whole == 0 && std::signbit(value)) *out++ = '-';
      return write_text(".0", write_integer(whole, out));
    }
    if (size >= static_cast<Real>(1e-3))
      return std::to_chars(out, out + kNumberBytesMax, value, std::chars_format::fixed).ptr;
  }
  if (std::isnan(value)) return write_text("NaN", out);
  if (std::isinf(value)) return write_text(value < 0 ? "-Infinity" : "Infinity", out);
  return write_scientific(value, out);
}

}  // namespace

char* write_double(double value, char* out) { return write_real(value, out); }
char* write_float(float value, char* out) { return write_real(value, out); }

}  // namespace tailrace::formats
