#include "checkpoint/sealed.h"

#include <doctest/doctest.h>

#include "checkpoint/records.h"
#include "io/filesystem.h"

namespace tailrace::checkpoint {

namespace {

const std::string kJson = R"({"batch":7,"end":{"/var/log/app.log":4096},"note":"a \"b\" é"})";

// "whole", "torn" or the message.
std::string verdict(std::string_view text) {
  const auto unsealed = unseal(text, "F");
  if (!unsealed) return unsealed.error().message;
  if (!*unsealed) return "torn";
  return **unsealed == kJson ? "whole" : "other: " + **unsealed;
}

bool is_damage(std::string_view text) {
  const auto unsealed = unseal(text, "F");
  return !unsealed && unsealed.error().kind == ErrorKind::kDamage;
}

}  // namespace

TEST_CASE("a sealed text has a version, the JSON and a checksum of both") {
  CHECK(seal("{}") == "v1\n{}\ncrc32:bda55739\n");
  CHECK(verdict(seal(kJson)) == "whole");
}

TEST_CASE("cut at any byte it is torn, except where only the last newline is gone") {
  const std::string text = seal(kJson);
  for (size_t size = 0; size < text.size(); ++size) {
    CAPTURE(size);
    const std::string cut = text.substr(0, size);
    CHECK(verdict(cut) == (size + 1 == text.size() ? "whole" : "torn"));
    CHECK(verdict(cut + std::string(text.size() - size, '\0')) ==
          (size + 1 == text.size() ? "whole" : "torn"));
  }
}

TEST_CASE("one flipped bit anywhere is damage, never torn and never believed") {
  const std::string text = seal(kJson);
  for (size_t byte = 0; byte < text.size(); ++byte) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = text;
      flipped[byte] = static_cast<char>(flipped[byte] ^ (1 << bit));
      CAPTURE(byte);
      CAPTURE(bit);
      CHECK(is_damage(flipped));
    }
  }
}

TEST_CASE("what is wrong is said, with the file and what to do") {
  const std::string advice =
      "; restore the checkpoint from a copy, or start over with 'tailrace checkpoint reset'";
  CHECK(verdict("v1\n{}\ncrc32:00000000\n") == "F: damaged: its checksum is wrong" + advice);
  CHECK(verdict("hello\n") == "F: damaged: it does not begin with a version line" + advice);
  CHECK(verdict("v1\n{}\n{}\n") == "F: damaged: its last line is not a checksum" + advice);
  CHECK(verdict("v1\n{\ncrc32:") == "F: damaged: its lines are broken" + advice);
  CHECK(is_damage(seal(kJson) + "more"));
  CHECK(is_damage(seal(kJson) + seal(kJson)));
}

// Every byte in the manual's worked example, so that nobody has to believe it.
TEST_CASE("the manual's example is a real metadata, plan and commit") {
  const auto files = io::posix_filesystem();
  const auto manual = io::read_file(*files, "man/tailrace-checkpoint.5");
  REQUIRE(manual);
  std::vector<std::string> examples;
  for (size_t begin = 0; (begin = manual->find("\nv1\n{", begin)) != std::string::npos;) {
    const size_t end = manual->find(".Ed\n", begin);
    REQUIRE(end != std::string::npos);
    const auto json = unseal(manual->substr(begin + 1, end - begin - 1), "example");
    REQUIRE_MESSAGE(json, json.error().message);
    examples.push_back(**json);
    begin = end;
  }
  REQUIRE(examples.size() == 3);
  CHECK(*to_json(*metadata_from(examples[0], "metadata")) == examples[0]);
  CHECK(*to_json(*plan_from(examples[1], "plan")) == examples[1]);
  CHECK(*to_json(*commit_from(examples[2], "commit")) == examples[2]);
}

TEST_CASE("a newer version is named") {
  CHECK(verdict("v2\n{}\ncrc32:fa052de9\n") ==
        "F: written by a newer tailrace (v2); use that one with this checkpoint");
  CHECK(is_damage("v2\n{}\ncrc32:00000000\n"));
}

}  // namespace tailrace::checkpoint
