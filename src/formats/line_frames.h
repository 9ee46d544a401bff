// Lines of a chunk: where each begins and how long it is, without its "\n" or "\r\n"; a byte order
// mark at the start of the partition is no part of the first line. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "formats/record_decoder.h"

namespace tailrace::formats {

struct LineFrame {
  uint32_t number = 0;  // within the chunk, from 0
  uint32_t begin = 0;
  uint32_t size = 0;
  uint32_t end() const { return begin + size; }
};

// Takes a chunk apart, some lines at a time. REQUIRES: the chunk has less than 4 GiB.
class LineFrames {
 public:
  explicit LineFrames(const Chunk& chunk) : chunk_(chunk) {}
  // Replaces `frames` by the next lines: as many as fit `bytes`, at least one. False: no more.
  bool next(size_t bytes, std::vector<LineFrame>& frames);
  uint32_t lines_seen() const { return lines_; }

 private:
  LineFrame take_line();

  Chunk chunk_;
  size_t at_ = 0;
  uint32_t lines_ = 0;
};

}  // namespace tailrace::formats
