// inspect: what `tailrace checkpoint show` and `tailrace status` say of a checkpoint, and reset.
// Looking takes no lock and changes nothing, so it works while a query runs (files are only ever
// replaced whole) as well as when none does. Text for people and JSON; printing is cli's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "checkpoint/records.h"
#include "io/filesystem.h"

namespace tailrace::checkpoint {

struct StateFile {
  std::string name;  // below the checkpoint's directory: "state/..."
  uint64_t bytes = 0;
};

struct Inspection {
  std::string directory;
  Metadata metadata;
  std::optional<BatchPlan> committed_plan;
  std::optional<BatchCommit> last_commit;
  std::optional<BatchPlan> unfinished_plan;  // planned or running, not committed
  std::vector<StateFile> state;
  std::string last_progress;  // JSON, "" if there is none
  std::string last_error;     // "" if the last batch was good
  bool running = false;       // somebody holds the lock
  int pid = 0;                // of that process, 0 if it did not say
};

// Not a checkpoint: kFailure. A file that is needed is not what we wrote: kDamage.
Result<Inspection> inspect(io::Filesystem& files, const std::string& directory);

std::string show_text(const Inspection& inspection);  // several lines, each with its newline
std::string show_json(const Inspection& inspection);  // one line, without newline
// `tailrace status`: a line; JSON the same facts.
std::string status_text(const Inspection& inspection);
std::string status_json(const Inspection& inspection);

// Removes the checkpoint's own files, and leaves the directory and anything else in it. Refuses
// what is no checkpoint, and kBusy while a query runs. Interrupted: the checkpoint cannot be
// started, only reset.
Status reset(io::Filesystem& files, const std::string& directory);

}  // namespace tailrace::checkpoint
