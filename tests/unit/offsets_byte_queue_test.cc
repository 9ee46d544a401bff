// The queue behind a pipe against a plain string, over its block boundaries.
#include "offsets/byte_queue.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

namespace tailrace::offsets {
namespace {

std::string read(const ByteQueue& queue, uint64_t from, uint64_t to) {
  std::string out;
  while (from < to) {
    const std::string_view piece = queue.piece(from, to);
    out += piece;
    from += piece.size();
  }
  return out;
}

TEST_CASE("Bytes come out as they went in, whatever is appended, cut and dropped") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  ByteQueue queue;
  std::string expected;  // from queue.begin() on
  for (int round = 0; round < 200; ++round) {
    std::string more(random() % 60'000, static_cast<char>('a' + round % 26));
    if (!more.empty()) more[random() % more.size()] = '\n';
    queue.append(more);
    expected += more;
    if (random() % 3 == 0) {
      const uint64_t drop = random() % (expected.size() + 1);
      queue.drop_before(queue.begin() + drop);
      expected.erase(0, drop);
    }
    if (random() % 5 == 0) {
      const uint64_t kept = expected.size() - random() % (expected.size() + 1) / 4;
      queue.cut_end(queue.begin() + kept);
      expected.resize(kept);
    }
    REQUIRE_EQ(queue.end() - queue.begin(), expected.size());
    REQUIRE(read(queue, queue.begin(), queue.end()) == expected);

    const size_t last = expected.rfind('\n');
    const auto end = queue.last_line_end(queue.begin(), queue.end());
    REQUIRE_EQ(end.has_value(), last != std::string::npos);
    if (end) REQUIRE_EQ(*end - queue.begin(), last + 1);

    uint64_t lines = 0;
    const auto second = queue.skip_lines(queue.begin(), queue.end(), 2, lines);
    const size_t one = expected.find('\n');
    const size_t two = one == std::string::npos ? one : expected.find('\n', one + 1);
    REQUIRE_EQ(second.has_value(), two != std::string::npos);
    if (second) REQUIRE_EQ(*second - queue.begin(), two + 1);
  }
}

TEST_CASE("Nothing is found in an empty queue") {
  ByteQueue queue;
  uint64_t lines = 7;
  CHECK(!queue.last_line_end(0, 0));
  CHECK(!queue.skip_lines(0, 0, 1, lines));
  CHECK_EQ(lines, 0);
  CHECK(!queue.room().empty());
}

}  // namespace
}  // namespace tailrace::offsets
