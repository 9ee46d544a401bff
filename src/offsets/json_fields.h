// Fields of our own JSON records, read with their types checked: nlohmann's accessors throw on a
// wrong type, and a checkpoint that somebody edited is an error (kDamage), not a crash.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/result.h"

namespace tailrace::offsets {

// REQUIRES: nothing; text that is not one JSON object is an error.
Result<nlohmann::json> parse_object(std::string_view text, std::string_view what);

Result<uint64_t> unsigned_field(const nlohmann::json& object, const char* key);
Result<uint64_t> unsigned_field_or(const nlohmann::json& object, const char* key, uint64_t missing);
Result<std::string> string_field(const nlohmann::json& object, const char* key);

// A missing array is empty.
Result<std::vector<uint64_t>> unsigned_array(const nlohmann::json& object, const char* key);
Result<std::vector<std::string>> string_array(const nlohmann::json& object, const char* key);
Result<std::vector<nlohmann::json>> object_array(const nlohmann::json& object, const char* key);

// Compact text; bytes that are not UTF-8 (a file's name may have them) become U+FFFD.
std::string dump(const nlohmann::json& value);
std::string dump(const nlohmann::ordered_json& value);

}  // namespace tailrace::offsets
