// Positions survive being written and read, and damaged ones are an error.
#include "offsets/positions.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace tailrace::offsets {
namespace {

FilePositions sample() {
  FilePositions positions;
  positions.next_id = 9;
  positions.partitions = {"/l/app.log", "/l/b\"c\xc3\xa4"};
  positions.batch = {7, 3};
  positions.finished = {1};
  positions.unfinished = {0};
  positions.files.push_back({3,
                             "/l/app.log",
                             66306,
                             12345678901234567890U,
                             {0xffeeddccbbaa9988, 1024},
                             1U << 31,
                             17,
                             uint64_t{1} << 40,
                             0});
  positions.files.push_back({7, "/l/b\"c\xc3\xa4", 1, 2, {0x0a, 0}, 0, {}, 0, 1});
  return positions;
}

TEST_CASE("Positions are readable JSON, the same after reading and writing") {
  const std::string text = to_json(sample());
  CHECK_EQ(text,
           "{\"version\":1,\"next_id\":9,\"partitions\":[\"/l/app.log\",\"/l/"
           "b\\\"c\xc3\xa4\"],\"batch\":[7,3],"
           "\"finished\":[1],\"unfinished\":[0],\"files\":[{\"id\":3,\"path\":\"/l/"
           "app.log\",\"device\":66306,"
           "\"inode\":12345678901234567890,\"fingerprint\":\"ffeeddccbbaa9988\",\"fingerprint_"
           "bytes\":1024,"
           "\"offset\":2147483648,\"lines\":17,\"size\":1099511627776,\"partition\":0},"
           "{\"id\":7,\"path\":\"/l/"
           "b\\\"c\xc3\xa4\",\"device\":1,\"inode\":2,\"fingerprint\":\"000000000000000a\","
           "\"fingerprint_bytes\":0,\"offset\":0,\"size\":0,\"partition\":1}]}");
  const auto again = parse_positions(text);
  REQUIRE(again);
  CHECK_EQ(to_json(*again), text);
  CHECK(again->find(7) != nullptr);
  CHECK(again->find(4) == nullptr);
  CHECK(!again->find(7)->lines);
}

TEST_CASE("Progress shows bytes by path, and of two files at one path the later") {
  FilePositions positions;
  positions.files = {{1, "/a", 0, 0, {}, 10, {}, 10, 0},
                     {2, "/a", 0, 0, {}, 3, {}, 3, 0},
                     {3, "/b", 0, 0, {}, 4, {}, 4, 0}};
  CHECK_EQ(progress_offsets(positions), "{\"/a\":3,\"/b\":4}");
}

TEST_CASE("Positions cut off anywhere are an error, and none at all is the beginning") {
  const std::string text = to_json(sample());
  CHECK(parse_positions("")->files.empty());
  for (size_t size = 1; size < text.size(); ++size) {
    CHECK_MESSAGE(!parse_positions(text.substr(0, size)), size);
  }
}

TEST_CASE("A field of a wrong type is damage, whatever its type is") {
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"next_id\":9", "\"next_id\":\"9\""},
           {"\"next_id\":9", "\"next_id\":-1"},
           {"\"next_id\":9,", ""},
           {"\"batch\":[7,3]", "\"batch\":7"},
           {"\"batch\":[7,3]", "\"batch\":[null]"},
           {"\"offset\":0", "\"offset\":1.5"},
           {"\"path\":\"/l/app.log\"", "\"path\":1"},
           {"\"fingerprint\":\"ffeeddccbbaa9988\"", "\"fingerprint\":\"xyz\""},
           {"\"lines\":17", "\"lines\":null"},
           {"\"version\":1", "\"version\":2"},
       }) {
    std::string text = to_json(sample());
    REQUIRE(text.find(from) != std::string::npos);
    text.replace(text.find(from), from.size(), to);
    CHECK_MESSAGE(!parse_positions(text), to);
  }
}

}  // namespace
}  // namespace tailrace::offsets
