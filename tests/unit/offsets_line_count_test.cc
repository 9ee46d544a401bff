// Cuts at line ends, in files larger than the blocks in which they are read.
#include "offsets/line_count.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "support/memory_filesystem.h"

namespace tailrace::offsets {
namespace {

const std::string kPath = "/f";

struct OneFile {
  explicit OneFile(std::string bytes) {
    disk.put(kPath, std::move(bytes));
    file = std::move(*disk.open(kPath, io::OpenMode::kRead));
  }
  FileBytes bytes(uint64_t begin, uint64_t end) const { return {*file, kPath, begin, end}; }
  test::MemoryFilesystem disk;
  std::unique_ptr<io::File> file;
};

TEST_CASE("Lines are counted and cut within the bytes given") {
  const OneFile one("a\nbb\n\nccc");
  CHECK_EQ(*count_newlines(one.bytes(0, 9)), 3);
  CHECK_EQ(*count_newlines(one.bytes(2, 5)), 1);
  CHECK_EQ(*count_newlines(one.bytes(3, 3)), 0);
  CHECK_EQ(*last_line_end(one.bytes(0, 9)), 6);
  CHECK_EQ(*last_line_end(one.bytes(6, 9)), 6);
  CHECK_EQ(*last_line_end(one.bytes(0, 5)), 5);
  CHECK_EQ(*last_line_end(one.bytes(0, 4)), 2);
  const auto two = cut_after_lines(one.bytes(0, 9), 2);
  CHECK_EQ(two->end, 5);
  CHECK_EQ(two->lines, 2);
  const auto all = cut_after_lines(one.bytes(0, 9), 9);
  CHECK_EQ(all->end, 6);
  CHECK_EQ(all->lines, 3);
}

TEST_CASE("Blocks do not matter") {
  std::string bytes;
  while (bytes.size() < 1'000'000) bytes += std::string(bytes.size() % 977, 'x') + "\n";
  const auto lines = static_cast<uint64_t>(std::ranges::count(bytes, '\n'));
  const OneFile one(bytes + std::string(600'000, 'y'));
  CHECK_EQ(*count_newlines(one.bytes(0, bytes.size() + 600'000)), lines);
  CHECK_EQ(*last_line_end(one.bytes(0, bytes.size() + 600'000)), bytes.size());
  const auto cut = cut_after_lines(one.bytes(0, bytes.size()), lines - 1);
  CHECK_EQ(cut->lines, lines - 1);
  CHECK_EQ(cut->end, bytes.rfind('\n', bytes.size() - 2) + 1);
}

TEST_CASE("A file shorter than the bytes asked for is an error that names it") {
  const OneFile one("a\n");
  for (const auto& result : {count_newlines(one.bytes(0, 3)), last_line_end(one.bytes(0, 3))}) {
    REQUIRE(!result);
    CHECK_EQ(result.error().message, "/f: truncated while it was read; start again");
  }
}

}  // namespace
}  // namespace tailrace::offsets
