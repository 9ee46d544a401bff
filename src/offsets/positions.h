// Positions of files: how far each was read, as the readable JSON that the checkpoint keeps:
// {"version":1,"next_id":3,"partitions":["/l/app.log"],"batch":[2],"finished":[],"unfinished":[0],
// "files":[{"id":2,"path":"/l/app.log","device":1,"inode":7,"fingerprint":"00ff...",
// "fingerprint_bytes":90,"offset":90,"lines":3,"size":90,"partition":0}]}. `lines` is left out
// while nobody has counted. Unknown keys are ignored; a wrong type is kDamage.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "offsets/file_identity.h"

namespace tailrace::offsets {

struct FilePosition {
  uint64_t id =
      0;  // of this file's life under any name; a file that replaced another has a new one
  std::string path;
  uint64_t device = 0;
  uint64_t inode = 0;
  Fingerprint fingerprint;
  uint64_t offset = 0;            // bytes read
  std::optional<uint64_t> lines;  // lines in them
  uint64_t size = 0;              // bytes seen
  uint32_t partition = 0;
};

struct FilePositions {
  uint64_t next_id = 0;
  std::vector<std::string> partitions;  // names; a partition's number is its index
  std::vector<uint64_t> batch;          // ids of the files in this batch, in input order
  std::vector<uint32_t> finished;       // as in the batch's Plan
  std::vector<uint32_t> unfinished;
  std::vector<FilePosition> files;  // ascending ids

  const FilePosition* find(uint64_t id) const;
};

std::string to_json(const FilePositions& positions);

// An empty text is the beginning.
Result<FilePositions> parse_positions(std::string_view json);

// {"/abs/path":BYTES}; of two files that had one path the later counts.
std::string progress_offsets(const FilePositions& positions);

}  // namespace tailrace::offsets
