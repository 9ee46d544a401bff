// The dialect of Spark's PERMISSIVE reader (Jackson as Spark sets it up): single quotes, bare NaN
// and Infinity, what follows the first value ignored, an array of objects at the root
// (spark-semantics.md 5.2). Gives strict JSON that the record reader can take. Pure.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/arena.h"

namespace tailrace::formats {

// The objects of a line, each proven by the strict scanner and with padding behind: views into
// `line` where that is strict already, else into `arena`. Nothing: malformed.
std::optional<std::vector<std::string_view>> read_spark_dialect(std::string_view line,
                                                                Arena& arena);

}  // namespace tailrace::formats
