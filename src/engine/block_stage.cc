#include "engine/block_stage.h"

namespace tailrace::engine {

Status BlockStage::run(const offsets::Range& range, const sql::RowOptions& options, Block& block) {
  const sql::Query& query = *job_.query;
  const int64_t start = job_.clock->monotonic_us();
  block.chunk =
      TRY(read_block(*job_.source, range, block.bounds, job_.line_bytes_max, block.bytes));
  const int64_t read = job_.clock->monotonic_us();
  decoder_->decode(block.chunk, block.decoded);
  const int64_t decoded = job_.clock->monotonic_us();
  sql::run_row_stage(query, options, block.decoded, block.rows);
  block.formatted.clear();
  if (query.aggregation) {
    sql::GroupedBlock& grouped = block.grouped;
    sql::group_rows(*query.aggregation, job_.partitions, job_.hash_seed, block.rows, grouped);
    grouped.input_partition = range.partition;
    grouped.offsets.resize(block.decoded.batch.rows);
    const uint64_t position = block.bounds.position + (block.chunk.offset - block.bounds.begin);
    for (size_t row = 0; row < grouped.offsets.size(); row++)
      grouped.offsets[row] = position + block.decoded.row_begin[row];
  } else if (job_.row_format != nullptr && !query.limit && query.order_by.empty()) {
    job_.row_format->rows(*block.rows.batch, block.rows.rows, block.formatted);
  }
  times_.read += read - start;
  times_.decode += decoded - read;
  times_.rows += job_.clock->monotonic_us() - decoded;
  return {};
}

}  // namespace tailrace::engine
