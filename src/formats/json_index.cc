#include "formats/json_index.h"

#include <simdjson.h>

#include <algorithm>

#include "base/check.h"

namespace tailrace::formats {

namespace {
// Token lists of texts without tokens: simdjson stops before it writes one.
constexpr size_t kRoomBytesMin = 64 << 10;
}  // namespace

JsonIndex::JsonIndex() = default;
JsonIndex::~JsonIndex() = default;
JsonIndex::JsonIndex(JsonIndex&&) noexcept = default;

void JsonIndex::make_room(size_t bytes) {
  if (stage_ && stage_->capacity() >= bytes) return;
  const size_t room = std::max(bytes + bytes / 4, kRoomBytesMin);
  // The default constructor of simdjson's implementation choice looks at the CPU once a process.
  const auto made =
      simdjson::get_active_implementation()->create_dom_parser_implementation(room, 1, stage_);
  CHECK(made == simdjson::SUCCESS);
}

bool JsonIndex::build(std::string_view text) {
  make_room(text.size());
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto error = stage_->stage1(bytes, text.size(), simdjson::stage1_mode::regular);
  uint32_t* tokens = stage_->structural_indexes.get();
  if (error == simdjson::EMPTY) {
    tokens[0] = tokens[1] = static_cast<uint32_t>(text.size());
    tokens[2] = 0;
  } else if (error != simdjson::SUCCESS) {
    return false;
  }
  tokens_ = tokens;
  return true;
}

}  // namespace tailrace::formats
