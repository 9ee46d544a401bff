// ReplaceFile: for --mode complete --to FILE. Each batch is written to a temporary beside the file,
// synced and renamed over it, so readers see a whole table, the old or the new; nothing is held in
// memory. Committing a batch twice equals once by itself, so the note is empty. A device or FIFO is
// written to directly. Borrows the Filesystem.
#pragma once

#include <memory>
#include <string>

#include "io/filesystem.h"
#include "sinks/destination.h"

namespace tailrace::sinks {

class ReplaceFile : public Destination {
 public:
  ReplaceFile(io::Filesystem& files, std::string path) : files_(files), path_(std::move(path)) {}

  Status recover(const std::string& note) override;  // removes a temporary that a crash left
  Status begin_batch(int64_t batch) override;
  Status write(std::string_view bytes) override;
  Result<std::string> commit_batch() override;
  Status finish() override;
  bool at_start() const override { return length_ == 0; }
  std::string description() const override { return "file " + path_; }

 private:
  Status resolve();

  io::Filesystem& files_;
  std::string path_;    // as the user named it
  std::string target_;  // without symbolic links, so that a link stays one
  std::string temporary_;
  bool is_device_ = false;
  std::unique_ptr<io::File> file_;
  uint64_t length_ = 0;  // of the batch under way; of a device: of this run
};

}  // namespace tailrace::sinks
