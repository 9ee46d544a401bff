// The proleptic Gregorian calendar as arithmetic on days since 1970-01-01, for any year an int64
// number of micros can reach. From Howard Hinnant, "chrono-compatible low-level date algorithms"
// (days_from_civil, civil_from_days): years begin on 1 March, so that the leap day is the last.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace tailrace::formats {

struct CivilDay {
  int64_t year = 1970;
  int month = 1;  // 1..12
  int day = 1;    // 1..31
};

constexpr bool is_leap_year(int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// REQUIRES: 1 <= month <= 12.
constexpr int days_in_month(int64_t year, int month) {
  constexpr uint8_t kDays[13] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[month] + (month == 2 && is_leap_year(year) ? 1 : 0);
}

constexpr bool is_valid_date(int64_t year, int month, int day) {
  return month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(year, month);
}

// REQUIRES: is_valid_date(year, month, day), |year| < 10^9.
constexpr int64_t days_from_civil(int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const int64_t era = floor_div(year, 400);
  const int64_t era_year = year - era * 400;
  const int64_t year_day = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const int64_t era_day = era_year * 365 + era_year / 4 - era_year / 100 + year_day;
  return era * 146'097 + era_day - 719'468;
}

constexpr CivilDay civil_from_days(int64_t days) {
  days += 719'468;
  const int64_t era = floor_div(days, 146'097);
  const auto era_day = static_cast<uint32_t>(days - era * 146'097);
  const uint32_t era_year = (era_day - era_day / 1460 + era_day / 36'524 - era_day / 146'096) / 365;
  const uint32_t year_day = era_day - (365 * era_year + era_year / 4 - era_year / 100);
  const uint32_t march_month = (5 * year_day + 2) / 153;
  CivilDay civil;
  civil.day = static_cast<int>(year_day - (153 * march_month + 2) / 5 + 1);
  civil.month = static_cast<int>(march_month < 10 ? march_month + 3 : march_month - 9);
  civil.year = era * 400 + era_year + (civil.month <= 2 ? 1 : 0);
  return civil;
}

// 0 is Monday, 6 Sunday (1970-01-01 was a Thursday).
constexpr int weekday_from_days(int64_t days) { return static_cast<int>(floor_mod(days + 3, 7)); }

// 1 on 1 January.
constexpr int day_of_year(const CivilDay& civil) {
  return static_cast<int>(days_from_civil(civil.year, civil.month, civil.day) -
                          days_from_civil(civil.year, 1, 1)) +
         1;
}

}  // namespace tailrace::formats
