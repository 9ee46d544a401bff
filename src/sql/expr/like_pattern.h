// LikePattern: a LIKE pattern, compiled. % is any text, _ one code point, `escape` takes the next
// character as it is. The shapes 'x', 'x%', '%x' and '%x%' need no matcher. Immutable.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tailrace::sql {

class LikePattern {
 public:
  // Errors, as Spark's: an escape at the end, or before anything but %, _ and itself.
  static Result<LikePattern> compile(std::string_view pattern, char escape);

  bool matches(std::string_view text) const {
    switch (shape_) {
      case Shape::kWhole: return text == literal_;
      case Shape::kPrefix: return text.starts_with(literal_);
      case Shape::kSuffix: return text.ends_with(literal_);
      case Shape::kInside: return text.find(literal_) != std::string_view::npos;
      case Shape::kAny: return true;
      case Shape::kGeneral: break;
    }
    return matches_general(text);
  }

 private:
  enum class Shape { kWhole, kPrefix, kSuffix, kInside, kAny, kGeneral };
  enum class Token : uint8_t { kByte, kOne, kMany };
  struct Item {
    Token token;
    char byte;
  };

  void find_shape();
  bool matches_general(std::string_view text) const;

  std::vector<Item> items_;
  std::string literal_;
  Shape shape_ = Shape::kGeneral;
};

}  // namespace tailrace::sql
