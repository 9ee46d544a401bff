// How the value of a field becomes a value of a column: a plan made once from the schema, and the
// functions that follow it on indexed text. Shared by json_record.cc (objects), json_nested.cc and
// json_values.cc (scalars); not for use outside these.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "columns/column.h"
#include "columns/type.h"
#include "formats/json_keys.h"
#include "formats/record_decoder.h"
#include "formats/time_pattern.h"
#include "formats/timestamp.h"

namespace tailrace::formats {

// An indexed text, of which the part before `end` is one line.
struct JsonTokens {
  const char* base = nullptr;
  const uint32_t* at = nullptr;  // JsonIndex::tokens()
  uint32_t end = 0;

  char first(uint32_t token) const { return base[at[token]]; }
  // The bytes of a scalar that is not a string: up to the next token, without blanks.
  std::string_view scalar(uint32_t token) const;
  // The inside of a string. REQUIRES: the token is a '"', with another token behind it in the line.
  std::string_view string_inside(uint32_t token) const {
    const char* begin = base + at[token] + 1;
    const char* close = base + at[token + 1] - 1;
    while (*close != '"') close--;
    return {begin, static_cast<size_t>(close - begin)};
  }
};

// In this order: the greater, the worse.
enum class Reading : uint8_t {
  kGood,
  kPartial,    // permissive only: there is a value, and something in it was wrong
  kWrong,      // does not fit the type; the row is null there
  kMalformed,  // not JSON
};

struct ObjectPlan;

struct ValuePlan {
  columns::Type type;
  TimeReading time_reading = TimeReading::kSpark;
  std::unique_ptr<ValuePlan> element;  // kArray
  std::unique_ptr<ObjectPlan> object;  // kStruct
};

struct MemberPlan {
  std::string name;
  size_t column = 0;  // where it goes, in the batch's or struct's columns
  ValuePlan value;
  uint32_t token = 0;  // of its last value in the object being read; 0: missing
};

struct ObjectPlan {
  std::vector<MemberPlan> members;
  JsonKeys keys;
};

ValuePlan plan_value(const columns::Type& type, TimeReading reading);
std::unique_ptr<ObjectPlan> plan_object(const columns::Schema& fields);

struct UnknownKey {
  JsonKeys::Key* key = nullptr;  // nullptr: not learned
  std::string name;
};

// What goes along while one record is read.
struct ReadState {
  TimeZone zone;
  TimePattern pattern;
  bool has_pattern = false;
  bool permissive = false;
  uint64_t chunk = 1;  // JsonKeys::Key::told speaks of these

  Arena* arena = nullptr;
  std::vector<uint32_t> element_tokens;  // a stack, for arrays in arrays
  std::vector<UnknownKey> unknown;       // top-level keys of this record that are in no schema

  // The first value that did not fit.
  bool has_wrong = false;
  std::string wrong_path;
  std::string wrong_type;
  std::string wrong_value;
};

// Walks one object and remembers the tokens of its members' last values; false: malformed.
bool walk_object(const JsonTokens& text, uint32_t token, uint32_t& after, ObjectPlan& plan,
                 ReadState* top_level_state);
// Reads the values that walk_object found.
Reading read_members(const JsonTokens& text, ObjectPlan& plan,
                     std::vector<columns::Column>& columns, size_t row, ReadState& state);
// The token behind the array or object at `token`, 0 if it is not closed. Looks at brackets alone.
uint32_t step_over_nested(const JsonTokens& text, uint32_t token);

Reading read_value(const JsonTokens& text, uint32_t token, ValuePlan& plan, columns::Column& column,
                   size_t row, ReadState& state);
Reading read_struct(const JsonTokens& text, uint32_t token, ValuePlan& plan,
                    columns::Column& column, size_t row, ReadState& state);
Reading read_array(const JsonTokens& text, uint32_t token, ValuePlan& plan, columns::Column& column,
                   size_t row, ReadState& state);
// Answers kWrong and notes the value, or kMalformed if it is not even JSON.
Reading wrong_value(const JsonTokens& text, uint32_t token, const columns::Type& type,
                    ReadState& state);

}  // namespace tailrace::formats
