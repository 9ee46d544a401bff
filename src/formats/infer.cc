#include "formats/infer.h"

#include <algorithm>
#include <array>
#include <optional>

#include "formats/json_scanner.h"
#include "formats/json_text.h"

namespace tailrace::formats {

using columns::Kind;
using columns::Type;

namespace {

// Kinds of values, in the order in which reports list them.
enum Seen : uint8_t { kBooleans, kIntegers, kDoubles, kStrings, kStructs, kArrays, kSeenCount };
constexpr std::array<std::string_view, kSeenCount> kSeenNames = {"BOOLEAN", "BIGINT", "DOUBLE",
                                                                 "STRING",  "STRUCT", "ARRAY"};

}  // namespace

struct SchemaInference::Node {
  std::string name;
  std::array<uint64_t, kSeenCount> seen{};
  uint64_t nulls = 0;
  uint64_t empty_strings = 0;  // of kStrings: they decide nothing, as in Spark
  uint64_t first_line = 0;
  std::vector<std::unique_ptr<Node>> fields;
  std::unique_ptr<Node> element;

  Node& field(std::string_view field_name, uint64_t line) {
    for (auto& child : fields)
      if (child->name == field_name) return *child;
    fields.push_back(std::make_unique<Node>());
    fields.back()->name = field_name;
    fields.back()->first_line = line;
    return *fields.back();
  }
};

namespace {

using Node = SchemaInference::Node;

struct Member {
  std::string name;
  std::string_view value;
};

size_t after_blanks(std::string_view text, size_t at) {
  while (at < text.size() && is_json_blank(text[at])) at++;
  return at;
}

std::string decoded(std::string_view quoted) {
  const std::string_view inside = quoted.substr(1, quoted.size() - 2);
  std::string text(inside.size(), '\0');
  text.resize(unescape_json(inside, text.data()));
  return text;
}

// The value at `at`, which is moved behind it. REQUIRES: proven JSON, here and below.
std::string_view take_value(std::string_view text, size_t& at) {
  const size_t begin = after_blanks(text, at);
  at = scan_json_value(text, begin).end;
  return text.substr(begin, at - begin);
}

// The members of an object, of duplicate keys the last, in the order of the first.
std::vector<Member> members_of(std::string_view object) {
  std::vector<Member> members;
  for (size_t at = after_blanks(object, 1); object[at] != '}'; at = after_blanks(object, at)) {
    if (object[at] == ',') at++;
    std::string name = decoded(take_value(object, at));
    at = after_blanks(object, at) + 1;
    const std::string_view value = take_value(object, at);
    const auto same = std::ranges::find(members, name, &Member::name);
    if (same != members.end())
      same->value = value;
    else
      members.push_back({std::move(name), value});
  }
  return members;
}

void observe(Node& node, std::string_view value, uint64_t line);

void observe_struct(Node& node, std::string_view object, uint64_t line) {
  for (const Member& member : members_of(object))
    observe(node.field(member.name, line), member.value, line);
}

void observe_array(Node& node, std::string_view array, uint64_t line) {
  if (!node.element) {
    node.element = std::make_unique<Node>();
    node.element->first_line = line;
  }
  for (size_t at = after_blanks(array, 1); array[at] != ']'; at = after_blanks(array, at)) {
    if (array[at] == ',') at++;
    observe(*node.element, take_value(array, at), line);
  }
}

Seen kind_of_number(std::string_view token) {
  int64_t value = 0;
  return parse_json_integer(token, value) ? kIntegers : kDoubles;
}

void observe(Node& node, std::string_view value, uint64_t line) {
  switch (value[0]) {
    case 'n': node.nulls++; return;
    case 't':
    case 'f': node.seen[kBooleans]++; return;
    case '"':
      node.seen[kStrings]++;
      if (value == "\"\"") node.empty_strings++;
      return;
    case '{': node.seen[kStructs]++; return observe_struct(node, value, line);
    case '[': node.seen[kArrays]++; return observe_array(node, value, line);
    default: node.seen[kind_of_number(value)]++; return;
  }
}

std::optional<Type> type_of(const Node& node);

// As columns::array_of, but it moves: copies would be quadratic in the depth.
Type array_of_moved(Type element) {
  Type type{Kind::kArray, {}};
  type.fields.push_back({"element", std::move(element)});
  return type;
}

columns::Schema fields_of(const Node& node) {
  columns::Schema fields;
  for (const auto& child : node.fields)
    if (auto type = type_of(*child)) fields.push_back({child->name, std::move(*type)});
  return fields;
}

// Nothing: a struct without fields, or an array of such, which Spark leaves out.
std::optional<Type> type_of(const Node& node) {
  std::array<uint64_t, kSeenCount> seen = node.seen;
  seen[kStrings] -= node.empty_strings;
  if (seen[kDoubles] > 0 && seen[kIntegers] > 0) seen[kIntegers] = 0;
  const auto kinds = std::ranges::count_if(seen, [](uint64_t count) { return count > 0; });
  if (kinds != 1) return Type{Kind::kString, {}};
  if (seen[kBooleans] > 0) return Type{Kind::kBoolean, {}};
  if (seen[kIntegers] > 0) return Type{Kind::kLong, {}};
  if (seen[kDoubles] > 0) return Type{Kind::kDouble, {}};
  if (seen[kStrings] > 0) return Type{Kind::kString, {}};
  if (seen[kStructs] > 0) {
    columns::Schema fields = fields_of(node);
    if (fields.empty()) return std::nullopt;
    return columns::struct_of(std::move(fields));
  }
  auto element = type_of(*node.element);
  if (!element) return std::nullopt;
  return array_of_moved(std::move(*element));
}

void report(const Node& node, const std::string& path, std::vector<PathReport>& reports) {
  PathReport& own = reports.emplace_back();
  own.path = path;
  own.type = type_of(node).value_or(columns::struct_of({}));
  own.nulls = node.nulls;
  own.first_line = node.first_line;
  for (size_t kind = 0; kind < kSeenCount; kind++)
    if (node.seen[kind] > 0) own.types.emplace_back(kSeenNames[kind], node.seen[kind]);
  for (const auto& child : node.fields) report(*child, path + "." + child->name, reports);
  if (node.element) report(*node.element, path + "[]", reports);
}

}  // namespace

SchemaInference::SchemaInference(SampleFormat format)
    : format_(format), root_(std::make_unique<Node>()) {}
SchemaInference::~SchemaInference() = default;
SchemaInference::SchemaInference(SchemaInference&&) noexcept = default;

void SchemaInference::add_line(std::string_view line) {
  if (++lines_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  if (after_blanks(line, 0) == line.size()) return;
  if (format_ == SampleFormat::kKcat)
    add_envelopes(line);
  else
    add_record(line);
}

void SchemaInference::add_record(std::string_view text) {
  if (find_object_fault(text)) {
    bad_++;
    return;
  }
  records_++;
  size_t at = 0;
  observe_struct(*root_, take_value(text, at), lines_);
}

// As kcat_decoder does: several envelopes a line, a payload that is no object is bad.
void SchemaInference::add_envelopes(std::string_view line) {
  for (size_t at = after_blanks(line, 0); at < line.size(); at = after_blanks(line, at)) {
    const ScannedValue envelope = scan_json_value(line, at);
    if (envelope.fault || line[at] != '{') {
      bad_++;
      return;
    }
    const std::vector<Member> members = members_of(line.substr(at, envelope.end - at));
    const auto payload = std::ranges::find(members, "payload", &Member::name);
    if (payload != members.end() && payload->value[0] == '"')
      add_record(decoded(payload->value));
    else
      bad_++;
    at = envelope.end;
  }
}

columns::Schema SchemaInference::schema() const { return fields_of(*root_); }

std::vector<PathReport> SchemaInference::paths() const {
  std::vector<PathReport> reports;
  for (const auto& child : root_->fields) report(*child, child->name, reports);
  return reports;
}

}  // namespace tailrace::formats
