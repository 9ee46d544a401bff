// Emitter: groups that are due become rows of the sink, in the order of cli.md: ascending window
// end, then the group's first row; or ORDER BY's. Formats on all workers where the caller lets it.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <tuple>
#include <vector>

#include "engine/job.h"
#include "engine/workers.h"
#include "sql/aggregate/accumulators.h"
#include "sql/pipeline/output_stage.h"
#include "state/group_store.h"

namespace tailrace::engine {

class Emitter {
 public:
  Emitter(const Job& job, const sql::Accumulators* accumulators, Workers& workers)
      : job_(job), accumulators_(accumulators), workers_(workers) {}

  // A group with what the order of output needs of it.
  struct Due {
    int64_t end;
    state::Position first;
    const state::Group* group;
    friend auto operator<=>(const Due& a, const Due& b) {
      return std::tie(a.end, a.first) <=> std::tie(b.end, b.first);
    }
    friend bool operator==(const Due& a, const Due& b) = default;
  };

  enum class Limit : uint8_t { kWhole, kPerWindow };
  enum class Threads : uint8_t { kOne, kAll };  // kOne: other workers are busy with blocks

  // The groups of some tables in the order of output.
  std::vector<Due> collect(std::span<const state::GroupTable> tables, Threads threads);
  // The same of groups that stand anywhere.
  static void sort(std::vector<Due>& due);
  // Writes them; REQUIRES: in the order of output. Returns the number of rows written.
  Result<uint64_t> emit(std::span<const Due> due, Limit limit, Threads threads,
                        int64_t batch_time_us);

 private:
  void for_each(Threads threads, size_t items, const std::function<void(size_t)>& task);
  Result<uint64_t> emit_plain(std::span<const Due> due, Threads threads, int64_t batch_time_us);
  Result<uint64_t> emit_ordered(std::span<const Due> due, Limit limit, int64_t batch_time_us);

  struct Piece {
    sql::OutputRows rows;
    std::vector<const state::Group*> groups;
    Buffer formatted;
    Status status;
  };
  void make_piece(std::span<const Due> due, int64_t batch_time_us, Piece& piece) const;
  Result<uint64_t> write_piece(const Piece& piece);

  const Job& job_;
  const sql::Accumulators* accumulators_;  // null for a stateless query
  Workers& workers_;
  std::vector<std::unique_ptr<Piece>> pieces_;  // reused
};

}  // namespace tailrace::engine
