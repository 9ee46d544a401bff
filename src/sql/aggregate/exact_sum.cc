#include "sql/aggregate/exact_sum.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace tailrace::sql {

void ExactSum::add_special(double value) {
  special_ = static_cast<uint8_t>(special_ | (std::isnan(value) ? kNan
                                              : value > 0       ? kPositive
                                                                : kNegative));
}

void ExactSum::reserve(uint16_t parts_wanted, Arena& arena) {
  const uint16_t capacity = more_ != nullptr ? capacity_ : kInline;
  if (parts_wanted <= capacity) return;
  const auto grown = static_cast<uint16_t>(std::max<int>(parts_wanted, capacity * 2));
  auto* moved = reinterpret_cast<double*>(arena.allocate(grown * sizeof(double)));
  std::copy_n(parts(), used_, moved);
  more_ = moved;
  capacity_ = grown;
}

void ExactSum::add_slowly(double value, Arena& arena) {
  if (!std::isfinite(value)) return add_special(value);
  reserve(static_cast<uint16_t>(used_ + 1), arena);
  double* part = parts();
  uint16_t kept = 0;
  for (uint16_t i = 0; i < used_; i++) {
    double low = part[i];
    if (std::abs(value) < std::abs(low)) std::swap(value, low);
    const double high = value + low;
    if (!std::isfinite(high)) return add_special(high);
    const double rest = low - (high - value);
    if (rest != 0) part[kept++] = rest;
    value = high;
  }
  if (value != 0) part[kept++] = value;
  used_ = kept;
}

void ExactSum::merge(const ExactSum& other, Arena& arena) {
  special_ |= other.special_;
  for (uint16_t i = 0; i < other.used_; i++) add(other.parts()[i], arena);
}

// Adds the parts from the greatest down until rounding sets in, then settles a tie by the sign of
// what is left.
double ExactSum::value() const {
  if ((special_ & kNan) != 0 || special_ == (kPositive | kNegative)) return std::nan("");
  if (special_ != 0) {
    const double infinity = std::numeric_limits<double>::infinity();
    return special_ == kPositive ? infinity : -infinity;
  }
  if (used_ == 0) return 0.0;
  const double* part = parts();
  int i = used_ - 1;
  double high = part[i];
  double rest = 0;
  while (i > 0 && rest == 0) {
    const double before = high;
    const double next = part[--i];
    high = before + next;
    rest = next - (high - before);
  }
  if (i > 0 && rest != 0 && (rest < 0) == (part[i - 1] < 0)) {
    const double twice = rest * 2;
    const double rounded = high + twice;
    if (twice == rounded - high) high = rounded;
  }
  return high;
}

void ExactSum::encode(std::string& out) const {
  out.push_back(static_cast<char>(special_));
  out.push_back(static_cast<char>(used_));
  out.append(reinterpret_cast<const char*>(parts()), used_ * sizeof(double));
}

bool ExactSum::decode(std::string_view& in, Arena& arena) {
  if (in.size() < 2) return false;
  const auto special = static_cast<uint8_t>(in[0]);
  const auto count = static_cast<uint8_t>(in[1]);
  if (in.size() < 2 + count * sizeof(double)) return false;
  reserve(count, arena);
  special_ = special;
  used_ = count;
  std::memcpy(parts(), in.data() + 2, count * sizeof(double));
  in.remove_prefix(2 + count * sizeof(double));
  return true;
}

}  // namespace tailrace::sql
