// Group: one group of an aggregation, a header in front of its payload and its key. Lives in the
// Arena of its GroupTable. What the payload means is the GroupLayout's business (sql/aggregate).
//
//   Group | payload (layout.payload_bytes()) | key (key_bytes)
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/arena.h"

namespace tailrace::state {

// Where a row stands in the input: it orders rows, whatever thread or batch they came in.
struct Position {
  uint32_t partition = 0;
  uint64_t offset = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

// The end of a group without one: it never expires.
inline constexpr int64_t kNoEnd = std::numeric_limits<int64_t>::max();

struct Group {
  uint64_t hash;  // of the key and the end
  int64_t end;    // window end or grouped event time, micros; part of the identity; kNoEnd: none
  uint64_t first_offset;  // position of the group's first row, for the order of output
  uint32_t first_partition;
  uint32_t key_bytes;

  char* payload() { return reinterpret_cast<char*>(this + 1); }
  const char* payload() const { return reinterpret_cast<const char*>(this + 1); }
  Position first() const { return {first_partition, first_offset}; }
  void set_first(Position position) {
    first_partition = position.partition;
    first_offset = position.offset;
  }
};
static_assert(sizeof(Group) == 32);

// How payloads begin, join and travel. Immutable; any thread. Payload memory beyond payload_bytes()
// comes from the arena of the table that holds the group.
class GroupLayout {
 public:
  virtual ~GroupLayout() = default;
  virtual size_t payload_bytes() const = 0;  // a multiple of 8
  virtual void begin(char* payload) const = 0;
  // Adds what `from` counted to `into`. The result does not depend on the order of merges.
  virtual void merge(char* into, const char* from, Arena& arena) const = 0;
  virtual void encode(const char* payload, std::string& out) const = 0;
  // Reads what encode wrote from the front of `in` and moves `in` behind it. False: damaged.
  virtual bool decode(std::string_view& in, char* payload, Arena& arena) const = 0;
};

}  // namespace tailrace::state
