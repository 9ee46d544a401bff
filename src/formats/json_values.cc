#include "formats/json_values.h"

#include <cstring>
#include <limits>

#include "base/time.h"
#include "formats/json_scanner.h"
#include "formats/json_text.h"

namespace tailrace::formats {

using columns::Column;
using columns::Kind;

namespace {

constexpr size_t kShownBytesMax = 40;

void put_int(Column& column, size_t row, int64_t value) {
  column.ints[row] = value;
  column.nulls[row] = 0;
}

void put_double(Column& column, size_t row, double value) {
  column.doubles[row] = value;
  column.nulls[row] = 0;
}

void put_text(Column& column, size_t row, std::string_view value) {
  column.texts[row] = value;
  column.nulls[row] = 0;
}

// The string at `token` with its escapes decoded; false: a bad escape.
bool decoded_string(const JsonTokens& text, uint32_t token, ReadState& state,
                    std::string_view& value) {
  value = text.string_inside(token);
  if (!std::memchr(value.data(), '\\', value.size())) [[likely]]
    return true;
  char* copy = state.arena->allocate(value.size());
  const size_t bytes = unescape_json(value, copy);
  if (bytes == kBadEscape) return false;
  value = {copy, bytes};
  return true;
}

// At most 40 bytes, cut between characters.
std::string shortened(std::string_view value) {
  if (value.size() <= kShownBytesMax) return std::string(value);
  size_t bytes = kShownBytesMax;
  while (bytes > 0 && (value[bytes] & 0xC0) == 0x80) bytes--;
  return std::string(value.substr(0, bytes)) + "...";
}

// STRING from another value: the exact bytes of the source.
Reading read_source_text(const JsonTokens& text, uint32_t token, Column& column, size_t row) {
  const std::string_view line(text.base, text.end);
  const ScannedValue value = scan_json_value(line, text.at[token]);
  if (value.fault) return Reading::kMalformed;
  const char c = text.first(token);
  if (c != '{' && c != '[' && text.scalar(token).size() != value.end - text.at[token])
    return Reading::kMalformed;
  put_text(column, row, line.substr(text.at[token], value.end - text.at[token]));
  return Reading::kGood;
}

Reading read_string(const JsonTokens& text, uint32_t token, Column& column, size_t row,
                    ReadState& state) {
  if (text.first(token) != '"') return read_source_text(text, token, column, row);
  std::string_view value;
  if (!decoded_string(text, token, state, value)) return Reading::kMalformed;
  put_text(column, row, value);
  return Reading::kGood;
}

struct Range {
  int64_t least;
  int64_t greatest;
};

Range range_of(Kind kind) {
  switch (kind) {
    case Kind::kByte: return {INT8_MIN, INT8_MAX};
    case Kind::kShort: return {INT16_MIN, INT16_MAX};
    case Kind::kInt: return {INT32_MIN, INT32_MAX};
    default: return {INT64_MIN, INT64_MAX};
  }
}

bool read_integer(std::string_view token, Kind kind, bool permissive, int64_t& value) {
  if (!parse_json_integer(token, value)) return false;
  // Spark's reader alone lets 128 to 255 wrap (Errata of spark-semantics.md).
  if (permissive && kind == Kind::kByte && value >= 128 && value <= 255) value -= 256;
  const Range range = range_of(kind);
  return value >= range.least && value <= range.greatest;
}

// Spark's special strings, by case.
bool special_double(std::string_view text, double& value) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == "NaN")
    value = std::numeric_limits<double>::quiet_NaN();
  else if (text == "Infinity" || text == "+Infinity" || text == "+INF")
    value = kInfinity;
  else if (text == "-Infinity" || text == "-INF")
    value = -kInfinity;
  else
    return false;
  return true;
}

bool read_double(const JsonTokens& text, uint32_t token, Kind kind, ReadState& state,
                 double& value) {
  if (text.first(token) == '"') {
    std::string_view string;
    return decoded_string(text, token, state, string) && special_double(string, value);
  }
  const std::string_view scalar = text.scalar(token);
  if (number_shape(scalar) == NumberShape::kNone) return false;
  value = kind == Kind::kFloat ? static_cast<double>(parse_json_float(scalar))
                               : parse_json_double(scalar);
  return true;
}

bool timestamp_of_text(std::string_view text, TimeReading reading, ReadState& state, int64_t& us) {
  const bool known = reading == TimeReading::kSpark ? parse_spark_timestamp(text, state.zone, us)
                                                    : parse_lenient_timestamp(text, state.zone, us);
  return known || (state.has_pattern && state.pattern.parse(text, state.zone, us));
}

bool timestamp_of_number(std::string_view token, TimeReading reading, int64_t& us) {
  int64_t integer = 0;
  const NumberShape shape = number_shape(token);
  if (shape == NumberShape::kNone) return false;
  if (reading == TimeReading::kSpark)
    return parse_json_integer(token, integer) &&
           !__builtin_mul_overflow(integer, kMicrosPerSecond, &us);
  if (shape == NumberShape::kInteger && parse_json_integer(token, integer))
    return timestamp_from_number(integer, us);
  return timestamp_from_number(parse_json_double(token), us);
}

bool read_timestamp(const JsonTokens& text, uint32_t token, TimeReading reading, ReadState& state,
                    int64_t& us) {
  if (text.first(token) != '"') return timestamp_of_number(text.scalar(token), reading, us);
  std::string_view string;
  return decoded_string(text, token, state, string) &&
         timestamp_of_text(string, reading, state, us);
}

bool read_date(const JsonTokens& text, uint32_t token, ReadState& state, int64_t& days) {
  std::string_view string;
  int32_t parsed = 0;
  if (text.first(token) != '"' || !decoded_string(text, token, state, string)) return false;
  if (!parse_spark_date(string, parsed)) return false;
  days = parsed;
  return true;
}

bool read_boolean(std::string_view token, int64_t& value) {
  value = token == "true" ? 1 : 0;
  return value == 1 || token == "false";
}

bool read_int_stored(const JsonTokens& text, uint32_t token, const ValuePlan& plan,
                     ReadState& state, int64_t& value) {
  switch (plan.type.kind) {
    case Kind::kBoolean: return read_boolean(text.scalar(token), value);
    case Kind::kTimestamp: return read_timestamp(text, token, plan.time_reading, state, value);
    case Kind::kDate: return read_date(text, token, state, value);
    case Kind::kNull: return false;
    default: return read_integer(text.scalar(token), plan.type.kind, state.permissive, value);
  }
}

}  // namespace

std::string_view JsonTokens::scalar(uint32_t token) const {
  const char* begin = base + at[token];
  const char* close = base + at[token + 1];
  while (close > begin && is_json_blank(close[-1])) close--;
  return {begin, static_cast<size_t>(close - begin)};
}

Reading wrong_value(const JsonTokens& text, uint32_t token, const columns::Type& type,
                    ReadState& state) {
  const std::string_view line(text.base, text.end);
  const size_t begin = text.at[token];
  const ScannedValue value = scan_json_value(line, begin);
  const bool nested = text.first(token) == '{' || text.first(token) == '[';
  if (value.fault || (!nested && value.end != begin + text.scalar(token).size()))
    return Reading::kMalformed;
  if (state.has_wrong) return Reading::kWrong;
  state.has_wrong = true;
  state.wrong_path.clear();
  state.wrong_type = type_name(type);
  state.wrong_value = shortened(line.substr(begin, value.end - begin));
  return Reading::kWrong;
}

Reading read_value(const JsonTokens& text, uint32_t token, ValuePlan& plan, Column& column,
                   size_t row, ReadState& state) {
  if (text.first(token) == 'n' && text.scalar(token) == "null") return Reading::kGood;
  int64_t integer = 0;
  double number = 0;
  switch (storage_of(plan.type.kind)) {
    case columns::Storage::kTexts: return read_string(text, token, column, row, state);
    case columns::Storage::kStruct: return read_struct(text, token, plan, column, row, state);
    case columns::Storage::kLists: return read_array(text, token, plan, column, row, state);
    case columns::Storage::kInts:
      if (!read_int_stored(text, token, plan, state, integer)) break;
      put_int(column, row, integer);
      return Reading::kGood;
    case columns::Storage::kDoubles:
      if (!read_double(text, token, plan.type.kind, state, number)) break;
      put_double(column, row, number);
      return Reading::kGood;
  }
  return wrong_value(text, token, plan.type, state);
}

}  // namespace tailrace::formats
