#include "sql/aggregate/numeric_states.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include <fmt/format.h>

#include "sql/aggregate/each_row.h"
#include "sql/aggregate/exact_sum.h"
#include "sql/aggregate/value_codec.h"

namespace tailrace::sql {

using columns::Column;
using columns::Kind;
using columns::Storage;
using state::Group;

namespace {

// A state that is a plain value without pointers: it travels as its bytes.
template <class State>
class PlainState : public AggregateState {
 public:
  size_t bytes() const final { return sizeof(State); }
  void encode(const char* state, std::string& out) const final { out.append(state, sizeof(State)); }
  bool decode(std::string_view& in, char* state, Arena&) const final {
    if (in.size() < sizeof(State)) return false;
    std::memcpy(state, in.data(), sizeof(State));
    in.remove_prefix(sizeof(State));
    return true;
  }

 protected:
  static State& cast(char* state) { return *reinterpret_cast<State*>(state); }
  static const State& cast(const char* state) { return *reinterpret_cast<const State*>(state); }
};

class CountState final : public PlainState<int64_t> {
 public:
  explicit CountState(size_t arguments) : arguments_(arguments) {}

  void update(const GroupedRows& rows, const AggregateInput& input, size_t at) const override {
    if (arguments_ > 1) return update_several(rows, input, at);
    const uint8_t* nulls = arguments_ == 1 ? input.arguments[0]->nulls.data() : nullptr;
    each_row(rows, input.filter, nulls,
             [&](size_t i, uint32_t) { state_at<int64_t>(rows.groups[i], at)++; });
  }
  void merge(char* into, const char* from, Arena&) const override { cast(into) += cast(from); }
  Status results(std::span<const Group* const> groups, size_t at, Column& out) const override {
    for (size_t i = 0; i < groups.size(); i++) {
      out.nulls[i] = 0;
      out.ints[i] = state_at<int64_t>(groups[i], at);
    }
    return {};
  }

 private:
  void update_several(const GroupedRows& rows, const AggregateInput& input, size_t at) const {
    each_row(rows, input.filter, nullptr, [&](size_t i, uint32_t row) {
      for (const Column* argument : input.arguments)
        if (argument->is_null(row)) return;
      state_at<int64_t>(rows.groups[i], at)++;
    });
  }

  size_t arguments_;
};

// 127 bits hold the sum of 2^63 BIGINTs, so only the result can overflow, whatever the order of
// rows; the last bit says that there was a row.
struct WholeSum {
  uint64_t low;
  int64_t high_and_seen;

  bool seen() const { return (high_and_seen & 1) != 0; }
  __int128 total() const {
    const auto high = static_cast<unsigned __int128>(static_cast<__int128>(high_and_seen >> 1));
    return static_cast<__int128>(high << 64 | low);
  }
  void add(__int128 value) {
    const auto sum = static_cast<unsigned __int128>(total() + value);
    low = static_cast<uint64_t>(sum);
    high_and_seen = static_cast<int64_t>(static_cast<uint64_t>(sum >> 64) << 1 | 1);
  }
};

struct WholeMean {
  WholeSum sum;
  int64_t count;
};

class WholeSumState final : public PlainState<WholeSum> {
 public:
  explicit WholeSumState(bool ansi) : ansi_(ansi) {}

  void update(const GroupedRows& rows, const AggregateInput& input, size_t at) const override {
    const Column& argument = *input.arguments[0];
    const int64_t* values = argument.ints.data();
    each_row(rows, input.filter, argument.nulls.data(), [&](size_t i, uint32_t row) {
      state_at<WholeSum>(rows.groups[i], at).add(values[row]);
    });
  }
  void merge(char* into, const char* from, Arena&) const override {
    if (cast(from).seen()) cast(into).add(cast(from).total());
  }
  Status results(std::span<const Group* const> groups, size_t at, Column& out) const override {
    for (size_t i = 0; i < groups.size(); i++) {
      const auto& sum = state_at<WholeSum>(groups[i], at);
      const auto value = static_cast<int64_t>(sum.low);
      if (ansi_ && sum.total() != value)
        return fail(
            "[ARITHMETIC_OVERFLOW] the sum of a group does not fit BIGINT; sum a DOUBLE "
            "instead, as in sum(CAST(x AS DOUBLE))");
      out.nulls[i] = !sum.seen();
      out.ints[i] = value;
    }
    return {};
  }

 private:
  bool ansi_;
};

class WholeMeanState final : public PlainState<WholeMean> {
 public:
  void update(const GroupedRows& rows, const AggregateInput& input, size_t at) const override {
    const Column& argument = *input.arguments[0];
    const int64_t* values = argument.ints.data();
    each_row(rows, input.filter, argument.nulls.data(), [&](size_t i, uint32_t row) {
      auto& mean = state_at<WholeMean>(rows.groups[i], at);
      mean.sum.add(values[row]);
      mean.count++;
    });
  }
  void merge(char* into, const char* from, Arena&) const override {
    if (cast(from).count == 0) return;
    cast(into).sum.add(cast(from).sum.total());
    cast(into).count += cast(from).count;
  }
  Status results(std::span<const Group* const> groups, size_t at, Column& out) const override {
    for (size_t i = 0; i < groups.size(); i++) {
      const auto& mean = state_at<WholeMean>(groups[i], at);
      out.nulls[i] = mean.count == 0;
      if (mean.count != 0)
        out.doubles[i] = static_cast<double>(mean.sum.total()) / static_cast<double>(mean.count);
    }
    return {};
  }
};

struct RealSum {
  ExactSum sum;
  int64_t count;
};

class RealSumState final : public AggregateState {
 public:
  explicit RealSumState(bool average) : average_(average) {}

  size_t bytes() const override { return sizeof(RealSum); }
  void update(const GroupedRows& rows, const AggregateInput& input, size_t at) const override {
    const Column& argument = *input.arguments[0];
    each_row(rows, input.filter, argument.nulls.data(), [&](size_t i, uint32_t row) {
      auto& state = state_at<RealSum>(rows.groups[i], at);
      state.sum.add(argument.doubles[row], *rows.arenas[i]);
      state.count++;
    });
  }
  void merge(char* into, const char* from, Arena& arena) const override {
    auto& target = *reinterpret_cast<RealSum*>(into);
    const auto& source = *reinterpret_cast<const RealSum*>(from);
    target.sum.merge(source.sum, arena);
    target.count += source.count;
  }
  void encode(const char* state, std::string& out) const override {
    const auto& value = *reinterpret_cast<const RealSum*>(state);
    value.sum.encode(out);
    append_scalar(value.count, out);
  }
  bool decode(std::string_view& in, char* state, Arena& arena) const override {
    auto& value = *reinterpret_cast<RealSum*>(state);
    return value.sum.decode(in, arena) && read_scalar(in, value.count);
  }
  Status results(std::span<const Group* const> groups, size_t at, Column& out) const override {
    for (size_t i = 0; i < groups.size(); i++) {
      const auto& state = state_at<RealSum>(groups[i], at);
      out.nulls[i] = state.count == 0;
      out.doubles[i] = state.sum.value();
      if (average_ && state.count > 0) out.doubles[i] /= static_cast<double>(state.count);
    }
    return {};
  }

 private:
  bool average_;
};

// Spark's order: NaN is the greatest number.
inline bool less(int64_t a, int64_t b) { return a < b; }
inline bool less(double a, double b) { return std::isnan(b) ? !std::isnan(a) : a < b; }

template <class Value>
struct Extreme {
  Value value;
  int64_t seen;
};

template <class Value, bool kGreatest>
class ExtremeState final : public PlainState<Extreme<Value>> {
  using Base = PlainState<Extreme<Value>>;

 public:
  void update(const GroupedRows& rows, const AggregateInput& input, size_t at) const override {
    const Column& argument = *input.arguments[0];
    const Value* values;
    if constexpr (std::is_same_v<Value, double>)
      values = argument.doubles.data();
    else
      values = argument.ints.data();
    each_row(rows, input.filter, argument.nulls.data(), [&](size_t i, uint32_t row) {
      take(state_at<Extreme<Value>>(rows.groups[i], at), values[row]);
    });
  }
  void merge(char* into, const char* from, Arena&) const override {
    if (Base::cast(from).seen != 0) take(Base::cast(into), Base::cast(from).value);
  }
  Status results(std::span<const Group* const> groups, size_t at, Column& out) const override {
    for (size_t i = 0; i < groups.size(); i++) {
      const auto& state = state_at<Extreme<Value>>(groups[i], at);
      out.nulls[i] = state.seen == 0;
      if constexpr (std::is_same_v<Value, double>)
        out.doubles[i] = state.value;
      else
        out.ints[i] = state.value;
    }
    return {};
  }

 private:
  static void take(Extreme<Value>& state, Value value) {
    const bool better = kGreatest ? less(state.value, value) : less(value, state.value);
    if (state.seen == 0 || better) state.value = value;
    state.seen = 1;
  }
};

struct TextExtreme {
  char* bytes;
  uint32_t size;
  uint32_t capacity;
  int64_t seen;
  std::string_view view() const { return {bytes, size}; }
};

template <bool kGreatest>
class TextExtremeState final : public AggregateState {
 public:
  size_t bytes() const override { return sizeof(TextExtreme); }
  void update(const GroupedRows& rows, const AggregateInput& input, size_t at) const override {
    const Column& argument = *input.arguments[0];
    each_row(rows, input.filter, argument.nulls.data(), [&](size_t i, uint32_t row) {
      take(state_at<TextExtreme>(rows.groups[i], at), argument.texts[row], *rows.arenas[i]);
    });
  }
  void merge(char* into, const char* from, Arena& arena) const override {
    const auto& source = *reinterpret_cast<const TextExtreme*>(from);
    if (source.seen != 0) take(*reinterpret_cast<TextExtreme*>(into), source.view(), arena);
  }
  void encode(const char* state, std::string& out) const override {
    const auto& value = *reinterpret_cast<const TextExtreme*>(state);
    out.push_back(static_cast<char>(value.seen));
    if (value.seen != 0) append_bytes(value.view(), out);
  }
  bool decode(std::string_view& in, char* state, Arena& arena) const override {
    char seen = 0;
    if (!read_scalar(in, seen)) return false;
    if (seen == 0) return true;
    std::string_view text;
    if (!read_bytes(in, text)) return false;
    take(*reinterpret_cast<TextExtreme*>(state), text, arena);
    return true;
  }
  Status results(std::span<const Group* const> groups, size_t at, Column& out) const override {
    for (size_t i = 0; i < groups.size(); i++) {
      const auto& state = state_at<TextExtreme>(groups[i], at);
      out.nulls[i] = state.seen == 0;
      out.texts[i] = state.view();
    }
    return {};
  }

 private:
  // Keeps the room of an earlier, longer value, so that a long life does not fill the arena.
  static void take(TextExtreme& state, std::string_view text, Arena& arena) {
    const bool better = kGreatest ? state.view() < text : text < state.view();
    if (state.seen != 0 && !better) return;
    if (text.size() > state.capacity) {
      state.bytes = arena.allocate(text.size());
      state.capacity = static_cast<uint32_t>(text.size());
    }
    if (!text.empty()) std::memcpy(state.bytes, text.data(), text.size());
    state.size = static_cast<uint32_t>(text.size());
    state.seen = 1;
  }
};

template <bool kGreatest>
std::unique_ptr<AggregateState> extreme_of(Storage storage) {
  if (storage == Storage::kDoubles) return std::make_unique<ExtremeState<double, kGreatest>>();
  if (storage == Storage::kTexts) return std::make_unique<TextExtremeState<kGreatest>>();
  return std::make_unique<ExtremeState<int64_t, kGreatest>>();
}

}  // namespace

std::unique_ptr<AggregateState> make_count_state(size_t arguments) {
  return std::make_unique<CountState>(arguments);
}

std::unique_ptr<AggregateState> make_sum_state(const columns::Type& argument, bool ansi) {
  if (argument.is_integral()) return std::make_unique<WholeSumState>(ansi);
  return std::make_unique<RealSumState>(false);
}

std::unique_ptr<AggregateState> make_average_state(const columns::Type& argument) {
  if (argument.is_integral()) return std::make_unique<WholeMeanState>();
  return std::make_unique<RealSumState>(true);
}

std::unique_ptr<AggregateState> make_extreme_state(const columns::Type& argument, bool greatest) {
  const Storage storage = columns::storage_of(argument.kind);
  return greatest ? extreme_of<true>(storage) : extreme_of<false>(storage);
}

}  // namespace tailrace::sql
