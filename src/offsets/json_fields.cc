#include "offsets/json_fields.h"

#include <fmt/format.h>

namespace tailrace::offsets {
namespace {

using nlohmann::json;

std::unexpected<Error> wrong(const char* key, const char* expected) {
  return fail(ErrorKind::kDamage, fmt::format("positions: \"{}\" is not {}", key, expected));
}

const json* find(const json& object, const char* key) {
  const auto it = object.find(key);
  return it == object.end() ? nullptr : &*it;
}

template <class T, class Is>
Result<std::vector<T>> array_of(const json& object, const char* key, Is is, const char* expected) {
  std::vector<T> out;
  const json* const array = find(object, key);
  if (array == nullptr) return out;
  if (!array->is_array()) return wrong(key, expected);
  for (const json& one : *array) {
    if (!is(one)) return wrong(key, expected);
    out.push_back(one.get<T>());
  }
  return out;
}

}  // namespace

Result<json> parse_object(std::string_view text, std::string_view what) {
  json parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_object()) return parsed;
  return fail(ErrorKind::kDamage, fmt::format("{}: not a JSON object", what));
}

Result<uint64_t> unsigned_field(const json& object, const char* key) {
  const json* const value = find(object, key);
  if (value == nullptr || !value->is_number_unsigned()) return wrong(key, "a whole number");
  return value->get<uint64_t>();
}

Result<uint64_t> unsigned_field_or(const json& object, const char* key, uint64_t missing) {
  if (find(object, key) == nullptr) return missing;
  return unsigned_field(object, key);
}

Result<std::string> string_field(const json& object, const char* key) {
  const json* const value = find(object, key);
  if (value == nullptr || !value->is_string()) return wrong(key, "a string");
  return value->get<std::string>();
}

Result<std::vector<uint64_t>> unsigned_array(const json& object, const char* key) {
  return array_of<uint64_t>(
      object, key, [](const json& one) { return one.is_number_unsigned(); }, "a list of numbers");
}

Result<std::vector<std::string>> string_array(const json& object, const char* key) {
  return array_of<std::string>(
      object, key, [](const json& one) { return one.is_string(); }, "a list of strings");
}

Result<std::vector<json>> object_array(const json& object, const char* key) {
  return array_of<json>(
      object, key, [](const json& one) { return one.is_object(); }, "a list of objects");
}

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string dump(const nlohmann::ordered_json& value) {
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace tailrace::offsets
