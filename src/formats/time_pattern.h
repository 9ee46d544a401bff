// TimePattern: Spark's date and time patterns (sql-ref-datetime-pattern; java.time letters) for
// to_timestamp, date_format and --time-format. Immutable once compiled, so any thread may use it.
// Strict as Spark's CORRECTED policy: exact widths, valid dates, the whole text. English names.
// Widths and adjacent numbers as in java.time.format.DateTimeFormatterBuilder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "formats/time_zone.h"

namespace tailrace::formats {

// Spark allows E, F, q and Q for formatting only.
enum class PatternUse : uint8_t { kParse, kFormat };

class TimePattern {
 public:
  // Errors: "[INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER] ..." and the like, Spark's class first.
  static Result<TimePattern> compile(std::string_view pattern, PatternUse use = PatternUse::kParse);

  // A text without a zone is in `zone`. What the pattern lacks is 1970-01-01 00:00:00. A fraction
  // may be shorter than its S...; beyond micros it is cut.
  bool parse(std::string_view text, const TimeZone& zone, int64_t& us) const;
  // Appends.
  void format(int64_t us, const TimeZone& zone, std::string& out) const;

  const std::string& pattern() const { return pattern_; }

  enum class ItemKind : uint8_t {
    kLiteral,
    kYear,
    kYearOfEra,
    kMonth,
    kMonthText,
    kDay,
    kDayOfYear,
    kWeekdayText,
    kWeekInMonth,
    kQuarter,
    kQuarterText,
    kHour24,
    kHour1To24,
    kHour12,
    kHour0To11,
    kMinute,
    kSecond,
    kFraction,
    kAmPm,
    kEra,
    kZoneId,
    kZoneName,
    kOffset,
    kLocalizedOffset,
    kOptional,
  };
  // How a number takes its sign (java.time.format.SignStyle).
  enum class Sign : uint8_t { kNever, kNormal, kExceedsPad };
  struct Item {
    ItemKind kind = ItemKind::kLiteral;
    Sign sign = Sign::kNever;
    uint8_t count = 1;      // letters
    uint8_t width_min = 1;  // of a number, in digits
    uint8_t width_max = 19;
    uint8_t reserved = 0;  // digits to leave for the numbers that follow without a gap
    char letter = 0;
    std::string literal;  // kLiteral
    size_t size = 0;      // kOptional: how many items behind it are inside
  };

 private:
  std::string pattern_;
  std::vector<Item> items_;
};

}  // namespace tailrace::formats
