#include "sql/aggregate/accumulators.h"

#include <cstring>

namespace tailrace::sql {

Accumulators::Accumulators(const std::vector<Aggregate>& aggregates, uint64_t seed, bool ansi) {
  for (const Aggregate& aggregate : aggregates) {
    states_.push_back(make_aggregate_state(aggregate, seed, ansi));
    offsets_.push_back(bytes_);
    bytes_ += states_.back()->bytes();
  }
}

void Accumulators::begin(char* payload) const {
  if (bytes_ > 0) std::memset(payload, 0, bytes_);
}

void Accumulators::merge(char* into, const char* from, Arena& arena) const {
  for (size_t i = 0; i < states_.size(); i++)
    states_[i]->merge(into + offsets_[i], from + offsets_[i], arena);
}

void Accumulators::encode(const char* payload, std::string& out) const {
  for (size_t i = 0; i < states_.size(); i++) states_[i]->encode(payload + offsets_[i], out);
}

bool Accumulators::decode(std::string_view& in, char* payload, Arena& arena) const {
  begin(payload);
  for (size_t i = 0; i < states_.size(); i++)
    if (!states_[i]->decode(in, payload + offsets_[i], arena)) return false;
  return true;
}

}  // namespace tailrace::sql
