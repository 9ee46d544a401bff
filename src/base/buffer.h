// Buffer: growable bytes with kPadding readable bytes behind the end, so that SIMD code and
// simdjson may read past the data without a test. Owns its memory; not thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace tailrace {

class Buffer {
 public:
  static constexpr size_t kPadding = 64;

  char* data() { return bytes_.get(); }
  const char* data() const { return bytes_.get(); }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  std::string_view view() const { return {bytes_.get(), size_}; }

  // Makes room for `bytes` in all, keeping what is there.
  void reserve(size_t bytes);
  // Sets the size; new bytes are uninitialised.
  void resize(size_t bytes) {
    reserve(bytes);
    size_ = bytes;
  }
  void append(std::string_view text);
  void clear() { size_ = 0; }

 private:
  std::unique_ptr<char[]> bytes_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace tailrace
