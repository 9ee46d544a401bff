#include "checkpoint/records.h"

#include <doctest/doctest.h>

#include <limits>

namespace tailrace::checkpoint {

namespace {

BatchPlan sample_plan() {
  BatchPlan plan;
  plan.batch = 7;
  plan.end_positions = R"({"files":[{"path":"/é","offset":18446744073709551615}]})";
  plan.watermark_us = std::numeric_limits<int64_t>::min();
  plan.late_watermark_us = -1;
  plan.partition_max_us = {{"0", std::numeric_limits<int64_t>::max()}, {"", 0}};
  plan.clock_us = 1'700'000'000'000'001;
  plan.no_data = true;
  plan.notes = {{"a", "{}"}, {"b", "[1, 2]"}, {"c", "\"quoted\""}, {"d", "line\nline"}};
  return plan;
}

}  // namespace

TEST_CASE("a plan comes back as it was, opaque texts byte for byte") {
  const BatchPlan plan = sample_plan();
  const auto json = to_json(plan);
  REQUIRE(json);
  CHECK(json->find('\n') == std::string::npos);
  CHECK(json->find(R"("end":{"files":[{"path":"/é","offset":18446744073709551615}]})") !=
        std::string::npos);
  const auto read = plan_from(*json, "F");
  REQUIRE(read);
  CHECK(read->batch == 7);
  CHECK(read->begin_positions == "");
  CHECK(read->end_positions == plan.end_positions);
  CHECK(read->watermark_us == plan.watermark_us);
  CHECK(read->late_watermark_us == -1);
  CHECK(read->partition_max_us == plan.partition_max_us);
  CHECK(read->clock_us == plan.clock_us);
  CHECK(read->no_data);
  CHECK(!read->closing);
  CHECK(read->notes == plan.notes);
  CHECK(*to_json(*read) == *json);
}

TEST_CASE("opaque texts of every kind survive") {
  for (const char* text :
       {"", "-", "{}", "{ }", "[]", R"({"b":1,"a":2})", R"({"a":1,"a":2})", "1.50", R"({"x":1.50})",
        R"({"x":1e5})", "null", "\"s\"", "{broken", "12345"}) {
    CAPTURE(text);
    BatchPlan plan;
    plan.begin_positions = text;
    const auto read = plan_from(*to_json(plan), "F");
    REQUIRE(read);
    CHECK(read->begin_positions == text);
  }
}

TEST_CASE("a commit and a metadata come back as they were") {
  BatchCommit commit;
  commit.batch = 3;
  commit.next_watermark_us = 5;
  commit.partition_max_us = {{"/log", 9}};
  commit.sink_note = R"({"length":12})";
  commit.ledger_notes = {{"/bad.jsonl", "90"}};
  commit.owes_no_data_batch = true;
  commit.counters = {{"badRows", 2}};
  commit.notes = {{"x", "y"}};
  const auto read = commit_from(*to_json(commit), "F");
  REQUIRE(read);
  CHECK(*to_json(*read) == *to_json(commit));
  CHECK(read->sink_note == commit.sink_note);
  CHECK(read->ledger_notes == commit.ledger_notes);
  CHECK(read->counters == commit.counters);
  CHECK(read->owes_no_data_batch);

  Metadata metadata;
  metadata.id = "f0a1";
  metadata.query = {{"sql", "SELECT 1\nFROM input"}, {"window", "5m"}};
  metadata.hash_seed = std::numeric_limits<uint64_t>::max();
  metadata.partitions = 4;
  metadata.schema_ddl = "a BIGINT";
  metadata.created = "2024-01-01T00:00:00Z";
  metadata.extra = {{"k", "v"}};
  const auto again = metadata_from(*to_json(metadata), "F");
  REQUIRE(again);
  CHECK(*to_json(*again) == *to_json(metadata));
  CHECK(again->hash_seed == metadata.hash_seed);
  CHECK(again->query == metadata.query);
}

TEST_CASE("unknown members are passed over, missing and wrong ones are damage") {
  std::string json = *to_json(sample_plan());
  json.insert(1, R"("later":[1],)");
  CHECK(plan_from(json, "F"));
  for (const char* wrong : {"{}", "[]", "", "1", R"({"batch":"7"})"}) {
    CAPTURE(wrong);
    const auto read = plan_from(wrong, "F");
    REQUIRE(!read);
    CHECK(read.error().kind == ErrorKind::kDamage);
    CHECK(read.error().message.starts_with(
        "F: damaged: \"batch\" is missing or of the wrong type; restore"));
  }
}

TEST_CASE("text that is not UTF-8 is refused, not changed") {
  BatchPlan plan;
  plan.partition_max_us = {{"/log/caf\xe9", 1}};
  const auto json = to_json(plan);
  REQUIRE(!json);
  CHECK(json.error().message ==
        "the plan of a batch has text that is not UTF-8 and cannot be kept in a checkpoint; rename "
        "the file or column");
}

}  // namespace tailrace::checkpoint
