#include "formats/time_pattern.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

// Compiling a pattern: Spark's rules on letters first (DateTimeFormatterHelper), then java.time's
// on counts and on numbers without a gap between them. Parsing is in time_pattern_parse.cc, writing
// in time_pattern_format.cc.
namespace tailrace::formats {

namespace {

using Item = TimePattern::Item;
using ItemKind = TimePattern::ItemKind;
using Sign = TimePattern::Sign;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Spark's error class depends on whether its old parser (SimpleDateFormat) would take the pattern.
bool is_legacy_pattern(std::string_view pattern) {
  constexpr std::string_view kLegacy = "GyYMLwWDdFEuaHkKhmsSzZX";
  bool quoted = false;
  for (const char c : pattern) {
    if (c == '\'')
      quoted = !quoted;
    else if (!quoted && is_letter(c) && !kLegacy.contains(c))
      return false;
  }
  return !quoted;
}

std::unexpected<Error> bad_pattern(std::string_view pattern, std::string_view kind,
                                   std::string_view why) {
  const std::string name = is_legacy_pattern(pattern)
                               ? "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"
                               : fmt::format("INVALID_DATETIME_PATTERN.{}", kind);
  return usage_error(fmt::format("[{}] time pattern '{}': {}", name, pattern, why));
}

std::unexpected<Error> bad_letter(std::string_view pattern, std::string_view why) {
  return bad_pattern(pattern, "ILLEGAL_CHARACTER", why);
}

std::unexpected<Error> bad_length(std::string_view pattern, char letter, size_t count) {
  return bad_pattern(
      pattern, "LENGTH",
      fmt::format("'{}' is too long, write fewer {}", std::string(count, letter), letter));
}

struct LetterRule {
  char letter;
  ItemKind number;     // for counts up to number_max
  uint8_t number_max;  // 0: never a number
  ItemKind text;       // for counts from text_min to text_max
  uint8_t text_min, text_max;
};

constexpr uint8_t kNever = 0;
constexpr LetterRule kLetters[] = {
    {'y', ItemKind::kYear, 6, ItemKind::kLiteral, kNever, kNever},
    {'M', ItemKind::kMonth, 2, ItemKind::kMonthText, 3, 4},
    {'L', ItemKind::kMonth, 2, ItemKind::kMonthText, 3, 4},
    {'d', ItemKind::kDay, 2, ItemKind::kLiteral, kNever, kNever},
    {'D', ItemKind::kDayOfYear, 3, ItemKind::kLiteral, kNever, kNever},
    {'Q', ItemKind::kQuarter, 2, ItemKind::kQuarterText, 3, 4},
    {'q', ItemKind::kQuarter, 2, ItemKind::kQuarterText, 3, 4},
    {'E', ItemKind::kLiteral, kNever, ItemKind::kWeekdayText, 1, 4},
    {'F', ItemKind::kWeekInMonth, 1, ItemKind::kLiteral, kNever, kNever},
    {'G', ItemKind::kLiteral, kNever, ItemKind::kEra, 1, 4},
    {'a', ItemKind::kLiteral, kNever, ItemKind::kAmPm, 1, 1},
    {'H', ItemKind::kHour24, 2, ItemKind::kLiteral, kNever, kNever},
    {'k', ItemKind::kHour1To24, 2, ItemKind::kLiteral, kNever, kNever},
    {'K', ItemKind::kHour0To11, 2, ItemKind::kLiteral, kNever, kNever},
    {'h', ItemKind::kHour12, 2, ItemKind::kLiteral, kNever, kNever},
    {'m', ItemKind::kMinute, 2, ItemKind::kLiteral, kNever, kNever},
    {'s', ItemKind::kSecond, 2, ItemKind::kLiteral, kNever, kNever},
    {'S', ItemKind::kLiteral, kNever, ItemKind::kFraction, 1, 9},
    {'V', ItemKind::kLiteral, kNever, ItemKind::kZoneId, 2, 2},
    {'z', ItemKind::kLiteral, kNever, ItemKind::kZoneName, 1, 4},
    {'O', ItemKind::kLiteral, kNever, ItemKind::kLocalizedOffset, 1, 4},
    {'X', ItemKind::kLiteral, kNever, ItemKind::kOffset, 1, 5},
    {'x', ItemKind::kLiteral, kNever, ItemKind::kOffset, 1, 5},
    {'Z', ItemKind::kLiteral, kNever, ItemKind::kOffset, 1, 5},
};

// DateTimeFormatterBuilder.parsePattern: which widths and sign a count of letters means.
void set_widths(Item& item) {
  const uint8_t count = item.count;
  item.width_min = count;
  if (item.kind == ItemKind::kYear) {
    item.width_max = count == 2 ? 2 : 19;
    item.sign = count == 2 ? Sign::kNever : count < 4 ? Sign::kNormal : Sign::kExceedsPad;
  } else if (item.kind == ItemKind::kDayOfYear && count > 1) {
    item.width_max = 3;
  } else {
    item.width_max = count == 1 ? 19 : count;
    item.sign = count == 1 ? Sign::kNormal : Sign::kNever;
  }
}

class Compiler {
 public:
  Compiler(std::string_view pattern, PatternUse use) : pattern_(pattern), use_(use) {}

  Result<std::vector<Item>> compile();

 private:
  Status add_letters(char letter, size_t count);
  Status add_quoted();
  Status close_optional();
  Status check_letter(char letter) const;
  void add_literal(std::string_view text);
  void add_number(Item item);
  void add_other(Item item);

  std::string_view pattern_;
  PatternUse use_;
  size_t at_ = 0;
  std::vector<Item> items_;
  std::vector<size_t> open_;  // optional sections not yet closed
  // The number of free width which numbers of fixed width follow without a gap.
  ptrdiff_t elastic_ = -1;
};

Status Compiler::check_letter(char letter) const {
  const auto quoted = [letter](std::string_view why) {
    return fmt::format("letter {} {}", letter, why);
  };
  if (std::string_view("YWwuec").contains(letter))
    return bad_letter(pattern_,
                      quoted("is based on weeks, which Spark does not support; use y M d or D"));
  if (use_ == PatternUse::kParse && std::string_view("EFqQ").contains(letter))
    return bad_letter(pattern_, quoted("can only be written, not read; leave it out"));
  if (std::ranges::find(kLetters, letter, &LetterRule::letter) == std::end(kLetters))
    return bad_letter(pattern_, quoted("means nothing; put text in quotes, as in 'T'"));
  return {};
}

void Compiler::add_other(Item item) {
  elastic_ = -1;
  items_.push_back(std::move(item));
}

void Compiler::add_literal(std::string_view text) {
  Item item;
  item.literal = text;
  add_other(std::move(item));
}

void Compiler::add_number(Item item) {
  const bool fixed = item.width_min == item.width_max && item.sign == Sign::kNever;
  if (elastic_ >= 0 && fixed) {
    items_[static_cast<size_t>(elastic_)].reserved += item.width_max;
    items_.push_back(std::move(item));
    return;
  }
  elastic_ = static_cast<ptrdiff_t>(items_.size());
  items_.push_back(std::move(item));
}

Status Compiler::add_letters(char letter, size_t count) {
  TRY(check_letter(letter));
  const LetterRule& rule = *std::ranges::find(kLetters, letter, &LetterRule::letter);
  Item item;
  item.letter = letter;
  item.count = static_cast<uint8_t>(std::min<size_t>(count, 255));
  if (count <= rule.number_max) {
    item.kind = rule.number;
    set_widths(item);
    add_number(std::move(item));
  } else if (rule.text_max != 0 && count >= rule.text_min && count <= rule.text_max) {
    item.kind = rule.text;
    if (letter == 'O' && count != 1 && count != 4) return bad_length(pattern_, letter, count);
    if (letter == 'Z' && count == 4) item.kind = ItemKind::kLocalizedOffset;
    const bool single_digit = item.kind == ItemKind::kFraction && count == 1;
    item.width_min = item.width_max = 1;
    single_digit ? add_number(std::move(item)) : add_other(std::move(item));
  } else if (letter == 'V') {
    return bad_letter(pattern_, "the letter V comes in twos, write VV");
  } else {
    return bad_length(pattern_, letter, count);
  }
  return {};
}

// From the opening quote; `''` is a quote, inside and outside of quotes.
Status Compiler::add_quoted() {
  std::string text;
  size_t i = at_ + 1;
  for (; i < pattern_.size(); ++i) {
    if (pattern_[i] == '\'') {
      if (i + 1 >= pattern_.size() || pattern_[i + 1] != '\'') break;
      ++i;
    }
    text += pattern_[i];
  }
  if (i >= pattern_.size()) return bad_letter(pattern_, "a quote is not closed; add a '");
  add_literal(i == at_ + 1 ? "'" : text);
  at_ = i + 1;
  return {};
}

Status Compiler::close_optional() {
  if (open_.empty()) return bad_letter(pattern_, "there is a ] without a [");
  Item& section = items_[open_.back()];
  section.size = items_.size() - open_.back() - 1;
  open_.pop_back();
  elastic_ = -1;
  return {};
}

Result<std::vector<Item>> Compiler::compile() {
  while (at_ < pattern_.size()) {
    const char c = pattern_[at_];
    if (is_letter(c)) {
      const size_t end = std::min(pattern_.size(), pattern_.find_first_not_of(c, at_));
      TRY(add_letters(c, end - at_));
      at_ = end;
      continue;
    }
    if (c == '\'') {
      TRY(add_quoted());
      continue;
    }
    ++at_;
    if (c == '[') {
      open_.push_back(items_.size());
      Item section;
      section.kind = ItemKind::kOptional;
      add_other(std::move(section));
    } else if (c == ']') {
      TRY(close_optional());
    } else if (c == '{' || c == '}' || c == '#') {
      return bad_letter(pattern_, fmt::format("{} is reserved; put it in quotes", c));
    } else {
      add_literal({&c, 1});
    }
  }
  while (!open_.empty()) TRY(close_optional());
  return std::move(items_);
}

}  // namespace

Result<TimePattern> TimePattern::compile(std::string_view pattern, PatternUse use) {
  TimePattern result;
  result.pattern_ = pattern;
  result.items_ = TRY(Compiler(pattern, use).compile());
  // With an era in the pattern y counts within it (Spark: convertIncompatiblePattern).
  if (std::ranges::find(result.items_, ItemKind::kEra, &Item::kind) != result.items_.end())
    for (Item& item : result.items_)
      if (item.kind == ItemKind::kYear) item.kind = ItemKind::kYearOfEra;
  return result;
}

}  // namespace tailrace::formats
