#include "engine/progress.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "formats/timestamp.h"

namespace tailrace::engine {
namespace {

using Json = nlohmann::ordered_json;

std::string utc(int64_t us) {
  char text[formats::kTimestampBytesMax];
  return {text, formats::format_rfc3339(us, {}, text)};
}

std::string utc_millis(int64_t us) { return utc(floor_div(us, kMicrosPerMilli) * kMicrosPerMilli); }

double per_second(uint64_t rows, int64_t us) {
  return static_cast<double>(rows) * 1e6 / static_cast<double>(std::max<int64_t>(us, 1000));
}

Json parsed(const std::string& text) {
  Json json = Json::parse(text.empty() ? "null" : text, nullptr, false);
  return json.is_discarded() ? Json(text) : json;
}

Json event_time(const BatchReport& report, const BatchCounts& counts) {
  Json json = Json::object();
  if (!report.has_watermark) return json;
  if (counts.times.count > 0) {
    json["avg"] = utc_millis(counts.times.mean_ms() * kMicrosPerMilli);
    json["max"] = utc_millis(counts.times.greatest);
    json["min"] = utc_millis(counts.times.least);
  }
  json["watermark"] = utc_millis(std::max<int64_t>(report.watermark_us, 0));
  return json;
}

Json state_operators(const Job& job, const BatchReport& report, const BatchCounts& counts) {
  Json json = Json::array();
  if (!job.query->aggregation) return json;
  json.push_back({{"operatorName", "stateStoreSave"},
                  {"numRowsTotal", counts.groups_total},
                  {"numRowsUpdated", counts.groups_updated},
                  {"allUpdatesTimeMs", report.running_us / 1000},
                  {"numRowsRemoved", counts.groups_removed},
                  {"allRemovalsTimeMs", report.state_us / 1000},
                  {"commitTimeMs", report.committing_us / 1000},
                  {"memoryUsedBytes", counts.state_bytes},
                  {"numRowsDroppedByWatermark", counts.late_groups.size()},
                  {"numShufflePartitions", job.partitions},
                  {"numStateStoreInstances", job.partitions}});
  return json;
}

}  // namespace

std::string progress_json(const Job& job, const BatchReport& report, const BatchCounts& counts) {
  Json json;
  json["id"] = job.id;
  json["runId"] = job.run_id;
  json["name"] = job.name.empty() ? Json() : Json(job.name);
  json["timestamp"] = utc_millis(report.started.us);
  json["batchId"] = report.batch;
  json["batchDuration"] = report.duration_us / 1000;
  json["numInputRows"] = counts.rows_in;
  json["inputRowsPerSecond"] = report.since_last_start_us == 0
                                   ? 0.0
                                   : per_second(counts.rows_in, report.since_last_start_us);
  json["processedRowsPerSecond"] = per_second(counts.rows_in, report.duration_us);
  json["durationMs"] = {{"addBatch", report.running_us / 1000},
                        {"commitOffsets", report.committing_us / 1000},
                        {"latestOffset", report.planning_us / 1000},
                        {"stateCommit", report.state_us / 1000},
                        {"triggerExecution", report.duration_us / 1000}};
  json["eventTime"] = event_time(report, counts);
  json["stateOperators"] = state_operators(job, report, counts);
  json["sources"] = Json::array({{{"description", job.source->description()},
                                  {"startOffset", parsed(report.start_offsets)},
                                  {"endOffset", parsed(report.end_offsets)},
                                  {"latestOffset", parsed(report.latest_offsets)},
                                  {"numInputRows", counts.rows_in},
                                  {"inputRowsPerSecond", json["inputRowsPerSecond"]},
                                  {"processedRowsPerSecond", json["processedRowsPerSecond"]},
                                  {"metrics", Json::object()}}});
  json["sink"] = {{"description", job.sink->description()}, {"numOutputRows", counts.rows_out}};
  json["observed"] = {{"badRows", counts.bad_rows},
                      {"lateRows", counts.late_rows},
                      {"futureRows", counts.future_rows},
                      {"unknownFields", report.unknown_fields}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace tailrace::engine
