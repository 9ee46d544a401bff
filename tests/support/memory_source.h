// MemorySource: a Source whose batches a test writes down: batch n is the n-th plan, whatever the
// limits. Header-only. After the last batch it is finished (or has nothing yet: `endless`).
// Positions are {"batch":N}.
#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "offsets/source.h"

namespace tailrace::test {

// Whole lines of one partition.
struct MemoryPart {
  uint32_t partition = 0;
  std::string text;
};

using MemoryBatch = std::vector<MemoryPart>;  // an empty one is a batch of zero rows

class MemorySource : public offsets::Source {
 public:
  explicit MemorySource(std::vector<MemoryBatch> batches = {}, bool endless = false)
      : batches_(std::move(batches)), endless_(endless) {}

  // From now on there is one more batch.
  void add(MemoryBatch batch) { batches_.push_back(std::move(batch)); }
  const std::vector<std::string>& commits() const { return commits_; }
  const std::string& restored() const { return restored_; }

  Status restore(const std::string& positions) override {
    restored_ = positions;
    next_ = number_of(positions);
    return {};
  }
  Result<offsets::Plan> plan(const offsets::Limits&, int64_t) override {
    if (next_ < batches_.size()) return plan_of(next_, ++next_);
    offsets::Plan plan;
    plan.state = endless_ ? offsets::Plan::State::kNothing : offsets::Plan::State::kFinished;
    plan.positions = positions_of(next_);
    tell_partitions(plan, next_);
    return plan;
  }
  Result<offsets::Plan> replay(const std::string& begin, const std::string& end) override {
    next_ = number_of(end);
    if (next_ > batches_.size()) return fail("memory source: the batch is gone");
    return plan_of(number_of(begin), next_);
  }
  Result<size_t> read(const offsets::Range& range, uint64_t offset,
                      std::span<char> into) const override {
    const uint64_t end = std::min(range.end, offset + into.size());
    if (offset >= end) return size_t{0};
    const std::string& text = batches_[range.input >> 16][range.input & 0xFFFF].text;
    std::memcpy(into.data(), text.data() + (offset - range.begin), end - offset);
    return static_cast<size_t>(end - offset);
  }
  Status committed(const std::string& positions) override {
    commits_.push_back(positions);
    return {};
  }
  std::string description() const override { return "MemorySource"; }
  std::string offsets_of(const std::string& positions) const override { return positions; }
  std::string latest_offsets() override { return positions_of(batches_.size()); }

 private:
  static std::string positions_of(size_t batches) {
    return "{\"batch\":" + std::to_string(batches) + "}";
  }
  static size_t number_of(const std::string& positions) {
    const size_t colon = positions.find(':');
    return colon == std::string::npos ? 0 : std::stoul(positions.substr(colon + 1));
  }

  offsets::Plan plan_of(size_t begin, size_t end) const {
    offsets::Plan plan;
    plan.state = offsets::Plan::State::kReady;
    plan.positions = positions_of(end);
    std::map<uint32_t, std::pair<uint64_t, uint64_t>> read;  // bytes and lines of each partition
    for (size_t batch = 0; batch < end; ++batch) {
      for (size_t part = 0; part < batches_[batch].size(); ++part) {
        const MemoryPart& one = batches_[batch][part];
        auto& [bytes, lines] = read[one.partition];
        const auto input = static_cast<uint32_t>(batch << 16 | part);
        if (batch >= begin) {
          plan.ranges.push_back({one.partition, input, bytes, bytes + one.text.size(), lines + 1,
                                 "memory-" + std::to_string(one.partition)});
        }
        bytes += one.text.size();
        lines += static_cast<uint64_t>(std::ranges::count(one.text, '\n'));
      }
    }
    tell_partitions(plan, end);
    return plan;
  }

  // A partition is finished when no later batch has rows of it.
  void tell_partitions(offsets::Plan& plan, size_t end) const {
    std::map<uint32_t, bool> more;
    for (size_t batch = 0; batch < batches_.size(); ++batch) {
      for (const MemoryPart& part : batches_[batch])
        more[part.partition] |= endless_ || batch >= end;
    }
    for (const auto& [partition, unfinished] : more) {
      (unfinished ? plan.unfinished : plan.finished).push_back(partition);
    }
  }

  std::vector<MemoryBatch> batches_;
  bool endless_;
  size_t next_ = 0;
  std::string restored_;
  std::vector<std::string> commits_;
};

}  // namespace tailrace::test
