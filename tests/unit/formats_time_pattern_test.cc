#include "formats/time_pattern.h"

#include <random>
#include <string>

#include <doctest/doctest.h>

#include "formats/timestamp.h"

namespace tailrace::formats {
namespace {

TimeZone zone_named(std::string_view name) { return *TimeZone::from_name(name); }

std::string parsed(std::string_view pattern, std::string_view text, const TimeZone& zone = {}) {
  const auto compiled = TimePattern::compile(pattern, PatternUse::kParse);
  if (!compiled) return compiled.error().message;
  int64_t us;
  if (!compiled->parse(text, zone, us)) return "-";
  char out[kTimestampBytesMax];
  return {out, format_rfc3339(us, {}, out)};
}

std::string formatted(std::string_view pattern, std::string_view time,
                      std::string_view zone = "UTC") {
  const auto compiled = TimePattern::compile(pattern, PatternUse::kFormat);
  if (!compiled) return compiled.error().message;
  int64_t us;
  REQUIRE(parse_spark_timestamp(time, {}, us));
  std::string out;
  compiled->format(us, zone_named(zone), out);
  return out;
}

struct ParseCase {
  const char* pattern;
  const char* text;
  const char* expected;
};

TEST_CASE("texts are read by patterns as Spark reads them") {
  const ParseCase cases[] = {
      {"yyyy-MM-dd HH:mm:ss", "2024-01-02 03:04:05", "2024-01-02T03:04:05.000Z"},
      {"yyyy-MM-dd HH:mm:ss", "2024-1-2 3:4:5", "-"},
      {"yyyy-MM-dd HH:mm:ss", "2024-01-02", "-"},
      {"yyyy-MM-dd HH:mm:ss", "2024-01-02 03:04:05.6", "-"},
      {"yyyy-MM-dd HH:mm:ss", " 2024-01-02 03:04:05", "-"},
      {"yyyy-MM-dd HH:mm:ss", "2024-02-30 00:00:00", "-"},
      {"dd/MMM/yyyy:HH:mm:ss Z", "10/Oct/2000:13:55:36 -0700", "2000-10-10T20:55:36.000Z"},
      {"dd/MMM/yyyy:HH:mm:ss Z", "10/OCT/2000:13:55:36 +0000", "2000-10-10T13:55:36.000Z"},
      {"yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2024-01-02T03:04:05.678Z", "2024-01-02T03:04:05.678Z"},
      {"yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2024-01-02T03:04:05.678+02:00", "2024-01-02T01:04:05.678Z"},
      {"yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2024-01-02T03:04:05.67Z", "2024-01-02T03:04:05.670Z"},
      {"yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2024-01-02T03:04:05.678+0200", "-"},
      {"yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2024-01-02t03:04:05.678z", "2024-01-02T03:04:05.678Z"},
      {"yyyy-MM-dd HH:mm:ss[.SSS]", "2024-01-02 03:04:05", "2024-01-02T03:04:05.000Z"},
      {"yyyy-MM-dd HH:mm:ss[.SSS]", "2024-01-02 03:04:05.6", "2024-01-02T03:04:05.600Z"},
      {"yyyy-MM-dd[ HH[:mm]]", "2024-01-02 03", "2024-01-02T03:00:00.000Z"},
      {"yyyy-MM-dd[ HH[:mm]]", "2024-01-02 03:", "-"},
      {"yyyyMMddHHmmss", "20240102030405", "2024-01-02T03:04:05.000Z"},
      {"yyyyMMddHHmmss", "2024010203040", "-"},
      {"yyyyMMddHHmmss", "202401020304056", "-"},
      {"yyyyMMddHHmmssSSS", "20240102030405678", "-"},
      {"M/d/yyyy h:mm a", "1/2/2024 3:04 PM", "2024-01-02T15:04:00.000Z"},
      {"M/d/yyyy h:mm a", "01/02/2024 03:04 pm", "2024-01-02T15:04:00.000Z"},
      {"M/d/yyyy h:mm a", "1/2/2024 13:04 PM", "-"},
      {"M/d/yyyy h:mm a", "12/31/2024 12:00 AM", "2024-12-31T00:00:00.000Z"},
      {"dd-MM-yy", "02-01-24", "2024-01-02T00:00:00.000Z"},
      {"dd-MM-yy", "02-01-99", "2099-01-02T00:00:00.000Z"},
      {"yyyy", "2024", "2024-01-01T00:00:00.000Z"},
      {"yyyy", "24", "-"},
      {"yyyy", "+12024", "+12024-01-01T00:00:00.000Z"},
      {"yyyy", "12024", "-"},
      {"yyyy", "-2024", "-2024-01-01T00:00:00.000Z"},
      {"yyyy G", "0044 BC", "-0043-01-01T00:00:00.000Z"},
      {"yyyy-DDD", "2024-060", "2024-02-29T00:00:00.000Z"},
      {"yyyy-DDD", "2023-366", "-"},
      {"yyyy-MM-dd HH:mm:ss VV", "2024-01-02 03:04:05 Europe/Paris", "2024-01-02T02:04:05.000Z"},
      {"yyyy-MM-dd HH:mm:ss VV", "2024-01-02 03:04:05 UTC", "2024-01-02T03:04:05.000Z"},
      {"yyyy-MM-dd HH:mm:ss VV", "2024-01-02 03:04:05 Mars/Base", "-"},
      {"yyyy-MM-dd HH:mm:ss z", "2024-01-02 03:04:05 PST", "2024-01-02T11:04:05.000Z"},
      {"yyyy-MM-dd HH:mm:ss O", "2024-01-02 03:04:05 GMT+8", "2024-01-01T19:04:05.000Z"},
      {"yyyy-MM-dd HH:mm:ss OOOO", "2024-01-02 03:04:05 GMT-08:00", "2024-01-02T11:04:05.000Z"},
      {"yyyy-MM-dd HH:mm:ss.SSSSSS", "2024-01-02 03:04:05.123456", "2024-01-02T03:04:05.123456Z"},
      {"yyyy-MM-dd HH:mm:ss.SSSSSS", "2024-01-02 03:04:05.123", "2024-01-02T03:04:05.123Z"},
      {"HH:mm:ss.SSSSSSSSS", "00:00:00.123456789", "1970-01-01T00:00:00.123456Z"},
      {"SSS", "123", "1970-01-01T00:00:00.123Z"},
      {"yyyy-MM-dd hh:mm:ss", "2024-01-02 13:04:05", "-"},
      {"yyyy-MM-dd hh", "2024-01-02 12", "2024-01-02T00:00:00.000Z"},
      {"kk:mm", "24:05", "1970-01-01T00:05:00.000Z"},
      {"K a", "0 PM", "1970-01-01T12:00:00.000Z"},
      {"HH a", "03 PM", "-"},
      {"a", "PM", "1970-01-01T12:00:00.000Z"},
      {"'T'yyyy", "T2024", "2024-01-01T00:00:00.000Z"},
      {"yyyy-MM-dd''HH", "2024-01-02'03", "2024-01-02T03:00:00.000Z"},
      {"MMMM d, yyyy", "May 17, 2015", "2015-05-17T00:00:00.000Z"},
      {"d LLL yyyy", "17 sep 2015", "2015-09-17T00:00:00.000Z"},
      {"yyyy-MM-dd X", "2024-01-02 +0130", "2024-01-01T22:30:00.000Z"},
      {"yyyy-MM-dd x", "2024-01-02 +00", "2024-01-02T00:00:00.000Z"},
      {"yyyy-MM-dd XXXXX", "2024-01-02 -07:52:58", "2024-01-02T07:52:58.000Z"},
      {"yyyy yyyy", "2024 2025", "-"},
      {"HH:mm", "24:00", "-"},
      {"mm", "60", "-"},
      {"", "", "1970-01-01T00:00:00.000Z"},
      {"", "x", "-"},
  };
  for (const ParseCase& c : cases) {
    INFO(c.pattern, " | ", c.text);
    CHECK(parsed(c.pattern, c.text) == c.expected);
  }
  CHECK(parsed("yyyy-MM-dd HH", "2024-01-02 03", zone_named("Europe/Paris")) ==
        "2024-01-02T02:00:00.000Z");
}

TEST_CASE("times are written by patterns as Spark writes them") {
  struct FormatCase {
    const char* pattern;
    const char* time;
    const char* expected;
    const char* zone = "UTC";
  };
  const FormatCase cases[] = {
      {"yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2024-02-29T23:59:59.999999Z", "2024-02-29T23:59:59.999Z"},
      {"dd/MM/yy", "1969-12-31T23:59:59.5Z", "31/12/69"},
      {"EEE, d MMM yyyy", "2024-01-01T00:00:00Z", "Mon, 1 Jan 2024"},
      {"EEEE", "2024-05-17T00:00:00Z", "Friday"},
      {"MMMM", "2024-05-17T00:00:00Z", "May"},
      {"h:mm a", "2024-01-01T00:00:00Z", "12:00 AM"},
      {"h:mm a", "2024-12-30T12:34:56Z", "12:34 PM"},
      {"K", "2024-12-30T12:34:56Z", "0"},
      {"HH:mm:ss.S", "2024-12-30T12:34:56.789Z", "12:34:56.7"},
      {"SSSSSSSSS", "2024-12-30T12:34:56.789Z", "789000000"},
      {"Q QQ QQQ QQQQ", "2024-12-30T12:34:56Z", "4 04 Q4 4th quarter"},
      {"VV z O x X Z", "2024-01-01T00:00:00Z", "UTC UTC GMT +00 Z +0000"},
      {"zzzz", "2024-01-01T00:00:00Z", "Coordinated Universal Time"},
      {"'it''s' HH", "2024-01-01T00:00:00Z", "it's 00"},
      {"kk:mm", "2024-01-01T00:00:00Z", "24:00"},
      {"yyyy G GGGG", "2024-01-01T00:00:00Z", "2024 AD Anno Domini"},
      {"yyyy G", "-0043-01-01", "0044 BC"},
      {"yyyy", "-0043-01-01", "-0043"},
      {"yyyy-MM-dd", "12024-01-02", "+12024-01-02"},
      {"y", "12024-01-02", "12024"},
      {"ss[.SSS]", "2024-12-30T12:34:56.789Z", "56.789"},
      {"F", "2024-12-30T12:34:56.789Z", "2"},
      {"D DDD", "2024-02-01T00:00:00Z", "32 032"},
      {"", "2024-02-01T00:00:00Z", ""},
      {"MM-dd HH", "2024-07-15T18:00:00.000001Z", "07-15 18"},
      {"yyyy-MM-dd HH:mm:ss XXX", "2024-11-03T05:30:00Z", "2024-11-03 01:30:00 -04:00",
       "America/New_York"},
      {"z VV", "2024-03-10T07:00:00Z", "EDT America/New_York", "America/New_York"},
      {"zzzz", "2024-03-10T07:00:00Z", "Eastern Daylight Time", "America/New_York"},
      {"VV z", "2024-03-10T07:00:00Z", "+05:00 +05:00", "+05:00"},
      {"X XX XXX XXXX XXXXX", "2024-01-01T00:00:00Z", "+0530 +0530 +05:30 +0530 +05:30",
       "Asia/Kolkata"},
      {"x Z ZZZZ ZZZZZ O OOOO", "2024-01-01T00:00:00Z",
       "+02 +0200 GMT+02:00 +02:00 GMT+2 GMT+02:00", "+02:00"},
      {"XXXX XXXXX", "1800-01-01T00:00:00Z", "-075258 -07:52:58", "America/Los_Angeles"},
  };
  for (const FormatCase& c : cases) {
    INFO(c.pattern, " | ", c.time);
    CHECK(formatted(c.pattern, c.time, c.zone) == c.expected);
  }
}

TEST_CASE("a pattern that Spark refuses is a usage error with Spark's class") {
  const std::string legacy =
      "[INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION] time pattern '";
  const std::string illegal = "[INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER] time pattern '";
  const std::string weeks = " is based on weeks, which Spark does not support; use y M d or D";
  for (const char* pattern : {"w", "u", "YYYY-ww", "u-M-d", "W"})
    CHECK(formatted(pattern, "2024")
              .starts_with(legacy + pattern + "': letter " + pattern[0] + weeks));
  for (const char* pattern : {"A", "n", "N", "B", "p", "I"})
    CHECK(formatted(pattern, "2024") == illegal + pattern + "': letter " + pattern +
                                            " means nothing; put text in quotes, as in 'T'");
  CHECK(formatted("yyyyyyy", "2024") == legacy + "yyyyyyy': 'yyyyyyy' is too long, write fewer y");
  CHECK(formatted("MMMMM", "2024") == legacy + "MMMMM': 'MMMMM' is too long, write fewer M");
  CHECK(parsed("EEE, dd MMM yyyy HH:mm:ss z", "x") ==
        legacy +
            "EEE, dd MMM yyyy HH:mm:ss z': letter E can only be written, not read; leave it out");
  CHECK(parsed("QQ", "x") == illegal + "QQ': letter Q can only be written, not read; leave it out");
  CHECK(parsed("yyyy'T", "x") == illegal + "yyyy'T': a quote is not closed; add a '");
  CHECK(parsed("yyyy]", "x").ends_with("there is a ] without a ["));
  CHECK(parsed("yyyy V", "x").ends_with("the letter V comes in twos, write VV"));
  CHECK(parsed("ddd", "x").ends_with("'ddd' is too long, write fewer d"));
  CHECK(parsed("OO", "x").ends_with("'OO' is too long, write fewer O"));
  CHECK(parsed("yyyy{", "x").ends_with("{ is reserved; put it in quotes"));
  CHECK(TimePattern::compile("w", PatternUse::kFormat).error().kind == ErrorKind::kUsage);
}

TEST_CASE("what a whole pattern writes it reads back") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const char* patterns[] = {"yyyy-MM-dd HH:mm:ss.SSSSSS XXX", "dd/MMM/yyyy:HH:mm:ss.SSSSSS Z",
                            "yyyyMMddHHmmss.SSSSSSX", "yyyy-DDD hh:mm:ss.SSSSSS a xxx",
                            "d MMMM yyyy kk:mm:ss[.SSSSSS] OOOO"};
  const TimeZone zone = zone_named("Asia/Kolkata");
  for (const char* pattern : patterns) {
    const auto compiled = TimePattern::compile(pattern, PatternUse::kParse);
    REQUIRE(compiled.has_value());
    for (int round = 0; round < 300; ++round) {
      const auto us = static_cast<int64_t>(random() % 4'000'000'000'000'000);
      std::string text;
      compiled->format(us, zone, text);
      int64_t back = 0;
      CAPTURE(text);
      CHECK(compiled->parse(text, TimeZone(), back));
      CHECK(back == us);
    }
  }
}

}  // namespace
}  // namespace tailrace::formats
