#include "checkpoint/inspect.h"

#include "checkpoint/layout.h"
#include "checkpoint/progress_log.h"
#include "checkpoint/recovery.h"

namespace tailrace::checkpoint {

namespace {

constexpr int kTries = 5;

std::unexpected<Error> not_a_checkpoint(const std::string& directory) {
  return fail(directory +
              ": not a checkpoint (there is no metadata in it); name the directory that "
              "--checkpoint named");
}

Status add_files(io::Filesystem& files, const std::string& root, const std::string& below,
                 std::vector<StateFile>& found) {
  const std::string directory = root + "/" + below;
  const auto there = TRY(files.stat(directory));
  if (!there || !there->is_directory) return {};
  for (const std::string& name : TRY(files.list(directory))) {
    const std::string path = below + "/" + name;
    const auto info = TRY(files.stat(root + "/" + path));
    if (!info) continue;  // removed by the running query just now
    if (info->is_directory) {
      TRY(add_files(files, root, path, found));
    } else {
      found.push_back({path, info->size});
    }
  }
  return {};
}

// The newest commit with its plan, and the plan behind it if there is one.
Status read_batches(io::Filesystem& files, const Layout& layout, Inspection& inspection) {
  const auto commits = TRY(batches_in(files, layout.commits()));
  int64_t last = commits.empty() ? -1 : commits.back();
  // What the next run will remove as torn does not count here either.
  if (last >= 0 && TRY(is_torn(files, layout.commit(last)))) --last;
  if (last >= 0) {
    inspection.last_commit = TRY(read_commit(files, layout, last));
    inspection.committed_plan = TRY(read_plan(files, layout, last));
  }
  const std::string next = layout.plan(last + 1);
  if (TRY(files.stat(next)) && !TRY(is_torn(files, next)))
    inspection.unfinished_plan = TRY(read_plan(files, layout, last + 1));
  return {};
}

Result<Inspection> inspect_once(io::Filesystem& files, const Layout& layout) {
  Inspection inspection;
  inspection.directory = layout.directory;
  inspection.metadata = TRY(read_metadata(files, layout.metadata()));
  TRY(read_batches(files, layout, inspection));
  TRY(add_files(files, layout.directory, "state", inspection.state));
  const auto progress = TRY(read_progress(files, layout.progress()));
  if (!progress.empty()) inspection.last_progress = progress.back();
  if (TRY(files.stat(layout.error()))) {
    inspection.last_error = TRY(io::read_file(files, layout.error()));
    while (inspection.last_error.ends_with('\n')) inspection.last_error.pop_back();
  }
  const auto holder = TRY(files.lock_holder(layout.lock()));
  inspection.running = holder.has_value();
  inspection.pid = holder.value_or(0);
  return inspection;
}

}  // namespace

Result<Inspection> inspect(io::Filesystem& files, const std::string& directory) {
  const Layout layout{directory};
  if (!TRY(files.stat(layout.metadata()))) return not_a_checkpoint(directory);
  // A running query may commit and prune between two of our reads; then look again.
  for (int attempt = 1;; ++attempt) {
    auto inspection = inspect_once(files, layout);
    if (inspection || attempt == kTries) return inspection;
  }
}

}  // namespace tailrace::checkpoint
