// Spool: the bytes of a pipe's batches on disk, a file each (DIR/17), from before the batch runs
// until it is committed, because a pipe cannot be read twice. A file is there whole or not at all.
// One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "io/filesystem.h"
#include "offsets/byte_queue.h"

namespace tailrace::offsets {

class Spool {
 public:
  Spool(io::Filesystem& files, std::string directory)
      : files_(files), directory_(std::move(directory)) {}

  // Bytes [begin, end) of the queue, durable when this returns ok.
  Status write(uint64_t number, const ByteQueue& queue, uint64_t begin, uint64_t end);
  Result<std::unique_ptr<io::File>> open(uint64_t number);
  Status remove_through(uint64_t number);
  std::string path_of(uint64_t number) const;

 private:
  io::Filesystem& files_;
  std::string directory_;
};

}  // namespace tailrace::offsets
