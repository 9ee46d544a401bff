#include "cli/status_command.h"

#include "checkpoint/inspect.h"

namespace tailrace::cli {

StatusReport status_report(const StatusCommand& command, io::Filesystem& files) {
  StatusReport report;
  for (const std::string& directory : command.directories) {
    const Result<checkpoint::Inspection> found = checkpoint::inspect(files, directory);
    if (!found) {
      report.errors.push_back(found.error());
      continue;
    }
    report.text += command.json ? checkpoint::status_json(*found) : checkpoint::status_text(*found);
    if (!report.text.ends_with('\n')) report.text += '\n';
  }
  return report;
}

}  // namespace tailrace::cli
