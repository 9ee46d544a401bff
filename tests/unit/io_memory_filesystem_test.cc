// The fault injector itself: that it loses what a crash may take, and nothing that was promised.
#include "support/memory_filesystem.h"

#include <doctest/doctest.h>

#include <set>

#include "io/process.h"

namespace tailrace::test {

namespace {

using io::OpenMode;

std::unique_ptr<io::File> open(MemoryFilesystem& files, const std::string& path,
                               OpenMode mode = OpenMode::kAppend) {
  auto file = files.open(path, mode);
  REQUIRE(file);
  return std::move(*file);
}

std::vector<std::string> paths_after(const MemoryFilesystem& files, Loss loss, uint64_t seed = 0) {
  return files.after_crash(loss, seed).paths();
}

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("a strict crash keeps synced bytes under synced names only") {
  MemoryFilesystem files;
  REQUIRE(files.make_directories("/d"));
  const auto file = open(files, "/d/a");
  REQUIRE(file->append("synced"));
  CHECK(paths_after(files, Loss::kStrict) == Paths{});
  REQUIRE(files.sync_directory("/d"));
  CHECK(files.after_crash(Loss::kStrict).bytes("/d/a") == "");
  CHECK(paths_after(files, Loss::kStrict) == Paths{"/d/a"});
  REQUIRE(file->sync());
  REQUIRE(file->append(" not"));
  CHECK(files.after_crash(Loss::kStrict).bytes("/d/a") == "synced");
  CHECK(files.after_crash(Loss::kNone).bytes("/d/a") == "synced not");
  REQUIRE(file->truncate(2));
  CHECK(files.after_crash(Loss::kStrict).bytes("/d/a") == "synced");
  REQUIRE(file->sync());
  CHECK(files.after_crash(Loss::kStrict).bytes("/d/a") == "sy");
}

TEST_CASE("a file's sync does not sync its name") {
  MemoryFilesystem files;
  const auto file = open(files, "/a");
  REQUIRE(file->append("x"));
  REQUIRE(file->sync());
  CHECK(paths_after(files, Loss::kStrict) == Paths{});
}

TEST_CASE("a rename without a sync of the directory may be undone, with one it stays") {
  MemoryFilesystem files;
  files.put("/a", "old");
  files.put("/b", "new");
  REQUIRE(files.rename("/b", "/a"));
  CHECK(files.bytes("/a") == "new");
  auto crashed = files.after_crash(Loss::kStrict);
  CHECK(crashed.bytes("/a") == "old");
  CHECK(crashed.bytes("/b") == "new");
  REQUIRE(files.sync_directory("/"));
  crashed = files.after_crash(Loss::kStrict);
  CHECK(crashed.bytes("/a") == "new");
  CHECK(crashed.paths() == Paths{"/a"});
}

TEST_CASE("a removed file comes back unless the directory was synced") {
  MemoryFilesystem files;
  files.put("/d/a", "x");
  REQUIRE(files.remove("/d/a"));
  CHECK(files.paths() == Paths{});
  CHECK(paths_after(files, Loss::kStrict) == Paths{"/d/a"});
  REQUIRE(files.sync_directory("/"));
  CHECK(paths_after(files, Loss::kStrict) == Paths{"/d/a"});
  REQUIRE(files.sync_directory("/d"));
  CHECK(paths_after(files, Loss::kStrict) == Paths{});
}

TEST_CASE("a removed directory takes its names along, once its parent is synced") {
  MemoryFilesystem files;
  files.put("/d/a", "x");
  REQUIRE(files.remove("/d/a"));
  REQUIRE(files.remove("/d"));
  CHECK(paths_after(files, Loss::kStrict) == Paths{"/d/a"});
  REQUIRE(files.sync_directory("/"));
  CHECK(paths_after(files, Loss::kStrict) == Paths{});
  REQUIRE(files.make_directories("/d"));
  CHECK(paths_after(files, Loss::kStrict) == Paths{});
}

TEST_CASE("syncing one directory does not sync another") {
  MemoryFilesystem files;
  REQUIRE(files.make_directories("/d"));
  REQUIRE(files.make_directories("/e"));
  static_cast<void>(open(files, "/d/a"));
  static_cast<void>(open(files, "/e/b"));
  REQUIRE(files.sync_directory("/e"));
  CHECK(paths_after(files, Loss::kStrict) == Paths{"/e/b"});
}

TEST_CASE("publish survives a crash at each operation as the old file or the new, whole") {
  for (const Loss loss : {Loss::kStrict, Loss::kPartial, Loss::kNone}) {
    std::set<std::string> seen;
    for (uint64_t at = 0; at < 8; ++at) {
      for (uint64_t seed = 0; seed < 50; ++seed) {
        MemoryFilesystem files;
        files.put("/d/a", "old contents");
        files.crash_at(at);
        const bool published = io::publish(files, "/d/a", "the new contents").has_value();
        CHECK(published == !files.crashed());
        CAPTURE(at);
        CAPTURE(seed);
        const std::string found = files.after_crash(loss, seed).bytes("/d/a");
        seen.insert(found);
        CHECK((found == "old contents" || found == "the new contents"));
        if (published) CHECK(found == "the new contents");
      }
    }
    CHECK(seen.size() == 2);
  }
}

TEST_CASE("the same without a sync of the file is caught: the injector can fail a test") {
  std::set<std::string> found;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    MemoryFilesystem files;
    files.put("/a", "old");
    REQUIRE(open(files, "/b")->append("new contents"));
    REQUIRE(files.rename("/b", "/a"));
    REQUIRE(files.sync_directory("/"));
    found.insert(files.after_crash(Loss::kPartial, seed).bytes("/a"));
  }
  CHECK(found.contains(""));
  CHECK(found.contains("new contents"));
  CHECK(found.contains("new"));
  CHECK(found.contains(std::string(3, '\0')));
  CHECK(!found.contains("old"));
}

TEST_CASE("a partial crash keeps a prefix of the unsynced appends, and what was synced") {
  std::set<size_t> sizes;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    MemoryFilesystem files;
    files.put("/a", "safe ");
    const auto file = open(files, "/a");
    for (const char* word : {"one ", "two ", "three"}) REQUIRE(file->append(word));
    const std::string found = files.after_crash(Loss::kPartial, seed).bytes("/a");
    CAPTURE(seed);
    sizes.insert(found.size());
    REQUIRE(found.starts_with("safe "));
    const size_t text = found.find('\0');
    CHECK(std::string("safe one two three").starts_with(found.substr(0, text)));
    CHECK(files.after_crash(Loss::kPartial, seed).bytes("/a") == found);
  }
  CHECK(sizes.contains(5));
  CHECK(sizes.contains(18));
  CHECK(sizes.size() > 8);
}

TEST_CASE("a partial crash keeps some changes of names, in and out of order") {
  std::set<Paths> found;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    MemoryFilesystem files;
    static_cast<void>(open(files, "/a"));
    static_cast<void>(open(files, "/b"));
    REQUIRE(files.rename("/a", "/c"));
    found.insert(paths_after(files, Loss::kPartial, seed));
  }
  CHECK(found == std::set<Paths>{{}, {"/a"}, {"/b"}, {"/c"}, {"/a", "/b"}, {"/b", "/c"}});
}

TEST_CASE("after the crash every call fails, and the append under way leaves half") {
  MemoryFilesystem files;
  files.put("/a", "");
  const auto file = open(files, "/a");
  files.crash_at(1);
  REQUIRE(file->append("1234"));
  CHECK(!files.crashed());
  CHECK(files.stat("/a"));
  CHECK(file->append("5678").error().message == "/a: the process has crashed (injected)");
  CHECK(files.crashed());
  char bytes[8];
  CHECK(!file->append("9"));
  CHECK(!file->read_at(0, bytes));
  CHECK(!file->sync());
  CHECK(!file->truncate(0));
  CHECK(!file->info());
  CHECK(!files.open("/a", OpenMode::kRead));
  CHECK(!files.stat("/a"));
  CHECK(!files.list("/"));
  CHECK(!files.make_directories("/d"));
  CHECK(!files.rename("/a", "/b"));
  CHECK(!files.remove("/a"));
  CHECK(!files.sync_directory("/"));
  CHECK(!files.real_path("/a"));
  CHECK(!files.lock("/lock"));
  CHECK(!files.lock_holder("/lock"));
  CHECK(files.after_crash(Loss::kNone).bytes("/a") == "123456");
  CHECK(files.after_crash(Loss::kNone).stat("/a"));
}

TEST_CASE("a failing operation fails once; a full disk leaves half of the append") {
  MemoryFilesystem files;
  files.put("/a", "");
  const auto file = open(files, "/a");
  files.fail_at(2, ErrorKind::kFull);
  REQUIRE(file->append("ab"));
  const Status full = file->append("cdef");
  REQUIRE(!full);
  CHECK(full.error().kind == ErrorKind::kFull);
  CHECK(full.error().message == "/a: No space left on device");
  CHECK(file->append("g"));
  CHECK(files.bytes("/a") == "abcdg");
  CHECK(files.operations() == 3);
}

TEST_CASE("after a failed sync a second one says ok, and the bytes are lost all the same") {
  MemoryFilesystem files;
  files.put("/a", "");
  const auto file = open(files, "/a");
  REQUIRE(file->append("x"));
  files.fail_at(2, ErrorKind::kFailure);
  CHECK(file->sync().error().message == "/a: Input/output error");
  CHECK(file->sync());
  CHECK(files.after_crash(Loss::kStrict).bytes("/a") == "");
}

TEST_CASE("what changes nothing is not counted, and a crash releases locks") {
  MemoryFilesystem files;
  files.put("/a", "x");
  static_cast<void>(open(files, "/a"));
  static_cast<void>(files.stat("/a"));
  static_cast<void>(files.list("/"));
  static_cast<void>(files.remove("/none"));
  CHECK(files.operations() == 0);
  const auto held = files.lock("/lock");
  CHECK(files.operations() == 1);
  CHECK(*files.lock_holder("/lock") == std::optional(io::process_id()));
  auto next = files.after_crash(Loss::kNone);
  CHECK(next.operations() == 0);
  CHECK(next.lock("/lock"));
  CHECK(!files.lock("/lock"));
}

TEST_CASE("the world outside writes without being counted") {
  MemoryFilesystem files;
  files.set_time(42);
  files.put("/logs/app.log", "one\n");
  files.add("/logs/app.log", "two\n");
  CHECK(files.bytes("/logs/app.log") == "one\ntwo\n");
  CHECK((*files.stat("/logs/app.log"))->modified_us == 42);
  CHECK(files.after_crash(Loss::kStrict).bytes("/logs/app.log") == "one\ntwo\n");
  CHECK(files.operations() == 0);
}

}  // namespace tailrace::test
