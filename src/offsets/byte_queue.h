// ByteQueue: bytes between the end of a pipe and the end of a batch, in blocks of 1 MiB, so that
// growing never copies. Positions count all bytes ever put in, from 0. One thread, but any number
// may read at once.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace tailrace::offsets {

class ByteQueue {
 public:
  static constexpr uint64_t kBlockBytes = 1 << 20;

  uint64_t begin() const { return begin_; }
  uint64_t end() const { return end_; }

  // Room behind the end, never empty; commit() takes the first `size` bytes of it in.
  std::span<char> room();
  void commit(size_t size) { end_ += size; }
  void append(std::string_view bytes);
  // Takes away what is behind `end`.
  void cut_end(uint64_t end);
  // Forgets what is before `begin`.
  void drop_before(uint64_t begin);

  // Contiguous bytes from `position` on, at most up to `end`. REQUIRES: begin() <= position < end
  // <= end().
  std::string_view piece(uint64_t position, uint64_t end) const;
  // Behind the `lines_max`th newline in [from, to); nothing if there are fewer; `lines` is how many
  // there are.
  std::optional<uint64_t> skip_lines(uint64_t from, uint64_t to, uint64_t lines_max,
                                     uint64_t& lines) const;
  // Behind the last newline in [from, to); nothing if there is none.
  std::optional<uint64_t> last_line_end(uint64_t from, uint64_t to) const;

 private:
  uint64_t blocks_begin_ = 0;  // position of the first byte of the first block
  uint64_t begin_ = 0;
  uint64_t end_ = 0;
  std::deque<std::unique_ptr<char[]>> blocks_;
};

}  // namespace tailrace::offsets
