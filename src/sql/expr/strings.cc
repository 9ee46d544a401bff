// Functions of one text: length, case, parts, padding, search. Positions count code points from 1.
#include <fmt/format.h>

#include "sql/expr/code_points.h"
#include "sql/expr/failure.h"
#include "sql/expr/function_table.h"

namespace tailrace::sql {

using columns::Kind;

namespace {

constexpr Kind kText = Kind::kString;
constexpr Kind kInt = Kind::kInt;
constexpr Kind kBool = Kind::kBoolean;

std::function<ExprPtr()> text(std::string_view value) {
  return [value] { return make_string(std::string(value)); };
}
std::function<ExprPtr()> number(int64_t value) {
  return [value] { return make_integer(value, Kind::kInt); };
}

// A kernel that appends its text to a string; the bytes then go to the arena.
template <class Append>
auto appending(Append append) {
  return [append](Row& row, std::string_view from) {
    std::string to;
    append(from, to);
    return row.arena().copy(to);
  };
}

// A capital; of "SS" for ß only the first stays one.
void append_title(std::string_view letter, std::string& to) {
  std::string upper;
  append_upper(letter, upper);
  const size_t first = bytes_of_code_points(upper, 1);
  to += upper.substr(0, first);
  append_lower(std::string_view(upper).substr(first), to);
}

void append_initcap(std::string_view from, std::string& to) {
  bool starts_word = true;
  while (!from.empty()) {
    const size_t bytes = bytes_of_code_points(from, 1);
    const std::string_view letter = from.substr(0, bytes);
    if (starts_word)
      append_title(letter, to);
    else
      append_lower(letter, to);
    starts_word = letter == " ";
    from.remove_prefix(bytes);
  }
}

void append_reversed(std::string_view from, std::string& to) {
  to.resize(from.size());
  size_t end = from.size();
  while (!from.empty()) {
    const size_t bytes = bytes_of_code_points(from, 1);
    end -= bytes;
    from.copy(to.data() + end, bytes);
    from.remove_prefix(bytes);
  }
}

// Which ends are trimmed.
enum Ends { kStart = 1, kEnd = 2, kBoth = 3 };

std::string_view trim_blanks(std::string_view from, int ends) {
  while ((ends & kStart) && from.starts_with(' ')) from.remove_prefix(1);
  while ((ends & kEnd) && from.ends_with(' ')) from.remove_suffix(1);
  return from;
}

std::string_view last_code_point(std::string_view from) {
  size_t begin = from.size() - 1;
  while (begin > 0 && is_continuation(from[begin])) begin--;
  return from.substr(begin);
}

// Takes off the code points that are among `set`.
std::string_view trim_set(std::string_view set, std::string_view from, int ends) {
  const auto in_set = [&](std::string_view letter) {
    return set.find(letter) != std::string_view::npos;
  };
  while ((ends & kStart) && !from.empty() && in_set(from.substr(0, bytes_of_code_points(from, 1))))
    from.remove_prefix(bytes_of_code_points(from, 1));
  while ((ends & kEnd) && !from.empty() && in_set(last_code_point(from)))
    from.remove_suffix(last_code_point(from).size());
  return from;
}

// trim(text), and trim(set, text): Spark's order of a call with two arguments.
template <int kEnds, bool kSetFirst>
Result<ExprPtr> make_trim(Call& call) {
  if (call.count() == 1)
    return strict(kText, {kText},
                  [](std::string_view from) { return trim_blanks(from, kEnds); })(call);
  return strict(kText, {kText, kText}, [](std::string_view a, std::string_view b) {
    return kSetFirst ? trim_set(a, b, kEnds) : trim_set(b, a, kEnds);
  })(call);
}

// An array must not be taken as its text.
Result<ExprPtr> make_reverse(Call& call) {
  if (call.count() == 1 && call.type(0).is_nested())
    return usage_error("reverse of an ARRAY is not in this version yet");
  return strict(kText, {kText}, appending(append_reversed))(call);
}

std::string_view replace_all(Row& row, std::string_view from, std::string_view what,
                             std::string_view with) {
  size_t found = what.empty() ? std::string_view::npos : from.find(what);
  if (found == std::string_view::npos) return from;
  std::string to;
  size_t begin = 0;
  for (; found != std::string_view::npos; found = from.find(what, begin)) {
    to += from.substr(begin, found - begin);
    to += with;
    begin = found + what.size();
  }
  to += from.substr(begin);
  return row.arena().copy(to);
}

// The place of code point `from`'s byte offset; 0 for "not found".
int64_t place_of(std::string_view text_searched, size_t byte) {
  return byte == std::string_view::npos ? 0 : count_code_points(text_searched.substr(0, byte)) + 1;
}

int64_t locate(std::string_view what, std::string_view in, int64_t start) {
  if (start < 1) return 0;
  if (what.empty()) return 1;
  return place_of(in, in.find(what, bytes_of_code_points(in, start - 1)));
}

constexpr int64_t kMadeTextBytesMax = int64_t{16} << 20;  // what one value may grow to

std::string too_long(std::string_view function) {
  return fmt::format("[TOO_LONG_TEXT] {} would make a text of more than 16 MiB.", function);
}

// lpad, rpad: cut to `count` code points, or filled up with `pad` over and over.
template <bool kLeft>
std::string_view padded(Row& row, std::string_view from, int64_t count, std::string_view pad) {
  const int64_t missing = count - count_code_points(from);
  if (missing <= 0 || pad.empty()) return slice_code_points(from, 0, std::max<int64_t>(count, 0));
  if (missing > kMadeTextBytesMax) return row.fail(too_long(kLeft ? "lpad" : "rpad")), from;
  std::string filling;
  for (int64_t left = missing; left > 0;) {
    const std::string_view part = slice_code_points(pad, 0, left);
    filling += part;
    left -= count_code_points(part);
  }
  return row.arena().copy(kLeft ? filling.append(from) : std::string(from).append(filling));
}

std::string_view repeated(Row& row, std::string_view from, int64_t count) {
  if (count <= 0 || from.empty()) return from.substr(0, 0);
  if (count > kMadeTextBytesMax / static_cast<int64_t>(from.size()))
    return row.fail(too_long("repeat")), from;
  char* to = row.arena().allocate(from.size() * static_cast<size_t>(count));
  for (int64_t i = 0; i < count; i++)
    std::memcpy(to + i * static_cast<int64_t>(from.size()), from.data(), from.size());
  return {to, from.size() * static_cast<size_t>(count)};
}

void append_translated(std::string_view from, std::string_view these, std::string_view to,
                       std::string& out) {
  while (!from.empty()) {
    const std::string_view letter = from.substr(0, bytes_of_code_points(from, 1));
    from.remove_prefix(letter.size());
    const int64_t place = place_of(these, these.find(letter));
    out += place == 0 ? letter : slice_code_points(to, place - 1, place);
  }
}

std::string_view substring_index(std::string_view from, std::string_view mark, int64_t count) {
  if (count == 0 || mark.empty()) return from.substr(0, 0);
  size_t at = count > 0 ? 0 : from.size();
  for (int64_t left = std::abs(count); left > 0; left--) {
    if (count > 0) {
      at = from.find(mark, at);
      if (at == std::string_view::npos) return from;
      if (left > 1) at += mark.size();
    } else {
      if (at == 0) return from;
      at = from.rfind(mark, at - 1);
      if (at == std::string_view::npos) return from;
    }
  }
  return count > 0 ? from.substr(0, at) : from.substr(at + mark.size());
}

std::string_view split_part(Row& row, std::string_view from, std::string_view mark, int64_t part) {
  if (part == 0)
    return row.fail("[INVALID_INDEX_OF_ZERO] The index 0 is invalid: the first part is 1."), from;
  std::vector<std::string_view> parts;
  size_t begin = 0;
  for (size_t found; !mark.empty() && (found = from.find(mark, begin)) != std::string_view::npos;
       begin = found + mark.size())
    parts.push_back(from.substr(begin, found - begin));
  parts.push_back(from.substr(begin));
  const int64_t index = part > 0 ? part - 1 : static_cast<int64_t>(parts.size()) + part;
  return index >= 0 && index < static_cast<int64_t>(parts.size()) ? parts[index]
                                                                  : std::string_view();
}

void add_cases(FunctionTable& table) {
  table.add("upper", "upper(text)", "In capital letters",
            strict(kText, {kText}, appending(append_upper)));
  table.alias("ucase", "upper");
  table.add("lower", "lower(text)", "In small letters",
            strict(kText, {kText}, appending(append_lower)));
  table.alias("lcase", "lower");
  table.add("initcap", "initcap(text)", "Each word with a capital letter",
            strict(kText, {kText}, appending(append_initcap)));
  table.add("reverse", "reverse(text)", "The text from its end", make_reverse);
  table.add("trim", "trim([set, ]text)", "Without blanks (or letters of the set) at both ends",
            make_trim<kBoth, true>);
  table.add("ltrim", "ltrim([set, ]text)", "Without blanks at the start", make_trim<kStart, true>);
  table.add("rtrim", "rtrim([set, ]text)", "Without blanks at the end", make_trim<kEnd, true>);
  table.add("btrim", "btrim(text[, set])", "As trim, with the set last", make_trim<kBoth, false>);
}

void add_searches(FunctionTable& table) {
  table.add("contains", "contains(text, part)", "Whether the part is in the text",
            strict(kBool, {kText, kText}, [](std::string_view a, std::string_view b) {
              return int64_t{a.find(b) != a.npos};
            }));
  table.add("startswith", "startswith(text, part)", "Whether the text starts with the part",
            strict(kBool, {kText, kText}, [](std::string_view a, std::string_view b) {
              return int64_t{a.starts_with(b)};
            }));
  table.add("endswith", "endswith(text, part)", "Whether the text ends with the part",
            strict(kBool, {kText, kText},
                   [](std::string_view a, std::string_view b) { return int64_t{a.ends_with(b)}; }));
  table.add("instr", "instr(text, part)", "Place of the part from 1, 0 if it is not there",
            strict(kInt, {kText, kText},
                   [](std::string_view a, std::string_view b) { return place_of(a, a.find(b)); }));
  table.add("locate", "locate(part, text[, start])", "As instr, searching from a place on",
            with_defaults(2, {number(1)},
                          strict(kInt, {kText, kText, kInt},
                                 [](std::string_view a, std::string_view b, int64_t start) {
                                   return locate(a, b, start);
                                 })));
  table.alias("position", "locate");
}

}  // namespace

void add_strings(FunctionTable& table) {
  add_cases(table);
  add_searches(table);
  table.add("length", "length(text)", "How many code points the text has",
            strict(kInt, {kText}, [](std::string_view a) { return count_code_points(a); }));
  for (const std::string_view name : {"char_length", "character_length", "len"})
    table.alias(name, "length");
  table.add(
      "octet_length", "octet_length(text)", "How many bytes the text has",
      strict(kInt, {kText}, [](std::string_view a) { return static_cast<int64_t>(a.size()); }));
  table.add("substring", "substring(text, position[, length])",
            "A part; the position is from 1, or from the end",
            with_defaults(2, {number(INT32_MAX)},
                          strict(kText, {kText, kInt, kInt},
                                 [](std::string_view a, int64_t position, int64_t length) {
                                   return sql_substring(a, position, length);
                                 })));
  table.alias("substr", "substring");
  table.add("left", "left(text, count)", "The first code points",
            strict(kText, {kText, kInt}, [](std::string_view a, int64_t count) {
              return slice_code_points(a, 0, count);
            }));
  table.add("right", "right(text, count)", "The last code points",
            strict(kText, {kText, kInt}, [](std::string_view a, int64_t count) {
              return count <= 0 ? a.substr(0, 0) : sql_substring(a, -count, count);
            }));
  table.add("replace", "replace(text, part[, with])", "Every such part replaced, or taken out",
            with_defaults(2, {text("")},
                          strict(kText, {kText, kText, kText},
                                 [](Row& row, std::string_view a, std::string_view b,
                                    std::string_view c) { return replace_all(row, a, b, c); })));
  table.add("translate", "translate(text, from, to)", "Code points replaced one by one",
            strict(kText, {kText, kText, kText},
                   [](Row& row, std::string_view a, std::string_view from, std::string_view to) {
                     std::string out;
                     append_translated(a, from, to, out);
                     return row.arena().copy(out);
                   }));
  table.add("lpad", "lpad(text, count[, pad])",
            "Filled up at the start, or cut, to so many code points",
            with_defaults(2, {text(" ")},
                          strict(kText, {kText, kInt, kText},
                                 [](Row& row, std::string_view a, int64_t n, std::string_view pad) {
                                   return padded<true>(row, a, n, pad);
                                 })));
  table.add("rpad", "rpad(text, count[, pad])",
            "Filled up at the end, or cut, to so many code points",
            with_defaults(2, {text(" ")},
                          strict(kText, {kText, kInt, kText},
                                 [](Row& row, std::string_view a, int64_t n, std::string_view pad) {
                                   return padded<false>(row, a, n, pad);
                                 })));
  table.add("repeat", "repeat(text, count)", "The text so many times",
            strict(kText, {kText, kInt},
                   [](Row& row, std::string_view a, int64_t n) { return repeated(row, a, n); }));
  table.add("space", "space(count)", "So many blanks",
            strict(kText, {kInt}, [](Row& row, int64_t n) { return repeated(row, " ", n); }));
  table.add(
      "substring_index", "substring_index(text, mark, count)", "What is before the count-th mark",
      strict(kText, {kText, kText, kInt}, [](std::string_view a, std::string_view mark, int64_t n) {
        return substring_index(a, mark, n);
      }));
  table.add("split_part", "split_part(text, mark, part)",
            "One of the parts between the marks, from 1",
            strict(kText, {kText, kText, kInt},
                   [](Row& row, std::string_view a, std::string_view mark, int64_t n) {
                     return split_part(row, a, mark, n);
                   }));
  table.add("ascii", "ascii(text)", "Number of the first code point",
            strict(kInt, {kText}, [](std::string_view a) {
              return a.empty() ? int64_t{0} : int64_t{take_code_point(a)};
            }));
  table.add("chr", "chr(number)", "The code point of a number modulo 256",
            strict(kText, {Kind::kLong}, [](Row& row, int64_t n) {
              std::string out;
              if (n >= 0) append_code_point(static_cast<uint32_t>(n & 0xFF), out);
              return row.arena().copy(out);
            }));
  table.alias("char", "chr");
}

}  // namespace tailrace::sql
