#include "formats/rfc3339_writer.h"

#include <cstring>

#include "base/check.h"
#include "base/time.h"
#include "formats/timestamp.h"

namespace tailrace::formats {
namespace {

// From 1973 on every zone's offset, and every change of one, is a whole minute (Liberia's of 1972
// was the last that was not), and up to 9999 a year has four digits: there all times of a UTC
// minute share the text before the seconds and behind the fraction.
constexpr int64_t kRegularFrom = 94'694'400 * kMicrosPerSecond;
constexpr int64_t kRegularUntil = (253'402'300'800 - 2 * 86'400) * kMicrosPerSecond;

constexpr size_t kHeadBytes = 17;    // "2024-01-01T00:05:"
constexpr size_t kSecondsBytes = 6;  // "00.000", which a whole minute has there

// REQUIRES: value < 100.
char* write_two_digits(uint32_t value, char* out) {
  out[0] = static_cast<char>('0' + value / 10);
  out[1] = static_cast<char>('0' + value % 10);
  return out + 2;
}

// REQUIRES: value < 1000.
char* write_three_digits(uint32_t value, char* out) {
  *out = static_cast<char>('0' + value / 100);
  return write_two_digits(value % 100, out + 1);
}

}  // namespace

const Rfc3339Writer::Minute& Rfc3339Writer::minute_of(int64_t number) {
  Minute& minute = minutes_[static_cast<size_t>(number) % kMinutes];
  if (minute.number == number) [[likely]]
    return minute;
  char text[kBytesMax] = {};
  const char* end = format_rfc3339(number * kMicrosPerMinute, zone_, text);
  const auto size = static_cast<size_t>(end - text);
  const size_t tail_at = kHeadBytes + kSecondsBytes;
  CHECK(size > tail_at && size <= tail_at + sizeof minute.tail);
  std::memcpy(minute.head, text, sizeof minute.head);
  std::memcpy(minute.tail, text + tail_at, sizeof minute.tail);
  minute.tail_size = static_cast<uint8_t>(size - tail_at);
  minute.number = number;
  return minute;
}

char* Rfc3339Writer::write(int64_t us, char* out) {
  if (us < kRegularFrom || us >= kRegularUntil) [[unlikely]]
    return format_rfc3339(us, zone_, out);
  const Minute& minute = minute_of(us / kMicrosPerMinute);
  const auto rest = static_cast<uint32_t>(us % kMicrosPerMinute);
  const uint32_t millis = rest / 1000;
  const uint32_t micros = rest % 1000;
  std::memcpy(out, minute.head, sizeof minute.head);
  out = write_two_digits(millis / 1000, out + kHeadBytes);
  *out++ = '.';
  out = write_three_digits(millis % 1000, out);
  if (micros != 0) out = write_three_digits(micros, out);
  std::memcpy(out, minute.tail, sizeof minute.tail);
  return out + minute.tail_size;
}

}  // namespace tailrace::formats
