// BatchRun: the blocks of one batch through all workers. Blocks are staged in any order; their turn
// in input order gives them the watermark; each hash partition takes them in order, one owner at a
// time; they retire in order, which is where rows, ledger entries and final windows leave. So the
// answer does not depend on the number of threads or the size of blocks.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "engine/batch_counts.h"
#include "engine/block_stage.h"
#include "engine/job.h"
#include "engine/workers.h"
#include "watermark/watermark.h"

namespace tailrace::engine {

// What a batch does when the watermark may have passed window ends in the middle of it.
class BlockSink {
 public:
  virtual ~BlockSink() = default;
  // The block's turn to leave; in input order, one at a time, while other workers go on.
  virtual Status retire(Block& block, const offsets::Range& range) = 0;
};

class BatchRun {
 public:
  // `stores`: one a hash partition, where groups are kept; empty for a stateless query.
  // `watermarks`: moved along in row mode; null otherwise. `closed`: groups that end there or
  // before are gone.
  BatchRun(const Job& job, const sql::Accumulators* accumulators, Workers& workers,
           std::vector<std::unique_ptr<BlockStage>>& stages,
           std::vector<std::unique_ptr<Block>>& blocks, std::span<state::GroupStore> stores,
           watermark::PartitionWatermarks* watermarks);

  // `read_before`: bytes of all batches before, over the query's life. Rows are put in order by it,
  // since offsets begin again at 0 in each part of a rotated log and in each run's pipe.
  Status run(const offsets::Plan& plan, uint64_t read_before, const sql::RowOptions& options,
             const sql::LateRule& late_rule, BlockSink& sink);

  // For retire(): calls body(store) for each store while no worker adds to it.
  template <class Body>
  void with_each_store(Body body) {
    for (size_t p = 0; p < owners_.size(); p++) {
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !owners_[p].busy; });
        owners_[p].busy = true;
      }
      body(stores_[p]);
      {
        const std::lock_guard lock(mutex_);
        owners_[p].busy = false;
      }
      changed_.notify_all();
    }
  }

 private:
  struct Owner {        // of a hash partition
    uint64_t next = 0;  // block to add
    bool busy = false;
  };

  void work(size_t worker);
  bool step(std::unique_lock<std::mutex>& lock, size_t worker);
  bool retire_one(std::unique_lock<std::mutex>& lock);
  bool update_one(std::unique_lock<std::mutex>& lock, size_t worker);
  bool stage_one(std::unique_lock<std::mutex>& lock, size_t worker);
  void take_turns();
  void update(Block& block, size_t partition, BlockStage& stage);
  Block& block(uint64_t number) { return *blocks_[number % blocks_.size()]; }
  const offsets::Range& range_of(const Block& one) const { return plan_->ranges[one.bounds.range]; }
  void fail_with(const Status& status);

  const Job& job_;
  const sql::Accumulators* accumulators_;
  Workers& workers_;
  std::vector<std::unique_ptr<BlockStage>>& stages_;
  std::vector<std::unique_ptr<Block>>& blocks_;
  std::span<state::GroupStore> stores_;
  watermark::PartitionWatermarks* watermarks_;

  const offsets::Plan* plan_ = nullptr;
  const sql::RowOptions* options_ = nullptr;
  sql::LateRule late_rule_;
  BlockSink* sink_ = nullptr;
  std::vector<BlockBounds> bounds_;  // all blocks of the batch

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Owner> owners_;
  uint64_t staging_ = 0;  // blocks that a worker took
  uint64_t turned_ = 0;   // blocks that had their turn
  uint64_t retired_ = 0;
  bool retiring_ = false;
  Status status_;
};

}  // namespace tailrace::engine
