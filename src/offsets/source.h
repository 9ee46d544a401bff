// Source: WHAT to process. A source knows partitions (a file, a pipe), names how far it was read as
// one JSON document (`positions`), and gives the same bytes for the same two positions again.
// plan() and replay() are called by the engine's thread only; read() by any worker.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace tailrace::offsets {

// The size of a batch; 0 is no limit. They combine; the first reached cuts, after a whole line.
struct Limits {
  uint64_t files = 0;
  uint64_t rows = 0;
  uint64_t bytes = 0;
};

// Bytes [begin, end) of one partition's file or pipe, whole lines (the last may lack its newline if
// `ends_input`). Ranges of one batch stand in input order; a partition's parts follow each other.
struct Range {
  uint32_t partition = 0;  // number of the partition, stable over the life of a checkpoint
  uint32_t input = 0;      // index for Source::read, only good until the next plan()
  uint64_t begin = 0;
  uint64_t end = 0;
  uint64_t first_line = 1;  // 1-based number of the line at `begin`
  std::string name;         // for the ledger and messages: the absolute path, or "-"
};

struct Plan {
  enum class State {
    kReady,     // `ranges` is a batch (perhaps of zero bytes: a new empty file)
    kNothing,   // nothing new now, more may come
    kFinished,  // nothing new, and nothing will come
  };
  State state = State::kNothing;
  std::vector<Range> ranges;
  std::string positions;  // JSON: how far the input is read after this batch
  // Every partition known so far stands in one of the two, in each plan anew: those that get no
  // more rows in this run after this batch, and those that may (also ones of which no batch had
  // rows yet).
  std::vector<uint32_t> finished;
  std::vector<uint32_t> unfinished;
};

class Source {
 public:
  virtual ~Source() = default;

  // Goes on from `positions` of the last committed batch; an empty string is the beginning.
  virtual Status restore(const std::string& positions) = 0;
  // The next batch after the last planned one. Waits up to wait_us for data (0: not at all).
  virtual Result<Plan> plan(const Limits& limits, int64_t wait_us) = 0;
  // The ranges between two positions, to run a batch again. The bytes must be the same; if they
  // are gone the error says which.
  virtual Result<Plan> replay(const std::string& begin, const std::string& end) = 0;
  // Reads bytes of a range of the current plan, at absolute `offset`; fewer only at the end.
  // Thread-safe.
  virtual Result<size_t> read(const Range& range, uint64_t offset, std::span<char> into) const = 0;
  // `positions` of the last plan with the number of lines that were found in its ranges, as pairs
  // of an index into Plan::ranges and a count. The commit keeps the answer, so that a later run
  // knows line numbers without counting; a source that is not told counts itself when it must.
  virtual std::string with_lines(const std::string& positions,
                                 const std::vector<std::pair<uint32_t, uint64_t>>& lines) {
    (void)lines;
    return positions;
  }
  // Drops what is only kept to replay batches up to and including `positions`.
  virtual Status committed(const std::string& positions) = 0;

  // For the progress report: "FileStreamSource[/var/log/app]", and {"/abs/path":BYTES} of
  // positions.
  virtual std::string description() const = 0;
  virtual std::string offsets_of(const std::string& positions) const = 0;
  virtual std::string latest_offsets() = 0;  // what is there now, as far as known
};

}  // namespace tailrace::offsets
