// RLIKE, regexp_* and split, with RE2 in the place of Java's expressions. What RE2 lacks
// (look-ahead, back references) is refused when the query is bound, not while it runs.
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <re2/re2.h>

#include "sql/expr/code_points.h"
#include "sql/expr/failure.h"
#include "sql/expr/function_table.h"

namespace tailrace::sql {

using columns::Kind;
using columns::List;
using re2::RE2;
using re2::StringPiece;

namespace {

constexpr Kind kText = Kind::kString;

// Java's (?<name>...) is RE2's (?P<name>...); look-behind keeps its spelling and is refused.
std::string from_java(std::string_view pattern) {
  std::string to;
  for (size_t i = 0; i < pattern.size(); i++) {
    if (pattern[i] == '\\' && i + 1 < pattern.size()) {
      to += pattern[i++];
    } else if (pattern.substr(i).starts_with("(?<") && i + 3 < pattern.size() &&
               isalpha(static_cast<unsigned char>(pattern[i + 3]))) {
      to += "(?P<";
      i += 2;
      continue;
    }
    to += pattern[i];
  }
  return to;
}

// A compiled expression. Shared by the copies that a kernel makes of itself while it is built; RE2
// objects are immutable for matching, so workers share it as well.
using Regex = std::shared_ptr<const RE2>;

Result<Regex> compile(std::string_view pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_shared<const RE2>(from_java(pattern), options);
  if (compiled->ok()) return compiled;
  return usage_error(
      fmt::format("[INVALID_PARAMETER_VALUE.PATTERN] The regular expression {} is wrong: {}.",
                  quoted(pattern), compiled->error()));
}

StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view(StringPiece text) { return {text.data(), text.size()}; }

// Gives fn(row, regex, text, rest...) the expression that argument 1 is: compiled once if it is
// constant, else for each row.
template <class... Rest, class Fn>
Result<ExprPtr> with_regex(Call& call, columns::Type type, Fn fn) {
  TRY(call.coerce(0, kText));
  TRY(call.coerce(1, kText));
  if (const std::string_view* pattern = literal_text(*call.arguments[1])) {
    const Regex regex = TRY(compile(*pattern));
    call.arguments.erase(call.arguments.begin() + 1);
    return make_strict(call, std::move(type),
                       [regex, fn](Row& row, std::string_view text, Rest... rest) {
                         return fn(row, *regex, text, rest...);
                       });
  }
  return make_strict(call, std::move(type),
                     [fn](Row& row, std::string_view text, std::string_view pattern, Rest... rest) {
                       const auto regex = compile(pattern);
                       using Made = decltype(fn(row, **regex, text, rest...));
                       if (!regex) return row.fail(regex.error().message), Made{};
                       return fn(row, **regex, text, rest...);
                     });
}

// Calls fn(begin, end) for each match as Java's Matcher.find() goes on: behind an empty match it
// moves by one code point. fn gives false to stop.
template <class Fn>
void each_match(const RE2& regex, std::string_view text, std::vector<StringPiece>& groups, Fn fn) {
  size_t at = 0;
  while (at <= text.size() && regex.Match(piece(text), at, text.size(), RE2::UNANCHORED,
                                          groups.data(), static_cast<int>(groups.size()))) {
    const size_t begin = static_cast<size_t>(groups[0].data() - text.data());
    const size_t end = begin + groups[0].size();
    if (!fn(begin, end)) return;
    at = end > begin ? end : end + std::max<size_t>(bytes_of_code_points(text.substr(end), 1), 1);
  }
}

bool has_group(Row& row, const RE2& regex, int64_t group) {
  if (group >= 0 && group <= regex.NumberOfCapturingGroups()) return true;
  row.fail(fmt::format(
      "[INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX] There is no group {}; the expression has {}.",
      group, regex.NumberOfCapturingGroups()));
  return false;
}

Result<ExprPtr> make_rlike(Call& call) {
  TRY(call.expect_count(2, 2));
  return with_regex(call, {Kind::kBoolean, {}}, [](Row&, const RE2& regex, std::string_view text) {
    return int64_t{RE2::PartialMatch(piece(text), regex)};
  });
}

std::string_view extract(Row& row, const RE2& regex, std::string_view text, int64_t group) {
  if (!has_group(row, regex, group)) return {};
  std::vector<StringPiece> groups(static_cast<size_t>(group) + 1);
  if (!regex.Match(piece(text), 0, text.size(), RE2::UNANCHORED, groups.data(),
                   static_cast<int>(groups.size())))
    return {};
  return view(groups.back());
}

Status default_group(Call& call) {
  TRY(call.expect_count(2, 3));
  if (call.count() == 2) call.arguments.push_back(make_integer(1, Kind::kInt));
  return call.coerce(2, Kind::kInt);
}

Result<ExprPtr> make_extract(Call& call) {
  TRY(default_group(call));
  return with_regex<int64_t>(call, {kText, {}}, extract);
}

// Appends texts to the elements of the array being written.
class ListWriter {
 public:
  explicit ListWriter(Row& row) : elements_(row.out().children[0]), begin_(elements_.size) {}
  void add(std::string_view text) { elements_.append_text(text); }
  uint32_t count() const { return static_cast<uint32_t>(elements_.size - begin_); }
  List list() const { return {static_cast<uint32_t>(begin_), count()}; }

 private:
  columns::Column& elements_;
  size_t begin_;
};

Result<ExprPtr> make_extract_all(Call& call) {
  TRY(default_group(call));
  return with_regex<int64_t>(call, columns::array_of({kText, {}}),
                             [](Row& row, const RE2& regex, std::string_view text, int64_t group) {
                               ListWriter made(row);
                               if (!has_group(row, regex, group)) return made.list();
                               std::vector<StringPiece> groups(static_cast<size_t>(group) + 1);
                               each_match(regex, text, groups, [&](size_t, size_t) {
                                 made.add(view(groups.back()));
                                 return true;
                               });
                               return made.list();
                             });
}

// Java's replacement text: $1 and ${name} are groups, a backslash takes the next letter as it is.
// False if it names a group that is not there.
bool append_replacement(const RE2& regex, std::string_view with,
                        const std::vector<StringPiece>& groups, std::string& out) {
  for (size_t i = 0; i < with.size(); i++) {
    if (with[i] == '\\' && i + 1 < with.size()) {
      out += with[++i];
    } else if (with[i] != '$') {
      out += with[i];
    } else if (i + 1 < with.size() && with[i + 1] == '{') {
      const size_t end = with.find('}', i);
      if (end == std::string_view::npos) return false;
      const auto& names = regex.NamedCapturingGroups();
      const auto found = names.find(std::string(with.substr(i + 2, end - i - 2)));
      if (found == names.end()) return false;
      out += view(groups[static_cast<size_t>(found->second)]);
      i = end;
    } else {
      size_t group = 0, digits = 0;
      while (i + 1 < with.size() && with[i + 1] >= '0' && with[i + 1] <= '9') {
        const size_t longer = group * 10 + static_cast<size_t>(with[i + 1] - '0');
        if (digits > 0 && longer >= groups.size()) break;
        group = longer;
        digits++;
        i++;
      }
      if (digits == 0 || group >= groups.size()) return false;
      out += view(groups[group]);
    }
  }
  return true;
}

std::string_view replace(Row& row, const RE2& regex, std::string_view text, std::string_view with,
                         int64_t from) {
  std::vector<StringPiece> groups(static_cast<size_t>(regex.NumberOfCapturingGroups()) + 1);
  if (from < 1)
    return row.fail("[INVALID_PARAMETER_VALUE.POSITION] regexp_replace counts positions from 1."),
           text;
  const size_t skipped = bytes_of_code_points(text, from - 1);
  std::string out;
  size_t copied = 0;
  bool is_good = true;
  each_match(regex, text, groups, [&](size_t begin, size_t end) {
    if (begin < skipped) return true;
    out += text.substr(copied, begin - copied);
    copied = end;
    is_good = append_replacement(regex, with, groups, out);
    return is_good;
  });
  if (!is_good)
    return row.fail(fmt::format(
               "[INVALID_PARAMETER_VALUE.REPLACEMENT] The replacement {} names a group that is "
               "not in the expression.",
               quoted(with))),
           text;
  if (copied == 0 && out.empty()) return text;
  out += text.substr(copied);
  return row.arena().copy(out);
}

Result<ExprPtr> make_replace(Call& call) {
  TRY(call.expect_count(3, 4));
  if (call.count() == 3) call.arguments.push_back(make_integer(1, Kind::kInt));
  TRY(call.coerce(2, kText));
  TRY(call.coerce(3, Kind::kInt));
  return with_regex<std::string_view, int64_t>(call, {kText, {}}, replace);
}

// Java's String.split with a limit that keeps trailing empty parts: an empty match at the very
// start makes no part. An empty regex cuts into code points without an empty last part (Spark's
// own).
List split(Row& row, const RE2& regex, std::string_view text, int64_t limit) {
  ListWriter parts(row);
  std::vector<StringPiece> groups(1);
  size_t begin_of_part = 0;
  each_match(regex, text, groups, [&](size_t begin, size_t end) {
    if (limit > 0 && parts.count() + 1 >= limit) return false;
    if (end == 0) return true;
    if (begin == text.size() && regex.pattern().empty()) return true;
    parts.add(text.substr(begin_of_part, begin - begin_of_part));
    begin_of_part = end;
    return true;
  });
  parts.add(text.substr(begin_of_part));
  return parts.list();
}

Result<ExprPtr> make_split(Call& call) {
  TRY(call.expect_count(2, 3));
  if (call.count() == 2) call.arguments.push_back(make_integer(-1, Kind::kInt));
  TRY(call.coerce(2, Kind::kInt));
  return with_regex<int64_t>(call, columns::array_of({kText, {}}), split);
}

int64_t count_matches(Row&, const RE2& regex, std::string_view text) {
  std::vector<StringPiece> groups(1);
  int64_t count = 0;
  each_match(regex, text, groups, [&](size_t, size_t) { return ++count, true; });
  return count;
}

Result<ExprPtr> make_count(Call& call) {
  TRY(call.expect_count(2, 2));
  return with_regex(call, {Kind::kInt, {}}, count_matches);
}

// The first match: its text (NULL if there is none), or its place (0).
Result<ExprPtr> make_substr(Call& call) {
  TRY(call.expect_count(2, 2));
  return with_regex(call, {kText, {}}, [](Row& row, const RE2& regex, std::string_view text) {
    StringPiece match;
    if (!regex.Match(piece(text), 0, text.size(), RE2::UNANCHORED, &match, 1)) row.set_null();
    return view(match);
  });
}

Result<ExprPtr> make_instr(Call& call) {
  TRY(call.expect_count(2, 2));
  return with_regex(call, {Kind::kInt, {}}, [](Row&, const RE2& regex, std::string_view text) {
    StringPiece match;
    if (!regex.Match(piece(text), 0, text.size(), RE2::UNANCHORED, &match, 1)) return int64_t{0};
    return count_code_points(text.substr(0, static_cast<size_t>(match.data() - text.data()))) + 1;
  });
}

}  // namespace

void add_regexes(FunctionTable& table) {
  table.add("rlike", "rlike(text, regex)", "Whether the expression matches somewhere", make_rlike);
  table.alias("regexp", "rlike");
  table.alias("regexp_like", "rlike");
  table.add("regexp_extract", "regexp_extract(text, regex[, group])",
            "A group of the first match, '' without one", make_extract);
  table.add("regexp_extract_all", "regexp_extract_all(text, regex[, group])",
            "A group of every match", make_extract_all);
  table.add("regexp_replace", "regexp_replace(text, regex, with[, position])",
            "Every match replaced; $1 is a group", make_replace);
  table.add("regexp_count", "regexp_count(text, regex)", "How many matches there are", make_count);
  table.add("regexp_substr", "regexp_substr(text, regex)", "The first match, NULL without one",
            make_substr);
  table.add("regexp_instr", "regexp_instr(text, regex)", "Place of the first match, 0 without one",
            make_instr);
  table.add("split", "split(text, regex[, limit])", "The parts between the matches", make_split);
}

}  // namespace tailrace::sql
