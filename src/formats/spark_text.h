// Spark's cast of any value to STRING (spark-semantics.md 4.4, 10.7): `1.0E-4`, `{a, b}`,
// `[1, null]`, `2024-01-01 12:00:00.5` without zone. Pure functions; they append to `out`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "columns/column.h"
#include "formats/time_zone.h"

namespace tailrace::formats {

// A null is written as `null_text`, outside and inside of nested values: CAST says "null", and its
// caller keeps an outer null a null; the console says "NULL".
void append_spark_text(const columns::Column& column, size_t row, const TimeZone& zone,
                       std::string& out, std::string_view null_text = "null");

}  // namespace tailrace::formats
