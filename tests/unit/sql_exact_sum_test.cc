#include "sql/aggregate/exact_sum.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

using tailrace::Arena;
using tailrace::sql::ExactSum;

namespace {

struct Sum {
  Sum() { std::memset(static_cast<void*>(&sum), 0, sizeof sum); }
  Arena arena;
  ExactSum sum;
};

double sum_of(const std::vector<double>& values) {
  Sum total;
  for (const double value : values) total.sum.add(value, total.arena);
  return total.sum.value();
}

}  // namespace

TEST_CASE("a sum is rounded once, so cancelling and tiny terms are not lost") {
  CHECK(sum_of({}) == 0.0);
  CHECK(sum_of({0.1, 0.2, 0.3}) == 0.6);  // left to right it is 0.6000000000000001
  CHECK(sum_of({1e100, 1.0, -1e100}) == 1.0);
  CHECK(sum_of({1e16, 1.0, 1e-16}) == 10000000000000002.0);  // Python's math.fsum says so
  CHECK(sum_of(std::vector<double>(10, 0.1)) == 1.0);
  CHECK(sum_of({5e-324, 5e-324}) == 1e-323);
  CHECK(std::signbit(sum_of({-0.0})) == false);
}

TEST_CASE("infinities and NaN add up as IEEE says, whatever the order") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(sum_of({1, infinity, -1e308}) == infinity);
  CHECK(std::isnan(sum_of({infinity, 1, -infinity})));
  CHECK(std::isnan(sum_of({1, std::nan(""), 2})));
}

TEST_CASE("the sum does not depend on the order of terms, nor on how they are merged") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 50; round++) {
    std::vector<double> values;
    for (int i = 0; i < 200; i++)
      values.push_back(std::ldexp(static_cast<double>(random()) - 0x1p63,
                                  static_cast<int>(random() % 400) - 200));
    const double expected = sum_of(values);
    std::ranges::shuffle(values, random);
    CHECK(sum_of(values) == expected);
    Sum left, right;
    for (size_t i = 0; i < values.size(); i++) {
      Sum& part = i % 3 == 0 ? left : right;
      part.sum.add(values[i], part.arena);
    }
    std::string bytes;
    right.sum.encode(bytes);
    Sum travelled;
    std::string_view in = bytes;
    REQUIRE(travelled.sum.decode(in, travelled.arena));
    CHECK(in.empty());
    left.sum.merge(travelled.sum, left.arena);
    CHECK(left.sum.value() == expected);
  }
}
