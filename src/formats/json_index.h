// JsonIndex: where the tokens of a text stand (brackets, commas, colons, first bytes of strings and
// scalars), found by simdjson's first stage: one pass that also proves UTF-8, balanced quotes and
// no control characters in strings. A text may hold many lines: a newline inside a string fails the
// whole text, so success proves it for each line alone. One thread; build() replaces the index.
// simdjson's stage 1 is used without On-Demand because one call then serves hundreds of lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace simdjson::internal {
class dom_parser_implementation;
}

namespace tailrace::formats {

class JsonIndex {
 public:
  JsonIndex();
  ~JsonIndex();
  JsonIndex(JsonIndex&&) noexcept;

  // REQUIRES: Buffer::kPadding readable bytes behind the text, and less than 4 GiB of it. False: at
  // least one line is not UTF-8, or has an open string or a control character in a string.
  bool build(std::string_view text);

  // Offsets of the tokens, ascending; behind the last stand two more equal to the text's size and
  // then a 0, so that three tokens may be looked at from any real one on.
  const uint32_t* tokens() const { return tokens_; }

 private:
  void make_room(size_t bytes);

  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage_;
  const uint32_t* tokens_ = nullptr;
};

}  // namespace tailrace::formats
