// Durations and sizes as users write them (cli.md "Durations", "Sizes"): `90s`, `1h30m`,
// `2 hours`, `PT5M`, `INTERVAL '10' second`. Spark's interval strings are a subset
// (CalendarInterval: SparkIntervalUtils.stringToInterval). Pure functions; an error is a usage
// error that quotes the text and shows how to write it. Overflow is an error, never a wrap.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tailrace {

// As Spark's CalendarInterval: months and days have no fixed length in a calendar with time zones.
struct Interval {
  int32_t months = 0;
  int32_t days = 0;
  int64_t micros = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};

// Units: us, ms, s, m (minutes), h, d, w, mo, y and the words microsecond .. year, plural or not,
// any case; blanks between number and unit and between parts are free. A sign holds up to the next
// blank, so `-1h30m` is minus 90 minutes and `-1 hour 30 minutes` minus 30, as in Spark. Units of
// fixed length may have a fraction (Spark: seconds only), cut to micros. `0` needs no unit.
Result<Interval> parse_interval(std::string_view text);

// A fixed length: a day is 24 hours, a week 168. Months and years are refused, saying why.
Result<int64_t> parse_duration_us(std::string_view text);

// A watermark's delay: a month is 31 days (Spark: EventTimeWatermark.getDelayMs), a year twelve of
// them; a negative total is refused.
Result<int64_t> parse_delay_us(std::string_view text);

// The length of an interval; `text` is quoted when it has months or overflows.
Result<int64_t> fixed_length_us(const Interval& interval, std::string_view text);

// Bytes. K M G T P alone or with iB are powers of 1024 (64M = 64MiB, as dd and head have it); with
// B alone powers of 1000 (1kB = 1000). Any case; a bare number is bytes. A fraction is allowed
// (1.5G).
Result<uint64_t> parse_size(std::string_view text);

// For people: `3m12s`, `1h30m`, `2d3h`, `250ms`, `1.5s`, `0s`. parse_duration_us reads it back.
std::string format_duration(int64_t us);

}  // namespace tailrace
