#include "offsets/glob.h"

#include <optional>

namespace tailrace::offsets {
namespace {

size_t skip_escaped(std::string_view text, size_t at) { return text[at] == '\\' ? at + 2 : at + 1; }

// The brace that closes the one at `open`, with the commas between them on its own level.
struct Braces {
  size_t close = 0;
  std::vector<size_t> commas;
};

std::optional<Braces> find_braces(std::string_view text, size_t open) {
  Braces braces;
  int depth = 0;
  for (size_t at = open; at < text.size(); at = skip_escaped(text, at)) {
    if (text[at] == '{') ++depth;
    if (text[at] == ',' && depth == 1) braces.commas.push_back(at);
    if (text[at] != '}' || --depth > 0) continue;
    braces.close = at;
    if (braces.commas.empty()) return std::nullopt;
    return braces;
  }
  return std::nullopt;
}

void append_expanded(std::string_view pattern, size_t open, const Braces& braces,
                     std::vector<std::string>& out) {
  size_t begin = open + 1;
  std::vector<size_t> ends = braces.commas;
  ends.push_back(braces.close);
  for (const size_t end : ends) {
    std::string one(pattern.substr(0, open));
    one += pattern.substr(begin, end - begin);
    one += pattern.substr(braces.close + 1);
    for (std::string& expanded : expand_braces(one)) out.push_back(std::move(expanded));
    begin = end + 1;
  }
}

// Characters are UTF-8: `?` takes a whole one.
size_t character_size(std::string_view text) {
  size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) ++size;
  return size;
}

struct SetMatch {
  bool matched = false;
  size_t pattern_size = 0;  // 0: not a set, the bracket stands for itself
};

// REQUIRES: pattern starts with '['.
SetMatch match_set(std::string_view pattern, char c) {
  size_t at = 1;
  const bool negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
  if (negated) ++at;
  const size_t first = at;
  bool matched = false;
  while (at < pattern.size() && (pattern[at] != ']' || at == first)) {
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    const char low = pattern[at++];
    char high = low;
    if (at + 1 < pattern.size() && pattern[at] == '-' && pattern[at + 1] != ']') {
      high = pattern[at + 1];
      at += 2;
    }
    matched = matched || (low <= c && c <= high);
  }
  if (at >= pattern.size()) return {};
  return {matched != negated, at + 1};
}

// How much of pattern and name one step takes; nothing if they differ. REQUIRES: name not empty,
// the pattern not empty and not at a star.
struct Step {
  size_t pattern = 0;
  size_t name = 0;
};

std::optional<Step> match_one(std::string_view pattern, std::string_view name) {
  if (pattern[0] == '?') return Step{1, character_size(name)};
  if (pattern[0] == '[') {
    const SetMatch set = match_set(pattern, name[0]);
    if (set.pattern_size > 0) {
      if (!set.matched) return std::nullopt;
      return Step{set.pattern_size, character_size(name)};
    }
  }
  const size_t escape = pattern[0] == '\\' && pattern.size() > 1 ? 1 : 0;
  if (pattern[escape] != name[0]) return std::nullopt;
  return Step{escape + 1, 1};
}

}  // namespace

bool has_wildcard(std::string_view text) {
  for (size_t at = 0; at < text.size(); at = skip_escaped(text, at)) {
    if (text[at] == '*' || text[at] == '?' || text[at] == '[') return true;
    if (text[at] == '{' && find_braces(text, at)) return true;
    if (text[at] == '\\') return true;  // it has to be taken away
  }
  return false;
}

std::vector<std::string> expand_braces(std::string_view pattern) {
  std::vector<std::string> out;
  for (size_t at = 0; at < pattern.size(); at = skip_escaped(pattern, at)) {
    if (pattern[at] != '{') continue;
    if (const auto braces = find_braces(pattern, at)) {
      append_expanded(pattern, at, *braces, out);
      return out;
    }
  }
  out.emplace_back(pattern);
  return out;
}

bool matches_glob(std::string_view pattern, std::string_view name) {
  if (name.starts_with('.') && !pattern.starts_with('.')) return false;
  // Only the last star can need another try: a longer match of an earlier one gains nothing.
  std::optional<std::string_view> after_star;
  std::string_view star_name;
  while (!name.empty() || !pattern.empty()) {
    if (pattern.starts_with('*')) {
      pattern.remove_prefix(1);
      after_star = pattern;
      star_name = name;
      continue;
    }
    const auto step = name.empty() || pattern.empty() ? std::nullopt : match_one(pattern, name);
    if (step) {
      pattern.remove_prefix(step->pattern);
      name.remove_prefix(step->name);
      continue;
    }
    if (!after_star || star_name.empty()) return false;
    star_name.remove_prefix(1);
    name = star_name;
    pattern = *after_star;
  }
  return true;
}

}  // namespace tailrace::offsets
