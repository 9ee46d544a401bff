// Files as a source: batches, limits, rotation, replay and what happens to files between runs. A
// plan is compared as text: "name:begin-end#first_line@partition" for each range, then the state of
// an empty plan.
#include "offsets/file_source.h"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "support/manual_clock.h"
#include "support/memory_filesystem.h"

namespace tailrace::offsets {
namespace {

using Lines = std::vector<std::pair<uint32_t, uint64_t>>;

std::string show(const Result<Plan>& plan) {
  if (!plan) return plan.error().message;
  if (plan->state == Plan::State::kNothing) return "nothing";
  if (plan->state == Plan::State::kFinished) return "finished";
  std::string out;
  for (const Range& range : plan->ranges) {
    out += fmt::format("{}{}:{}-{}#{}@{}", out.empty() ? "" : " ", range.name, range.begin,
                       range.end, range.first_line, range.partition);
  }
  return out;
}

std::string numbers(const std::vector<uint32_t>& list) {
  std::string out;
  for (const uint32_t number : list) out += fmt::format("{}{}", out.empty() ? "" : ",", number);
  return out;
}

struct World {
  test::MemoryFilesystem disk;
  test::ManualClock clock;
  std::vector<std::string> notices;
  int64_t time = 1'000'000;

  // Each file is a second younger than the one before.
  void put(const std::string& path, const std::string& bytes) {
    disk.set_time(time += 1'000'000);
    disk.put(path, bytes);
  }
  void add(const std::string& path, const std::string& bytes) {
    disk.set_time(time += 1'000'000);
    disk.add(path, bytes);
  }
  void move(const std::string& from, const std::string& to) { REQUIRE(disk.rename(from, to)); }
  void remove(const std::string& path) { REQUIRE(disk.remove(path)); }

  FileSourceOptions options(std::vector<std::string> operands) {
    FileSourceOptions out;
    out.operands = std::move(operands);
    out.notice = [this](const std::string& text) { notices.push_back(text); };
    return out;
  }
  std::unique_ptr<FileSource> source(FileSourceOptions options) {
    return std::make_unique<FileSource>(disk, clock, std::move(options));
  }
  std::unique_ptr<FileSource> finite(std::vector<std::string> operands) {
    return source(options(std::move(operands)));
  }
  std::unique_ptr<FileSource> kept(std::vector<std::string> operands,
                                   const std::string& positions = "",
                                   OnDataLoss on_data_loss = OnDataLoss::kFail) {
    FileSourceOptions with = options(std::move(operands));
    with.has_checkpoint = true;
    with.on_data_loss = on_data_loss;
    auto out = source(std::move(with));
    REQUIRE(out->restore(positions));
    return out;
  }
  std::unique_ptr<FileSource> follow(std::vector<std::string> operands) {
    FileSourceOptions with = options(std::move(operands));
    with.list_again = true;
    return source(std::move(with));
  }
};

std::string text_of(const FileSource& source, const Plan& plan) {
  std::string out;
  for (const Range& range : plan.ranges) {
    std::string bytes(range.end - range.begin + 10, '?');
    const auto size = source.read(range, range.begin, bytes);
    REQUIRE(size);
    out += bytes.substr(0, *size);
  }
  return out;
}

std::string positions_after(FileSource& source, const Limits& limits = {}) {
  const auto plan = source.plan(limits, 0);
  REQUIRE(plan);
  REQUIRE_EQ(static_cast<int>(plan->state), static_cast<int>(Plan::State::kReady));
  return plan->positions;
}

TEST_CASE("Without limits all that is there is one batch, and then the input is finished") {
  World world;
  world.put("/l/b", "1\n2\n");
  world.put("/l/a", "3\n4");
  world.put("/l/_tmp", "x\n");
  world.put("/l/.hidden", "x\n");
  world.put("/l/a._COPYING_", "x\n");
  world.put("/l/below/c", "x\n");
  auto source = world.finite({"/l"});
  const auto plan = source->plan({}, 0);
  CHECK_EQ(show(plan), "/l/b:0-4#1@0 /l/a:0-3#1@1");
  CHECK_EQ(text_of(*source, *plan), "1\n2\n3\n4");
  CHECK_EQ(numbers(plan->finished), "0,1");
  world.add("/l/b", "later\n");
  CHECK_EQ(show(source->plan({}, 0)), "finished");
  CHECK_EQ(source->description(), "FileStreamSource[/l]");
  CHECK_EQ(source->offsets_of(plan->positions), "{\"/l/b\":4,\"/l/a\":3}");
}

TEST_CASE("Operands may be files, directories and globs, and a file counts once") {
  World world;
  for (const char* name : {"/l/x/a.log", "/l/x/b.log", "/l/y/a.log", "/l/y/c.txt", "/l/z[1].log"}) {
    world.put(name, "1\n");
  }
  struct Row {
    std::vector<std::string> operands;
    std::string expected;
  };
  for (const Row& row : std::vector<Row>{
           {{"/l/x/a.log", "/l/x", "/l/x/../x/b.log"}, "/l/x/a.log:0-2#1@0 /l/x/b.log:0-2#1@1"},
           {{"/l/*/a.log"}, "/l/x/a.log:0-2#1@0 /l/y/a.log:0-2#1@1"},
           {{"/l/{y,x}/[bc].*"}, "/l/x/b.log:0-2#1@0 /l/y/c.txt:0-2#1@1"},
           {{"/l/?"},
            "/l/x/a.log:0-2#1@0 /l/x/b.log:0-2#1@1 /l/y/a.log:0-2#1@2 /l/y/c.txt:0-2#1@3"},
           {{"/l/z[1].log"}, "/l/z[1].log:0-2#1@0"},
           {{"/l/no*"}, "finished"},
           {{"/l/no/*.log"}, "finished"},
           {{"/l/none"}, "/l/none: No such file or directory"},
       }) {
    CHECK_EQ(show(world.finite(row.operands)->plan({}, 0)), row.expected);
  }
}

TEST_CASE("Several files go by modification time, then name, or by name") {
  World world;
  world.disk.set_time(7);
  for (const char* name : {"/l/c", "/l/b"}) world.disk.put(name, "1\n");
  world.disk.set_time(3);
  world.disk.put("/l/d", "1\n");
  CHECK_EQ(show(world.finite({"/l"})->plan({}, 0)), "/l/d:0-2#1@0 /l/b:0-2#1@1 /l/c:0-2#1@2");
  auto options = world.options({"/l"});
  options.order = FileOrder::kName;
  options.one_partition = true;
  CHECK_EQ(show(world.source(std::move(options))->plan({}, 0)),
           "/l/b:0-2#1@0 /l/c:0-2#1@0 /l/d:0-2#1@0");
}

TEST_CASE("Limits cut after a whole line, and the first one reached cuts") {
  World world;
  world.put("/l/a", "11\n22\n33\n");
  world.put("/l/b", "");
  world.put("/l/c", "a long line\n4\n5");
  struct Row {
    const char* what;
    Limits limits;
    std::vector<std::string> batches;
  };
  for (const Row& row : std::vector<Row>{
           {"files", {1, 0, 0}, {"/l/a:0-9#1@0", "/l/b:0-0#1@1", "/l/c:0-15#1@2"}},
           {"two files", {2, 0, 0}, {"/l/a:0-9#1@0 /l/b:0-0#1@1", "/l/c:0-15#1@2"}},
           {"rows",
            {0, 2, 0},
            {"/l/a:0-6#1@0", "/l/a:6-9#3@0 /l/b:0-0#1@1 /l/c:0-12#1@2", "/l/c:12-15#2@2"}},
           {"rows to the end of a file", {0, 3, 0}, {"/l/a:0-9#1@0", "/l/b:0-0#1@1 /l/c:0-15#1@2"}},
           {"bytes",
            {0, 0, 7},
            {"/l/a:0-6#1@0", "/l/a:6-9#3@0 /l/b:0-0#1@1", "/l/c:0-12#1@2", "/l/c:12-15#2@2"}},
           {"a byte",
            {0, 0, 1},
            {"/l/a:0-3#1@0", "/l/a:3-6#2@0", "/l/a:6-9#3@0", "/l/b:0-0#1@1 /l/c:0-12#1@2",
             "/l/c:12-14#2@2", "/l/c:14-15#3@2"}},
           {"rows before bytes",
            {0, 1, 7},
            {"/l/a:0-3#1@0", "/l/a:3-6#2@0", "/l/a:6-9#3@0", "/l/b:0-0#1@1 /l/c:0-12#1@2",
             "/l/c:12-14#2@2", "/l/c:14-15#3@2"}},
           {"all in one", {9, 99, 999}, {"/l/a:0-9#1@0 /l/b:0-0#1@1 /l/c:0-15#1@2"}},
       }) {
    CAPTURE(row.what);
    auto source = world.finite({"/l"});
    std::string text;
    for (const std::string& expected : row.batches) {
      const auto plan = source->plan(row.limits, 0);
      CHECK_EQ(show(plan), expected);
      REQUIRE(plan);
      text += text_of(*source, *plan);
    }
    CHECK_EQ(show(source->plan(row.limits, 0)), "finished");
    CHECK_EQ(text, "11\n22\n33\na long line\n4\n5");
  }
}

TEST_CASE("A partition is finished with the batch that takes its last bytes") {
  World world;
  world.put("/l/a", "1\n2\n");
  world.put("/l/b", "3\n");
  auto source = world.finite({"/l"});
  auto plan = source->plan({0, 1, 0}, 0);
  CHECK_EQ(numbers(plan->finished), "");
  CHECK_EQ(numbers(plan->unfinished), "0,1");
  plan = source->plan({0, 1, 0}, 0);
  CHECK_EQ(numbers(plan->finished), "0");
  CHECK_EQ(numbers(plan->unfinished), "1");
  plan = source->plan({0, 1, 0}, 0);
  CHECK_EQ(numbers(plan->finished), "0,1");
}

TEST_CASE("With a checkpoint a last line without newline waits for its end") {
  World world;
  world.put("/l/a", "1\n2");
  std::string positions;
  {
    auto source = world.kept({"/l/a"});
    const auto plan = source->plan({}, 0);
    CHECK_EQ(show(plan), "/l/a:0-2#1@0");
    CHECK_EQ(numbers(plan->finished), "0");
    CHECK_EQ(show(source->plan({}, 0)), "finished");
    positions = plan->positions;
  }
  world.add("/l/a", "2\n3");
  auto source = world.kept({"/l/a"}, positions);
  CHECK_EQ(show(source->plan({}, 0)), "/l/a:2-5#2@0");
  CHECK_EQ(show(world.kept({"/l"}, positions)->plan({0, 0, 1}, 0)), "/l/a:2-5#2@0");
}

TEST_CASE("An empty new file is a batch of zero rows, once, also over runs") {
  World world;
  world.put("/l/a", "");
  auto source = world.kept({"/l"});
  const std::string positions = positions_after(*source);
  CHECK_EQ(show(source->plan({}, 0)), "finished");
  CHECK_EQ(show(world.kept({"/l"}, positions)->plan({}, 0)), "finished");
  world.add("/l/a", "1\n");
  CHECK_EQ(show(world.kept({"/l"}, positions)->plan({}, 0)), "/l/a:0-2#1@0");
}

TEST_CASE("Line numbers come from the commit, or are counted when it does not have them") {
  World world;
  world.put("/l/a", "1\n2\n3\n");
  auto source = world.kept({"/l"});
  const std::string first = positions_after(*source, {0, 0, 4});
  CHECK_EQ(first.find("\"lines\""), std::string::npos);
  const std::string told = source->with_lines(first, Lines{{0, 2}});
  CHECK_NE(told.find("\"lines\":2"), std::string::npos);
  CHECK_EQ(show(source->plan({}, 0)), "/l/a:4-6#3@0");
  CHECK_EQ(show(world.kept({"/l"}, told)->plan({}, 0)), "/l/a:4-6#3@0");
  CHECK_EQ(show(world.kept({"/l"}, first)->plan({}, 0)), "/l/a:4-6#3@0");
  // It is believed, not counted again.
  const std::string wrong = source->with_lines(first, {});
  CHECK_EQ(wrong, first);
}

TEST_CASE("Following reads what is appended, and a log on after its rotation") {
  World world;
  world.put("/l/app.log", "1\n");
  auto source = world.follow({"/l/app.log"});
  auto plan = source->plan({}, 0);
  CHECK_EQ(show(plan), "/l/app.log:0-2#1@0");
  CHECK_EQ(numbers(plan->unfinished), "0");
  CHECK_EQ(show(source->plan({}, 0)), "nothing");
  world.add("/l/app.log", "2\n3");
  CHECK_EQ(show(source->plan({}, 0)), "/l/app.log:2-4#2@0");
  world.add("/l/app.log", "3\n4\n");
  world.move("/l/app.log", "/l/app.log.1");
  CHECK_EQ(show(source->plan({}, 0)), "/l/app.log.1:4-9#3@0");  // the new one is not there yet
  world.add("/l/app.log.1", "5\n");
  world.put("/l/app.log", "6\n");
  plan = source->plan({}, 0);
  CHECK_EQ(show(plan), "/l/app.log.1:9-11#5@0 /l/app.log:0-2#1@0");
  CHECK_EQ(text_of(*source, *plan), "5\n6\n");
  world.move("/l/app.log.1", "/l/app.log.2");
  world.move("/l/app.log", "/l/app.log.1");
  world.add("/l/app.log.2", "late\n");
  world.put("/l/app.log", "7\n");
  CHECK_EQ(show(source->plan({}, 0)), "/l/app.log.2:11-16#6@0 /l/app.log:0-2#1@0");
  CHECK_EQ(show(source->plan({}, 0)), "nothing");
}

TEST_CASE("Following reads a removed log to its end while it is open") {
  World world;
  world.put("/l/a.log", "1\n");
  auto source = world.follow({"/l/*.log"});
  CHECK_EQ(show(source->plan({}, 0)), "/l/a.log:0-2#1@0");
  world.add("/l/a.log", "2\n");
  world.remove("/l/a.log");
  const auto plan = source->plan({}, 0);
  CHECK_EQ(show(plan), "/l/a.log:2-4#2@0");
  CHECK_EQ(text_of(*source, *plan), "2\n");
  const auto after = source->plan({}, 0);
  CHECK_EQ(show(after), "nothing");
  CHECK_EQ(numbers(after->finished), "0");
}

TEST_CASE("New files of a followed directory are found, by waiting if need be") {
  World world;
  world.put("/l/a", "1\n");
  auto source = world.follow({"/l"});
  CHECK_EQ(show(source->plan({}, 0)), "/l/a:0-2#1@0");
  CHECK_EQ(show(source->plan({}, 250'000)), "nothing");
  CHECK_EQ(world.clock.sleeps_us(), std::vector<int64_t>{100'000, 100'000, 50'000});
  world.put("/l/b", "2\n");
  CHECK_EQ(show(source->plan({}, 250'000)), "/l/b:0-2#1@1");
}

TEST_CASE("A followed directory that vanishes is an error") {
  World world;
  world.put("/l/d/a", "1\n");
  auto source = world.follow({"/l/d"});
  CHECK_EQ(show(source->plan({}, 0)), "/l/d/a:0-2#1@0");
  world.remove("/l/d/a");
  world.remove("/l/d");
  CHECK_EQ(show(source->plan({}, 0)), "/l/d: the directory is gone; put it back and start again");
}

TEST_CASE("Frozen input ends where it ended at the first plan, also when followed") {
  World world;
  world.put("/l/a", "1\n");
  auto options = world.options({"/l"});
  options.list_again = options.freeze = true;
  auto source = world.source(std::move(options));
  CHECK_EQ(show(source->plan({}, 0)), "/l/a:0-2#1@0");
  world.add("/l/a", "2\n");
  world.put("/l/b", "3\n");
  CHECK_EQ(show(source->plan({}, 1'000'000)), "finished");
  CHECK(world.clock.sleeps_us().empty());
}

TEST_CASE("Between runs a file is known by what it is, not by its name") {
  const std::string long_log = std::string(600, 'x') + "\n" + std::string(600, 'y') + "\n";
  struct Row {
    const char* what;
    std::string bytes;
    std::function<void(World&)> change;
    std::string expected;
  };
  for (const Row& row : std::vector<Row>{
           {"nothing new", "1\n", [](World&) {}, "finished"},
           {"appended", "1\n", [](World& w) { w.add("/l/a.log", "2\n"); }, "/l/a.log:2-4#2@0"},
           {"rotated", "1\n",
            [](World& w) {
              w.add("/l/a.log", "2\n");
              w.move("/l/a.log", "/l/a.log.1");
              w.put("/l/a.log", "3\n");
            },
            "/l/a.log.1:2-4#2@0 /l/a.log:0-2#1@0"},
           {"renamed to a name of its own", "1\n",
            [](World& w) {
              w.add("/l/a.log", "2\n");
              w.move("/l/a.log", "/l/other.log");
            },
            "/l/other.log:2-4#2@0"},
           {"removed and written anew", "1\n",
            [](World& w) {
              w.remove("/l/a.log");
              w.put("/l/a.log", "1\n2\n");
            },
            "/l/a.log:0-4#1@0"},
           {"a copy beside it", "1\n", [](World& w) { w.put("/l/copy.log", "1\n"); },
            "/l/copy.log:0-2#1@1"},
           {"a long copy beside it", long_log,
            [&](World& w) { w.put("/l/copy.log", w.disk.bytes("/l/a.log")); },
            "/l/copy.log:0-1202#1@1"},
           {"a long copy in its place under another name", long_log,
            [](World& w) {
              w.put("/l/copy.log", w.disk.bytes("/l/a.log") + "z\n");
              w.remove("/l/a.log");
            },
            "/l/copy.log:1202-1204#3@0"},
           {"truncated", "1\n22\n", [](World& w) { w.put("/l/a.log", "1\n"); },
            "/l/a.log: truncated or replaced: 5 bytes of it were read before, and now it has 2 "
            "bytes and is shorter; "
            "bring the old file back, or let --on-data-loss warn read the new one from its "
            "beginning"},
           {"written over", "1\n", [](World& w) { w.put("/l/a.log", "9\n9\n"); },
            "/l/a.log: truncated or replaced: 2 bytes of it were read before, and now it has 4 "
            "bytes and begins "
            "otherwise; bring the old file back, or let --on-data-loss warn read the new one from "
            "its beginning"},
           {"removed", "1\n",
            [](World& w) {
              w.remove("/l/a.log");
              w.put("/l/b.log", "1\n");
            },
            "/l/b.log:0-2#1@1"},
       }) {
    CAPTURE(row.what);
    World world;
    world.put("/l/a.log", row.bytes);
    auto source = world.kept({"/l"});
    const std::string positions = positions_after(*source);
    row.change(world);
    CHECK_EQ(show(world.kept({"/l"}, positions)->plan({}, 0)), row.expected);
  }
}

TEST_CASE("A log rotated between runs is read to its end though only its name is an operand") {
  World world;
  world.put("/l/a.log", "1\n");
  auto source = world.kept({"/l/a.log"});
  const std::string positions = positions_after(*source);
  world.add("/l/a.log", "2\n");
  world.move("/l/a.log", "/l/a.log.1");
  world.put("/l/a.log", "3\n");
  CHECK_EQ(show(world.kept({"/l/a.log"}, positions)->plan({}, 0)),
           "/l/a.log.1:2-4#2@0 /l/a.log:0-2#1@0");
}

TEST_CASE("Other operands in a later run leave what they do not name alone") {
  World world;
  world.put("/l/a.log", "1\n");
  world.put("/l/b.log", "1\n");
  auto source = world.kept({"/l/a.log"});
  const std::string positions = positions_after(*source);
  world.add("/l/a.log", "2\n");
  auto other = world.kept({"/l/b.log"}, positions);
  const auto plan = other->plan({}, 0);
  CHECK_EQ(show(plan), "/l/b.log:0-2#1@1");
  CHECK_EQ(show(world.kept({"/l"}, plan->positions)->plan({}, 0)), "/l/a.log:2-4#2@0");
}

TEST_CASE("Where data loss only warns the file is read from its beginning, in its partition") {
  World world;
  world.put("/l/a.log", "1\n22\n");
  auto source = world.kept({"/l"});
  const std::string positions = positions_after(*source);
  world.put("/l/a.log", "3\n");
  auto later = world.kept({"/l"}, positions, OnDataLoss::kWarn);
  const auto plan = later->plan({}, 0);
  CHECK_EQ(show(plan), "/l/a.log:0-2#1@0");
  REQUIRE_EQ(world.notices.size(), 1);
  CHECK(world.notices[0].starts_with("/l/a.log: truncated or replaced: 5 bytes"));
  CHECK_EQ(show(world.kept({"/l"}, plan->positions)->plan({}, 0)), "finished");
}

// The disk in memory has one device and never gives an inode twice: the positions are made to say
// otherwise.
std::string with_number(std::string positions, const std::string& key, uint64_t number) {
  const size_t begin = positions.find("\"" + key + "\":") + key.size() + 3;
  const size_t end = positions.find_first_not_of("0123456789", begin);
  return positions.replace(begin, end - begin, std::to_string(number));
}

TEST_CASE("A file goes on after it moved across devices, when its old place is empty") {
  World world;
  world.put("/l/a.log", "1\n");
  auto source = world.kept({"/l"});
  const std::string elsewhere = with_number(positions_after(*source), "device", 77);
  world.add("/l/a.log", "2\n");
  CHECK_EQ(show(world.kept({"/l"}, elsewhere)->plan({}, 0)), "/l/a.log:2-4#2@0");
  world.put("/l/a.log", "other\n");
  CHECK_EQ(show(world.kept({"/l"}, elsewhere)->plan({}, 0)), "/l/a.log:0-6#1@0");
}

TEST_CASE("A free inode that a new file got does not make it the old one") {
  World world;
  world.put("/l/a.log", "1\n");
  world.put("/l/b.log", "9\n9\n");
  auto source = world.kept({"/l/a.log"});
  std::string positions = positions_after(*source);
  const uint64_t inode = (*world.disk.stat("/l/b.log"))->inode;
  positions = with_number(positions, "inode", inode);
  world.remove("/l/a.log");
  CHECK_EQ(show(world.kept({"/l"}, positions)->plan({}, 0)), "/l/b.log:0-4#1@1");
}

TEST_CASE("Replay gives the batch again, in its order, and the next plan goes on behind it") {
  World world;
  world.put("/l/b", "1\n2\n");
  world.put("/l/a", "3\n");
  auto source = world.kept({"/l"});
  const std::string begin = positions_after(*source, {0, 1, 0});
  const auto batch = source->plan({0, 2, 0}, 0);
  CHECK_EQ(show(batch), "/l/b:2-4#2@0 /l/a:0-2#1@1");

  world.add("/l/b", "4\n");
  world.move("/l/b", "/l/b.1");
  auto later = world.kept({"/l"}, begin);
  const auto again = later->replay(begin, batch->positions);
  CHECK_EQ(show(again), "/l/b.1:2-4#2@0 /l/a:0-2#1@1");
  CHECK_EQ(text_of(*later, *again), text_of(*source, *batch));
  CHECK_EQ(again->positions, batch->positions);
  CHECK_EQ(numbers(again->finished), numbers(batch->finished));
  CHECK_EQ(numbers(again->unfinished), numbers(batch->unfinished));
  CHECK_EQ(show(later->plan({}, 0)), "/l/b.1:4-6#3@0");
}

TEST_CASE("The first batch is replayed from the beginning, and one without input has no ranges") {
  World world;
  world.put("/l/a", "1\n");
  auto source = world.kept({"/l"});
  const std::string end = positions_after(*source);
  CHECK_EQ(show(world.kept({"/l"})->replay("", end)), "/l/a:0-2#1@0");
  const auto no_data = source->plan({}, 0);
  const auto again = world.kept({"/l"}, end)->replay(end, no_data->positions);
  REQUIRE(again);
  CHECK(again->ranges.empty());
}

TEST_CASE("A replay whose bytes are gone says which") {
  World world;
  world.put("/l/a", "1\n22\n");
  auto source = world.kept({"/l"});
  const std::string end = positions_after(*source);
  world.put("/l/a", "1\n");
  CHECK(show(world.kept({"/l"})->replay("", end))
            .starts_with("/l/a: truncated or replaced: 5 bytes"));
  world.remove("/l/a");
  CHECK(show(world.kept({"/l"})->replay("", end)).starts_with("/l/a: gone, but a batch"));
  auto lenient = world.kept({"/l"}, "", OnDataLoss::kWarn);
  const auto plan = lenient->replay("", end);
  REQUIRE(plan);
  CHECK(plan->ranges.empty());
  CHECK_EQ(world.notices.size(), 1);
}

TEST_CASE("A file that shrinks between plan and read is an error, not fewer rows") {
  World world;
  world.put("/l/a", "1\n22\n");
  auto source = world.finite({"/l"});
  const auto plan = source->plan({}, 0);
  REQUIRE(plan);
  world.put("/l/a", "1\n");
  std::string bytes(5, '?');
  const auto size = source->read(plan->ranges[0], 0, bytes);
  REQUIRE(!size);
  CHECK_EQ(size.error().message,
           "/l/a: truncated while it was read: 5 bytes were there, and now it has 2; start again");
}

TEST_CASE("More files than may be open are read all the same") {
  World world;
  std::string expected;
  for (int i = 0; i < 200; ++i) {
    world.put(fmt::format("/l/f{:03}x", i), fmt::format("{}\n", i));
    expected += fmt::format("{}\n", i);
  }
  auto source = world.finite({"/l"});
  const auto plan = source->plan({}, 0);
  REQUIRE(plan);
  CHECK_EQ(text_of(*source, *plan), expected);
  CHECK_EQ(text_of(*source, *plan), expected);
}

TEST_CASE("Redirected standard input is that file, from where it was given to us") {
  World world;
  world.put("/l/a", "head\n1\n2\n");
  const auto options = [&](const std::string& path) {
    FileSourceOptions out = world.options({});
    out.has_checkpoint = true;
    out.standard_input =
        OpenInput{std::move(*world.disk.open("/l/a", io::OpenMode::kRead)), path, 5};
    return out;
  };
  auto source = world.source(options("/l/a"));
  const auto plan = source->plan({0, 1, 0}, 0);
  CHECK_EQ(show(plan), "/l/a:5-7#2@0");
  CHECK_EQ(show(source->plan({}, 0)), "/l/a:7-9#3@0");
  CHECK_EQ(source->description(), "FileStreamSource[-]");

  auto later = world.source(options(""));
  REQUIRE(later->restore(plan->positions));
  const auto rest = later->plan({}, 0);
  CHECK_EQ(show(rest), "-:7-9#3@0");
  CHECK_EQ(text_of(*later, *rest), "2\n");
  CHECK_EQ(show(world.kept({"/l/a"}, plan->positions)->plan({}, 0)), "/l/a:7-9#3@0");
}

TEST_CASE("A compressed file is refused by name") {
  World world;
  world.put("/l/a.gz", "\x1f\x8b\x08 and so on");
  CHECK(show(world.finite({"/l"})->plan({}, 0)).starts_with("/l/a.gz: compressed with gzip"));
}

TEST_CASE("Positions that are damaged are refused at the start") {
  World world;
  CHECK(!world.finite({"/l"})->restore("{\"files\":"));
}

}  // namespace
}  // namespace tailrace::offsets
