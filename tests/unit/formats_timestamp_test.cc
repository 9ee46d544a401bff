#include "formats/timestamp.h"

#include <limits>
#include <random>
#include <string>

#include <doctest/doctest.h>

namespace tailrace::formats {
namespace {

constexpr const char* kRefused = "-";

TimeZone zone_named(std::string_view name) {
  const auto zone = TimeZone::from_name(name);
  REQUIRE(zone.has_value());
  return *zone;
}

std::string rfc3339(int64_t us, const TimeZone& zone = {}) {
  char text[kTimestampBytesMax];
  return {text, format_rfc3339(us, zone, text)};
}

std::string spark(std::string_view text, const TimeZone& zone = {}) {
  int64_t us;
  return parse_spark_timestamp(text, zone, us) ? rfc3339(us) : kRefused;
}

std::string lenient(std::string_view text, const TimeZone& zone = {}) {
  int64_t us;
  return parse_lenient_timestamp(text, zone, us) ? rfc3339(us) : kRefused;
}

struct TextCase {
  const char* text;
  const char* expected;
};

// Spark 4.3.0's own answers (conformance: input/timestamp_coercions, cast/string_to_timestamp).
constexpr TextCase kSpark[] = {
    {"2024-01-01T10:20:30Z", "2024-01-01T10:20:30.000Z"},
    {"2024-01-01 10:20:30", "2024-01-01T10:20:30.000Z"},
    {"2024-01-01T10:20:30.123456789Z", "2024-01-01T10:20:30.123456Z"},
    {"2024-01-01T10:20:30+02:00", "2024-01-01T08:20:30.000Z"},
    {"2024-01-01T10:20:30+0200", "2024-01-01T08:20:30.000Z"},
    {"2024-01-01T10:20:30 Europe/Paris", "2024-01-01T09:20:30.000Z"},
    {"2024-01-01", "2024-01-01T00:00:00.000Z"},
    {"2024-01", "2024-01-01T00:00:00.000Z"},
    {"2024", "2024-01-01T00:00:00.000Z"},
    {"2024-1-2 3:4:5", "2024-01-02T03:04:05.000Z"},
    {"2024-01-01T10", "2024-01-01T10:00:00.000Z"},
    {"2024-01-01T10:20", "2024-01-01T10:20:00.000Z"},
    {"2024-01-01T10:20Z", kRefused},
    {"2024/01/01 10:20:30", kRefused},
    {"20240101", kRefused},
    {"01/01/2024", kRefused},
    {"1704103230", kRefused},
    {"", kRefused},
    {"   ", kRefused},
    {" 2024-01-01T10:20:30Z ", "2024-01-01T10:20:30.000Z"},
    {"2024-02-30", kRefused},
    {"2024-01-01T24:00:00Z", kRefused},
    {"2024-01-01T10:20:60Z", kRefused},
    {"2024-01-01t10:20:30z", kRefused},
    {"2024-01-01T10:20:30z", kRefused},
    {"2024-01-01T10:20:30.5", "2024-01-01T10:20:30.500Z"},
    {"2024-01-01T10:20:30 UTC+3", "2024-01-01T07:20:30.000Z"},
    {"2024-01-01T10:20:30GMT-1", "2024-01-01T11:20:30.000Z"},
    {"-0001-01-01", "-0001-01-01T00:00:00.000Z"},
    {"12024-01-01", "+12024-01-01T00:00:00.000Z"},
    {"2024-01-01T10:20:30,5Z", kRefused},
    {"2024-01-01T10:20:30-00:00", "2024-01-01T10:20:30.000Z"},
    {"2024-01-01T10:20:30+18:00", "2023-12-31T16:20:30.000Z"},
    {"2024-01-01T10:20:30+19:00", kRefused},
    {"2024-01-01T10:20:30.Z", "2024-01-01T10:20:30.000Z"},
    {"2024-01-01T10:20:30+8", "2024-01-01T02:20:30.000Z"},
    {"2024-01-01T10:20:30+8:00", "2024-01-01T02:20:30.000Z"},
    {"2024-01-01T10:20:30+08:0", "2024-01-01T02:20:30.000Z"},
    {"2024-01-01T10:20:30+080000", "2024-01-01T02:20:30.000Z"},
    {"2024-01-01T10:20:30+08:00:30", "2024-01-01T02:20:00.000Z"},
    {"2024-01-01T10:20:30 PST", "2024-01-01T18:20:30.000Z"},
    {"2024-01-01T10:20:30 Europe/Nowhere", kRefused},
    {"999-01-01", kRefused},
    {"0999-01-01", "0999-01-01T00:00:00.000Z"},
    {"+2024-01-01", "2024-01-01T00:00:00.000Z"},
    {"1234567-01-01", kRefused},
    {"999999-01-01", kRefused},
    {"2024-", kRefused},
    {"2024-001-01", kRefused},
    {"2024-01-01T", kRefused},
    {"2024-01-01T10:", kRefused},
    {"2024-01-01T10:20:", kRefused},
    {"2024-01-01T10:20:300", kRefused},
    {"2024-01-01T10:20:30Zx", kRefused},
    {"12:00:01", kRefused},
    {"T12:00:01", kRefused},
    {"-12:00:01", kRefused},
    {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
};

TEST_CASE("CAST to TIMESTAMP takes what Spark takes") {
  for (const TextCase& c : kSpark) {
    INFO(c.text);
    CHECK(spark(c.text) == c.expected);
  }
}

TEST_CASE("a text without a zone is in the session's, across gaps and overlaps") {
  const TimeZone new_york = zone_named("America/New_York");
  CHECK(spark("2024-03-10 02:30:00", new_york) == "2024-03-10T07:30:00.000Z");
  CHECK(spark("2024-11-03 01:30:00", new_york) == "2024-11-03T05:30:00.000Z");
  CHECK(spark("2024-01-01T10:20:30Z", new_york) == "2024-01-01T10:20:30.000Z");
  CHECK(spark("1883-11-18", new_york) == "1883-11-18T04:56:02.000Z");
}

TEST_CASE("a time without a date is today's, in its own zone") {
  const int64_t now = 1'704'150'000 * kMicrosPerSecond;  // 2024-01-01T23:00:00Z
  int64_t us;
  REQUIRE(parse_spark_timestamp("12:00:01", TimeZone(), us, now));
  CHECK(rfc3339(us) == "2024-01-01T12:00:01.000Z");
  REQUIRE(parse_spark_timestamp("T12", TimeZone(), us, now));
  CHECK(rfc3339(us) == "2024-01-01T12:00:00.000Z");
  REQUIRE(parse_spark_timestamp("12:00:01.5+02:00", TimeZone(), us, now));
  CHECK(rfc3339(us) == "2024-01-02T10:00:01.500Z");
  CHECK_FALSE(parse_spark_timestamp(" T12:00", TimeZone(), us, now));
}

TEST_CASE("a refused text leaves the result alone") {
  int64_t us = 42;
  for (const char* text :
       {"2024-13-01T00:00:00Z", "2024-01-01T10:20:30.12xZ", "2024-01-01T10:20:30x"})
    CHECK_FALSE(parse_spark_timestamp(text, TimeZone(), us));
  CHECK(us == 42);
}

TEST_CASE("the short cut and the whole grammar agree on texts damaged at random") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::string_view letters = "0123456789-:.TZ +/\x80\xff";
  for (int round = 0; round < 20'000; ++round) {
    const int64_t us = static_cast<int64_t>(random() % 4'000'000'000) * kMicrosPerSecond +
                       (round % 3 == 0   ? 0
                        : round % 3 == 1 ? random() % 1000 * 1000
                                         : random() % 1'000'000);
    std::string text = rfc3339(us);
    if (round % 3 == 0) text.erase(19, 4);
    int64_t fast = 0, slow = 0;
    CHECK(parse_utc_timestamp(text, fast));
    CHECK(fast == us);
    if (round % 4 != 0) text[random() % text.size()] = letters[random() % letters.size()];
    const bool is_fast = parse_utc_timestamp(text, fast);
    const bool is_slow = internal::parse_spark_timestamp_slow(text, TimeZone(), slow, std::nullopt);
    CAPTURE(text);
    if (is_fast) CHECK((is_slow && fast == slow));
    if (is_slow && text.back() == 'Z' && text[4] == '-' && text[10] == 'T' && is_fast)
      CHECK(fast == slow);
  }
}

TEST_CASE("the short cut refuses what the calendar and the clock refuse") {
  int64_t us;
  for (const char* text :
       {"2023-02-29T00:00:00Z", "2024-00-01T00:00:00Z", "2024-01-00T00:00:00Z",
        "2024-04-31T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z",
        "2024-01-01T00:00:60Z", "2024-01-01T00:00:00z", "2024-01-01T00:00:00.12Z",
        "2024-01-01T00:00:00.12:Z", "2024-01-01T00:00:00.123456 ", "1900-02-29T00:00:00Z"})
    CHECK_FALSE(parse_utc_timestamp(text, us));
  CHECK(parse_utc_timestamp("2000-02-29T00:00:00Z", us));
  CHECK(parse_utc_timestamp("0000-01-01T00:00:00Z", us));
}

TEST_CASE("CAST to DATE takes what Spark takes") {
  const TextCase cases[] = {{"2024-01-31", "2024-01-31"},
                            {"2024-1-3", "2024-01-03"},
                            {"2024", "2024-01-01"},
                            {"2024-02", "2024-02-01"},
                            {"2024-02-30", kRefused},
                            {"2024-01-31 10:00:00", "2024-01-31"},
                            {"2024-01-31T10", "2024-01-31"},
                            {" 2024-01-31 ", "2024-01-31"},
                            {"20240131", kRefused},
                            {"2024/01/31", kRefused},
                            {"", kRefused},
                            {"epoch", kRefused},
                            {"today", kRefused},
                            {"-2024-01-01", "-2024-01-01"},
                            {"99999-01-01", "+99999-01-01"},
                            {"2024-01-31abc", kRefused},
                            {"2024-01 x", kRefused},
                            {"2024-01-", kRefused},
                            {"+2024-01-01", "2024-01-01"},
                            {"1234567-01-01", "+1234567-01-01"},
                            {"9999999-01-01", kRefused},
                            {"12345678-01-01", kRefused}};
  for (const TextCase& c : cases) {
    INFO(c.text);
    int32_t days;
    char text[kTimestampBytesMax];
    if (!parse_spark_date(c.text, days))
      CHECK(std::string(kRefused) == c.expected);
    else
      CHECK(std::string(text, format_date(days, text)) == c.expected);
  }
}

TEST_CASE("log forms are read beside Spark's") {
  const TextCase cases[] = {{"2015-05-17t10:05:03z", "2015-05-17T10:05:03.000Z"},
                            {"2015-05-17T10:05Z", "2015-05-17T10:05:00.000Z"},
                            {"2015-05-17 10:05+02:00", "2015-05-17T08:05:00.000Z"},
                            {"2015/05/17 10:05:03", "2015-05-17T10:05:03.000Z"},
                            {"2015/5/17", "2015-05-17T00:00:00.000Z"},
                            {"2015-05-17 10:05:03,123", "2015-05-17T10:05:03.123Z"},
                            {"2015-05-17 10:05:03,123456789 +0200", "2015-05-17T08:05:03.123456Z"},
                            {"2015-05-17 10:05:03 UTC", "2015-05-17T10:05:03.000Z"},
                            {"2015-05-17T23:59:60Z", "2015-05-18T00:00:00.000Z"},
                            {"20150517T100503Z", "2015-05-17T10:05:03.000Z"},
                            {"20150517T100503.25+0100", "2015-05-17T09:05:03.250Z"},
                            {"20150517T1005Z", "2015-05-17T10:05:00.000Z"},
                            {"20150517100503", "2015-05-17T10:05:03.000Z"},
                            {"20150517", "2015-05-17T00:00:00.000Z"},
                            {"17/May/2015:10:05:03 +0000", "2015-05-17T10:05:03.000Z"},
                            {"[17/May/2015:10:05:03 -0700]", "2015-05-17T17:05:03.000Z"},
                            {"17/May/2015:10:05:03", "2015-05-17T10:05:03.000Z"},
                            {"Sun, 17 May 2015 10:05:03 GMT", "2015-05-17T10:05:03.000Z"},
                            {"Sun, 17 May 2015 10:05:03 -0400", "2015-05-17T14:05:03.000Z"},
                            {"17 May 2015 10:05 EST", "2015-05-17T15:05:00.000Z"},
                            {"Sun, 7 Jun 2015 10:05:03 PDT", "2015-06-07T17:05:03.000Z"},
                            {"Sunday, 17-May-15 10:05:03 GMT", "2015-05-17T10:05:03.000Z"},
                            {"17-May-99 10:05:03", "1999-05-17T10:05:03.000Z"},
                            {"Sun May 17 10:05:03 2015", "2015-05-17T10:05:03.000Z"},
                            {"Sun May  7 10:05:03 2015", "2015-05-07T10:05:03.000Z"},
                            {"Sun May 17 10:05:03 UTC 2015", "2015-05-17T10:05:03.000Z"},
                            {"May 17 10:05:03 2015", "2015-05-17T10:05:03.000Z"},
                            {"May 17 10:05:03.5 2015", "2015-05-17T10:05:03.500Z"},
                            {"May 17 2015 10:05:03", "2015-05-17T10:05:03.000Z"},
                            {"May 17, 2015", "2015-05-17T00:00:00.000Z"},
                            {"january 2, 2015 10:05:03", "2015-01-02T10:05:03.000Z"},
                            {"1714557600", "2024-05-01T10:00:00.000Z"},
                            {"1714557600.123", "2024-05-01T10:00:00.123Z"},
                            {"1714557600.1234567", "2024-05-01T10:00:00.123456Z"},
                            {"1714557600123", "2024-05-01T10:00:00.123Z"},
                            {"1714557600123.5", "2024-05-01T10:00:00.123500Z"},
                            {"1714557600123456", "2024-05-01T10:00:00.123456Z"},
                            {"1714557600123456789", "2024-05-01T10:00:00.123456Z"},
                            {" 1714557600 ", "2024-05-01T10:00:00.000Z"},
                            {"2024", "2024-01-01T00:00:00.000Z"},
                            {"7", "1970-01-01T00:00:07.000Z"},
                            {"May 17 10:05:03", kRefused},
                            {"01/02/2024", kRefused},
                            {"2015-05/17", kRefused},
                            {"2015-05-17 10:05:61", kRefused},
                            {"2015-02-29 10:05:03,1", kRefused},
                            {"2015-05-17 10:05:03 what", kRefused},
                            {"2015-05-17 10:05:03 2015", kRefused},
                            {"17/May/2015:10:05:03 +9900", kRefused},
                            {"17/Mai/2015:10:05:03", kRefused},
                            {"99999999999999999999", kRefused},
                            {"1714557600.", kRefused},
                            {"1.5e9", kRefused},
                            {"-", kRefused},
                            {"[]", kRefused},
                            {"noon", kRefused},
                            {"", kRefused}};
  for (const TextCase& c : cases) {
    INFO(c.text);
    CHECK(lenient(c.text) == c.expected);
  }
  for (const TextCase& c : kSpark) {
    INFO(c.text);
    if (c.expected != std::string(kRefused)) CHECK(lenient(c.text) == c.expected);
  }
  CHECK(lenient("2015/05/17 10:05:03", zone_named("+02:00")) == "2015-05-17T08:05:03.000Z");
}

TEST_CASE("no text of any bytes upsets the readers") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::string_view letters = "0123456789-:./, +TZtzMayJunSunGMT[]\x00\xff";
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 30, ' ');
    for (char& c : text) c = letters[random() % letters.size()];
    int64_t us;
    int32_t days;
    parse_lenient_timestamp(text, TimeZone(), us);
    parse_spark_date(text, days);
  }
}

TEST_CASE("a number's unit is told by its magnitude") {
  struct NumberCase {
    int64_t number;
    TimeUnit unit;
    int64_t us;
  };
  const NumberCase cases[] = {
      {0, TimeUnit::kSeconds, 0},
      {-1, TimeUnit::kSeconds, -1'000'000},
      {1'714'557'600, TimeUnit::kSeconds, 1'714'557'600'000'000},
      {99'999'999'999, TimeUnit::kSeconds, 99'999'999'999'000'000},
      {100'000'000'000, TimeUnit::kMillis, 100'000'000'000'000},
      {-100'000'000'000, TimeUnit::kMillis, -100'000'000'000'000},
      {99'999'999'999'999, TimeUnit::kMillis, 99'999'999'999'999'000},
      {100'000'000'000'000, TimeUnit::kMicros, 100'000'000'000'000},
      {99'999'999'999'999'999, TimeUnit::kMicros, 99'999'999'999'999'999},
      {100'000'000'000'000'000, TimeUnit::kNanos, 100'000'000'000'000},
      {std::numeric_limits<int64_t>::max(), TimeUnit::kNanos, 9'223'372'036'854'775},
      {std::numeric_limits<int64_t>::min(), TimeUnit::kNanos, -9'223'372'036'854'776},
  };
  for (const NumberCase& c : cases) {
    int64_t us;
    CHECK(time_unit_of(c.number) == c.unit);
    CHECK(timestamp_from_number(c.number, us));
    CHECK(us == c.us);
  }
  int64_t us;
  CHECK(timestamp_from_number(1714557600.123, us));
  CHECK(us == 1'714'557'600'123'000);
  CHECK(timestamp_from_number(1714557600123.25, us));
  CHECK(us == 1'714'557'600'123'250);
  CHECK_FALSE(timestamp_from_number(std::numeric_limits<double>::quiet_NaN(), us));
  CHECK_FALSE(timestamp_from_number(std::numeric_limits<double>::infinity(), us));
  CHECK_FALSE(timestamp_from_number(1e300, us));
  CHECK(time_unit_of(std::string_view("1714557600123")) == TimeUnit::kMillis);
  CHECK(time_unit_of(std::string_view("20240101")) == TimeUnit::kNone);
  CHECK(time_unit_name(TimeUnit::kNanos) == "nanoseconds");
}

TEST_CASE("times are written in RFC 3339, in the zone, with millis or micros") {
  struct WriteCase {
    int64_t us;
    const char* zone;
    const char* expected;
  };
  const int64_t day = 1'704'067'200 * kMicrosPerSecond;  // 2024-01-01
  const WriteCase cases[] = {
      {day + 300 * kMicrosPerSecond, "UTC", "2024-01-01T00:05:00.000Z"},
      {day + 1, "UTC", "2024-01-01T00:00:00.000001Z"},
      {day + 1000, "UTC", "2024-01-01T00:00:00.001Z"},
      {day - 1, "UTC", "2023-12-31T23:59:59.999999Z"},
      {-1, "UTC", "1969-12-31T23:59:59.999999Z"},
      {day, "+02:00", "2024-01-01T02:00:00.000+02:00"},
      {day, "Europe/London", "2024-01-01T00:00:00.000Z"},
      {day, "Asia/Kolkata", "2024-01-01T05:30:00.000+05:30"},
      {-5'364'662'400'000'000, "America/Los_Angeles", "1799-12-31T16:07:02.000-07:52:58"},
      {1'704'067'200'123 * kMicrosPerSecond, "UTC", "+55969-09-28T00:02:03.000Z"},
      {-62'198'755'200 * kMicrosPerSecond, "UTC", "-0001-01-01T00:00:00.000Z"},
      {std::numeric_limits<int64_t>::max(), "UTC", "+294247-01-10T04:00:54.775807Z"},
      {std::numeric_limits<int64_t>::min(), "UTC", "-290308-12-21T19:59:05.224192Z"},
  };
  for (const WriteCase& c : cases) CHECK(rfc3339(c.us, zone_named(c.zone)) == c.expected);
}

TEST_CASE("CAST of TIMESTAMP to STRING leaves trailing zeros out") {
  const auto text = [](int64_t us, const TimeZone& zone = {}) {
    char out[kTimestampBytesMax];
    return std::string(out, format_spark_timestamp(us, zone, out));
  };
  const int64_t day = 1'704'067'200 * kMicrosPerSecond;
  CHECK(text(day) == "2024-01-01 00:00:00");
  CHECK(text(day + 500'000) == "2024-01-01 00:00:00.5");
  CHECK(text(day + 123'450) == "2024-01-01 00:00:00.12345");
  CHECK(text(day + 1) == "2024-01-01 00:00:00.000001");
  CHECK(text(day, zone_named("America/New_York")) == "2023-12-31 19:00:00");
  CHECK(text(-2'717'650'800 * kMicrosPerSecond, zone_named("Asia/Kolkata")) ==
        "1883-11-18 22:21:10");
}

TEST_CASE("the calendar counts there and back over forty centuries") {
  for (int64_t days = -800'000; days <= 800'000; days += 7) {
    const CivilDay civil = civil_from_days(days);
    CHECK(is_valid_date(civil.year, civil.month, civil.day));
    CHECK(days_from_civil(civil.year, civil.month, civil.day) == days);
  }
  CHECK(weekday_from_days(0) == 3);
  CHECK(weekday_from_days(-4) == 6);
  CHECK(day_of_year(CivilDay{2024, 12, 31}) == 366);
}

}  // namespace
}  // namespace tailrace::formats
