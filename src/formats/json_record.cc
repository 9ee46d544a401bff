#include "formats/json_record.h"

#include <algorithm>

#include <fmt/format.h>

namespace tailrace::formats {

namespace {

std::unique_ptr<ObjectPlan> plan_record(const DecodeOptions& options,
                                        const std::vector<std::string>& not_from_json) {
  auto plan = std::make_unique<ObjectPlan>();
  for (size_t i = 0; i < options.schema.size(); i++) {
    const columns::Field& field = options.schema[i];
    if (std::ranges::find(not_from_json, field.name) != not_from_json.end()) continue;
    const TimeReading reading =
        i < options.readings.size() ? options.readings[i] : TimeReading::kSpark;
    plan->keys.add_member(field.name, static_cast<int32_t>(plan->members.size()));
    plan->members.push_back({field.name, i, plan_value(field.type, reading)});
  }
  if (options.report_unknown)
    for (const columns::Field& field : options.known) plan->keys.add_known(field.name);
  return plan;
}

void clear_value(columns::Column& column, size_t row) {
  column.nulls[row] = 1;
  if (column.type.kind != columns::Kind::kStruct) return;
  for (columns::Column& child : column.children) clear_value(child, row);
}

}  // namespace

RecordReader::RecordReader(const DecodeOptions& options,
                           const std::vector<std::string>& not_from_json)
    : plan_(plan_record(options, not_from_json)) {
  state_.zone = options.zone;
  state_.permissive = options.permissive;
  if (options.time_format.empty()) return;
  if (auto pattern = TimePattern::compile(options.time_format)) {
    state_.pattern = std::move(*pattern);
    state_.has_pattern = true;
  }
}

RecordReader::~RecordReader() = default;

Reading RecordReader::read(const JsonTokens& text, uint32_t token, uint32_t& after,
                           columns::Batch& batch, size_t row, Arena& arena) {
  state_.arena = &arena;
  state_.has_wrong = false;
  state_.element_tokens.clear();
  state_.unknown.clear();
  if (text.at[token] >= text.end || text.first(token) != '{') return Reading::kMalformed;
  if (!walk_object(text, token, after, *plan_, &state_)) return Reading::kMalformed;
  const Reading reading = read_members(text, *plan_, batch.columns, row, state_);
  if (reading > Reading::kPartial) clear_row(batch, row);
  return reading;
}

bool RecordReader::step_over(const JsonTokens& text, uint32_t token, uint32_t& after) {
  if (text.at[token] >= text.end || text.first(token) != '{') return false;
  after = step_over_nested(text, token);
  return after != 0;
}

std::string RecordReader::wrong_detail() const {
  return fmt::format("{} is not {}: {}", state_.wrong_path, state_.wrong_type, state_.wrong_value);
}

void RecordReader::report_unknown(uint32_t line, std::vector<UnknownField>& unknown) {
  for (UnknownKey& found : state_.unknown) {
    if (found.key ? found.key->told == state_.chunk : !told_.insert(found.name).second) continue;
    if (found.key) found.key->told = state_.chunk;
    unknown.push_back({std::move(found.name), line});
  }
  state_.unknown.clear();
}

void RecordReader::begin_chunk() {
  state_.chunk++;
  told_.clear();
}

void clear_row(columns::Batch& batch, size_t row) {
  for (columns::Column& column : batch.columns) clear_value(column, row);
}

}  // namespace tailrace::formats
