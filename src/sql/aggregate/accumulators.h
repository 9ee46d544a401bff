// Accumulators: the payload of a group, the states of all aggregates of a query one after another.
// Immutable and shared by all workers.
#pragma once

#include <memory>
#include <vector>

#include "sql/aggregate/aggregate_state.h"
#include "state/group.h"

namespace tailrace::sql {

class Accumulators final : public state::GroupLayout {
 public:
  Accumulators(const std::vector<Aggregate>& aggregates, uint64_t seed, bool ansi);

  size_t size() const { return states_.size(); }
  void update(size_t aggregate, const GroupedRows& rows, const AggregateInput& input) const {
    states_[aggregate]->update(rows, input, offsets_[aggregate]);
  }
  Status results(size_t aggregate, std::span<const state::Group* const> groups,
                 columns::Column& out) const {
    return states_[aggregate]->results(groups, offsets_[aggregate], out);
  }

  size_t payload_bytes() const override { return bytes_; }
  void begin(char* payload) const override;
  void merge(char* into, const char* from, Arena& arena) const override;
  void encode(const char* payload, std::string& out) const override;
  bool decode(std::string_view& in, char* payload, Arena& arena) const override;

 private:
  std::vector<std::unique_ptr<AggregateState>> states_;
  std::vector<size_t> offsets_;
  size_t bytes_ = 0;
};

}  // namespace tailrace::sql
