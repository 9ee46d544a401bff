// Casts from STRING and to STRING. The grammars of numbers are Java's (UTF8String.toLong,
// Double.parseDouble) behind Spark's trimming.
#include <charconv>
#include <cstdlib>

#include <strings.h>

#include "formats/number_text.h"
#include "formats/spark_text.h"
#include "formats/timestamp.h"
#include "sql/expr/cast.h"
#include "sql/expr/function_table.h"
#include "sql/expr/integer_range.h"

namespace tailrace::sql {

using columns::Kind;

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool same_word(std::string_view text, std::string_view word) {
  return text.size() == word.size() && strncasecmp(text.data(), word.data(), word.size()) == 0;
}

bool parse_special(std::string_view text, double& value) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const bool is_signed = text[0] == '-' || text[0] == '+';
  const std::string_view word = text.substr(is_signed ? 1 : 0);
  if (same_word(word, "inf") || same_word(word, "infinity"))
    value = text[0] == '-' ? -kInfinity : kInfinity;
  else if (!is_signed && same_word(text, "nan"))
    value = std::numeric_limits<double>::quiet_NaN();
  else
    return false;
  return true;
}

// strtod and strtof take more than Java does (nan, inf, 0x1 without p); those are gone by now.
template <class T>
bool parse_slowly(std::string_view text, bool is_hex, T& value) {
  if (is_hex && text.find_first_of("pP") == std::string_view::npos) return false;
  for (const char c : text)
    if (!is_digit(c) && !(is_hex ? isxdigit(static_cast<unsigned char>(c)) || strchr("xXpP.+-", c)
                                 : strchr("eE.+-", c) != nullptr))
      return false;
  const std::string terminated(text);
  char* end;
  if constexpr (sizeof(T) == 4)
    value = std::strtof(terminated.c_str(), &end);
  else
    value = std::strtod(terminated.c_str(), &end);
  return end == terminated.c_str() + terminated.size();
}

template <class T>
bool parse_fraction(std::string_view text, double& value) {
  text = trimmed(text);
  if (text.empty()) return false;
  if (parse_special(text, value)) return true;
  const std::string_view digits = text.substr(text[0] == '-' || text[0] == '+' ? 1 : 0);
  const bool is_hex = digits.starts_with("0x") || digits.starts_with("0X");
  if (digits.empty() || (!is_digit(digits[0]) && digits[0] != '.'))
    return false;  // from_chars: "nan(1)"
  if (strchr("dDfF", text.back()) &&
      (!is_hex || text.find_first_of("pP") != std::string_view::npos))
    text.remove_suffix(1);
  if (text.empty()) return false;
  T parsed{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, parsed);
  if (error != std::errc() || stop != end || is_hex)
    if (!parse_slowly(text, is_hex, parsed)) return false;
  value = static_cast<double>(parsed);
  return true;
}

// The kernel shape of all of them: parse, or fail with the text.
template <class Parse>
ExprPtr parse_each(Call& call, const Casting& casting, Parse parse) {
  return make_strict(
      call, casting.to,
      [parse, fails = casting.fails, to = casting.to_kind()](Row& row, std::string_view text) {
        decltype(parse(row, text, std::declval<bool&>())) value{};
        bool is_good = true;
        value = parse(row, text, is_good);
        if (!is_good) [[unlikely]]
          fail_or_null(row, fails, [&] { return cast_invalid(text, to); });
        return value;
      });
}

std::optional<int64_t> now_of(Row& row) {
  const int64_t now_us = row.context().batch_time_us;
  return now_us == 0 ? std::nullopt : std::optional(now_us);  // 0: a constant is being folded
}

ExprPtr text_to_integer(Call& call, const Casting& casting) {
  return parse_each(call, casting,
                    [range = IntegerRange::of(casting.to_kind()), lenient = !casting.strict](
                        Row&, std::string_view text, bool& is_good) {
                      int64_t value = 0;
                      is_good = parse_integer(text, lenient, value) && range.holds(value);
                      return value;
                    });
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

bool parse_integer(std::string_view text, bool allow_fraction, int64_t& value) {
  text = trimmed(text);
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return false;
  const size_t point = allow_fraction ? text.find('.') : std::string_view::npos;
  int64_t result = 0;  // built below zero: the least integer has no positive twin
  for (const char c : text.substr(0, point)) {
    if (!is_digit(c)) return false;
    if (__builtin_mul_overflow(result, 10, &result)) return false;
    if (__builtin_sub_overflow(result, c - '0', &result)) return false;
  }
  if (point != std::string_view::npos)
    for (const char c : text.substr(point + 1))
      if (!is_digit(c)) return false;
  if (!is_negative && result == std::numeric_limits<int64_t>::min()) return false;
  value = is_negative ? result : -result;
  return true;
}

bool parse_double(std::string_view text, double& value) {
  return parse_fraction<double>(text, value);
}
bool parse_float(std::string_view text, double& value) {
  return parse_fraction<float>(text, value);
}

bool parse_boolean(std::string_view text, int64_t& value) {
  text = trimmed(text);
  for (const std::string_view word : {"t", "true", "y", "yes", "1"})
    if (same_word(text, word)) return value = 1, true;
  for (const std::string_view word : {"f", "false", "n", "no", "0"})
    if (same_word(text, word)) return value = 0, true;
  return false;
}

ExprPtr cast_from_text(ExprPtr child, const Casting& casting) {
  Call call{"cast", {}, casting.settings};
  call.arguments.push_back(std::move(child));
  switch (casting.to_kind()) {
    case Kind::kBoolean:
      return parse_each(call, casting, [](Row&, std::string_view text, bool& is_good) {
        int64_t value = 0;
        is_good = parse_boolean(text, value);
        return value;
      });
    case Kind::kFloat:
    case Kind::kDouble:
      return parse_each(call, casting,
                        [is_float = casting.to_kind() == Kind::kFloat](Row&, std::string_view text,
                                                                       bool& is_good) {
                          double value = 0;
                          is_good = is_float ? parse_float(text, value) : parse_double(text, value);
                          return value;
                        });
    case Kind::kDate:
      return parse_each(call, casting, [](Row&, std::string_view text, bool& is_good) {
        int32_t days = 0;
        is_good = formats::parse_spark_date(text, days);
        return int64_t{days};
      });
    case Kind::kTimestamp:
      return parse_each(
          call, casting,
          [zone = casting.settings.zone](Row& row, std::string_view text, bool& is_good) {
            int64_t us = 0;
            is_good = formats::parse_spark_timestamp(text, zone, us, now_of(row));
            return us;
          });
    default: return text_to_integer(call, casting);
  }
}

ExprPtr cast_to_text(ExprPtr child, const Casting& casting) {
  Call call{"cast", {}, casting.settings};
  call.arguments.push_back(std::move(child));
  const formats::TimeZone& zone = casting.settings.zone;
  // Each writes into a buffer on the stack; only the bytes go to the arena.
  const auto written = [&]<class T>(T, auto write) {
    return make_strict(call, casting.to, [write](Row& row, T value) {
      char text[64];
      return row.arena().copy({text, static_cast<size_t>(write(value, text) - text)});
    });
  };
  switch (casting.from_kind()) {
    case Kind::kBoolean:
      return make_strict(call, casting.to,
                         [](Row&, int64_t a) { return a ? std::string_view("true") : "false"; });
    case Kind::kDouble:
      return written(double{}, [](double a, char* to) { return formats::write_double(a, to); });
    case Kind::kFloat:
      return written(double{}, [](double a, char* to) {
        return formats::write_float(static_cast<float>(a), to);
      });
    case Kind::kDate:
      return written(int64_t{}, [](int64_t a, char* to) { return formats::format_date(a, to); });
    case Kind::kTimestamp:
      return written(int64_t{}, [zone](int64_t a, char* to) {
        return formats::format_spark_timestamp(a, zone, to);
      });
    case Kind::kStruct:
    case Kind::kArray:
      return make_strict(call, casting.to, [zone](Row& row, Cell value) {
        std::string text;
        formats::append_spark_text(*value.column, value.row, zone, text);
        return row.arena().copy(text);
      });
    default:
      return written(int64_t{}, [](int64_t a, char* to) { return formats::write_integer(a, to); });
  }
}

}  // namespace tailrace::sql
