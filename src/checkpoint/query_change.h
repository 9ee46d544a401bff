// query_change: may a query go on with a checkpoint? Compares its components, one by one, with
// those that the checkpoint was made with; names every difference, and what could be changed
// safely.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tailrace::checkpoint {

// What is no component of a query, and so may differ from run to run.
inline constexpr std::array<std::string_view, 8> kSafeChanges = {
    "FILE operands", "triggers",       "--max-*",    "--at-eof",
    "--threads",     "--on-data-loss", "--progress", "-X and -F"};

// REQUIRES: `directory` is how the user named the checkpoint.
Status check_unchanged(const std::map<std::string, std::string>& before,
                       const std::map<std::string, std::string>& now, const std::string& directory);

}  // namespace tailrace::checkpoint
