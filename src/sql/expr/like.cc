// LIKE and ILIKE.
#include <fmt/format.h>

#include "sql/expr/code_points.h"
#include "sql/expr/failure.h"
#include "sql/expr/function_table.h"
#include "sql/expr/like_pattern.h"

namespace tailrace::sql {

using columns::Kind;

Result<LikePattern> LikePattern::compile(std::string_view pattern, char escape) {
  LikePattern compiled;
  for (size_t i = 0; i < pattern.size(); i++) {
    const char c = pattern[i];
    if (c == escape) {
      if (++i == pattern.size())
        return usage_error(
            fmt::format("[INVALID_FORMAT.ESC_AT_THE_END] The pattern {} must not end with the "
                        "escape character.",
                        quoted(pattern)));
      const char next = pattern[i];
      if (next != '%' && next != '_' && next != escape)
        return usage_error(
            fmt::format("[INVALID_FORMAT.ESC_IN_THE_MIDDLE] In the pattern {} the escape character "
                        "may stand only before "
                        "%, _ and itself, not before '{}'.",
                        quoted(pattern), next));
      compiled.items_.push_back({Token::kByte, next});
    } else if (c == '%') {
      if (compiled.items_.empty() || compiled.items_.back().token != Token::kMany)
        compiled.items_.push_back({Token::kMany, 0});
    } else {
      compiled.items_.push_back({c == '_' ? Token::kOne : Token::kByte, c});
    }
  }
  compiled.find_shape();
  return compiled;
}

void LikePattern::find_shape() {
  size_t begin = 0, end = items_.size();
  const bool open_start = end > 0 && items_[0].token == Token::kMany;
  if (open_start) begin++;
  const bool open_end = end > begin && items_[end - 1].token == Token::kMany;
  if (open_end) end--;
  for (size_t i = begin; i < end; i++) {
    if (items_[i].token != Token::kByte) return;
    literal_ += items_[i].byte;
  }
  if (open_start && literal_.empty())
    shape_ = Shape::kAny;
  else if (open_start)
    shape_ = open_end ? Shape::kInside : Shape::kSuffix;
  else
    shape_ = open_end ? Shape::kPrefix : Shape::kWhole;
}

// Greedy with one place to go back to: the last %, moved on by one byte at a time.
bool LikePattern::matches_general(std::string_view text) const {
  size_t at = 0, item = 0;
  size_t retry_at = 0, retry_item = std::string_view::npos;
  while (true) {
    if (item < items_.size() && items_[item].token == Token::kMany) {
      retry_item = ++item;
      retry_at = at;
      continue;
    }
    if (item == items_.size() && at == text.size()) return true;
    if (item < items_.size() && at < text.size()) {
      if (items_[item].token == Token::kOne && !is_continuation(text[at])) {
        at += bytes_of_code_points(text.substr(at), 1);
        item++;
        continue;
      }
      if (items_[item].token == Token::kByte && items_[item].byte == text[at]) {
        at++;
        item++;
        continue;
      }
    }
    if (retry_item == std::string_view::npos || retry_at >= text.size()) return false;
    at = ++retry_at;
    item = retry_item;
  }
}

namespace {

std::string lower(std::string_view text) {
  std::string to;
  append_lower(text, to);
  return to;
}

template <bool kIgnoreCase>
struct LikeConstant {
  static constexpr bool kHot = true;
  LikePattern pattern;
  int64_t operator()(std::string_view text) const {
    return kIgnoreCase ? pattern.matches(lower(text)) : pattern.matches(text);
  }
};

// A pattern that is not constant is compiled for each row; a wrong one fails it.
template <bool kIgnoreCase>
struct LikeAnything {
  char escape;
  int64_t operator()(Row& row, std::string_view text, std::string_view pattern) const {
    const auto compiled =
        LikePattern::compile(kIgnoreCase ? lower(pattern) : std::string(pattern), escape);
    if (!compiled) return row.fail(compiled.error().message), 0;
    return compiled->matches(kIgnoreCase ? lower(text) : std::string(text));
  }
};

Result<char> take_escape(Call& call) {
  if (call.count() == 2) return '\\';
  const std::string_view* escape = literal_text(*call.arguments[2]);
  if (escape == nullptr || escape->size() != 1)
    return usage_error("[INVALID_ESCAPE_CHAR] ESCAPE takes a text of one character.");
  const char c = (*escape)[0];
  call.arguments.pop_back();
  return c;
}

// like(text, pattern[, escape])
template <bool kIgnoreCase>
Result<ExprPtr> make_like(Call& call) {
  TRY(call.expect_count(2, 3));
  const char escape = TRY(take_escape(call));
  TRY(call.coerce(0, Kind::kString));
  TRY(call.coerce(1, Kind::kString));
  const std::string_view* pattern = literal_text(*call.arguments[1]);
  if (pattern == nullptr)
    return make_strict(call, {Kind::kBoolean, {}}, LikeAnything<kIgnoreCase>{escape});
  LikePattern compiled =
      TRY(LikePattern::compile(kIgnoreCase ? lower(*pattern) : std::string(*pattern), escape));
  call.arguments.resize(1);
  return make_strict(call, {Kind::kBoolean, {}}, LikeConstant<kIgnoreCase>{std::move(compiled)});
}

}  // namespace

void add_like(FunctionTable& table) {
  table.add("like", "like(text, pattern[, escape])",
            "Whether the whole text matches; % any text, _ one letter", make_like<false>);
  table.add("ilike", "ilike(text, pattern[, escape])", "As like, whatever the case",
            make_like<true>);
}

}  // namespace tailrace::sql
