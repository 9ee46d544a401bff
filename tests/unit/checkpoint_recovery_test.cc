// What recovery repairs and what it refuses, with files damaged in every way.
#include "checkpoint/recovery.h"

#include <doctest/doctest.h>

#include "checkpoint/sealed.h"
#include "support/memory_filesystem.h"

namespace tailrace::checkpoint {

namespace {

using test::MemoryFilesystem;

const Layout kLayout{"/c"};

void put_plan(MemoryFilesystem& files, int64_t batch) {
  BatchPlan plan;
  plan.batch = batch;
  files.put(kLayout.plan(batch), seal(*to_json(plan)));
}

void put_commit(MemoryFilesystem& files, int64_t batch) {
  BatchCommit commit;
  commit.batch = batch;
  files.put(kLayout.commit(batch), seal(*to_json(commit)));
}

MemoryFilesystem disk(const std::vector<int64_t>& plans, const std::vector<int64_t>& commits) {
  MemoryFilesystem files;
  for (const int64_t batch : plans) put_plan(files, batch);
  for (const int64_t batch : commits) put_commit(files, batch);
  return files;
}

// "commit 1, replay 2" and the like, with notices; or the message of kDamage without its advice.
std::string outcome(io::Filesystem& files) {
  const auto found = recover(files, kLayout);
  if (!found) {
    CHECK(found.error().kind == ErrorKind::kDamage);
    const std::string& message = found.error().message;
    const size_t advice = message.rfind("; restore the checkpoint from a copy, or start over with");
    REQUIRE(advice != std::string::npos);
    return message.substr(0, advice);
  }
  std::string text =
      found->last_commit ? "commit " + std::to_string(found->last_commit->batch) : "fresh";
  CHECK(found->committed_plan.has_value() == found->last_commit.has_value());
  if (found->unfinished_plan) text += ", replay " + std::to_string(found->unfinished_plan->batch);
  for (const std::string& notice : found->notices) text += "; " + notice;
  return text;
}

std::vector<int64_t> up_to(int64_t last) {
  std::vector<int64_t> batches;
  for (int64_t batch = 0; batch <= last; ++batch) batches.push_back(batch);
  return batches;
}

}  // namespace

TEST_CASE("the newest plan and the newest commit say what is next") {
  struct Case {
    std::vector<int64_t> plans;
    std::vector<int64_t> commits;
    std::string expected;
  };
  const std::vector<Case> cases = {
      {{}, {}, "fresh"},
      {{0}, {}, "fresh, replay 0"},
      {{0}, {0}, "commit 0"},
      {{0, 1, 2}, {0, 1}, "commit 1, replay 2"},
      {up_to(150), up_to(150), "commit 150"},
      {{}, {0}, "/c/offsets/0: damaged: the file is missing, though the batch was committed"},
      {{0, 1},
       {0, 1, 2},
       "/c/offsets/2: damaged: the file is missing, though the batch was committed"},
      {{1}, {}, "/c/commits/0: damaged: the file is missing, though batch 1 was planned"},
      {{0, 1, 2, 3},
       {0, 1},
       "/c/commits/2: damaged: the file is missing, though batch 3 was planned"},
      {{0, 2}, {0, 1}, "/c/offsets/1: damaged: the file is missing, though batch 2 is there"},
      {{0, 1, 2}, {0, 2}, "/c/commits/1: damaged: the file is missing, though batch 2 is there"},
      {{0, 500},
       {0, 500},
       "/c/offsets/401: damaged: the file is missing, though batch 500 is there"},
  };
  for (const Case& one : cases) {
    MemoryFilesystem files = disk(one.plans, one.commits);
    CHECK(outcome(files) == one.expected);
  }
}

TEST_CASE("the newest plan cut at any byte is removed and said, and recovery twice is once") {
  const std::string whole = disk({0, 1}, {0}).bytes("/c/offsets/1");
  for (size_t size = 0; size + 1 < whole.size(); ++size) {
    CAPTURE(size);
    MemoryFilesystem files = disk({0, 1}, {0});
    files.put("/c/offsets/1", whole.substr(0, size));
    CHECK(outcome(files) ==
          "commit 0; /c/offsets/1: torn by a crash, removed; the batch is planned anew");
    CHECK(!*files.stat("/c/offsets/1"));
    CHECK(outcome(files) == "commit 0");
    MemoryFilesystem crashed = files.after_crash(test::Loss::kStrict);
    CHECK(outcome(crashed) == "commit 0");
  }
}

TEST_CASE("the newest commit cut at any byte is removed, and its batch is run again") {
  const std::string whole = disk({0, 1}, {0, 1}).bytes("/c/commits/1");
  for (size_t size = 0; size + 1 < whole.size(); ++size) {
    CAPTURE(size);
    MemoryFilesystem files = disk({0, 1}, {0, 1});
    files.put("/c/commits/1", whole.substr(0, size));
    CHECK(outcome(files) ==
          "commit 0, replay 1; /c/commits/1: torn by a crash, removed; the batch is run again");
    CHECK(outcome(files) == "commit 0, replay 1");
  }
}

TEST_CASE("a flipped bit in any needed file is damage that names it") {
  struct Case {
    std::string path;
    std::vector<int64_t> plans;
    std::vector<int64_t> commits;
  };
  for (const Case& one : {Case{"/c/offsets/1", {0, 1}, {0}}, Case{"/c/commits/1", {0, 1}, {0, 1}},
                          Case{"/c/offsets/1", {0, 1}, {0, 1}}}) {
    const std::string whole = disk(one.plans, one.commits).bytes(one.path);
    for (size_t byte = 0; byte < whole.size(); ++byte) {
      std::string flipped = whole;
      flipped[byte] = static_cast<char>(flipped[byte] ^ (1 << (byte % 8)));
      CAPTURE(byte);
      MemoryFilesystem files = disk(one.plans, one.commits);
      files.put(one.path, flipped);
      CHECK(recover(files, kLayout).error().kind == ErrorKind::kDamage);
      CHECK(recover(files, kLayout).error().message.starts_with(one.path + ": "));
      CHECK(files.bytes(one.path) == flipped);
    }
  }
}

TEST_CASE("a torn file that others count on is damage, not repaired") {
  MemoryFilesystem files = disk({0, 1}, {0, 1});
  files.put("/c/offsets/1", "v1\n{");
  CHECK(outcome(files) == "/c/offsets/1: damaged: it is not complete");
  files = disk({0, 1, 2}, {0, 1});
  files.put("/c/commits/1", "");
  CHECK(outcome(files) == "/c/commits/1: damaged: it is not complete");
}

TEST_CASE("a record under another batch's name is damage") {
  MemoryFilesystem files = disk({0, 1}, {0, 1});
  files.put("/c/commits/1", files.bytes("/c/commits/0"));
  CHECK(outcome(files) == "/c/commits/1: damaged: it is the record of batch 0");
}

TEST_CASE("progress without any batch is damage: numbers must not begin again under the old id") {
  MemoryFilesystem files;
  files.put("/c/progress", "{}\n");
  CHECK(outcome(files) ==
        "/c/offsets: damaged: all batches are missing, though some were committed");
}

TEST_CASE("other names in the directories are passed over") {
  MemoryFilesystem files = disk({0}, {0});
  for (const char* name : {".1.tmp", ".0.crc", "01", "-1", "+1", "1x", "x", "99999999999999999999"})
    files.put("/c/offsets/" + std::string(name), "rubbish");
  CHECK(outcome(files) == "commit 0");
}

}  // namespace tailrace::checkpoint
