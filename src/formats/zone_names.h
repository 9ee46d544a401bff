// The names of time zones that Spark knows: the regions of the IANA data base as java.time lists
// them (JDK 17, without the obsolete SystemV/), and ZoneId.SHORT_IDS. A list of our own, so that a
// name in the data is judged without opening a file, alike on every machine, and a slip gets a
// suggestion.
#pragma once

#include <span>
#include <string_view>

namespace tailrace::formats {

std::span<const std::string_view> region_names();
bool is_region_name(std::string_view name);  // by case, as in java.time

// `PST` is America/Los_Angeles, `EST` -05:00; any other name is itself.
std::string_view expand_short_id(std::string_view name);

}  // namespace tailrace::formats
