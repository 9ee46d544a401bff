// Sweep: a story (input that grows in steps, a run after each) told once without a crash and then
// again with a crash or a failure at every operation of the disk. Whatever is lost, the runs after
// it must leave the output, the ledger and the checkpoint's files byte for byte as the first story
// did.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/job_fixture.h"
#include "support/memory_filesystem.h"

namespace tailrace::test {

// What comes into /in before a run.
struct Step {
  std::vector<std::pair<std::string, std::string>> appended;  // path, bytes
  engine::AtEof at_eof = engine::AtEof::kKeep;
};

// Steps of an input with rows out of order, late ones, rows without a time, bad lines, doubles
// whose sum hangs on the order, and a last line that is whole only in the next step.
std::vector<Step> make_steps(size_t steps, size_t rows_a_step, uint64_t seed);

// Gives what a process sees of the disk; a test may put something between.
using Between = std::function<std::unique_ptr<io::Filesystem>(MemoryFilesystem&)>;

struct SweepOptions {
  std::vector<Loss> losses = {Loss::kNone, Loss::kStrict, Loss::kPartial};
  uint64_t seed = 1;          // of what a partial loss loses
  uint64_t stride = 1;        // every n-th operation
  uint64_t again_stride = 0;  // of the second crash, in the recovery; 0: none
  bool compares_checkpoints = true;
  bool cuts_power_at_the_end = true;  // then, too, everything is there
  Between between;
};

// A story's state after a step.
struct Mark {
  std::string output;
  std::string ledger;
};

class Sweep {
 public:
  Sweep(JobCase one, std::vector<Step> steps, SweepOptions options);

  // Tells the story without a crash. The answer is what went wrong, "" if nothing; the same below.
  std::string tell();
  const std::vector<Mark>& marks() const { return marks_; }
  uint64_t operations() const { return operations_; }
  uint64_t crashes() const { return crashes_; }  // so far

  std::string crash_everywhere();
  // The operation fails, the run says so, the next one goes on.
  std::string fail_everywhere(ErrorKind kind);

 private:
  using Files = std::map<std::string, std::string>;
  Status run_step(MemoryFilesystem& disk, size_t step);
  // Runs steps from `step` on until one fails; the answer is its number, or steps_.size().
  size_t run_until_failure(MemoryFilesystem& disk, size_t step, Status& failure);
  void put_input(MemoryFilesystem& disk, size_t step) const;
  std::string finish(MemoryFilesystem& disk, size_t step);
  std::string crash_again(const MemoryFilesystem& crashed, Loss loss, uint64_t seed, size_t step);
  std::string compare(const MemoryFilesystem& disk, size_t step) const;
  Files kept_files(const MemoryFilesystem& disk) const;

  JobFixture job_;
  std::vector<Step> steps_;
  SweepOptions options_;
  std::vector<Mark> marks_;
  Files files_;  // of the checkpoint at the end of the story
  uint64_t operations_ = 0;
  uint64_t crashes_ = 0;
};

}  // namespace tailrace::test
