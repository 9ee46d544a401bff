#include "checkpoint/query_change.h"

#include <doctest/doctest.h>

namespace tailrace::checkpoint {

namespace {

using Query = std::map<std::string, std::string>;

// The differences in the message, between what stands around them in every one.
std::string differences(const Query& before, const Query& now) {
  const Status status = check_unchanged(before, now, "/ckpt");
  if (status) return "";
  const std::string& message = status.error().message;
  const std::string head = "/ckpt: the query is not the one this checkpoint was made with: ";
  const std::string tail =
      "; go back to the old one or name another --checkpoint (safe to change: "
      "FILE operands, triggers, --max-*, ";
  REQUIRE(message.starts_with(head));
  const size_t end = message.find(tail);
  REQUIRE(end != std::string::npos);
  CHECK(status.error().kind == ErrorKind::kFailure);
  return message.substr(head.size(), end - head.size());
}

}  // namespace

TEST_CASE("every changed component is named with its old and new text") {
  const Query query = {{"window", "5m"}, {"mode", "append"}, {"sql", "SELECT 1"}};
  CHECK(differences(query, query) == "");
  CHECK(differences(query, {{"window", "1m"}, {"mode", "append"}, {"sql", "SELECT 1"}}) ==
        "window was '5m', is '1m'");
  CHECK(differences(query, {{"window", "5m"}, {"sql", "SELECT 2"}, {"by", "a"}}) ==
        "by was none, is 'a'; mode was 'append', is none; sql was 'SELECT 1', is 'SELECT 2'");
  CHECK(differences({{"a", ""}}, {}) == "");
}

TEST_CASE("long texts are shown around the first difference, on one line, in whole characters") {
  const std::string start = "SELECT user_id, session_id, count(*) AS\n total FROM input";
  CHECK(differences({{"sql", start + " GROUP BY user_id"}}, {{"sql", start + " WHERE x"}}) ==
        "sql was '… FROM input GROUP BY user_id', is '… FROM input WHERE x'");
  std::string accents;
  for (int i = 0; i < 40; ++i) accents += "é";
  CHECK(differences({{"sql", accents + "a"}}, {{"sql", accents + "b"}}) ==
        "sql was '…ééééééa', is '…ééééééb'");
  CHECK(differences({{"sql", "a" + accents}}, {{"sql", "b" + accents}}).find("é…'") !=
        std::string::npos);
}

}  // namespace tailrace::checkpoint
