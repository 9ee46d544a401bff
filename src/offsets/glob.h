// Quoted globs, as the shell reads them: `*`, `?`, `[a-z]`, `[!a-z]`, `{one,two}` and `\` before a
// character that stands for itself. Pure functions of strings; a name with a leading dot needs a
// pattern with one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tailrace::offsets {

// Whether the text means more than itself.
bool has_wildcard(std::string_view text);

// "a{b,c{d,e}}" is "ab", "acd", "ace". Braces without a comma or a partner stand for themselves.
std::vector<std::string> expand_braces(std::string_view pattern);

// Matches one name (no slash) against one segment of a pattern without braces.
bool matches_glob(std::string_view pattern, std::string_view name);

}  // namespace tailrace::offsets
