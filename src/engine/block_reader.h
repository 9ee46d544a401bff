// Blocks: a range is cut into pieces of equal size that workers read side by side. A block owns the
// lines that start in it; the last one may reach past its end.
#pragma once

#include <cstdint>

#include "base/buffer.h"
#include "base/result.h"
#include "formats/record_decoder.h"
#include "offsets/source.h"

namespace tailrace::engine {

struct BlockBounds {
  uint32_t range = 0;  // index into Plan::ranges
  uint64_t begin = 0;
  uint64_t end = 0;
  // Of `begin` in all that this query ever read, whatever file or stream: what comes first is less.
  uint64_t position = 0;
};

// Reads the lines that start in [bounds.begin, bounds.end) of the range. Of a line longer than
// line_bytes_max only so much is kept that the decoder sees that it is too long; memory stays
// bounded.
Result<formats::Chunk> read_block(const offsets::Source& source, const offsets::Range& range,
                                  const BlockBounds& bounds, uint64_t line_bytes_max,
                                  Buffer& buffer);

}  // namespace tailrace::engine
