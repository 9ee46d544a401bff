#include "checkpoint/checkpoint.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "checkpoint/query_change.h"
#include "checkpoint/sealed.h"
#include "io/process.h"

namespace tailrace::checkpoint {

namespace {

// What a first start that crashed may leave before there is a metadata, and what mount points have.
constexpr std::array<std::string_view, 3> kNothingYet = {"lock", ".metadata.tmp", "lost+found"};

// Nothing is made in a directory that holds something else.
Status check_ours(io::Filesystem& files, const Layout& layout) {
  const auto info = TRY(files.stat(layout.directory));
  if (!info) return {};
  if (!info->is_directory)
    return fail(layout.directory + ": not a directory; name another --checkpoint");
  if (TRY(files.stat(layout.metadata()))) return {};
  if (TRY(files.stat(layout.removing()))) {
    return fail(layout.directory + ": a reset was interrupted; run 'tailrace checkpoint reset " +
                layout.directory + "' again");
  }
  for (const std::string& name : TRY(files.list(layout.directory))) {
    if (std::find(kNothingYet.begin(), kNothingYet.end(), name) != kNothingYet.end()) continue;
    return fail(layout.directory + ": not empty (" + name +
                ") and not a checkpoint, as it has no metadata; name another --checkpoint");
  }
  return {};
}

// The directory's name without slashes at the end, as messages show it.
std::string trimmed(const std::string& directory) {
  const size_t last = directory.find_last_not_of('/');
  return last == std::string::npos ? directory : directory.substr(0, last + 1);
}

}  // namespace

Result<Checkpoint> Checkpoint::open(io::Filesystem& files, const std::string& directory,
                                    Metadata wanted) {
  Layout layout{trimmed(directory)};
  TRY(check_ours(files, layout));
  TRY(files.make_directories(layout.directory));
  auto lock = TRY(files.lock(layout.lock()));
  auto progress = TRY(ProgressLog::open(files, layout.progress()));
  Checkpoint checkpoint(files, std::move(layout), std::move(lock), std::move(progress));
  TRY(checkpoint.load_or_make(std::move(wanted)));
  return checkpoint;
}

Status Checkpoint::load_or_make(Metadata wanted) {
  is_new_ = !TRY(files_->stat(layout_.metadata()));
  if (is_new_) {
    if (wanted.id.empty()) wanted.id = io::random_uuid();
    if (wanted.hash_seed == 0) wanted.hash_seed = io::random_seed();
    const std::string json = TRY(to_json(wanted));
    TRY(io::publish(*files_, layout_.metadata(), seal(json)));
    metadata_ = std::move(wanted);
  } else {
    metadata_ = TRY(read_metadata(*files_, layout_.metadata()));
    TRY(check_unchanged(metadata_.query, wanted.query, layout_.directory));
  }
  recovered_ = TRY(recover(*files_, layout_));
  TRY(files_->make_directories(layout_.offsets()));
  TRY(files_->make_directories(layout_.commits()));
  TRY(files_->make_directories(layout_.sinks()));
  has_error_ = TRY(files_->stat(layout_.error())).has_value();
  return {};
}

Status Checkpoint::write_plan(const BatchPlan& plan) {
  CHECK(!recovered_.unfinished_plan);
  CHECK(plan.batch == next_batch());
  const std::string json = TRY(to_json(plan));
  TRY(io::publish(*files_, layout_.plan(plan.batch), seal(json)));
  recovered_.unfinished_plan = plan;
  return {};
}

Status Checkpoint::write_commit(const BatchCommit& commit) {
  CHECK(recovered_.unfinished_plan);
  CHECK(commit.batch == recovered_.unfinished_plan->batch);
  const std::string json = TRY(to_json(commit));
  TRY(io::publish(*files_, layout_.commit(commit.batch), seal(json)));
  recovered_.last_commit = commit;
  recovered_.committed_plan = std::move(recovered_.unfinished_plan);
  recovered_.unfinished_plan.reset();
  if (has_error_) TRY(files_->remove(layout_.error()));
  has_error_ = false;
  return prune();
}

Status Checkpoint::prune() {
  int64_t& oldest = recovered_.oldest_batch;
  for (; oldest < recovered_.last_commit->batch - kBatchesKept; ++oldest) {
    TRY(files_->remove(layout_.plan(oldest)));
    TRY(files_->remove(layout_.commit(oldest)));
  }
  return {};
}

Status Checkpoint::write_error(const std::string& text) {
  has_error_ = true;
  return io::publish(*files_, layout_.error(), text + "\n");
}

}  // namespace tailrace::checkpoint
