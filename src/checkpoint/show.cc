#include "checkpoint/inspect.h"

#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/time.h"
#include "offsets/positions.h"
#include "watermark/watermark.h"

namespace tailrace::checkpoint {

namespace {

using Json = nlohmann::ordered_json;

std::string utc(int64_t us) {
  const auto seconds = static_cast<std::time_t>(floor_div(us, kMicrosPerSecond));
  const int64_t rest = floor_mod(us, kMicrosPerSecond);
  const std::string fraction = rest % kMicrosPerMilli == 0
                                   ? fmt::format("{:03}", rest / kMicrosPerMilli)
                                   : fmt::format("{:06}", rest);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{}Z", fmt::gmtime(seconds), fraction);
}

std::optional<int64_t> watermark_of(const Inspection& inspection) {
  if (!inspection.last_commit) return std::nullopt;
  const int64_t watermark_us = inspection.last_commit->next_watermark_us;
  if (watermark_us == watermark::kNone) return std::nullopt;
  return watermark_us;
}

// {"/abs/path":BYTES} for files; what the source wrote for anything else.
Json offsets_of(const Inspection& inspection) {
  if (!inspection.committed_plan) return Json::object();
  const std::string& positions = inspection.committed_plan->end_positions;
  const auto files = offsets::parse_positions(positions);
  const bool of_files = files.has_value() && !files->files.empty();
  const std::string text = of_files ? offsets::progress_offsets(*files) : positions;
  const Json parsed = Json::parse(text, nullptr, false);
  return parsed.is_discarded() ? Json(text) : parsed;
}

uint64_t state_bytes(const Inspection& inspection) {
  uint64_t bytes = 0;
  for (const StateFile& file : inspection.state) bytes += file.bytes;
  return bytes;
}

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Values of more than one line (SQL) stay in their column.
void add_line(std::string& text, const std::string& name, std::string value) {
  constexpr size_t kColumn = 12;
  for (size_t at = 0; (at = value.find('\n', at)) != std::string::npos; at += kColumn + 1)
    value.replace(at, 1, "\n" + std::string(kColumn, ' '));
  text += fmt::format("{:<{}}{}\n", name, name.size() < kColumn ? kColumn : name.size() + 1, value);
}

std::string batches_text(const Inspection& inspection) {
  std::string text = inspection.last_commit
                         ? fmt::format("{} is the last complete one", inspection.last_commit->batch)
                         : "none is complete";
  if (inspection.unfinished_plan) {
    text += fmt::format("; {} is {}", inspection.unfinished_plan->batch,
                        inspection.running ? "running" : "planned, the next run replays it");
  }
  return text;
}

std::string running_text(const Inspection& inspection) {
  if (!inspection.running) return "no";
  return inspection.pid > 0 ? fmt::format("yes, process {}", inspection.pid) : "yes";
}

void add_offsets(std::string& text, const Json& offsets) {
  if (!offsets.is_object()) return add_line(text, "offsets", dumped(offsets));
  std::string lines;
  for (const auto& [name, value] : offsets.items())
    lines += (lines.empty() ? "" : "\n") + name + " " + dumped(value);
  add_line(text, "offsets", lines.empty() ? "none" : lines);
}

void add_counters(std::string& text, const Inspection& inspection) {
  std::string line;
  if (inspection.last_commit) {
    for (const auto& [name, value] : inspection.last_commit->counters)
      line += fmt::format("{}{} {}", line.empty() ? "" : ", ", name, value);
  }
  if (!line.empty()) add_line(text, "counters", line);
}

Json parsed_or_null(const std::string& json) {
  const Json parsed = Json::parse(json, nullptr, false);
  return parsed.is_discarded() ? Json() : parsed;
}

Json status_facts(const Inspection& inspection) {
  Json json;
  json["checkpoint"] = inspection.directory;
  json["id"] = inspection.metadata.id;
  const auto name = inspection.metadata.extra.find("name");
  json["name"] = name != inspection.metadata.extra.end() ? Json(name->second) : Json();
  json["running"] = inspection.running;
  json["pid"] = inspection.running && inspection.pid > 0 ? Json(inspection.pid) : Json();
  json["lastBatch"] = inspection.last_commit ? Json(inspection.last_commit->batch) : Json();
  const auto watermark_us = watermark_of(inspection);
  json["watermark"] = watermark_us ? Json(utc(*watermark_us)) : Json();
  json["lastProgress"] = parsed_or_null(inspection.last_progress);
  json["lastError"] = inspection.last_error.empty() ? Json() : Json(inspection.last_error);
  return json;
}

}  // namespace

std::string show_text(const Inspection& inspection) {
  std::string text;
  add_line(text, "id", inspection.metadata.id);
  add_line(text, "made", inspection.metadata.created);
  for (const auto& [name, value] : inspection.metadata.query) add_line(text, name, value);
  add_line(text, "columns", inspection.metadata.schema_ddl);
  add_line(text, "running", running_text(inspection));
  add_line(text, "batches", batches_text(inspection));
  const auto watermark_us = watermark_of(inspection);
  add_line(text, "watermark", watermark_us ? utc(*watermark_us) : "none");
  add_offsets(text, offsets_of(inspection));
  add_counters(text, inspection);
  std::string state =
      fmt::format("{} bytes in {} files", state_bytes(inspection), inspection.state.size());
  for (const StateFile& file : inspection.state)
    state += fmt::format("\n{} {}", file.name, file.bytes);
  add_line(text, "state", state);
  if (!inspection.last_progress.empty()) add_line(text, "progress", inspection.last_progress);
  if (!inspection.last_error.empty()) add_line(text, "error", inspection.last_error);
  return text;
}

std::string show_json(const Inspection& inspection) {
  Json json = status_facts(inspection);
  json["created"] = inspection.metadata.created;
  json["query"] = inspection.metadata.query;
  json["schema"] = inspection.metadata.schema_ddl;
  json["partitions"] = inspection.metadata.partitions;
  json["unfinishedBatch"] =
      inspection.unfinished_plan ? Json(inspection.unfinished_plan->batch) : Json();
  json["offsets"] = offsets_of(inspection);
  json["counters"] =
      inspection.last_commit ? Json(inspection.last_commit->counters) : Json::object();
  json["stateBytes"] = state_bytes(inspection);
  json["stateFiles"] = Json::object();
  for (const StateFile& file : inspection.state) json["stateFiles"][file.name] = file.bytes;
  return dumped(json);
}

std::string status_text(const Inspection& inspection) {
  const auto watermark_us = watermark_of(inspection);
  const auto name = inspection.metadata.extra.find("name");
  const std::string named =
      name == inspection.metadata.extra.end() ? "" : fmt::format(" ({})", name->second);
  std::string line =
      fmt::format("{}{}: running: {}; batches: {}; watermark: {}", inspection.directory, named,
                  running_text(inspection), batches_text(inspection),
                  watermark_us ? utc(*watermark_us) : "none");
  const Json progress = parsed_or_null(inspection.last_progress);
  if (progress.is_object() && progress.contains("timestamp") && progress["timestamp"].is_string())
    line += "; last progress: " + progress["timestamp"].get<std::string>();
  if (!inspection.last_error.empty()) line += "; last error: " + inspection.last_error;
  return line + "\n";
}

std::string status_json(const Inspection& inspection) { return dumped(status_facts(inspection)); }

}  // namespace tailrace::checkpoint
