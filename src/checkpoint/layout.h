// Layout: the names inside a checkpoint directory, like Spark's where Spark has them. The whole of
// it is in man/tailrace-checkpoint.5; state/ belongs to src/state, spool/ to src/offsets, sinks/ to
// src/sinks.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/filesystem.h"

namespace tailrace::checkpoint {

inline constexpr int64_t kBatchesKept = 100;

struct Layout {
  std::string directory;

  std::string metadata() const { return directory + "/metadata"; }
  // The metadata's name while a reset is under way: without `metadata` nobody starts on the rest.
  std::string removing() const { return directory + "/metadata.removing"; }
  std::string lock() const { return directory + "/lock"; }
  std::string offsets() const { return directory + "/offsets"; }
  std::string commits() const { return directory + "/commits"; }
  std::string plan(int64_t batch) const { return offsets() + "/" + std::to_string(batch); }
  std::string commit(int64_t batch) const { return commits() + "/" + std::to_string(batch); }
  std::string state() const { return directory + "/state"; }
  std::string spool() const { return directory + "/spool"; }
  std::string sinks() const { return directory + "/sinks"; }
  std::string progress() const { return directory + "/progress"; }
  std::string error() const { return directory + "/error"; }
};

// The batches that have a file in offsets/ or commits/, ascending. Other names are passed over; a
// directory that is not there has none.
Result<std::vector<int64_t>> batches_in(io::Filesystem& files, const std::string& directory);

}  // namespace tailrace::checkpoint
