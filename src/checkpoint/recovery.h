// Recovery: from the files in offsets/ and commits/ to what the next batch is. Repairs only what a
// crash can leave (a torn newest file, which never counted) and says so; refuses all else as
// kDamage. REQUIRES: the caller holds the checkpoint's lock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checkpoint/layout.h"
#include "checkpoint/records.h"

namespace tailrace::checkpoint {

struct Recovered {
  std::optional<BatchCommit> last_commit;    // C; none: no batch was ever completed
  std::optional<BatchPlan> committed_plan;   // the plan of C
  std::optional<BatchPlan> unfinished_plan;  // of C + 1, to be replayed exactly as written
  int64_t oldest_batch = 0;                  // that has a file
  std::vector<std::string> notices;          // what was repaired, a sentence each
};

Result<Recovered> recover(io::Filesystem& files, const Layout& layout);

// True for a file that a crash left incomplete.
Result<bool> is_torn(io::Filesystem& files, const std::string& path);

// One record; torn is damage here, because a later file counts on it.
Result<BatchPlan> read_plan(io::Filesystem& files, const Layout& layout, int64_t batch);
Result<BatchCommit> read_commit(io::Filesystem& files, const Layout& layout, int64_t batch);
Result<Metadata> read_metadata(io::Filesystem& files, const std::string& path);

}  // namespace tailrace::checkpoint
