#include "sql/aggregate/remembered_states.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/check.h"
#include "sql/aggregate/distinct_set.h"
#include "sql/aggregate/each_row.h"
#include "sql/aggregate/value_codec.h"

namespace tailrace::sql {

using columns::Column;
using columns::Kind;
using columns::Storage;
using state::Group;
using state::Position;

namespace {

// A value's bytes (value_codec.h) and the row that it came from.
struct Remembered {
  uint64_t offset;
  uint32_t partition;
  uint32_t size;  // 0: nothing yet; an encoded null has one byte
  char* bytes;
  uint32_t capacity;
  uint32_t unused;

  std::string_view view() const { return {bytes, size}; }
  Position position() const { return {partition, offset}; }
};

void encode_remembered(const Remembered& value, std::string& out) {
  append_bytes(value.view(), out);
  append_scalar(value.partition, out);
  append_scalar(value.offset, out);
}

bool decode_remembered(std::string_view& in, std::string_view& bytes, Position& position) {
  return read_bytes(in, bytes) && read_scalar(in, position.partition) &&
         read_scalar(in, position.offset);
}

class FirstState final : public AggregateState {
 public:
  FirstState(bool last, bool ignore_nulls) : last_(last), ignore_nulls_(ignore_nulls) {}

  size_t bytes() const override { return sizeof(Remembered); }
  void update(const GroupedRows& rows, const AggregateInput& input, size_t at) const override {
    const Column& argument = *input.arguments[0];
    std::string scratch;
    each_row(rows, input.filter, ignore_nulls_ ? argument.nulls.data() : nullptr,
             [&](size_t i, uint32_t row) {
               auto& state = state_at<Remembered>(rows.groups[i], at);
               const Position position{rows.partition, rows.offsets[row]};
               if (!wins(state, position)) return;
               scratch.clear();
               append_value(argument, row, Normalize::kNo, scratch);
               take(state, scratch, position, *rows.arenas[i]);
             });
  }
  void merge(char* into, const char* from, Arena& arena) const override {
    auto& target = *reinterpret_cast<Remembered*>(into);
    const auto& source = *reinterpret_cast<const Remembered*>(from);
    if (source.size != 0 && wins(target, source.position()))
      take(target, source.view(), source.position(), arena);
  }
  void encode(const char* state, std::string& out) const override {
    encode_remembered(*reinterpret_cast<const Remembered*>(state), out);
  }
  bool decode(std::string_view& in, char* state, Arena& arena) const override {
    std::string_view bytes;
    Position position;
    if (!decode_remembered(in, bytes, position)) return false;
    if (!bytes.empty()) take(*reinterpret_cast<Remembered*>(state), bytes, position, arena);
    return true;
  }
  Status results(std::span<const Group* const> groups, size_t at, Column& out) const override {
    for (size_t i = 0; i < groups.size(); i++) {
      std::string_view bytes = state_at<Remembered>(groups[i], at).view();
      if (bytes.empty())
        out.nulls[i] = 1;
      else
        CHECK(read_value(bytes, out, i));
    }
    return {};
  }

 private:
  // Rows of one place (several records on a line) come in order, so the later one is last.
  bool wins(const Remembered& state, Position position) const {
    if (state.size == 0) return true;
    return last_ ? position >= state.position() : position < state.position();
  }
  static void take(Remembered& state, std::string_view bytes, Position position, Arena& arena) {
    if (bytes.size() > state.capacity) {
      state.bytes = arena.allocate(bytes.size());
      state.capacity = static_cast<uint32_t>(bytes.size());
    }
    std::memcpy(state.bytes, bytes.data(), bytes.size());
    state.size = static_cast<uint32_t>(bytes.size());
    state.partition = position.partition;
    state.offset = position.offset;
  }

  bool last_;
  bool ignore_nulls_;
};

struct RememberedList {
  Remembered* values;
  uint32_t count;
  uint32_t capacity;
};

class ListState final : public AggregateState {
 public:
  size_t bytes() const override { return sizeof(RememberedList); }
  void update(const GroupedRows& rows, const AggregateInput& input, size_t at) const override {
    const Column& argument = *input.arguments[0];
    std::string scratch;
    each_row(rows, input.filter, argument.nulls.data(), [&](size_t i, uint32_t row) {
      scratch.clear();
      append_value(argument, row, Normalize::kNo, scratch);
      add(state_at<RememberedList>(rows.groups[i], at), scratch,
          {rows.partition, rows.offsets[row]}, *rows.arenas[i]);
    });
  }
  void merge(char* into, const char* from, Arena& arena) const override {
    const auto& source = *reinterpret_cast<const RememberedList*>(from);
    for (uint32_t i = 0; i < source.count; i++) {
      const Remembered& value = source.values[i];
      add(*reinterpret_cast<RememberedList*>(into), value.view(), value.position(), arena);
    }
  }
  void encode(const char* state, std::string& out) const override {
    const auto& list = *reinterpret_cast<const RememberedList*>(state);
    append_scalar(list.count, out);
    for (uint32_t i = 0; i < list.count; i++) encode_remembered(list.values[i], out);
  }
  bool decode(std::string_view& in, char* state, Arena& arena) const override {
    uint32_t count = 0;
    if (!read_scalar(in, count)) return false;
    for (uint32_t i = 0; i < count; i++) {
      std::string_view bytes;
      Position position;
      if (!decode_remembered(in, bytes, position)) return false;
      add(*reinterpret_cast<RememberedList*>(state), bytes, position, arena);
    }
    return true;
  }
  Status results(std::span<const Group* const> groups, size_t at, Column& out) const override {
    for (size_t i = 0; i < groups.size(); i++)
      append_list(state_at<RememberedList>(groups[i], at), out, i);
    return {};
  }

 private:
  static void add(RememberedList& list, std::string_view bytes, Position position, Arena& arena) {
    if (list.count == list.capacity) {
      const uint32_t capacity = list.capacity == 0 ? 4 : list.capacity * 2;
      auto* grown = reinterpret_cast<Remembered*>(arena.allocate(capacity * sizeof(Remembered)));
      std::copy_n(list.values, list.count, grown);
      list.values = grown;
      list.capacity = capacity;
    }
    const std::string_view kept = arena.copy(bytes);
    list.values[list.count++] = {position.offset,
                                 position.partition,
                                 static_cast<uint32_t>(kept.size()),
                                 const_cast<char*>(kept.data()),
                                 static_cast<uint32_t>(kept.size()),
                                 0};
  }
  static void append_list(const RememberedList& list, Column& out, size_t row) {
    std::vector<const Remembered*> order(list.count);
    for (uint32_t i = 0; i < list.count; i++) order[i] = &list.values[i];
    std::ranges::stable_sort(order, {}, [](const Remembered* value) { return value->position(); });
    Column& elements = out.children[0];
    const size_t begin = elements.size;
    elements.resize(begin + order.size());
    for (size_t i = 0; i < order.size(); i++) {
      std::string_view bytes = order[i]->view();
      CHECK(read_value(bytes, elements, begin + i));
    }
    out.nulls[row] = 0;
    out.lists[row] = {static_cast<uint32_t>(begin), list.count};
  }
};

class DistinctState final : public AggregateState {
 public:
  explicit DistinctState(uint64_t seed) : seed_(seed) {}

  size_t bytes() const override { return sizeof(DistinctSet); }
  void update(const GroupedRows& rows, const AggregateInput& input, size_t at) const override {
    const Column& argument = *input.arguments[0];
    const bool one = input.arguments.size() == 1;
    if (one && argument.type.kind == Kind::kString) return update_texts(rows, input, at);
    std::string scratch;
    each_row(rows, input.filter, nullptr, [&](size_t i, uint32_t row) {
      scratch.clear();
      for (const Column* column : input.arguments) {
        if (column->is_null(row)) return;
        append_value(*column, row, Normalize::kYes, scratch);
      }
      state_at<DistinctSet>(rows.groups[i], at).add(scratch, seed_, *rows.arenas[i]);
    });
  }
  void merge(char* into, const char* from, Arena& arena) const override {
    auto& target = *reinterpret_cast<DistinctSet*>(into);
    reinterpret_cast<const DistinctSet*>(from)->for_each(
        [&](std::string_view value) { target.add(value, seed_, arena); });
  }
  void encode(const char* state, std::string& out) const override {
    const auto& set = *reinterpret_cast<const DistinctSet*>(state);
    append_scalar(set.size(), out);
    set.for_each([&](std::string_view value) { append_bytes(value, out); });
  }
  bool decode(std::string_view& in, char* state, Arena& arena) const override {
    uint64_t count = 0;
    if (!read_scalar(in, count)) return false;
    for (uint64_t i = 0; i < count; i++) {
      std::string_view value;
      if (!read_bytes(in, value)) return false;
      reinterpret_cast<DistinctSet*>(state)->add(value, seed_, arena);
    }
    return true;
  }
  Status results(std::span<const Group* const> groups, size_t at, Column& out) const override {
    for (size_t i = 0; i < groups.size(); i++) {
      out.nulls[i] = 0;
      out.ints[i] = static_cast<int64_t>(state_at<DistinctSet>(groups[i], at).size());
    }
    return {};
  }

 private:
  void update_texts(const GroupedRows& rows, const AggregateInput& input, size_t at) const {
    const Column& argument = *input.arguments[0];
    each_row(rows, input.filter, argument.nulls.data(), [&](size_t i, uint32_t row) {
      state_at<DistinctSet>(rows.groups[i], at).add(argument.texts[row], seed_, *rows.arenas[i]);
    });
  }

  uint64_t seed_;
};

}  // namespace

std::unique_ptr<AggregateState> make_first_state(bool last, bool ignore_nulls) {
  return std::make_unique<FirstState>(last, ignore_nulls);
}
std::unique_ptr<AggregateState> make_list_state() { return std::make_unique<ListState>(); }
std::unique_ptr<AggregateState> make_distinct_state(uint64_t seed) {
  return std::make_unique<DistinctState>(seed);
}

}  // namespace tailrace::sql
