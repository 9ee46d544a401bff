#include "formats/time_zone.h"

#include <string>

#include <doctest/doctest.h>

#include "base/time.h"
#include "formats/zone_names.h"

namespace tailrace::formats {
namespace {

constexpr int64_t kWinter = 1'704'067'200 * kMicrosPerSecond;  // 2024-01-01T00:00:00Z
constexpr int64_t kSummer = 1'719'792'000 * kMicrosPerSecond;  // 2024-07-01T00:00:00Z

TEST_CASE("Spark's names of zones are known") {
  struct Case {
    const char* name;
    int32_t winter_offset;
    const char* java_id;
  };
  const Case cases[] = {
      {"UTC", 0, "UTC"},
      {"GMT", 0, "GMT"},
      {"Z", 0, "Z"},
      {"+00:00", 0, "Z"},
      {"+02:00", 7200, "+02:00"},
      {"-8", -28'800, "-08:00"},
      {"+0530", 19'800, "+05:30"},
      {"+8:00", 28'800, "+08:00"},
      {"+08:0", 28'800, "+08:00"},
      {"+08:00:30", 28'830, "+08:00:30"},
      {"+080030", 28'830, "+08:00:30"},
      {"UTC+3", 10'800, "UTC+03:00"},
      {"UTC+0", 0, "UTC"},
      {"GMT-1", -3600, "GMT-01:00"},
      {"UT+01:30", 5400, "UT+01:30"},
      {"Europe/Paris", 3600, "Europe/Paris"},
      {"America/New_York", -18'000, "America/New_York"},
      {"Asia/Kolkata", 19'800, "Asia/Kolkata"},
      {"Etc/UTC", 0, "Etc/UTC"},
      {"Etc/GMT+5", -18'000, "Etc/GMT+5"},
      {"PST", -28'800, "America/Los_Angeles"},
      {"EST", -18'000, "-05:00"},
      {"CST6CDT", -21'600, "CST6CDT"},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    const auto zone = TimeZone::from_name(c.name);
    REQUIRE(zone.has_value());
    CHECK(zone->offset_at(kWinter) == c.winter_offset);
    CHECK(zone->name() == c.java_id);
    CHECK(zone->is_utc() == (c.winter_offset == 0));
  }
  CHECK(TimeZone().is_utc());
  CHECK(TimeZone().name() == "UTC");
}

TEST_CASE("an unknown zone is a usage error that names the nearest") {
  const std::pair<const char*, const char*> cases[] = {
      {"Europe/Pariss", "there is no time zone 'Europe/Pariss'; did you mean Europe/Paris?"},
      {"europe/berlin", "there is no time zone 'europe/berlin'; did you mean Europe/Berlin?"},
      {"+19:00",
       "there is no time zone '+19:00'; write a region as Europe/Paris or an offset as +02:00"},
      {"", "there is no time zone ''; write a region as Europe/Paris or an offset as +02:00"},
  };
  for (const auto& [name, message] : cases) {
    const auto zone = TimeZone::from_name(name);
    REQUIRE_FALSE(zone.has_value());
    CHECK(zone.error().message == message);
    CHECK(zone.error().kind == ErrorKind::kUsage);
  }
  TimeZone unchanged;
  for (const char* name :
       {"z", "+1:2:3", "+18:01", "+8:60", "+ab", "+", "UTCX", "UTC0", "localtime", "../etc/passwd",
        "posix/UTC", "right/UTC", "Fixed/UTC+01:00:00", "+000000000000"})
    CHECK_FALSE(parse_zone(name, unchanged));
  CHECK(unchanged.name() == "UTC");
}

TEST_CASE("a region follows its summer time, and its local times lead back") {
  const TimeZone zone = *TimeZone::from_name("America/New_York");
  CHECK(zone.offset_at(kSummer) == -14'400);
  CHECK(zone.abbreviation_at(kWinter) == "EST");
  CHECK(zone.abbreviation_at(kSummer) == "EDT");
  // At noon and a half, far from the hours that come twice.
  for (int64_t us = kWinter + 12 * kMicrosPerHour; us < kSummer + 183 * kMicrosPerDay;
       us += kMicrosPerDay + 1)
    CHECK(zone.to_utc(us + zone.offset_at(us) * kMicrosPerSecond) == us);
}

TEST_CASE("in a gap the time moves forward, in an overlap the earlier offset wins") {
  const TimeZone zone = *TimeZone::from_name("America/New_York");
  const int64_t gap = 1'710'037'800 * kMicrosPerSecond;  // 2024-03-10 02:30 as if UTC
  CHECK(zone.to_utc(gap) == gap + 5 * kMicrosPerHour);
  const int64_t overlap = 1'730'597'400 * kMicrosPerSecond + 7;  // 2024-11-03 01:30
  CHECK(zone.to_utc(overlap) == overlap + 4 * kMicrosPerHour);
}

TEST_CASE("offsets are written with seconds only when they have some") {
  const std::pair<int32_t, const char*> cases[] = {{0, "+00:00"},
                                                   {7200, "+02:00"},
                                                   {-28'378, "-07:52:58"},
                                                   {-1800, "-00:30"},
                                                   {64'800, "+18:00"}};
  for (const auto& [seconds, text] : cases) {
    char out[9];
    CHECK(std::string(out, format_zone_offset(seconds, out)) == text);
    int32_t back;
    CHECK(parse_zone_offset(text, back));
    CHECK(back == seconds);
  }
}

TEST_CASE("every region of the list is in this machine's data base") {
  std::string missing;
  for (const std::string_view name : region_names()) {
    TimeZone zone;
    if (!parse_zone(name, zone)) missing += std::string(name) + " ";
  }
  // America/Coyhaique is of 2025; an older data base lacks it.
  CHECK((missing.empty() || missing == "America/Coyhaique "));
}

}  // namespace
}  // namespace tailrace::formats
