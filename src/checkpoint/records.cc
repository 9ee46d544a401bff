#include "checkpoint/records.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "checkpoint/sealed.h"

namespace tailrace::checkpoint {

namespace {

using Json = nlohmann::ordered_json;

// JSON objects and arrays stand as they are, for people and jq, if they come back byte for byte;
// any other text stands as a string. So reading knows which it was from the value alone.
Json opaque(const std::string& text) {
  const Json parsed = Json::parse(text, nullptr, false);
  if (parsed.is_structured() && parsed.dump() == text) return parsed;
  return text;
}

std::string opaque_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

Json opaque_map(const std::map<std::string, std::string>& texts) {
  Json object = Json::object();
  for (const auto& [name, text] : texts) object[name] = opaque(text);
  return object;
}

Result<std::string> dumped(const Json& json, const char* what) {
  try {
    return json.dump();
  } catch (const Json::exception&) {
    return fail(
        fmt::format("the {} has text that is not UTF-8 and cannot be kept in a checkpoint; "
                    "rename the file or column",
                    what));
  }
}

// Reads the members of one record, and remembers the first that is missing or of another type.
class Reader {
 public:
  explicit Reader(const std::string& text) : json_(Json::parse(text, nullptr, false)) {}

  void read(const char* key, std::string& value) {
    if (const Json* found = find(key)) value = opaque_text(*found);
  }
  void read(const char* key, bool& value) {
    const Json* found = find(key);
    if (found != nullptr && expect(found->is_boolean(), key)) value = found->get<bool>();
  }
  template <class Integer>
    requires std::is_integral_v<Integer>
  void read(const char* key, Integer& value) {
    const Json* found = find(key);
    if (found != nullptr && expect(found->is_number_integer(), key)) value = found->get<Integer>();
  }
  void read(const char* key, std::map<std::string, std::string>& values) {
    for (const auto& [name, value] : object(key).items()) values[name] = opaque_text(value);
  }
  void read(const char* key, std::map<std::string, int64_t>& values) {
    for (const auto& [name, value] : object(key).items()) {
      if (expect(value.is_number_integer(), key)) values[name] = value.get<int64_t>();
    }
  }

  template <class Record>
  Result<Record> finish(Record record, const std::string& path) const {
    if (!wrong_.empty()) return damaged(path, "\"" + wrong_ + "\" is missing or of the wrong type");
    return record;
  }

 private:
  const Json* find(const char* key) {
    const bool there = json_.is_object() && json_.contains(key);
    expect(there, key);
    return there ? &json_[key] : nullptr;
  }
  const Json& object(const char* key) {
    static const Json kEmpty = Json::object();
    const Json* found = find(key);
    return found != nullptr && expect(found->is_object(), key) ? *found : kEmpty;
  }
  bool expect(bool right, const char* key) {
    if (!right && wrong_.empty()) wrong_ = key;
    return right;
  }

  Json json_;
  std::string wrong_;
};

}  // namespace

Result<std::string> to_json(const Metadata& metadata) {
  Json json;
  json["id"] = metadata.id;
  json["created"] = metadata.created;
  json["query"] = metadata.query;
  json["schema"] = metadata.schema_ddl;
  json["partitions"] = metadata.partitions;
  // As text: JSON readers other than ours round integers of 64 bits.
  json["hashSeed"] = std::to_string(metadata.hash_seed);
  json["extra"] = metadata.extra;
  return dumped(json, "query");
}

Result<Metadata> metadata_from(const std::string& json, const std::string& path) {
  Reader reader(json);
  Metadata metadata;
  std::string seed;
  reader.read("id", metadata.id);
  reader.read("created", metadata.created);
  reader.read("query", metadata.query);
  reader.read("schema", metadata.schema_ddl);
  reader.read("partitions", metadata.partitions);
  reader.read("hashSeed", seed);
  reader.read("extra", metadata.extra);
  metadata.hash_seed = std::strtoull(seed.c_str(), nullptr, 10);
  return reader.finish(std::move(metadata), path);
}

Result<std::string> to_json(const BatchPlan& plan) {
  Json json;
  json["batch"] = plan.batch;
  json["begin"] = opaque(plan.begin_positions);
  json["end"] = opaque(plan.end_positions);
  json["watermarkUs"] = plan.watermark_us;
  json["lateWatermarkUs"] = plan.late_watermark_us;
  json["partitionMaxUs"] = plan.partition_max_us;
  json["clockUs"] = plan.clock_us;
  json["noData"] = plan.no_data;
  json["closing"] = plan.closing;
  json["notes"] = opaque_map(plan.notes);
  return dumped(json, "plan of a batch");
}

Result<BatchPlan> plan_from(const std::string& json, const std::string& path) {
  Reader reader(json);
  BatchPlan plan;
  reader.read("batch", plan.batch);
  reader.read("begin", plan.begin_positions);
  reader.read("end", plan.end_positions);
  reader.read("watermarkUs", plan.watermark_us);
  reader.read("lateWatermarkUs", plan.late_watermark_us);
  reader.read("partitionMaxUs", plan.partition_max_us);
  reader.read("clockUs", plan.clock_us);
  reader.read("noData", plan.no_data);
  reader.read("closing", plan.closing);
  reader.read("notes", plan.notes);
  return reader.finish(std::move(plan), path);
}

Result<std::string> to_json(const BatchCommit& commit) {
  Json json;
  json["batch"] = commit.batch;
  json["nextWatermarkUs"] = commit.next_watermark_us;
  json["partitionMaxUs"] = commit.partition_max_us;
  json["sink"] = opaque(commit.sink_note);
  json["ledgers"] = opaque_map(commit.ledger_notes);
  json["owesNoDataBatch"] = commit.owes_no_data_batch;
  json["counters"] = commit.counters;
  json["notes"] = opaque_map(commit.notes);
  return dumped(json, "commit of a batch");
}

Result<BatchCommit> commit_from(const std::string& json, const std::string& path) {
  Reader reader(json);
  BatchCommit commit;
  reader.read("batch", commit.batch);
  reader.read("nextWatermarkUs", commit.next_watermark_us);
  reader.read("partitionMaxUs", commit.partition_max_us);
  reader.read("sink", commit.sink_note);
  reader.read("ledgers", commit.ledger_notes);
  reader.read("owesNoDataBatch", commit.owes_no_data_batch);
  reader.read("counters", commit.counters);
  reader.read("notes", commit.notes);
  return reader.finish(std::move(commit), path);
}

}  // namespace tailrace::checkpoint
