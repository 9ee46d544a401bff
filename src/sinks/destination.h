// Destination: where a sink's bytes go, after rows have become text: a stream, a file that grows, a
// file that is replaced. A batch is begin, any number of writes, then commit; what was written
// since the last commit may be cut off again where the medium allows it. Unbuffered: the sinks hand
// over large pieces. One thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tailrace::sinks {

class Destination {
 public:
  virtual ~Destination() = default;
  // As Sink's.
  virtual Status recover(const std::string& note) = 0;
  // Beginning the last batch again takes back what was written of it.
  virtual Status begin_batch(int64_t batch) = 0;
  virtual Status write(std::string_view bytes) = 0;
  virtual Result<std::string> commit_batch() = 0;
  virtual Status finish() = 0;
  // True if what is written next stands at the very beginning, where a header belongs.
  // REQUIRES: a batch was begun.
  virtual bool at_start() const = 0;
  virtual std::string description() const = 0;
};

}  // namespace tailrace::sinks
