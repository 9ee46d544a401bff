#include "checkpoint/query_change.h"

#include <algorithm>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tailrace::checkpoint {

namespace {

constexpr size_t kShownBytes = 40;
constexpr size_t kShownBefore = 12;  // of what is the same, in front of the difference

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// A piece of `text` around `at`, on one line and in whole characters.
std::string excerpt(const std::string& text, size_t at) {
  if (text.empty()) return "none";
  size_t begin = text.size() <= kShownBytes ? 0 : at - std::min(at, kShownBefore);
  while (begin > 0 && continues_character(text[begin])) --begin;
  size_t end = std::min(text.size(), begin + kShownBytes);
  while (end < text.size() && continues_character(text[end])) ++end;
  std::string piece = text.substr(begin, end - begin);
  std::replace(piece.begin(), piece.end(), '\n', ' ');
  return fmt::format("'{}{}{}'", begin > 0 ? "…" : "", piece, end < text.size() ? "…" : "");
}

std::string difference(const std::string& name, const std::string& before, const std::string& now) {
  const size_t shorter = std::min(before.size(), now.size());
  size_t same = 0;
  while (same < shorter && before[same] == now[same]) ++same;
  return fmt::format("{} was {}, is {}", name, excerpt(before, same), excerpt(now, same));
}

std::string text_of(const std::map<std::string, std::string>& query, const std::string& name) {
  const auto found = query.find(name);
  return found == query.end() ? "" : found->second;
}

}  // namespace

Status check_unchanged(const std::map<std::string, std::string>& before,
                       const std::map<std::string, std::string>& now,
                       const std::string& directory) {
  std::set<std::string> names;
  for (const auto& [name, text] : before) names.insert(name);
  for (const auto& [name, text] : now) names.insert(name);
  std::vector<std::string> differences;
  for (const std::string& name : names) {
    const std::string old_text = text_of(before, name);
    const std::string new_text = text_of(now, name);
    if (old_text != new_text) differences.push_back(difference(name, old_text, new_text));
  }
  if (differences.empty()) return {};
  return fail(fmt::format(
      "{}: the query is not the one this checkpoint was made with: {}; go back to the old one or "
      "name another --checkpoint (safe to change: {})",
      directory, fmt::join(differences, "; "), fmt::join(kSafeChanges, ", ")));
}

}  // namespace tailrace::checkpoint
