// JsonKeys: from the raw bytes of an object's key to the member of the schema that it names. It
// guesses that keys follow each other as they did in the object before, so that a lookup is one
// comparison; else it asks a hash map. What it answers never depends on what it learned. One
// thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tailrace::formats {

class JsonKeys {
 public:
  static constexpr int32_t kNotUsed = -1;  // in the full schema, or nobody asked
  static constexpr int32_t kNotInSchema = -2;
  static constexpr int32_t kBadEscape = -3;

  struct Key {
    std::string_view raw;  // as in the text; owned by raws_, 8 readable bytes behind
    int32_t member = kNotUsed;
    Key* next = nullptr;  // the key that followed last time
    uint64_t told = 0;    // the last chunk in which it was reported as unknown
  };

  void add_member(std::string_view name, int32_t member);
  // Names that are no members but known; once one is named, all others are kNotInSchema.
  void add_known(std::string_view name);

  // Its name, escapes decoded.
  static std::string name_of(const Key& key);
  bool is_learned(const Key& key) const { return &key != &unlearned_; }

  // The key whose raw bytes (between the quotes) these are. `previous` is the key before it in this
  // object, nullptr at the beginning. REQUIRES: 8 readable bytes behind `raw`.
  Key* find(std::string_view raw, Key* previous) {
    Key& before = previous ? *previous : first_;
    if (before.next && same(before.next->raw, raw)) [[likely]]
      return before.next;
    return find_slowly(raw, before);
  }

 private:
  // Keys that differ from line to line must not fill the memory: what is beyond is looked up anew.
  static constexpr size_t kLearnedMax = 4096;

  static bool same(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    const char* x = a.data();
    const char* y = b.data();
    size_t left = a.size();
    for (; left >= 8; left -= 8, x += 8, y += 8)
      if (word(x) != word(y)) return false;
    return left == 0 || (word(x) ^ word(y)) << (64 - 8 * left) == 0;
  }
  // Little-endian order of bytes, whatever the machine, so that the shift drops what is behind.
  static uint64_t word(const char* bytes) {
    uint64_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
    if constexpr (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) value = __builtin_bswap64(value);
    return value;
  }

  Key* find_slowly(std::string_view raw, Key& before);
  int32_t member_of(std::string_view raw);
  Key* learn(std::string_view raw);

  std::unordered_map<std::string_view, int32_t> members_;  // by decoded name; views into names_
  std::deque<std::string> names_;
  bool look_for_unknown_ = false;

  std::deque<Key> keys_;  // never move
  std::deque<std::string> raws_;
  std::unordered_map<std::string_view, Key*> learned_;
  Key first_;  // its `next` is the key that objects begin with
  Key unlearned_;
  std::string unlearned_raw_;
  std::string decoded_;
};

}  // namespace tailrace::formats
