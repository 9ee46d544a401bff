// Descriptor: owns an open file descriptor, and the loops around read, write and pread that take
// care of EINTR, of short transfers and of descriptors that another process made non-blocking.
// Inside io only; for one thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace tailrace::io {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

// `place` is the path or name for messages.
Status write_all(int descriptor, std::string_view bytes, std::string_view place);
// Fills `into`; fewer bytes only at the end.
Result<size_t> read_all_at(int descriptor, uint64_t offset, std::span<char> into,
                           std::string_view place);
Result<size_t> read_all(int descriptor, std::span<char> into, std::string_view place);

}  // namespace tailrace::io
