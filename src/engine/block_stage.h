// BlockStage: what a worker does to a block on its own: read, decode, row stage, then grouping or,
// for a stateless query, formatting. One per worker; decoders learn, so it is not shared.
#pragma once

#include <memory>

#include "engine/block.h"
#include "engine/job.h"

namespace tailrace::engine {

class BlockStage {
 public:
  explicit BlockStage(const Job& job) : job_(job), decoder_(job.make_decoder()) {}

  Status run(const offsets::Range& range, const sql::RowOptions& options, Block& block);
  sql::UpdateScratch& update_scratch() { return update_scratch_; }
  StageTimes& times() { return times_; }

 private:
  const Job& job_;
  std::unique_ptr<formats::RecordDecoder> decoder_;
  sql::UpdateScratch update_scratch_;
  StageTimes times_;
};

}  // namespace tailrace::engine
