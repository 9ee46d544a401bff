// Rounding of a double by the decimal digits that it prints with, as Spark rounds: it goes through
// BigDecimal(Double.toString), so 2.345 to two digits is 2.35 although the double lies below it.
#pragma once

namespace tailrace::sql {

// `digits` behind the point, or before it if negative. Halves go away from zero, or to the even
// digit. NaN and infinities stay; a zero loses its sign. `is_float`: by a float's shortest digits.
double round_decimal(double value, int digits, bool half_even, bool is_float);

}  // namespace tailrace::sql
