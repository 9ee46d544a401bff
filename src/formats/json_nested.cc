#include <algorithm>

#include <fmt/format.h>

#include "formats/json_scanner.h"
#include "formats/json_values.h"

namespace tailrace::formats {

using columns::Column;

namespace {

// Before a child is read no fault may be noted yet, if the fault that follows is to get this
// prefix.
void prepend_path(bool noted_before, ReadState& state, std::string_view part) {
  if (noted_before || !state.has_wrong) return;
  const bool dot = !state.wrong_path.empty() && state.wrong_path[0] != '[';
  state.wrong_path = fmt::format("{}{}{}", part, dot ? "." : "", state.wrong_path);
}

// The kinds of the open brackets, one bit each, so that [ is not closed by }.
class OpenBrackets {
 public:
  bool open(bool brace) {
    if (depth_ >= kJsonDepthMax) return false;
    uint64_t& word = words_[depth_ / 64];
    const uint64_t bit = uint64_t{1} << (depth_ % 64);
    word = brace ? word | bit : word & ~bit;
    depth_++;
    return true;
  }
  bool close(bool brace) {
    depth_--;
    return ((words_[depth_ / 64] >> (depth_ % 64)) & 1) == (brace ? 1u : 0u);
  }
  bool all_closed() const { return depth_ == 1; }

 private:
  int depth_ = 1;                       // the object around
  uint64_t words_[kJsonDepthMax / 64];  // a bit is written before it is read
};

void note_unknown(const JsonKeys& keys, JsonKeys::Key& key, ReadState& state) {
  if (key.told == state.chunk) return;
  state.unknown.push_back({keys.is_learned(key) ? &key : nullptr, JsonKeys::name_of(key)});
}

// Tokens of an array's elements onto the stack; false: malformed.
bool collect_elements(const JsonTokens& text, uint32_t token, std::vector<uint32_t>& tokens) {
  token++;
  if (text.first(token) == ']') return true;
  for (;;) {
    const char c = text.first(token);
    if (c == ',' || c == ']' || c == '}' || c == ':') return false;
    tokens.push_back(token);
    token = c == '{' || c == '[' ? step_over_nested(text, token) : token + 1;
    if (token == 0 || text.at[token] >= text.end) return false;
    if (text.first(token) == ']') return true;
    if (text.first(token) != ',') return false;
    token++;
  }
}

}  // namespace

ValuePlan plan_value(const columns::Type& type, TimeReading reading) {
  ValuePlan plan;
  plan.type = type;
  plan.time_reading = reading;
  if (type.kind == columns::Kind::kArray)
    plan.element = std::make_unique<ValuePlan>(plan_value(type.element(), reading));
  if (type.kind != columns::Kind::kStruct) return plan;
  plan.object = plan_object(type.fields);
  for (MemberPlan& member : plan.object->members)
    member.value = plan_value(member.value.type, reading);
  return plan;
}

std::unique_ptr<ObjectPlan> plan_object(const columns::Schema& fields) {
  auto plan = std::make_unique<ObjectPlan>();
  for (size_t i = 0; i < fields.size(); i++) {
    MemberPlan& member = plan->members.emplace_back();
    member.name = fields[i].name;
    member.column = i;
    member.value.type = fields[i].type;
    plan->keys.add_member(fields[i].name, static_cast<int32_t>(i));
  }
  return plan;
}

uint32_t step_over_nested(const JsonTokens& text, uint32_t token) {
  OpenBrackets brackets;
  for (;; token++) {
    if (text.at[token] >= text.end) return 0;
    const char c = text.first(token);
    if (c == '{' || c == '[') {
      if (!brackets.open(c == '{')) return 0;
    } else if (c == '}' || c == ']') {
      if (!brackets.close(c == '}')) return 0;
      if (brackets.all_closed()) return token + 1;
    }
  }
}

// Three tokens behind one of the line may be looked at (JsonIndex), so one test of the end a key is
// enough; tokens ascend, so the closing bracket's place proves all before it.
bool walk_object(const JsonTokens& text, uint32_t token, uint32_t& after, ObjectPlan& plan,
                 ReadState* top_level_state) {
  for (MemberPlan& member : plan.members) member.token = 0;
  JsonKeys::Key* key = nullptr;
  token++;
  if (text.first(token) == '}') {
    after = token + 1;
    return text.at[token] < text.end;
  }
  for (;; token++) {
    if (text.at[token] >= text.end || text.first(token) != '"' || text.first(token + 1) != ':')
      return false;
    key = plan.keys.find(text.string_inside(token), key);
    if (key->member >= 0) {
      plan.members[key->member].token = token + 2;
    } else if (key->member != JsonKeys::kNotUsed) [[unlikely]] {
      if (key->member == JsonKeys::kBadEscape) return false;
      if (top_level_state) note_unknown(plan.keys, *key, *top_level_state);
    }
    token += 2;
    const char c = text.first(token);
    if (c == '{' || c == '[') {
      token = step_over_nested(text, token);
      if (token == 0) return false;
    } else if (c == ',' || c == ':' || c == '}' || c == ']') {
      return false;
    } else {
      token++;
    }
    const char behind = text.first(token);
    if (behind == ',') continue;
    after = token + 1;
    return behind == '}' && text.at[token] < text.end;
  }
}

Reading read_members(const JsonTokens& text, ObjectPlan& plan, std::vector<Column>& columns,
                     size_t row, ReadState& state) {
  Reading worst = Reading::kGood;
  for (MemberPlan& member : plan.members) {
    if (member.token == 0) continue;
    const bool noted_before = state.has_wrong;
    const Reading reading =
        read_value(text, member.token, member.value, columns[member.column], row, state);
    if (reading == Reading::kGood) [[likely]]
      continue;
    prepend_path(noted_before, state, member.name);
    worst = std::max(worst, reading);
    if (worst == Reading::kMalformed) return worst;
  }
  // What was wrong in a member is null there, and that is a value in the permissive reader.
  return worst == Reading::kWrong && state.permissive ? Reading::kPartial : worst;
}

Reading read_struct(const JsonTokens& text, uint32_t token, ValuePlan& plan, Column& column,
                    size_t row, ReadState& state) {
  if (text.first(token) != '{') return wrong_value(text, token, plan.type, state);
  uint32_t after = 0;
  if (!walk_object(text, token, after, *plan.object, nullptr)) return Reading::kMalformed;
  const Reading reading = read_members(text, *plan.object, column.children, row, state);
  if (reading <= Reading::kPartial) column.nulls[row] = 0;
  return reading;
}

Reading read_array(const JsonTokens& text, uint32_t token, ValuePlan& plan, Column& column,
                   size_t row, ReadState& state) {
  if (text.first(token) != '[') return wrong_value(text, token, plan.type, state);
  const size_t stack = state.element_tokens.size();
  if (!collect_elements(text, token, state.element_tokens)) return Reading::kMalformed;
  const size_t count = state.element_tokens.size() - stack;
  Column& elements = column.children[0];
  const size_t begin = elements.size;
  elements.resize(begin + count);
  Reading worst = Reading::kGood;
  for (size_t i = 0; i < count && worst != Reading::kMalformed; i++) {
    const bool noted_before = state.has_wrong;
    const uint32_t element = state.element_tokens[stack + i];
    const Reading reading = read_value(text, element, *plan.element, elements, begin + i, state);
    if (reading == Reading::kGood) continue;
    prepend_path(noted_before, state, fmt::format("[{}]", i));
    worst = std::max(worst, reading);
  }
  state.element_tokens.resize(stack);
  if (worst > Reading::kPartial) return worst;
  column.lists[row] = {static_cast<uint32_t>(begin), static_cast<uint32_t>(count)};
  column.nulls[row] = 0;
  return worst;
}

}  // namespace tailrace::formats
