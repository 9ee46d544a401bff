#include "base/duration.h"

#include <limits>

#include <doctest/doctest.h>

#include "base/nearest.h"
#include "base/time.h"

namespace tailrace {
namespace {

constexpr int64_t kSecond = kMicrosPerSecond, kMinute = kMicrosPerMinute, kHour = kMicrosPerHour,
                  kDay = kMicrosPerDay;

std::string interval_text(std::string_view text) {
  const auto result = parse_interval(text);
  if (!result) return "error: " + result.error().message;
  return std::to_string(result->months) + " " + std::to_string(result->days) + " " +
         std::to_string(result->micros);
}

TEST_CASE("intervals are read in every spelling of the manual and of Spark") {
  struct Case {
    const char* text;
    Interval expected;
  };
  const Case cases[] = {
      {"90s", {0, 0, 90 * kSecond}},
      {"5m", {0, 0, 5 * kMinute}},
      {"1h30m", {0, 0, 90 * kMinute}},
      {"2 hours", {0, 0, 2 * kHour}},
      {"50ms", {0, 0, 50'000}},
      {"7us", {0, 0, 7}},
      {"7\xC2\xB5s", {0, 0, 7}},
      {"PT5M", {0, 0, 5 * kMinute}},
      {"P1DT2H3M4.5S", {0, 1, 2 * kHour + 3 * kMinute + 4'500'000}},
      {"p1y2m1w", {14, 7, 0}},
      {"-PT1H-30M", {0, 0, -kHour + 30 * kMinute}},
      {"INTERVAL '10' second", {0, 0, 10 * kSecond}},
      {"interval 2 minutes", {0, 0, 2 * kMinute}},
      {"INTERVAL '1 day 2 hours'", {0, 1, 2 * kHour}},
      {"INTERVAL '1' DAY '-2' HOURS", {0, 1, -2 * kHour}},
      {"INTERVAL '1 02:03:04.5' DAY TO SECOND", {0, 1, 2 * kHour + 3 * kMinute + 4'500'000}},
      {"INTERVAL '-1-2' YEAR TO MONTH", {-14, 0, 0}},
      {"INTERVAL '02:03' HOUR TO MINUTE", {0, 0, 2 * kHour + 3 * kMinute}},
      {"INTERVAL '03:04' MINUTE TO SECOND", {0, 0, 3 * kMinute + 4 * kSecond}},
      {" 5 seconds ", {0, 0, 5 * kSecond}},
      {"  5   minutes ", {0, 0, 5 * kMinute}},
      {"+5 minutes", {0, 0, 5 * kMinute}},
      {"-5 seconds", {0, 0, -5 * kSecond}},
      {"- 5 seconds", {0, 0, -5 * kSecond}},
      {"10 SECONDS", {0, 0, 10 * kSecond}},
      {"1 minute 30 seconds", {0, 0, 90 * kSecond}},
      {"-1 hour 30 minutes", {0, 0, -30 * kMinute}},
      {"-1h30m", {0, 0, -90 * kMinute}},
      {"-1h +30m", {0, 0, -30 * kMinute}},
      {"1 month -40 days", {1, -40, 0}},
      {"1500000 microseconds", {0, 0, 1'500'000}},
      {"0.5 seconds", {0, 0, 500'000}},
      {".5 seconds", {0, 0, 500'000}},
      {"2.5s", {0, 0, 2'500'000}},
      {"1.5h", {0, 0, 90 * kMinute}},
      {"1.5 days", {0, 1, 12 * kHour}},
      {"1 week", {0, 7, 0}},
      {"2w3d", {0, 17, 0}},
      {"1y2mo", {14, 0, 0}},
      {"0", {}},
      {"0 seconds", {}},
      {"1.123456789 seconds", {0, 0, 1'123'456}},
      {"9223372036854775807 microseconds", {0, 0, std::numeric_limits<int64_t>::max()}},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    const auto result = parse_interval(c.text);
    CHECK_MESSAGE(result.has_value(), interval_text(c.text));
    if (result) CHECK(*result == c.expected);
  }
}

TEST_CASE("a wrong duration says what is wrong and how to write it") {
  const std::pair<const char*, const char*> cases[] = {
      {"", "it is empty"},
      {"   ", "it is empty"},
      {"10", "a number has no unit"},
      {"5 minutes 10", "a number has no unit"},
      {"soon", "expected a number at 'soon'"},
      {"ten seconds", "expected a number at 'ten seconds'"},
      {"10 secnds", "there is no unit 'secnds', did you mean 'seconds'"},
      {"10 parsecs", "there is no unit 'parsecs'"},
      {"interval", "INTERVAL needs a length behind it"},
      {"intervals 5 s", "INTERVAL needs a length behind it"},
      {"5 s x", "expected a number at 'x'"},
      {"-", "a number is missing"},
      {".", "expected a number at '.'"},
      {"P", "nothing follows the P"},
      {"PT", "nothing follows the T"},
      {"P5H", "expected one of Y M W D after the number"},
      {"PT5D", "expected one of H M S after the number"},
      {"1.5 months", "a month takes no fraction, its length varies"},
      {"9223372036854775808 us", "it is too long"},
      {"9223372036854775807 hours", "it is too long"},
      {"9223372036854775807 us 1 us", "it is too long"},
      {"3000000000 days", "it is too long"},
      {"200000000 years", "it is too long"},
      {"INTERVAL '5 second", "the quote is not closed"},
      {"INTERVAL '1 x' DAY TO HOUR", "expected a number at 'x'"},
      {"INTERVAL '1' HOUR TO DAY", "there is no interval from 'hour' to 'day'"},
  };
  for (const auto& [text, why] : cases) {
    CHECK(interval_text(text) == "error: '" + std::string(text) + "' is not a duration: " + why +
                                     "; write 90s, 5m, 1h30m or '2 hours'");
    CHECK(parse_interval(text).error().kind == ErrorKind::kUsage);
  }
}

TEST_CASE("a duration of fixed length refuses months and years") {
  CHECK(*parse_duration_us("1 day") == kDay);
  CHECK(*parse_duration_us("1 week -1 hour") == 7 * kDay - kHour);
  for (const char* text : {"1 month", "1 year", "P1M", "INTERVAL '1-2' YEAR TO MONTH"})
    CHECK(parse_duration_us(text).error().message ==
          "'" + std::string(text) +
              "' has no fixed length, months are not all alike; write days, as in '30 days'");
  CHECK(parse_duration_us("200000000 days").error().message.contains("it is too long"));
}

TEST_CASE("a delay takes a month as 31 days and is not negative") {
  CHECK(*parse_delay_us("1 month") == 31 * kDay);
  CHECK(*parse_delay_us("1 year") == 12 * 31 * kDay);
  CHECK(*parse_delay_us("1 month -31 days") == 0);
  CHECK(*parse_delay_us("0 seconds") == 0);
  for (const char* text : {"-10 seconds", "1 month -40 days"})
    CHECK(parse_delay_us(text).error().message ==
          "the delay '" + std::string(text) + "' is negative; write 0 or more, as in '10 minutes'");
}

TEST_CASE("sizes: letters alone and iB are binary, B is decimal") {
  const std::pair<const char*, uint64_t> cases[] = {
      {"0", 0},
      {"1", 1},
      {"512B", 512},
      {"64M", 64 << 20},
      {"64m", 64 << 20},
      {"64MiB", 64 << 20},
      {"64 MiB", 64 << 20},
      {"1G", 1ull << 30},
      {"1kB", 1000},
      {"1KB", 1000},
      {"1k", 1024},
      {"1KiB", 1024},
      {"2MB", 2'000'000},
      {"3GB", 3'000'000'000},
      {"1T", 1ull << 40},
      {"1.5G", 3ull << 29},
      {".5k", 512},
      {" 8M ", 8 << 20},
      {"8191P", 8191ull << 50},
      {"9223372036854775807", 9223372036854775807ull}};
  for (const auto& [text, bytes] : cases) {
    INFO(text);
    const auto size = parse_size(text);
    CHECK(size.has_value());
    if (size) CHECK(*size == bytes);
  }
}

TEST_CASE("a wrong size says what is wrong") {
  const std::pair<const char*, const char*> cases[] = {{"", "it must begin with a number"},
                                                       {"M", "it must begin with a number"},
                                                       {".", "it must begin with a number"},
                                                       {"-1M", "it must begin with a number"},
                                                       {"1.2.3M", "it must begin with a number"},
                                                       {"1X", "there is no unit 'X'"},
                                                       {"1Mi", "there is no unit 'Mi'"},
                                                       {"1 M B", "there is no unit 'M B'"},
                                                       {"8192P", "it is too large"},
                                                       {"99999999999999999999", "it is too large"}};
  for (const auto& [text, why] : cases)
    CHECK(parse_size(text).error().message ==
          "'" + std::string(text) + "' is not a size: " + why + "; write 64M, 1G, 64MiB or 1kB");
}

TEST_CASE("durations are written for people and read back") {
  const std::pair<int64_t, const char*> cases[] = {
      {0, "0s"},
      {192 * kSecond, "3m12s"},
      {90 * kMinute, "1h30m"},
      {250'000, "250ms"},
      {2 * kDay + 3 * kHour, "2d3h"},
      {1'500'000, "1.5s"},
      {1'234, "1234us"},
      {5, "5us"},
      {kMinute + 250'000, "1m250ms"},
      {kDay + 1, "1d1us"},
      {-192 * kSecond, "-3m12s"},
  };
  for (const auto& [us, text] : cases) {
    CHECK(format_duration(us) == text);
    CHECK(*parse_duration_us(text) == us);
  }
  for (const int64_t us :
       {std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min() + 1})
    CHECK(*parse_duration_us(format_duration(us)) == us);
}

TEST_CASE("the nearest word is found through slips and case, and not from afar") {
  constexpr std::string_view kWords[] = {"INT", "BIGINT", "STRING", "TIMESTAMP"};
  CHECK(nearest("INTT", kWords) == "INT");
  CHECK(nearest("stirng", kWords) == "STRING");
  CHECK(nearest("TIMESTMAP", kWords) == "TIMESTAMP");
  CHECK(nearest("banana", kWords).empty());
  CHECK(nearest("", kWords).empty());
  CHECK(edit_distance("ab", "ba") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

}  // namespace
}  // namespace tailrace
