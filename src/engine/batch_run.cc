#include "engine/batch_run.h"

#include <algorithm>

namespace tailrace::engine {

using watermark::PartitionWatermarks;

BatchRun::BatchRun(const Job& job, const sql::Accumulators* accumulators, Workers& workers,
                   std::vector<std::unique_ptr<BlockStage>>& stages,
                   std::vector<std::unique_ptr<Block>>& blocks, std::span<state::GroupStore> stores,
                   PartitionWatermarks* watermarks)
    : job_(job),
      accumulators_(accumulators),
      workers_(workers),
      stages_(stages),
      blocks_(blocks),
      stores_(stores),
      watermarks_(watermarks),
      owners_(stores.size()) {}

namespace {

std::vector<BlockBounds> cut(const std::vector<offsets::Range>& ranges, uint64_t block_bytes,
                             uint64_t position) {
  std::vector<BlockBounds> bounds;
  for (uint32_t i = 0; i < ranges.size(); i++)
    for (uint64_t begin = ranges[i].begin; begin < ranges[i].end; begin += block_bytes) {
      const uint64_t end = std::min(ranges[i].end, begin + block_bytes);
      bounds.push_back({i, begin, end, position});
      position += end - begin;
    }
  return bounds;
}

}  // namespace

Status BatchRun::run(const offsets::Plan& plan, uint64_t read_before,
                     const sql::RowOptions& options, const sql::LateRule& late_rule,
                     BlockSink& sink) {
  plan_ = &plan;
  options_ = &options;
  late_rule_ = late_rule;
  sink_ = &sink;
  bounds_ = cut(plan.ranges, job_.block_bytes, read_before);
  if (bounds_.empty()) return {};
  const size_t in_flight = std::min<size_t>(bounds_.size(), workers_.count() * 3 + 1);
  while (blocks_.size() < in_flight) blocks_.push_back(std::make_unique<Block>());
  while (stages_.size() < workers_.count()) stages_.push_back(std::make_unique<BlockStage>(job_));
  if (bounds_.size() == 1)
    work(0);
  else
    workers_.run([this](size_t worker) { work(worker); });
  return status_;
}

void BatchRun::work(size_t worker) {
  std::unique_lock lock(mutex_);
  while (retired_ < bounds_.size() && status_) {
    if (step(lock, worker))
      changed_.notify_all();
    else
      changed_.wait(lock);
  }
  changed_.notify_all();
}

// Finishing what is there comes before starting new blocks: it keeps memory small and rows early.
bool BatchRun::step(std::unique_lock<std::mutex>& lock, size_t worker) {
  return retire_one(lock) || update_one(lock, worker) || stage_one(lock, worker);
}

void BatchRun::fail_with(const Status& status) {
  if (status_ && !status) status_ = status;
}

bool BatchRun::retire_one(std::unique_lock<std::mutex>& lock) {
  if (retiring_ || retired_ >= turned_) return false;
  if (std::ranges::any_of(owners_, [&](const Owner& owner) { return owner.next <= retired_; }))
    return false;
  retiring_ = true;
  Block& head = block(retired_);
  lock.unlock();
  const Status status = sink_->retire(head, range_of(head));
  lock.lock();
  fail_with(status);
  head.staged = false;
  retiring_ = false;
  retired_++;
  return true;
}

bool BatchRun::update_one(std::unique_lock<std::mutex>& lock, size_t worker) {
  for (size_t p = 0; p < owners_.size(); p++) {
    Owner& owner = owners_[p];
    if (owner.busy || owner.next >= turned_) continue;
    owner.busy = true;
    const uint64_t end = turned_;
    lock.unlock();
    const int64_t start_us = job_.clock->monotonic_us();
    for (uint64_t number = owner.next; number < end; number++)
      update(block(number), p, *stages_[worker]);
    stages_[worker]->times().group += job_.clock->monotonic_us() - start_us;
    lock.lock();
    owner.next = end;
    owner.busy = false;
    return true;
  }
  return false;
}

void BatchRun::update(Block& one, size_t partition, BlockStage& stage) {
  sql::LateRule rule = late_rule_;
  if (rule.check && watermarks_ != nullptr) {
    rule.running_greatest = one.rows.running_greatest.data();
    rule.greatest_before = one.greatest_before;
  }
  // No row of the block can be late if even its earliest end is past its latest watermark.
  const int64_t greatest =
      std::max(one.greatest_before, one.rows.times.count > 0 ? one.rows.times.greatest : INT64_MIN);
  const int64_t latest =
      watermarks_ == nullptr
          ? rule.closed
          : std::max(rule.closed, watermark::less_delay(greatest, rule.delay_us));
  if (one.grouped.least_end > latest) rule.check = false;
  sql::update_groups(*accumulators_, one.grouped, partition, rule, stores_[partition],
                     stage.update_scratch(), one.late[partition]);
}

bool BatchRun::stage_one(std::unique_lock<std::mutex>& lock, size_t worker) {
  if (staging_ >= bounds_.size() || staging_ - retired_ >= blocks_.size()) return false;
  const uint64_t number = staging_++;
  Block& one = block(number);
  lock.unlock();
  one.bounds = bounds_[number];
  one.late.resize(owners_.size());
  for (auto& entries : one.late) entries.clear();
  const Status status = stages_[worker]->run(range_of(one), *options_, one);
  lock.lock();
  fail_with(status);
  one.staged = status.has_value();
  take_turns();
  return true;
}

// Gives blocks their place in the row watermark, in input order.
void BatchRun::take_turns() {
  while (turned_ < staging_ && block(turned_).staged) {
    Block& one = block(turned_);
    if (watermarks_ != nullptr) {
      const offsets::Range& range = range_of(one);
      one.greatest_before = watermarks_->greatest(range.partition);
      if (one.rows.times.count > 0) watermarks_->observe(range.partition, one.rows.times.greatest);
      const bool last_of_range = one.bounds.end == range.end;
      const bool last_of_partition =
          last_of_range && std::none_of(plan_->ranges.begin() + one.bounds.range + 1,
                                        plan_->ranges.end(), [&](const offsets::Range& later) {
                                          return later.partition == range.partition;
                                        });
      if (last_of_partition && std::ranges::count(plan_->finished, range.partition) > 0)
        watermarks_->finish(range.partition);
      one.watermark_after = watermarks_->value();
    }
    turned_++;
  }
}

}  // namespace tailrace::engine
