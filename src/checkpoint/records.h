// The records of a checkpoint: what a query is, what a batch will do (the plan, written before it
// runs) and what it did (the commit). Plain data and its JSON; opaque texts (positions, notes) come
// back byte for byte. Texts must be UTF-8: to_json fails for others, naming nothing but the record.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/result.h"

namespace tailrace::checkpoint {

struct Metadata {
  std::string id;                            // a UUID; Delta's appId
  std::map<std::string, std::string> query;  // component ("sql", "window", ...) -> its text
  std::map<std::string, std::string> extra;  // kept, but not compared at a restart
  uint64_t hash_seed = 0;
  uint32_t partitions = 0;  // of the state
  std::string schema_ddl;
  std::string created;  // RFC 3339, UTC
};

// Everything that a replay needs, so that it does exactly what the first try would have done.
struct BatchPlan {
  int64_t batch = 0;
  std::string begin_positions;  // the source's; "" is the beginning
  std::string end_positions;
  int64_t watermark_us = 0;       // for eviction: this batch's
  int64_t late_watermark_us = 0;  // for lateness: the batch's before (spark-semantics.md 1.3)
  std::map<std::string, int64_t> partition_max_us;  // greatest event time of each before the batch
  int64_t clock_us = 0;
  bool no_data = false;
  bool closing = false;
  std::map<std::string, std::string> notes;  // what else the engine must know again
};

struct BatchCommit {
  int64_t batch = 0;
  int64_t next_watermark_us = 0;
  std::map<std::string, int64_t> partition_max_us;  // after the batch
  std::string sink_note;
  std::map<std::string, std::string> ledger_notes;  // by the ledger's path
  bool owes_no_data_batch = false;
  std::map<std::string, int64_t> counters;  // totals over the query's life: badRows, lateRows, ...
  std::map<std::string, std::string> notes;
};

Result<std::string> to_json(const Metadata& metadata);
Result<std::string> to_json(const BatchPlan& plan);
Result<std::string> to_json(const BatchCommit& commit);

// Unknown keys are passed over, so that a later tailrace may add some. `path` is for the error.
Result<Metadata> metadata_from(const std::string& json, const std::string& path);
Result<BatchPlan> plan_from(const std::string& json, const std::string& path);
Result<BatchCommit> commit_from(const std::string& json, const std::string& path);

}  // namespace tailrace::checkpoint
