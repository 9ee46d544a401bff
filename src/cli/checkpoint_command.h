// `tailrace checkpoint show|reset DIR`: what a checkpoint holds, or to forget it. show takes no
// lock; reset refuses while a query runs.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/command.h"
#include "io/filesystem.h"

namespace tailrace::cli {

// Does it, and gives the text to print.
Result<std::string> checkpoint_text(const CheckpointCommand& command, io::Filesystem& files);

}  // namespace tailrace::cli
