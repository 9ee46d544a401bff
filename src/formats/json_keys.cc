#include "formats/json_keys.h"

#include "formats/json_text.h"

namespace tailrace::formats {

void JsonKeys::add_member(std::string_view name, int32_t member) {
  members_.insert_or_assign(names_.emplace_back(name), member);
}

void JsonKeys::add_known(std::string_view name) {
  look_for_unknown_ = true;
  members_.try_emplace(names_.emplace_back(name), kNotUsed);
}

int32_t JsonKeys::member_of(std::string_view raw) {
  std::string_view name = raw;
  if (raw.find('\\') != std::string_view::npos) {
    decoded_.resize(raw.size());
    const size_t bytes = unescape_json(raw, decoded_.data());
    if (bytes == formats::kBadEscape) return kBadEscape;
    name = std::string_view(decoded_).substr(0, bytes);
  }
  const auto found = members_.find(name);
  if (found != members_.end()) return found->second;
  return look_for_unknown_ ? kNotInSchema : kNotUsed;
}

JsonKeys::Key* JsonKeys::learn(std::string_view raw) {
  const int32_t member = member_of(raw);
  if (keys_.size() >= kLearnedMax) {
    unlearned_raw_.assign(raw);
    unlearned_ = Key{.raw = unlearned_raw_, .member = member};
    return &unlearned_;
  }
  std::string& copy = raws_.emplace_back(raw);
  copy.append(8, '\0');
  const std::string_view kept = std::string_view(copy).substr(0, raw.size());
  Key& key = keys_.emplace_back(Key{.raw = kept, .member = member});
  learned_.emplace(kept, &key);
  return &key;
}

JsonKeys::Key* JsonKeys::find_slowly(std::string_view raw, Key& before) {
  const auto found = learned_.find(raw);
  Key* key = found != learned_.end() ? found->second : learn(raw);
  if (is_learned(*key)) before.next = key;
  return key;
}

std::string JsonKeys::name_of(const Key& key) {
  std::string name(key.raw.size(), '\0');
  name.resize(unescape_json(key.raw, name.data()));
  return name;
}

}  // namespace tailrace::formats
