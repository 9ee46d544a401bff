// StateLog: the groups on disk, DIR/N.delta (what batch N added, to be merged) and DIR/N.snapshot
// (all groups after batch N). Version N belongs to batch N; what is newer than the last commit is
// ignored and overwritten. One thread. Files are published whole, so a file that does not check is
// damage.
//
//   file    := "tailrace state 1\n" kind:uint8 batch:int64 evicted:int64 partitions:uint32
//              partition* crc32:uint32                       (little-endian; the crc covers what is
//              before)
//   partition := groups:uint64 group*
//   group   := end:int64 first_partition:uint32 first_offset:uint64 key_size:uint32 key payload
//
// Loading: the newest snapshot at or below the wanted version, then the deltas after it in order;
// after each, groups with end <= evicted go, as they went when the batch ran.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/filesystem.h"
#include "state/group_store.h"

namespace tailrace::state {

// Gives the hash of a group's key (the seed is the checkpoint's).
using KeyHash = std::function<uint64_t(std::string_view key, int64_t end)>;

class StateLog {
 public:
  // What a batch without eviction writes as `evicted`.
  static constexpr int64_t kNothing = INT64_MIN;

  StateLog(io::Filesystem& files, std::string directory, KeyHash key_hash)
      : files_(&files), directory_(std::move(directory)), key_hash_(std::move(key_hash)) {}

  // Fills the stores (empty, one a partition) with version `batch`.
  Status load(int64_t batch, std::vector<GroupStore>& stores);

  // What batch `batch` adds to the stores, and then evicts.
  Status write_delta(int64_t batch, int64_t evicted, const std::vector<GroupStore>& deltas);

  // Writes a snapshot if the deltas since the last one have outgrown it, and removes files that
  // only versions older than `oldest_kept` need.
  Status maintain(int64_t batch, int64_t oldest_kept, const std::vector<GroupStore>& stores);

 private:
  Status apply_file(const std::string& name, int64_t batch, std::vector<GroupStore>& stores);
  Status remove_older(int64_t oldest_kept);

  io::Filesystem* files_;
  std::string directory_;
  KeyHash key_hash_;
  uint64_t delta_bytes_ = 0;  // since the last snapshot
  uint64_t snapshot_bytes_ = 0;
  int64_t deltas_ = 0;
};

}  // namespace tailrace::state
