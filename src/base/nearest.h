// nearest: which known word a mistyped one was probably meant to be, for "did you mean".
// Case does not count. A pure function; answers an empty view when nothing is near enough.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace tailrace {

// Optimal string alignment distance (insert, delete, replace, swap neighbours), ignoring ASCII
// case.
size_t edit_distance(std::string_view a, std::string_view b);

// The first of `known` at the smallest distance, if that is at most a third of the word (at least
// one edit, at most three).
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace tailrace
