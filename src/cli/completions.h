// Completions for the shells, made from the flag table (hidden flag --completions). Pure functions.
#pragma once

#include <string>

namespace tailrace::cli {

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

}  // namespace tailrace::cli
