// TextCursor: a place to write at the end of a Buffer. Callers ask for room once a value and then
// write without tests; kSlack bytes more than asked for may be scribbled over, so that short copies
// go in whole words. The buffer's size is right again when the cursor is destroyed. One thread.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include "base/buffer.h"

namespace tailrace::formats {

class TextCursor {
 public:
  static constexpr size_t kSlack = 64;

  explicit TextCursor(Buffer& out) : out_(out) { refill(); }
  ~TextCursor() { publish(); }
  TextCursor(const TextCursor&) = delete;
  TextCursor& operator=(const TextCursor&) = delete;

  // Where to write the next `bytes` bytes; advance_to() says how far one got.
  char* room(size_t bytes) {
    if (static_cast<size_t>(end_ - next_) < bytes + kSlack) [[unlikely]]
      grow(bytes + kSlack);
    return next_;
  }
  void advance_to(char* next) { next_ = next; }

  void put(char byte) {
    *room(1) = byte;
    next_++;
  }
  void put(std::string_view text) {
    std::memcpy(room(text.size()), text.data(), text.size());
    next_ += text.size();
  }

 private:
  void publish() { out_.resize(static_cast<size_t>(next_ - out_.data())); }
  void refill() {
    out_.reserve(out_.size() + kSlack);
    next_ = out_.data() + out_.size();
    end_ = out_.data() + out_.capacity();
  }
  void grow(size_t bytes) {
    publish();
    out_.reserve(out_.size() + bytes);
    refill();
  }

  Buffer& out_;
  char* next_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace tailrace::formats
