// Arena: bytes that live until the arena is cleared or destroyed; one per batch, block or worker.
// Owns its chunks; not thread-safe. Views into it die with clear(). Chunks start at 1 KiB and
// double up to 1 MiB, so that a thousand small arenas stay cheap.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace tailrace {

class Arena {
 public:
  Arena() = default;
  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;

  // Uninitialised bytes, aligned for any scalar.
  char* allocate(size_t bytes) {
    bytes = (bytes + 15) & ~size_t{15};
    if (bytes > left_) [[unlikely]]
      add_chunk(bytes);
    char* result = next_;
    next_ += bytes;
    left_ -= bytes;
    return result;
  }

  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* to = allocate(text.size());
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  // Forgets everything; keeps the largest chunk for reuse.
  void clear();

  // Takes over the other's chunks; views into them stay good.
  void absorb(Arena&& other);

  // What the chunks take, used or not.
  size_t bytes_reserved() const { return reserved_; }

 private:
  void add_chunk(size_t at_least);

  std::vector<std::unique_ptr<char[]>> chunks_;
  char* next_ = nullptr;
  size_t left_ = 0;
  size_t last_chunk_bytes_ = 0;
  size_t reserved_ = 0;
};

}  // namespace tailrace
