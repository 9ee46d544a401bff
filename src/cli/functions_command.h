// `tailrace --functions [NAME]`: the SQL functions, each with its signature and one line, from the
// registries in sql. A pure function of them.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/command.h"

namespace tailrace::cli {

// The text to print. An unknown name is a usage error that names the nearest.
Result<std::string> functions_text(const FunctionsCommand& command);

}  // namespace tailrace::cli
