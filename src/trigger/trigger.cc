#include "trigger/trigger.h"

#include "base/check.h"
#include "base/time.h"

namespace tailrace::trigger {
namespace {

constexpr Decision kTry{Decision::Kind::kStart, 0, false};
constexpr Decision kNoDataBatch{Decision::Kind::kStart, 0, true};
constexpr Decision kEnd{Decision::Kind::kFinish, 0, false};

constexpr Decision wait_until(int64_t until_us) {
  return {Decision::Kind::kWaitUntil, until_us, false};
}

bool has_grid(const Trigger& trigger) {
  return trigger.kind == Trigger::Kind::kEvery && trigger.interval_us > 0;
}

bool before_next_tick(const Trigger& trigger, const Moment& moment) {
  return has_grid(trigger) && moment.last_start_us &&
         moment.now_us < next_tick(*moment.last_start_us, trigger.interval_us);
}

Decision decide_once(const Moment& moment) {
  if (moment.batches_run > 0 || moment.source == SourceState::kFinished) return kEnd;
  // A pipe that has not ended yet says kNothing: --once reads to its end.
  return moment.source == SourceState::kNothing ? wait_until(kNoDeadline) : kTry;
}

}  // namespace

int64_t next_tick(int64_t start_us, int64_t interval_us) {
  CHECK(interval_us > 0);
  return (floor_div(start_us, interval_us) + 1) * interval_us;
}

Decision decide(const Trigger& trigger, const Moment& moment) {
  if (moment.stop_requested) return kEnd;
  if (trigger.kind == Trigger::Kind::kOnce) return decide_once(moment);
  // What a stopped run owed is this run's first batch, before new data moves the watermark on.
  const bool owes = moment.owes_no_data_batch;
  if (owes && moment.batches_run == 0) return kNoDataBatch;
  // Finished input does not wait for a tick that can bring nothing.
  if (moment.source == SourceState::kFinished) return owes ? kNoDataBatch : kEnd;
  if (before_next_tick(trigger, moment)) {
    return wait_until(next_tick(*moment.last_start_us, trigger.interval_us));
  }
  // On a grid the last try belongs to an earlier tick: data may have come since.
  if (moment.source != SourceState::kNothing || has_grid(trigger)) return kTry;
  return owes ? kNoDataBatch : wait_until(kNoDeadline);
}

}  // namespace tailrace::trigger
