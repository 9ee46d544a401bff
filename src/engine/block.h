// Block: one piece of input on its way through a batch: read, decoded, given to the row stage and
// grouped by one worker, added to the groups by the partitions' owners, retired in input order.
// Reused.
#pragma once

#include <cstdint>
#include <vector>

#include "base/buffer.h"
#include "engine/block_reader.h"
#include "formats/record_decoder.h"
#include "sql/pipeline/group_stage.h"
#include "sql/pipeline/row_stage.h"

namespace tailrace::engine {

struct Block {
  BlockBounds bounds;
  Buffer bytes;
  formats::Chunk chunk;
  formats::Decoded decoded;
  sql::BlockRows rows;
  sql::GroupedBlock grouped;
  Buffer formatted;  // output of a stateless query

  // Set when the block's turn comes in input order.
  int64_t greatest_before = INT64_MIN;  // event time in its partition before it
  int64_t watermark_after = INT64_MIN;  // row mode: of all partitions, after it

  std::vector<std::vector<uint32_t>> late;  // by hash partition: entries of `grouped`
  bool staged = false;
};

}  // namespace tailrace::engine
