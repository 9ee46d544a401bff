#include "checkpoint/recovery.h"

#include <algorithm>

#include <fmt/format.h>

#include "checkpoint/sealed.h"

namespace tailrace::checkpoint {

namespace {

constexpr uint64_t kRecordBytesMax = uint64_t{1} << 28;

Result<std::optional<std::string>> read_sealed(io::Filesystem& files, const std::string& path) {
  const std::string text = TRY(io::read_file(files, path, kRecordBytesMax));
  return unseal(text, path);
}

Result<std::string> read_whole(io::Filesystem& files, const std::string& path) {
  auto json = TRY(read_sealed(files, path));
  if (!json) return damaged(path, "it is not complete");
  return std::move(*json);
}

int64_t newest(const std::vector<int64_t>& batches) {
  return batches.empty() ? -1 : batches.back();
}

// Removes the newest file of `batches` if it is torn.
Status drop_torn(io::Filesystem& files, const std::string& directory, std::vector<int64_t>& batches,
                 std::string_view consequence, std::vector<std::string>& notices) {
  const std::string path = directory + "/" + std::to_string(batches.back());
  if (!TRY(is_torn(files, path))) return {};
  TRY(files.remove(path));
  TRY(files.sync_directory(directory));
  notices.push_back(fmt::format("{}: torn by a crash, removed; {}", path, consequence));
  batches.pop_back();
  return {};
}

// Every batch that pruning cannot have taken must be there. Pruning after the commit of C removes
// what is below C - 100, and C may be one lower now than it was then; older holes are pruning's
// own, left by a crash that kept some removals and not others.
Status check_no_gap(const std::string& directory, const std::vector<int64_t>& batches) {
  const int64_t last = newest(batches);
  for (int64_t batch = std::max<int64_t>(0, last - kBatchesKept + 1); batch < last; ++batch) {
    if (std::binary_search(batches.begin(), batches.end(), batch)) continue;
    return damaged(fmt::format("{}/{}", directory, batch),
                   fmt::format("the file is missing, though batch {} is there", last));
  }
  return {};
}

// A progress record is written after a commit. Going on from nothing would number the batches from
// 0 again under the old id, and a Delta table would take them for those it has.
Status check_fresh(io::Filesystem& files, const Layout& layout) {
  const auto progress = TRY(files.stat(layout.progress()));
  if (!progress || progress->size == 0) return {};
  return damaged(layout.offsets(), "all batches are missing, though some were committed");
}

Status check_pairs(const Layout& layout, int64_t plan, int64_t commit) {
  if (commit > plan)
    return damaged(layout.plan(commit), "the file is missing, though the batch was committed");
  if (plan > commit + 1)
    return damaged(layout.commit(plan - 1),
                   fmt::format("the file is missing, though batch {} was planned", plan));
  return {};
}

Status check_number(const std::string& path, int64_t expected, int64_t found) {
  if (expected == found) return {};
  return damaged(path, fmt::format("it is the record of batch {}", found));
}

}  // namespace

Result<bool> is_torn(io::Filesystem& files, const std::string& path) {
  return !TRY(read_sealed(files, path)).has_value();
}

Result<BatchPlan> read_plan(io::Filesystem& files, const Layout& layout, int64_t batch) {
  const std::string path = layout.plan(batch);
  const std::string json = TRY(read_whole(files, path));
  auto plan = TRY(plan_from(json, path));
  TRY(check_number(path, batch, plan.batch));
  return plan;
}

Result<BatchCommit> read_commit(io::Filesystem& files, const Layout& layout, int64_t batch) {
  const std::string path = layout.commit(batch);
  const std::string json = TRY(read_whole(files, path));
  auto commit = TRY(commit_from(json, path));
  TRY(check_number(path, batch, commit.batch));
  return commit;
}

Result<Metadata> read_metadata(io::Filesystem& files, const std::string& path) {
  const std::string json = TRY(read_whole(files, path));
  return metadata_from(json, path);
}

//   N = newest plan, C = newest commit, -1 where there is none
//   if plan N is torn and N > C:     remove it      (published before the batch ran: nothing ran)
//   if commit C is torn and C >= N:  remove it      (the batch is replayed; committing twice is
//   once) a hole in the last 100, C > N, or N > C + 1:    damage, refuse C == -1 and N == -1:
//   fresh;  but progress without offsets and commits: damage, refuse N == C:                clean;
//   next is C + 1, from where plan C ends N == C + 1:            replay plan N as written, under
//   its number
//
// Order on disk makes this complete: plan N is durable before anything of N happens, and commit C
// is durable before plan C + 1 is written.
Result<Recovered> recover(io::Filesystem& files, const Layout& layout) {
  Recovered found;
  auto plans = TRY(batches_in(files, layout.offsets()));
  auto commits = TRY(batches_in(files, layout.commits()));
  if (newest(plans) > newest(commits))
    TRY(drop_torn(files, layout.offsets(), plans, "the batch is planned anew", found.notices));
  if (!commits.empty() && newest(commits) >= newest(plans))
    TRY(drop_torn(files, layout.commits(), commits, "the batch is run again", found.notices));

  const int64_t plan = newest(plans);
  const int64_t commit = newest(commits);
  TRY(check_pairs(layout, plan, commit));
  TRY(check_no_gap(layout.offsets(), plans));
  TRY(check_no_gap(layout.commits(), commits));
  if (plan < 0) TRY(check_fresh(files, layout));
  if (commit >= 0) {
    found.last_commit = TRY(read_commit(files, layout, commit));
    found.committed_plan = TRY(read_plan(files, layout, commit));
    found.oldest_batch = std::min(plans.front(), commits.front());
  }
  if (plan > commit) found.unfinished_plan = TRY(read_plan(files, layout, plan));
  return found;
}

}  // namespace tailrace::checkpoint
