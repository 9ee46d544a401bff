// Trigger: WHEN the next batch runs. decide() is a pure function of the trigger and the moment, so
// that every rule is a row of a test's table. All times are of one clock; the grid of `every`
// starts at that clock's zero (with wall time it is Spark's grid since the epoch). Rules: Spark's
// ProcessingTimeExecutor and TriggerExecutor; cli.md, WHEN.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

namespace tailrace::trigger {

struct Trigger {
  enum class Kind : uint8_t {
    kNone,          // as soon as there is data
    kOnce,          // one batch of all that is there; never a no-data batch
    kAvailableNow,  // all that is there, in batches of the stated size
    kEvery,         // a batch every interval_us
    kContinuous,    // starts like kNone; a checkpoint every interval_us is the engine's
  };
  Kind kind = Kind::kNone;
  int64_t interval_us = 0;  // kEvery, kContinuous
};

// What the last try found; kUnknown before the first one.
enum class SourceState : uint8_t {
  kUnknown,
  kReady,     // a batch was there, or is planned already
  kNothing,   // nothing new now, more may come
  kFinished,  // nothing new, and nothing will come (also: the end that was frozen at the start)
};

struct Moment {
  uint64_t batches_run = 0;  // in this run, replayed and no-data batches too
  int64_t now_us = 0;
  std::optional<int64_t> last_start_us;  // when the last try began, whether it found data or not
  SourceState source = SourceState::kUnknown;
  bool owes_no_data_batch = false;  // the watermark moved past state that the last batch left
  bool stop_requested = false;
};

struct Decision {
  enum class Kind : uint8_t {
    // Try a batch: plan without waiting and run it; if there is nothing new and a no-data batch
    // is owed, run that.
    kStart,
    // Nothing to do before `until_us`; for the triggers without a grid data may end the wait
    // sooner.
    kWaitUntil,
    kFinish,
  };
  Kind kind = Kind::kStart;
  int64_t until_us = 0;
  bool no_data = false;  // kStart: run the no-data batch owed, without asking the source first
  friend bool operator==(const Decision&, const Decision&) = default;
};

// The wait has no end of its own: only data, or a request to stop, ends it.
inline constexpr int64_t kNoDeadline = std::numeric_limits<int64_t>::max();

Decision decide(const Trigger& trigger, const Moment& moment);

// The first time after `start_us` on the grid of the interval. REQUIRES: interval_us > 0.
int64_t next_tick(int64_t start_us, int64_t interval_us);

}  // namespace tailrace::trigger
