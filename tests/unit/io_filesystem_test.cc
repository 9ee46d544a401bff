// The contract of io::Filesystem, run against the machine's disk and the one in memory: what a test
// sees with the second must be what a user gets with the first.
#include "io/filesystem.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "io/process.h"
#include "support/memory_filesystem.h"

namespace tailrace {

namespace {

using io::OpenMode;

// A filesystem with an empty directory in it.
struct Place {
  std::unique_ptr<io::Filesystem> files;
  std::string directory;
  bool on_disk = false;

  std::string operator/(const std::string& name) const { return directory + "/" + name; }

  explicit Place(bool real) : on_disk(real) {
    if (real) {
      char name[] = "/tmp/tailrace-io-XXXXXX";
      REQUIRE(::mkdtemp(name) != nullptr);
      directory = name;
      files = io::posix_filesystem();
    } else {
      directory = "/test";
      files = std::make_unique<test::MemoryFilesystem>();
      REQUIRE(files->make_directories(directory));
    }
  }
  Place(const Place&) = delete;
  ~Place() {
    if (on_disk) std::filesystem::remove_all(directory);
  }
};

void write(const Place& place, const std::string& name, std::string_view bytes) {
  auto file = place.files->open(place / name, OpenMode::kTruncate);
  REQUIRE(file);
  REQUIRE((*file)->append(bytes));
}

std::string read(const Place& place, const std::string& name) {
  auto contents = io::read_file(*place.files, place / name);
  return contents ? *contents : "error: " + contents.error().message;
}

std::string message(const auto& result) { return result ? "" : result.error().message; }

template <class Test>
void on_both(Test test) {
  for (const bool real : {true, false}) {
    CAPTURE(real);
    test(Place(real));
  }
}

}  // namespace

TEST_CASE("opening modes make, keep, empty or refuse") {
  on_both([](const Place& place) {
    CHECK(message(place.files->open(place / "a", OpenMode::kRead)) ==
          place / "a" + ": No such file or directory");
    CHECK(message(place.files->open(place / "no/a", OpenMode::kAppend)) ==
          place / "no/a" + ": No such file or directory");
    write(place, "a", "one");
    REQUIRE((*place.files->open(place / "a", OpenMode::kAppend))->append("two"));
    CHECK(read(place, "a") == "onetwo");
    CHECK(message(place.files->open(place / "a", OpenMode::kCreateNew)) ==
          place / "a" + ": File exists");
    write(place, "a", "x");
    CHECK(read(place, "a") == "x");
    REQUIRE(place.files->open(place / "b", OpenMode::kCreateNew));
    CHECK(read(place, "b") == "");
    CHECK(message(place.files->open(place.directory, OpenMode::kAppend)) ==
          place.directory + ": Is a directory");
    CHECK(message(io::read_file(*place.files, place.directory)) ==
          place.directory + ": Is a directory");
  });
}

TEST_CASE("read_at gives fewer bytes only at the end") {
  on_both([](const Place& place) {
    write(place, "a", "0123456789");
    const auto file = std::move(*place.files->open(place / "a", OpenMode::kRead));
    char bytes[4];
    const auto at = [&](uint64_t offset) {
      const auto got = file->read_at(offset, bytes);
      REQUIRE(got);
      return std::string(bytes, *got);
    };
    CHECK(at(0) == "0123");
    CHECK(at(8) == "89");
    CHECK(at(10) == "");
    CHECK(at(1000) == "");
    CHECK(!file->append("x"));
    CHECK(file->info()->size == 10);
  });
}

TEST_CASE("truncate and append change the end of the file") {
  on_both([](const Place& place) {
    const auto file = std::move(*place.files->open(place / "a", OpenMode::kAppend));
    REQUIRE(file->append("0123456789"));
    REQUIRE(file->truncate(3));
    REQUIRE(file->append("x"));
    CHECK(read(place, "a") == "012x");
    REQUIRE(file->truncate(6));
    CHECK(read(place, "a") == std::string("012x\0\0", 6));
    CHECK(file->sync());
  });
}

TEST_CASE("stat tells what is there, and nothing is a normal answer") {
  on_both([](const Place& place) {
    write(place, "a", "12345");
    write(place, "b", "");
    const auto a = *place.files->stat(place / "a");
    const auto b = *place.files->stat(place / "b");
    REQUIRE(a);
    CHECK(a->size == 5);
    CHECK(a->is_regular);
    CHECK(!a->is_directory);
    CHECK(a->modified_us > 1'600'000'000'000'000);
    CHECK(a->inode != b->inode);
    CHECK((*place.files->stat(place.directory))->is_directory);
    CHECK(!*place.files->stat(place / "none"));
    CHECK(!*place.files->stat(place / "a/below"));
    REQUIRE(place.files->rename(place / "a", place / "b"));
    CHECK((*place.files->stat(place / "b"))->inode == a->inode);
    CHECK(!*place.files->stat(place / "a"));
    CHECK(message(place.files->rename(place / "a", place / "c")) ==
          place / "c" + ": No such file or directory");
  });
}

TEST_CASE("list is sorted and without dots") {
  on_both([](const Place& place) {
    REQUIRE(place.files->make_directories(place / "d/e"));
    REQUIRE(place.files->make_directories(place / "d/e"));
    for (const char* name : {"d/9", "d/10", "d/.hidden"}) write(place, name, "");
    CHECK(*place.files->list(place / "d") == std::vector<std::string>{".hidden", "10", "9", "e"});
    CHECK(message(place.files->list(place / "no")) == place / "no" + ": No such file or directory");
    CHECK(message(place.files->list(place / "d/9")) == place / "d/9" + ": Not a directory");
    CHECK(message(place.files->make_directories(place / "d/9")) ==
          place / "d/9" + ": Not a directory");
    CHECK(*place.files->real_path(place / "d/./e/..//9") ==
          *place.files->real_path(place.directory) + "/d/9");
    CHECK(!place.files->real_path(place / "no"));
  });
}

TEST_CASE("remove takes files and empty directories, and a missing one is ok") {
  on_both([](const Place& place) {
    REQUIRE(place.files->make_directories(place / "d"));
    write(place, "d/a", "kept open");
    const auto open = std::move(*place.files->open(place / "d/a", OpenMode::kRead));
    CHECK(!place.files->remove(place / "d"));
    CHECK(place.files->remove(place / "d/a"));
    CHECK(place.files->remove(place / "d/a"));
    CHECK(place.files->remove(place / "d"));
    CHECK(!*place.files->stat(place / "d"));
    char bytes[16];
    CHECK(*open->read_at(0, bytes) == 9);
    CHECK(place.files->sync_directory(place.directory));
    CHECK(!place.files->sync_directory(place / "d"));
  });
}

TEST_CASE("publish replaces the whole file and leaves no temporary") {
  on_both([](const Place& place) {
    CHECK(io::publish(*place.files, place / "a", "long first contents"));
    CHECK(io::publish(*place.files, place / "a", "second"));
    CHECK(read(place, "a") == "second");
    CHECK(*place.files->list(place.directory) == std::vector<std::string>{"a"});
    CHECK(!io::publish(*place.files, place / "no/a", "x"));
  });
}

TEST_CASE("read_file refuses what is too large") {
  on_both([](const Place& place) {
    const std::string big(200'000, 'x');
    write(place, "a", big);
    CHECK(read(place, "a") == big);
    CHECK(io::read_file(*place.files, place / "a", big.size()));
    CHECK(message(io::read_file(*place.files, place / "a", 100)) ==
          place / "a" + ": larger than 100 bytes; name a smaller file");
  });
}

TEST_CASE("a lock has one holder, which it names, until its handle goes") {
  on_both([](const Place& place) {
    const std::string path = place / "lock";
    CHECK(!*place.files->lock_holder(path));
    {
      const auto held = place.files->lock(path);
      REQUIRE(held);
      const auto second = place.files->lock(path);
      REQUIRE(!second);
      CHECK(second.error().kind == ErrorKind::kBusy);
      CHECK(second.error().message == path + ": held by process " +
                                          std::to_string(io::process_id()) +
                                          "; wait for it to end, or stop it");
      CHECK(*place.files->lock_holder(path) == std::optional(io::process_id()));
    }
    CHECK(!*place.files->lock_holder(path));
    CHECK(read(place, "lock") == std::to_string(io::process_id()) + "\n");
    CHECK(place.files->lock(path));
  });
}

TEST_CASE("files on disk are closed on exec and made for everybody the umask allows") {
  const Place place(true);
  const mode_t before = ::umask(027);
  const auto file = place.files->open(place / "a", OpenMode::kCreateNew);
  ::umask(before);
  REQUIRE(file);
  struct stat status{};
  REQUIRE(::stat((place / "a").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0640);
  for (int descriptor = 3; descriptor < 64; ++descriptor) {
    struct stat other{};
    if (::fstat(descriptor, &other) == 0 && other.st_ino == status.st_ino) {
      CHECK((::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
    }
  }
}

TEST_CASE("a full disk is kFull") {
  const Place place(true);
  const auto full = place.files->open("/dev/full", OpenMode::kAppend);
  REQUIRE(full);
  const Status written = (*full)->append("x");
  REQUIRE(!written);
  CHECK(written.error().kind == ErrorKind::kFull);
  CHECK(written.error().message == "/dev/full: No space left on device");
}

TEST_CASE("a pipe under a file's name is read once, from front to back") {
  const Place place(true);
  const std::string path = place / "pipe";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  const std::string text(100'000, 'p');
  std::thread writer([&] {
    auto file = place.files->open(path, OpenMode::kAppend);
    static_cast<void>((*file)->append(text));
    static_cast<void>((*file)->sync());
  });
  CHECK(read(place, "pipe") == text);
  writer.join();
}

TEST_CASE("a link is followed, and its target is the real path") {
  const Place place(true);
  write(place, "a", "1234");
  std::filesystem::create_symlink("a", place / "link");
  CHECK((*place.files->stat(place / "link"))->size == 4);
  CHECK(*place.files->real_path(place / "link") == *place.files->real_path(place / "a"));
}

}  // namespace tailrace
