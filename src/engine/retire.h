// Retirer: what happens to a block when it leaves, in input order: bad and late rows to the ledger
// and the counts, a stateless query's rows to the sink, and in a streaming aggregation the windows
// that the watermark has passed. One for each batch; called by one worker at a time.
#pragma once

#include "engine/batch_run.h"
#include "engine/emitter.h"
#include "engine/job.h"

namespace tailrace::engine {

class Retirer final : public BlockSink {
 public:
  Retirer(const Job& job, BatchCounts& counts, Outcome& outcome, Emitter& emitter, BatchRun& run,
          const sql::LateRule& late_rule, bool closes_windows, std::span<state::GroupStore> stores);

  Status retire(Block& block, const offsets::Range& range) override;
  // The rows of an ordered stateless query wait for the end of the input.
  struct Kept {
    columns::Batch rows;
    Arena arena;
  };
  void keep_rows_in(Kept* kept) { kept_ = kept; }

 private:
  struct UncountedRow {
    uint32_t line;
    uint32_t begin;
    uint32_t size;
    formats::BadReason reason;
    std::string detail;
    std::string windows;  // of a late row of sliding windows
  };
  std::vector<UncountedRow> uncounted_rows(const Block& block);
  void add_late_rows(const Block& block, std::vector<UncountedRow>& rows);
  Status retire_uncounted(const UncountedRow& row, const Block& block, const offsets::Range& range);
  Status write_rows(Block& block);
  Status close_windows(const Block& block, int64_t batch_time_us);
  void note_unknown(const Block& block, const offsets::Range& range);
  uint64_t line_number(const offsets::Range& range, uint32_t line) const;

  const Job& job_;
  BatchCounts& counts_;
  Outcome& outcome_;
  Emitter& emitter_;
  BatchRun& run_;
  sql::LateRule late_rule_;
  bool closes_windows_;
  std::span<state::GroupStore> stores_;
  Kept* kept_ = nullptr;
  uint64_t lines_before_ = 0;           // of the current range, in blocks that left
  int64_t least_open_end_ = INT64_MIN;  // no open group ends before; the first look finds out
};

}  // namespace tailrace::engine
