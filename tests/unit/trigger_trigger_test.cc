// When the next batch runs: every rule of decide() as a row of a table.
#include "trigger/trigger.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tailrace::trigger {
namespace {

using Kind = Trigger::Kind;
using State = SourceState;

const Decision kTry{Decision::Kind::kStart, 0, false};
const Decision kNoData{Decision::Kind::kStart, 0, true};
const Decision kEnd{Decision::Kind::kFinish, 0, false};
Decision wait(int64_t until) { return {Decision::Kind::kWaitUntil, until, false}; }

struct Row {
  const char* what;
  Trigger trigger;
  Moment moment;
  Decision expected;
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Decision got = decide(row.trigger, row.moment);
    CHECK_EQ(static_cast<int>(got.kind), static_cast<int>(row.expected.kind));
    CHECK_EQ(got.until_us, row.expected.until_us);
    CHECK_EQ(got.no_data, row.expected.no_data);
  }
}

// Moments are written {batches run, now, last start, source, owes, stop}.
TEST_CASE("Without a trigger batches follow the data and the run ends with it") {
  const Trigger none{Kind::kNone, 0};
  check({
      {"the first try", none, {0, 5, {}, State::kUnknown, false, false}, kTry},
      {"more is there", none, {1, 5, 5, State::kReady, false, false}, kTry},
      {"more before what is owed", none, {1, 5, 5, State::kReady, true, false}, kTry},
      {"nothing now", none, {1, 5, 5, State::kNothing, false, false}, wait(kNoDeadline)},
      {"owed when idle", none, {1, 5, 5, State::kNothing, true, false}, kNoData},
      {"owed at the end", none, {1, 5, 5, State::kFinished, true, false}, kNoData},
      {"the end", none, {1, 5, 5, State::kFinished, false, false}, kEnd},
      {"empty input", none, {0, 5, 5, State::kFinished, false, false}, kEnd},
      {"owed by a stopped run", none, {0, 5, {}, State::kUnknown, true, false}, kNoData},
      {"owed by a stopped run, before data", none, {0, 5, {}, State::kReady, true, false}, kNoData},
      {"asked to stop", none, {0, 5, {}, State::kReady, true, true}, kEnd},
  });
}

TEST_CASE("Once is one batch and never a no-data batch") {
  const Trigger once{Kind::kOnce, 0};
  check({
      {"the first try", once, {0, 5, {}, State::kUnknown, false, false}, kTry},
      {"what a stopped run owed waits", once, {0, 5, {}, State::kUnknown, true, false}, kTry},
      {"a pipe that goes on", once, {0, 5, 5, State::kNothing, false, false}, wait(kNoDeadline)},
      {"a pipe that has ended", once, {0, 5, 5, State::kReady, false, false}, kTry},
      {"nothing there", once, {0, 5, 5, State::kFinished, false, false}, kEnd},
      {"done", once, {1, 5, 5, State::kReady, false, false}, kEnd},
      {"done, though owed", once, {1, 5, 5, State::kFinished, true, false}, kEnd},
      {"asked to stop", once, {0, 5, {}, State::kUnknown, false, true}, kEnd},
  });
}

TEST_CASE("Available-now runs until nothing is left and nothing is owed") {
  const Trigger now{Kind::kAvailableNow, 0};
  check({
      {"the first try", now, {0, 5, {}, State::kUnknown, false, false}, kTry},
      {"more is there", now, {3, 5, 5, State::kReady, true, false}, kTry},
      {"owed at the end", now, {3, 5, 5, State::kFinished, true, false}, kNoData},
      {"done", now, {4, 5, 5, State::kFinished, false, false}, kEnd},
      {"nothing new", now, {0, 5, 5, State::kFinished, false, false}, kEnd},
      {"owed by a stopped run", now, {0, 5, {}, State::kUnknown, true, false}, kNoData},
      {"a pipe that goes on", now, {1, 5, 5, State::kNothing, false, false}, wait(kNoDeadline)},
  });
}

TEST_CASE("A batch every interval keeps the grid and skips the ticks it missed") {
  const Trigger every{Kind::kEvery, 1000};
  check({
      {"the first at once", every, {0, 7, {}, State::kUnknown, false, false}, kTry},
      {"then the next multiple", every, {1, 7, 7, State::kReady, false, false}, wait(1000)},
      {"a start on the grid", every, {1, 1000, 1000, State::kReady, false, false}, wait(2000)},
      {"after half an interval", every, {2, 1500, 1000, State::kReady, false, false}, wait(2000)},
      {"overrun: at once", every, {3, 3500, 2000, State::kReady, false, false}, kTry},
      {"and back on the grid", every, {4, 3500, 3500, State::kReady, false, false}, wait(4000)},
      {"exactly the tick", every, {4, 4000, 3500, State::kReady, false, false}, kTry},
      {"idle tick", every, {4, 4000, 3500, State::kNothing, false, false}, kTry},
      {"idle within a tick", every, {4, 4001, 4000, State::kNothing, false, false}, wait(5000)},
      {"owed: at the next tick", every, {4, 4001, 4000, State::kNothing, true, false}, wait(5000)},
      {"owed: try for data too", every, {4, 5000, 4000, State::kNothing, true, false}, kTry},
      {"the end does not wait", every, {4, 4001, 4000, State::kFinished, false, false}, kEnd},
      {"nor what is owed at it", every, {4, 4001, 4000, State::kFinished, true, false}, kNoData},
      {"asked to stop", every, {4, 4001, 4000, State::kReady, false, true}, kEnd},
      {"no interval is no grid", {Kind::kEvery, 0}, {1, 7, 7, State::kReady, false, false}, kTry},
  });
}

TEST_CASE("Continuous starts as without a trigger") {
  const Trigger continuous{Kind::kContinuous, 1000};
  check({
      {"no grid", continuous, {1, 7, 7, State::kReady, false, false}, kTry},
      {"nothing", continuous, {1, 7, 7, State::kNothing, false, false}, wait(kNoDeadline)},
      {"the end", continuous, {1, 7, 7, State::kFinished, false, false}, kEnd},
  });
}

TEST_CASE("The next tick is the first multiple after the start, before the epoch too") {
  struct Tick {
    int64_t start, next;
  };
  for (const Tick& tick : {Tick{0, 100},
                           {1, 100},
                           {99, 100},
                           {100, 200},
                           {150, 200},
                           {-1, 0},
                           {-100, 0},
                           {-101, -100}}) {
    CAPTURE(tick.start);
    CHECK_EQ(next_tick(tick.start, 100), tick.next);
  }
}

}  // namespace
}  // namespace tailrace::trigger
