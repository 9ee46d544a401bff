// StreamDestination: standard output. What is written is out: nothing is cut back, the note is
// empty, and delivery across a crash is at least once. A closed reader comes back as
// ErrorKind::kClosed. The stream is borrowed.
#pragma once

#include <string>

#include "io/stream.h"
#include "sinks/destination.h"

namespace tailrace::sinks {

class StreamDestination : public Destination {
 public:
  explicit StreamDestination(io::OutputStream& stream) : stream_(stream) {}

  Status recover(const std::string&) override { return {}; }
  Status begin_batch(int64_t) override { return {}; }
  Status write(std::string_view bytes) override {
    at_start_ = at_start_ && bytes.empty();
    return bytes.empty() ? Status{} : stream_.write(bytes);
  }
  Result<std::string> commit_batch() override { return std::string(); }
  Status finish() override { return {}; }
  bool at_start() const override { return at_start_; }
  std::string description() const override { return "standard output"; }

 private:
  io::OutputStream& stream_;
  bool at_start_ = true;
};

}  // namespace tailrace::sinks
