// `tailrace status DIR...`: for each checkpoint whether its query runs, its last progress and its
// last error. Takes no lock and changes nothing.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/command.h"
#include "io/filesystem.h"

namespace tailrace::cli {

// One checkpoint that cannot be read does not hide the others: text for those that can, then the
// errors.
struct StatusReport {
  std::string text;
  std::vector<Error> errors;
};

StatusReport status_report(const StatusCommand& command, io::Filesystem& files);

}  // namespace tailrace::cli
