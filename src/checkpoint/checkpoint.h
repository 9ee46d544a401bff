// Checkpoint: WHEN a batch is complete. Holds the directory's lock while it lives. The caller's
// order: write_plan(n), run, save the state, commit the sink, write_commit(n). Both writes are
// durable when they return; after an error the run must end (the disk decides at the next open).
// One thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "checkpoint/layout.h"
#include "checkpoint/progress_log.h"
#include "checkpoint/records.h"
#include "checkpoint/recovery.h"
#include "io/filesystem.h"

namespace tailrace::checkpoint {

class Checkpoint {
 public:
  // Makes the checkpoint if the directory is missing or empty: with `wanted`, to which it adds an
  // id and a hash seed where they are "" and 0. Else `wanted.query` must be what the checkpoint was
  // made with, and everything else is taken from there. Another run has it: kBusy, naming its pid.
  static Result<Checkpoint> open(io::Filesystem& files, const std::string& directory,
                                 Metadata wanted);

  const Metadata& metadata() const { return metadata_; }
  bool is_new() const { return is_new_; }  // made by this open()
  const std::vector<std::string>& notices() const { return recovered_.notices; }

  const std::optional<BatchCommit>& last_commit() const { return recovered_.last_commit; }
  const std::optional<BatchPlan>& committed_plan() const { return recovered_.committed_plan; }
  // To be replayed exactly as it stands, without another write_plan.
  const std::optional<BatchPlan>& unfinished_plan() const { return recovered_.unfinished_plan; }
  // The number of the batch to plan or to replay.
  int64_t next_batch() const { return last_commit() ? last_commit()->batch + 1 : 0; }

  // REQUIRES: plan.batch == next_batch(), and it is not planned yet.
  Status write_plan(const BatchPlan& plan);
  // REQUIRES: commit.batch is that of unfinished_plan(). Removes files of old batches, and the
  // error.
  Status write_commit(const BatchCommit& commit);
  // Not durable: for people. Keeps the last 100.
  Status append_progress(const std::string& json) { return progress_.append(json); }
  // Why the run failed, for `tailrace status`, until the next commit.
  Status write_error(const std::string& text);

  const std::string& directory() const { return layout_.directory; }
  std::string state_directory() const { return layout_.state(); }  // made by its owner
  std::string spool_directory() const { return layout_.spool(); }
  std::string sinks_directory() const { return layout_.sinks(); }  // is there; for start files

 private:
  Checkpoint(io::Filesystem& files, Layout layout, std::unique_ptr<io::File> lock,
             ProgressLog progress)
      : files_(&files),
        layout_(std::move(layout)),
        lock_(std::move(lock)),
        progress_(std::move(progress)) {}
  Status load_or_make(Metadata wanted);
  Status prune();

  io::Filesystem* files_;
  Layout layout_;
  std::unique_ptr<io::File> lock_;
  ProgressLog progress_;
  Metadata metadata_;
  Recovered recovered_;
  bool is_new_ = false;
  bool has_error_ = false;
};

}  // namespace tailrace::checkpoint
