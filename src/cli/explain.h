// --explain: the SQL that the flags mean, the plan, the watermark, the bound on state, and what
// replay and delivery mean for the source and the sink.
#pragma once

#include <string>

#include "cli/input.h"
#include "cli/query_setup.h"

namespace tailrace::cli {

std::string explain_text(const Options& options, const Input& input, const QuerySetup& setup);

}  // namespace tailrace::cli
