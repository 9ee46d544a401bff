// Rfc3339Writer: many time stamps to RFC 3339 text, fast. It remembers the text of some minutes, as
// windows repeat and rows of a window are near each other; what it answers is always what
// format_rfc3339 (formats/timestamp.h) says. One thread; a fresh one for each block of rows is
// fine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "formats/time_zone.h"

namespace tailrace::formats {

class Rfc3339Writer {
 public:
  // The most that write() may touch, scribbled bytes included.
  static constexpr size_t kBytesMax = 64;

  explicit Rfc3339Writer(const TimeZone& zone) : zone_(zone) {}  // `zone` must outlive the writer
  // Writes the time without quotes and returns its end.
  char* write(int64_t us, char* out);

 private:
  static constexpr size_t kMinutes = 16;
  struct Minute {
    int64_t number = std::numeric_limits<int64_t>::min();
    char head[24];  // "2024-01-01T00:05:", padded
    char tail[16];  // "Z" or "+02:00", padded
    uint8_t tail_size = 0;
  };
  const Minute& minute_of(int64_t number);

  const TimeZone& zone_;
  Minute minutes_[kMinutes];
};

}  // namespace tailrace::formats
