#include "base/buffer.h"

#include <algorithm>
#include <cstring>

namespace tailrace {

void Buffer::reserve(size_t bytes) {
  if (bytes <= capacity_ && bytes_) return;
  const size_t capacity = std::max(bytes, capacity_ + capacity_ / 2);
  auto grown = std::make_unique_for_overwrite<char[]>(capacity + kPadding);
  if (size_ > 0) std::memcpy(grown.get(), bytes_.get(), size_);
  std::memset(grown.get() + capacity, 0, kPadding);
  bytes_ = std::move(grown);
  capacity_ = capacity;
}

void Buffer::append(std::string_view text) {
  if (text.empty()) return;
  const size_t at = size_;
  resize(size_ + text.size());
  std::memcpy(bytes_.get() + at, text.data(), text.size());
}

}  // namespace tailrace
