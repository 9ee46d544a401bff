#include "base/duration.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "base/nearest.h"
#include "base/time.h"

namespace tailrace {

namespace {

// ---- characters ----

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) { return lower(c); });
  return result;
}

// ---- units ----

struct Unit {
  std::string_view name;
  int32_t months = 0;
  int32_t days = 0;
  int64_t micros = 0;
};

constexpr Unit kMicrosecond{"microsecond", 0, 0, 1},
    kMillisecond{"millisecond", 0, 0, kMicrosPerMilli}, kSecond{"second", 0, 0, kMicrosPerSecond},
    kMinute{"minute", 0, 0, kMicrosPerMinute}, kHour{"hour", 0, 0, kMicrosPerHour},
    kDay{"day", 0, 1, 0}, kWeek{"week", 0, 7, 0}, kMonth{"month", 1, 0, 0}, kYear{"year", 12, 0, 0};

struct UnitWord {
  std::string_view word;
  const Unit* unit;
};

constexpr UnitWord kUnitWords[] = {{"us", &kMicrosecond},
                                   {"\xC2\xB5s", &kMicrosecond},
                                   {"microsecond", &kMicrosecond},
                                   {"microseconds", &kMicrosecond},
                                   {"ms", &kMillisecond},
                                   {"millisecond", &kMillisecond},
                                   {"milliseconds", &kMillisecond},
                                   {"s", &kSecond},
                                   {"sec", &kSecond},
                                   {"secs", &kSecond},
                                   {"second", &kSecond},
                                   {"seconds", &kSecond},
                                   {"m", &kMinute},
                                   {"min", &kMinute},
                                   {"mins", &kMinute},
                                   {"minute", &kMinute},
                                   {"minutes", &kMinute},
                                   {"h", &kHour},
                                   {"hr", &kHour},
                                   {"hrs", &kHour},
                                   {"hour", &kHour},
                                   {"hours", &kHour},
                                   {"d", &kDay},
                                   {"day", &kDay},
                                   {"days", &kDay},
                                   {"w", &kWeek},
                                   {"week", &kWeek},
                                   {"weeks", &kWeek},
                                   {"mo", &kMonth},
                                   {"month", &kMonth},
                                   {"months", &kMonth},
                                   {"y", &kYear},
                                   {"year", &kYear},
                                   {"years", &kYear}};

const Unit* find_unit(std::string_view word) {
  const std::string wanted = lower(word);
  const auto* found = std::ranges::find(kUnitWords, std::string_view(wanted), &UnitWord::word);
  return found == std::end(kUnitWords) ? nullptr : found->unit;
}

std::string_view nearest_unit(std::string_view word) {
  std::array<std::string_view, std::size(kUnitWords)> words;
  std::ranges::transform(kUnitWords, words.begin(), &UnitWord::word);
  return nearest(word, words);
}

// ---- errors ----

std::unexpected<Error> bad_duration(std::string_view text, std::string_view why) {
  return usage_error(
      fmt::format("'{}' is not a duration: {}; write 90s, 5m, 1h30m or '2 hours'", text, why));
}

std::unexpected<Error> too_long(std::string_view text) {
  return bad_duration(text, "it is too long");
}

// ---- one number with its unit ----

struct Number {
  bool negative = false;
  int64_t whole = 0;
  int64_t nanos = 0;  // the fraction, in parts of 10^9
  bool has_fraction = false;
};

bool add_scaled(const Number& number, int64_t scale, int64_t& total) {
  int64_t value;
  if (__builtin_mul_overflow(number.whole, scale, &value)) return false;
  const auto fraction =
      static_cast<int64_t>(static_cast<__int128>(number.nanos) * scale / 1'000'000'000);
  if (__builtin_add_overflow(value, fraction, &value)) return false;
  return number.negative ? !__builtin_sub_overflow(total, value, &total)
                         : !__builtin_add_overflow(total, value, &total);
}

bool add_whole(const Number& number, int32_t scale, int32_t& total) {
  int64_t sum = total;
  if (!add_scaled(number, scale, sum) || sum != static_cast<int32_t>(sum)) return false;
  total = static_cast<int32_t>(sum);
  return true;
}

bool add_part(const Number& number, const Unit& unit, Interval& sum) {
  if (unit.months != 0) return add_whole(number, unit.months, sum.months);
  if (unit.days == 0) return add_scaled(number, unit.micros, sum.micros);
  // Half a day is 12 hours: the whole days stay days, the fraction becomes time.
  const Number fraction{number.negative, 0, number.nanos, true};
  return add_whole({number.negative, number.whole, 0, false}, unit.days, sum.days) &&
         add_scaled(fraction, unit.days * kMicrosPerDay, sum.micros);
}

// ---- the reader ----

// Reads one text from left to right; rest_ is what is still to be read.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), rest_(trim(text)) {}

  Result<Interval> read();

 private:
  Result<Interval> read_iso();
  Result<Interval> read_literal();
  Result<Interval> read_parts();
  Status read_part(Interval& sum);
  Result<Interval> read_fields(std::string_view from, std::string_view to);
  Status read_field(std::string_view unit, Interval& sum);
  Result<Number> read_number();
  std::string_view take_unit();
  bool take(char c);
  bool take_blanks();
  void take_sign();
  Status add(const Number& number, std::string_view word, Interval& sum);

  std::string_view text_;  // as given, for messages
  std::string_view rest_;
  bool negative_ = false;
};

bool Reader::take(char c) {
  if (rest_.empty() || lower(rest_.front()) != c) return false;
  rest_.remove_prefix(1);
  return true;
}

bool Reader::take_blanks() {
  const size_t before = rest_.size();
  while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
  return rest_.size() != before;
}

void Reader::take_sign() {
  if (take('-'))
    negative_ = true;
  else if (take('+'))
    negative_ = false;
  else
    return;
  take_blanks();
}

// Digits with an optional fraction; the sign has been read.
Result<Number> Reader::read_number() {
  Number number{negative_};
  const std::string_view begin = rest_;
  size_t digits = 0;
  for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1), ++digits) {
    if (__builtin_mul_overflow(number.whole, int64_t{10}, &number.whole) ||
        __builtin_add_overflow(number.whole, int64_t{rest_.front() - '0'}, &number.whole))
      return too_long(text_);
  }
  if (take('.')) {
    number.has_fraction = true;
    int64_t place = 100'000'000;
    for (; !rest_.empty() && is_digit(rest_.front()); place /= 10, rest_.remove_prefix(1), ++digits)
      number.nanos += (rest_.front() - '0') * place;
  }
  if (digits > 0) return number;
  if (begin.empty()) return bad_duration(text_, "a number is missing");
  return bad_duration(text_, fmt::format("expected a number at '{}'", begin));
}

std::string_view Reader::take_unit() {
  const size_t end = std::min(rest_.size(), rest_.find_first_of(" \t\r\n\v\f0123456789+-.'"));
  const std::string_view unit = rest_.substr(0, end);
  rest_.remove_prefix(end);
  return unit;
}

Status Reader::add(const Number& number, std::string_view word, Interval& sum) {
  if (word.empty()) return bad_duration(text_, "a number has no unit");
  const Unit* unit = find_unit(word);
  if (unit == nullptr) {
    const std::string_view near = nearest_unit(word);
    const std::string hint = near.empty() ? "" : fmt::format(", did you mean '{}'", near);
    return bad_duration(text_, fmt::format("there is no unit '{}'{}", word, hint));
  }
  if (number.has_fraction && unit->months != 0)
    return bad_duration(text_,
                        fmt::format("a {} takes no fraction, its length varies", unit->name));
  if (!add_part(number, *unit, sum)) return too_long(text_);
  return {};
}

// [sign] number [blanks] unit; the number may stand in quotes (`'10' second`).
Status Reader::read_part(Interval& sum) {
  const bool quoted = take('\'');
  take_sign();
  const Number number = TRY(read_number());
  if (quoted && !take('\'')) return bad_duration(text_, "the quote is not closed");
  take_blanks();
  return add(number, take_unit(), sum);
}

Result<Interval> Reader::read_parts() {
  Interval sum;
  if (rest_.empty()) return bad_duration(text_, "it is empty");
  if (rest_ == "0") return sum;
  while (!rest_.empty()) {
    TRY(read_part(sum));
    if (take_blanks()) negative_ = false;
  }
  return sum;
}

// ISO 8601: P[nY][nM][nW][nD][T[nH][nM][nS]].
Result<Interval> Reader::read_iso() {
  take_sign();
  const bool all_negative = negative_;
  take('p');
  Interval sum;
  bool in_time = false;
  if (rest_.empty()) return bad_duration(text_, "nothing follows the P");
  while (!rest_.empty()) {
    if (!in_time && take('t')) {
      in_time = true;
      if (rest_.empty()) return bad_duration(text_, "nothing follows the T");
    }
    negative_ = false;
    take_sign();
    negative_ = negative_ != all_negative;
    const Number number = TRY(read_number());
    const std::string letter = lower(rest_.substr(0, 1));
    rest_.remove_prefix(letter.size());
    const std::string_view allowed = in_time ? "hms" : "ymwd";
    if (letter.empty() || !allowed.contains(letter[0]))
      return bad_duration(text_, in_time ? "expected one of H M S after the number"
                                         : "expected one of Y M W D after the number");
    TRY(add(number, letter == "m" && !in_time ? "mo" : letter, sum));
  }
  return sum;
}

Status Reader::read_field(std::string_view unit, Interval& sum) {
  const Number number = TRY(read_number());
  return add(number, unit, sum);
}

// The inside of `'1 02:03:04.5' DAY TO SECOND` and of `'1-2' YEAR TO MONTH`; one sign for all.
Result<Interval> Reader::read_fields(std::string_view from, std::string_view to) {
  struct NextField {
    std::string_view unit;
    char gap;  // between it and the one before
  };
  constexpr NextField kFields[] = {{"year", 0},   {"month", '-'},  {"day", 0},
                                   {"hour", ' '}, {"minute", ':'}, {"second", ':'}};
  Interval sum;
  const auto* field = std::ranges::find(kFields, from, &NextField::unit);
  const auto* last = std::ranges::find(kFields, to, &NextField::unit);
  if (field >= last || last == std::end(kFields) || (from == "year" && to != "month"))
    return bad_duration(text_, fmt::format("there is no interval from '{}' to '{}'", from, to));
  take_sign();
  TRY(read_field(field->unit, sum));
  while (++field <= last) {
    if (!take(field->gap))
      return bad_duration(text_, fmt::format("expected '{}' and the {}s", field->gap, field->unit));
    TRY(read_field(field->unit, sum));
  }
  if (!rest_.empty()) return bad_duration(text_, fmt::format("'{}' is left over", rest_));
  return sum;
}

// What follows INTERVAL: parts, parts in quotes, or quoted fields with their names behind.
Result<Interval> Reader::read_literal() {
  take_blanks();
  const size_t close = rest_.empty() || rest_.front() != '\'' ? rest_.npos : rest_.find('\'', 1);
  if (close == rest_.npos) return read_parts();
  const std::string behind = lower(trim(rest_.substr(close + 1)));
  const size_t to = behind.find(" to ");
  if (!behind.empty() && to == behind.npos) return read_parts();
  rest_ = trim(rest_.substr(1, close - 1));
  if (behind.empty()) return read_parts();
  return read_fields(trim(std::string_view(behind).substr(0, to)),
                     trim(std::string_view(behind).substr(to + 4)));
}

Result<Interval> Reader::read() {
  constexpr std::string_view kInterval = "interval";
  if (lower(rest_.substr(0, kInterval.size())) == kInterval) {
    rest_.remove_prefix(kInterval.size());
    if (!rest_.empty() && (is_blank(rest_.front()) || rest_.front() == '\'')) return read_literal();
    return bad_duration(text_, "INTERVAL needs a length behind it");
  }
  const bool has_sign = !rest_.empty() && (rest_.front() == '-' || rest_.front() == '+');
  const std::string_view after_sign = rest_.substr(has_sign ? 1 : 0);
  if (!after_sign.empty() && lower(after_sign.front()) == 'p') return read_iso();
  return read_parts();
}

// Micros of an interval where a month has `days_per_month` days; false on overflow.
bool total_micros(const Interval& interval, int64_t days_per_month, int64_t& us) {
  const int64_t days = interval.months * days_per_month + interval.days;
  return !__builtin_mul_overflow(days, kMicrosPerDay, &us) &&
         !__builtin_add_overflow(us, interval.micros, &us);
}

}  // namespace

Result<Interval> parse_interval(std::string_view text) { return Reader(text).read(); }

Result<int64_t> fixed_length_us(const Interval& interval, std::string_view text) {
  if (interval.months != 0)
    return usage_error(fmt::format(
        "'{}' has no fixed length, months are not all alike; write days, as in '30 days'", text));
  int64_t us;
  if (!total_micros(interval, 0, us)) return too_long(text);
  return us;
}

Result<int64_t> parse_duration_us(std::string_view text) {
  return fixed_length_us(TRY(parse_interval(text)), text);
}

Result<int64_t> parse_delay_us(std::string_view text) {
  constexpr int64_t kDaysPerMonth = 31;
  int64_t us;
  if (!total_micros(TRY(parse_interval(text)), kDaysPerMonth, us)) return too_long(text);
  if (us < 0)
    return usage_error(
        fmt::format("the delay '{}' is negative; write 0 or more, as in '10 minutes'", text));
  return us;
}

// ---- sizes ----

namespace {

std::unexpected<Error> bad_size(std::string_view text, std::string_view why) {
  return usage_error(fmt::format("'{}' is not a size: {}; write 64M, 1G, 64MiB or 1kB", text, why));
}

// What a suffix multiplies by; 0 if there is no such suffix.
uint64_t size_factor(std::string_view suffix) {
  constexpr std::string_view kLetters = "kmgtp";
  const std::string unit = lower(suffix);
  if (unit.empty() || unit == "b") return 1;
  const size_t power = kLetters.find(unit[0]);
  if (power == kLetters.npos) return 0;
  const std::string_view tail = std::string_view(unit).substr(1);
  if (!tail.empty() && tail != "ib" && tail != "b") return 0;
  uint64_t factor = 1;
  for (size_t i = 0; i <= power; ++i) factor *= tail == "b" ? 1000 : 1024;
  return factor;
}

}  // namespace

Result<uint64_t> parse_size(std::string_view text) {
  const std::string_view trimmed = trim(text);
  const size_t end = std::min(trimmed.size(), trimmed.find_first_not_of("0123456789."));
  const std::string_view number = trimmed.substr(0, end);
  const size_t dot = std::min(number.size(), number.find('.'));
  const std::string_view fraction = number.substr(std::min(number.size(), dot + 1));
  if (number.size() - (dot < number.size() ? 1 : 0) == 0 || fraction.contains('.'))
    return bad_size(text, "it must begin with a number");
  const std::string_view suffix = trim(trimmed.substr(end));
  const uint64_t factor = size_factor(suffix);
  if (factor == 0) return bad_size(text, fmt::format("there is no unit '{}'", suffix));
  constexpr auto kMax = static_cast<unsigned __int128>(std::numeric_limits<int64_t>::max());
  unsigned __int128 bytes = 0, part = factor;
  for (const char digit : number.substr(0, dot)) {
    bytes = bytes * 10 + static_cast<unsigned>(digit - '0') * factor;
    if (bytes > kMax) return bad_size(text, "it is too large");
  }
  uint64_t place = 10;
  for (const char digit : fraction.substr(0, 9)) {
    bytes += part * static_cast<unsigned>(digit - '0') / place;
    place *= 10;
  }
  if (bytes > kMax) return bad_size(text, "it is too large");
  return static_cast<uint64_t>(bytes);
}

// ---- to text ----

namespace {

void append_seconds(uint64_t us, std::string& out) {
  const uint64_t fraction = us % kMicrosPerSecond;
  if (us < kMicrosPerMilli || (us < kMicrosPerSecond && us % kMicrosPerMilli != 0)) {
    out += fmt::format("{}us", us);
  } else if (us < kMicrosPerSecond) {
    out += fmt::format("{}ms", us / kMicrosPerMilli);
  } else if (fraction == 0) {
    out += fmt::format("{}s", us / kMicrosPerSecond);
  } else {
    std::string text = fmt::format("{}.{:06}", us / kMicrosPerSecond, fraction);
    text.erase(text.find_last_not_of('0') + 1);
    out += text + "s";
  }
}

}  // namespace

std::string format_duration(int64_t us) {
  if (us == 0) return "0s";
  std::string out = us < 0 ? "-" : "";
  uint64_t rest = us < 0 ? ~static_cast<uint64_t>(us) + 1 : static_cast<uint64_t>(us);
  constexpr std::pair<uint64_t, char> kUnits[] = {
      {kMicrosPerDay, 'd'}, {kMicrosPerHour, 'h'}, {kMicrosPerMinute, 'm'}};
  for (const auto& [length, letter] : kUnits) {
    if (rest >= length) out += fmt::format("{}{}", rest / length, letter);
    rest %= length;
  }
  if (rest != 0) append_seconds(rest, out);
  return out;
}

}  // namespace tailrace
