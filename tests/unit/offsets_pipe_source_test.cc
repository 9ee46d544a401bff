// A pipe as a source: what has arrived is a batch, long lines are cut, and with a spool a crash
// loses nothing.
#include "offsets/pipe_source.h"

#include <doctest/doctest.h>

#include <deque>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "support/manual_clock.h"
#include "support/memory_filesystem.h"

namespace tailrace::offsets {
namespace {

// Gives what the test wrote, write by write; nothing comes while nothing is written.
struct Script {
  std::deque<std::string> writes;
  bool closed = false;
};

class ScriptedStream : public io::InputStream {
 public:
  ScriptedStream(std::shared_ptr<Script> script, test::ManualClock& clock)
      : script_(std::move(script)), clock_(clock) {}

  Result<std::optional<size_t>> read(std::span<char> into, int64_t timeout_us) override {
    if (script_->writes.empty()) {
      if (script_->closed) return size_t{0};
      clock_.advance(timeout_us);
      return std::nullopt;
    }
    std::string& first = script_->writes.front();
    const size_t size = std::min(into.size(), first.size());
    std::ranges::copy(first.substr(0, size), into.begin());
    first.erase(0, size);
    if (first.empty()) script_->writes.pop_front();
    return size;
  }

 private:
  std::shared_ptr<Script> script_;  // shared with the test that writes it
  test::ManualClock& clock_;
};

struct World {
  test::MemoryFilesystem disk;
  test::ManualClock clock;
  std::shared_ptr<Script> script = std::make_shared<Script>();

  PipeSource source(PipeSourceOptions options = {}) {
    return PipeSource(std::make_unique<ScriptedStream>(script, clock), disk, clock,
                      std::move(options));
  }
};

std::string show(const Result<Plan>& plan) {
  if (!plan) return plan.error().message;
  if (plan->state == Plan::State::kNothing) return "nothing";
  if (plan->state == Plan::State::kFinished) return "finished";
  std::string out;
  for (const Range& range : plan->ranges) {
    out +=
        fmt::format("{}{}-{}#{}", out.empty() ? "" : " ", range.begin, range.end, range.first_line);
  }
  return out;
}

std::string text_of(const PipeSource& source, const Plan& plan) {
  std::string out;
  for (const Range& range : plan.ranges) {
    for (uint64_t at = range.begin; at < range.end;) {
      std::string bytes(70'001, '?');
      const auto size = source.read(range, at, bytes);
      REQUIRE(size);
      REQUIRE_GT(*size, 0);
      out += bytes.substr(0, *size);
      at += *size;
    }
  }
  return out;
}

TEST_CASE("A batch is the whole lines that have arrived, and the rest waits") {
  World world;
  auto source = world.source();
  world.script->writes = {"1\n2", "2\n3"};
  auto plan = source.plan({}, 0);
  CHECK_EQ(show(plan), "0-5#1");
  CHECK_EQ(text_of(source, *plan), "1\n22\n");
  CHECK_EQ(source.offsets_of(plan->positions), "{\"-\":5}");
  CHECK_EQ(source.latest_offsets(), "{\"-\":6}");
  CHECK_EQ(show(source.plan({}, 0)), "nothing");
  world.script->writes = {"3\n", "4"};
  plan = source.plan({}, 0);
  CHECK_EQ(show(plan), "5-8#3");
  CHECK_EQ(text_of(source, *plan), "33\n");
  CHECK(plan->finished.empty());
  world.script->closed = true;
  plan = source.plan({}, 0);
  CHECK_EQ(show(plan), "8-9#4");
  CHECK_EQ(text_of(source, *plan), "4");
  CHECK_EQ(plan->finished, std::vector<uint32_t>{0});
  CHECK_EQ(show(source.plan({}, 0)), "finished");
}

TEST_CASE("Waiting ends with the time given, or with the first line") {
  World world;
  auto source = world.source();
  CHECK_EQ(show(source.plan({}, 500)), "nothing");
  CHECK_EQ(world.clock.monotonic_us(), 500);
  world.script->writes = {"1\n"};
  CHECK_EQ(show(source.plan({}, 500)), "0-2#1");
  CHECK_EQ(world.clock.monotonic_us(), 500);
}

TEST_CASE("Limits cut what has arrived after a whole line") {
  const std::string text = "11\n22\na long line\n3\n4";
  struct Row {
    const char* what;
    Limits limits;
    std::vector<std::string> batches;
  };
  for (const Row& row : std::vector<Row>{
           {"rows", {0, 2, 0}, {"0-6#1", "6-20#3", "20-21#5"}},
           {"bytes", {0, 0, 7}, {"0-6#1", "6-18#3", "18-21#4"}},
           {"both", {0, 1, 7}, {"0-3#1", "3-6#2", "6-18#3", "18-20#4", "20-21#5"}},
           {"files do not matter", {1, 0, 0}, {"0-21#1"}},
       }) {
    CAPTURE(row.what);
    World world;
    world.script->writes = {text};
    world.script->closed = true;
    auto source = world.source();
    std::string read;
    for (const std::string& expected : row.batches) {
      const auto plan = source.plan(row.limits, 0);
      CHECK_EQ(show(plan), expected);
      REQUIRE(plan);
      read += text_of(source, *plan);
    }
    CHECK_EQ(show(source.plan(row.limits, 0)), "finished");
    CHECK_EQ(read, text);
  }
}

TEST_CASE("Told line counts are believed") {
  World world;
  auto source = world.source();
  world.script->writes = {"1\n2\n"};
  const auto plan = source.plan({}, 0);
  REQUIRE(plan);
  source.with_lines(plan->positions, {{0, 40}});
  world.script->writes = {"3\n"};
  CHECK_EQ(show(source.plan({}, 0)), "4-6#41");
}

TEST_CASE("A whole stream is one batch, and nothing before its end") {
  World world;
  auto source = world.source({.whole = true});
  const std::string line(1000, 'x');
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += line + "\n";  // more than a batch's bytes
  world.script->writes = {text};
  CHECK_EQ(show(source.plan({}, 10)), "nothing");
  world.script->closed = true;
  const auto plan = source.plan({}, 10);
  CHECK_EQ(show(plan), fmt::format("0-{}#1", text.size()));
  CHECK(text_of(source, *plan) == text);
  CHECK_EQ(show(source.plan({}, 10)), "finished");
}

TEST_CASE("Without a limit a batch is at most 16 MiB") {
  World world;
  auto source = world.source();
  std::string text;
  while (text.size() < 2 * PipeSource::kBatchBytesMax)
    text += std::string(text.size() % 997, 'x') + "\n";
  world.script->writes = {text};
  world.script->closed = true;
  std::string read;
  for (;;) {
    const auto plan = source.plan({}, 0);
    REQUIRE(plan);
    if (plan->state != Plan::State::kReady) break;
    uint64_t bytes = 0;
    for (const Range& range : plan->ranges) bytes += range.end - range.begin;
    CHECK_LE(bytes, PipeSource::kBatchBytesMax);
    read += text_of(source, *plan);
  }
  CHECK(read == text);
}

TEST_CASE("A line that is too long is cut, and the lines after it have their true offsets") {
  World world;
  auto source = world.source({.line_bytes_max = 10});
  world.script->writes = {"1\n", "0123456789", "0123456789", "0123456789\n2\n", "3\n"};
  auto plan = source.plan({}, 0);
  CHECK_EQ(show(plan), "0-14#1 33-37#3");
  CHECK_EQ(text_of(source, *plan), "1\n01234567890\n2\n3\n");
  // One that never ends.
  world.script->writes = std::deque<std::string>(100, "0123456789");
  plan = source.plan({}, 0);
  CHECK_EQ(show(plan), "37-49#5");
  CHECK_EQ(source.latest_offsets(), "{\"-\":1037}");
  CHECK_EQ(show(source.plan({}, 0)), "nothing");
  world.script->closed = true;
  CHECK_EQ(show(source.plan({}, 0)), "finished");
}

TEST_CASE("Cut long lines are all of the stream that is lost, however it arrives") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 50; ++round) {
    World world;
    auto source = world.source({.line_bytes_max = 50});
    std::string text;
    for (int i = 0; i < 50; ++i) {
      text += std::string(random() % 8 == 0 ? random() % 200 : random() % 10,
                          static_cast<char>('a' + i % 26)) +
              "\n";
    }
    for (size_t at = 0; at < text.size();) {
      const size_t size = std::min<size_t>(1 + random() % 30, text.size() - at);
      world.script->writes.push_back(text.substr(at, size));
      at += size;
    }
    world.script->closed = true;
    uint64_t line = 1;
    for (;;) {
      const auto plan = source.plan({0, random() % 5, 0}, 0);
      REQUIRE(plan);
      if (plan->state != Plan::State::kReady) break;
      for (const Range& range : plan->ranges) {
        CHECK_EQ(range.first_line, line);
        std::string bytes(range.end - range.begin, '?');
        REQUIRE_EQ(*source.read(range, range.begin, bytes), bytes.size());
        line += static_cast<uint64_t>(std::ranges::count(bytes, '\n'));
        // All but the newline that was put behind a cut line.
        CHECK_EQ(bytes.substr(0, bytes.size() - 1), text.substr(range.begin, bytes.size() - 1));
      }
    }
    CHECK_EQ(line, 51);
  }
}

TEST_CASE("With a spool a batch is on the disk before it runs, and is replayed from there") {
  World world;
  const PipeSourceOptions options{.spool_directory = "/c/spool", .line_bytes_max = 10};
  world.script->writes = {"1\n2\n"};
  auto source = world.source(options);
  const auto first = source.plan({}, 0);
  CHECK_EQ(show(first), "0-4#1");
  world.script->writes = {"a very long line, in pieces", ", of two\n3\n"};
  const auto second = source.plan({}, 0);
  CHECK_EQ(show(second), "4-16#3 40-42#4");
  CHECK_EQ(world.disk.paths(), std::vector<std::string>{"/c/spool/1", "/c/spool/2"});
  REQUIRE(source.committed(first->positions));
  CHECK_EQ(world.disk.paths(), std::vector<std::string>{"/c/spool/2"});

  test::MemoryFilesystem crashed = world.disk.after_crash(test::Loss::kStrict);
  world.script->writes = {"new\n"};
  PipeSource later(std::make_unique<ScriptedStream>(world.script, world.clock), crashed,
                   world.clock, options);
  REQUIRE(later.restore(first->positions));
  const auto again = later.replay(first->positions, second->positions);
  CHECK_EQ(show(again), show(second));
  CHECK_EQ(text_of(later, *again), "a very long\n3\n");
  CHECK_EQ(again->positions, second->positions);
  REQUIRE(later.committed(again->positions));
  CHECK(crashed.paths().empty());

  // This run's stream is a new one.
  const auto next = later.plan({}, 0);
  CHECK_EQ(show(next), "0-4#1");
  CHECK_EQ(text_of(later, *next), "new\n");
  CHECK_EQ(crashed.paths(), std::vector<std::string>{"/c/spool/3"});
}

TEST_CASE("A batch without input replays as none") {
  World world;
  world.script->writes = {"1\n"};
  auto source = world.source({.spool_directory = "/c/spool"});
  const auto plan = source.plan({}, 0);
  const auto no_data = source.plan({}, 0);
  auto later = world.source({.spool_directory = "/c/spool"});
  const auto again = later.replay(plan->positions, no_data->positions);
  REQUIRE(again);
  CHECK(again->ranges.empty());
  CHECK_EQ(again->unfinished, std::vector<uint32_t>{0});
}

TEST_CASE("A crash at any operation leaves the spooled batch whole or none of it") {
  World probe;
  probe.script->writes = {"1\n2\n"};
  auto whole = probe.source({.spool_directory = "/c/spool"});
  const std::string positions = whole.plan({}, 0)->positions;
  const uint64_t operations = probe.disk.operations();
  REQUIRE_GT(operations, 3);
  for (uint64_t at = 1; at <= operations; ++at) {
    CAPTURE(at);
    World world;
    world.script->writes = {"1\n2\n"};
    world.disk.crash_at(at);
    auto source = world.source({.spool_directory = "/c/spool"});
    const bool planned = source.plan({}, 0).has_value();
    test::MemoryFilesystem after = world.disk.after_crash(test::Loss::kPartial, at);
    PipeSource later(std::make_unique<ScriptedStream>(world.script, world.clock), after,
                     world.clock, {.spool_directory = "/c/spool"});
    const auto again = later.replay("", positions);
    if (planned) REQUIRE(again);
    if (again) CHECK_EQ(text_of(later, *again), "1\n2\n");
  }
}

TEST_CASE("A spooled batch that is missing or of another size is damage") {
  World world;
  world.script->writes = {"1\n"};
  auto source = world.source({.spool_directory = "/c/spool"});
  const std::string positions = source.plan({}, 0)->positions;
  auto later = world.source({.spool_directory = "/c/spool"});
  world.disk.put("/c/spool/1", "1");
  CHECK_EQ(show(later.replay("", positions)),
           "/c/spool/1: not the 2 bytes that were written; restore it from a backup");
  REQUIRE(world.disk.remove("/c/spool/1"));
  CHECK_EQ(
      show(later.replay("", positions)),
      "/c/spool/1: gone, but a batch that was not finished needs it; restore it from a backup");
}

}  // namespace
}  // namespace tailrace::offsets
