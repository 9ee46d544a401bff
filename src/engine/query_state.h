// QueryState: the groups of a run and how a batch's changes get into them. Two ways, one result:
// rows go straight into the stores where nothing has to know what a batch changed; else each batch
// has delta stores that become the change log and are merged (architecture.md, "Two plans of
// execution").
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/batch_counts.h"
#include "engine/emitter.h"
#include "engine/job.h"
#include "engine/workers.h"
#include "sql/aggregate/accumulators.h"
#include "state/group_store.h"
#include "state/state_log.h"

namespace tailrace::engine {

class QueryState {
 public:
  QueryState(const Job& job, Workers& workers);

  bool is_stateless() const { return accumulators_ == nullptr; }
  const sql::Accumulators* accumulators() const { return accumulators_.get(); }
  // Rows go straight into the groups, so windows may close in the middle of a batch.
  bool is_direct() const { return direct_; }
  // Groups can expire: they have an event time and there is a watermark.
  bool expires() const;
  // A watermark that moved asks for a no-data batch. As in Spark also where no group can expire
  // (update mode without an event time in GROUP BY): such a batch is empty, but it has its number.
  bool follows_watermark() const;

  Status load(int64_t batch);
  // Where the next batch's rows go.
  std::span<state::GroupStore> target() { return direct_ ? stores_ : deltas_; }

  struct Due {
    std::vector<Emitter::Due> groups;  // update, complete: in order of output, still in the state
    std::vector<state::GroupTable>
        tables;  // what left the state: in append mode the rows that are final
  };
  // Ends the batch: merges the deltas, evicts what ends at or before `evict` (INT64_MIN: nothing;
  // kNoEnd: all) and returns the groups that the output mode gives out.
  Due finish_batch(int64_t evict, bool closing, BatchCounts& counts);
  // Writes the batch's change log. Call before finish_batch; `evict` is the same.
  Status save(int64_t batch, int64_t evict);
  Status maintain(int64_t batch);
  uint64_t open_groups() const;

 private:
  // An aggregation without keys has its one group also when no row came.
  void ensure_global_group(std::span<state::GroupStore> stores);

  const Job& job_;
  Workers& workers_;
  std::unique_ptr<sql::Accumulators> accumulators_;
  bool direct_ = true;
  std::vector<state::GroupStore> stores_;  // one a hash partition
  std::vector<state::GroupStore> deltas_;
  std::optional<state::StateLog> log_;
};

}  // namespace tailrace::engine
