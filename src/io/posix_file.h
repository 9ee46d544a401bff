// PosixFile: a File over a descriptor that it owns. Inside io only. A pipe opened under a file's
// name
// (`--sql-file <(command)`) can be read too, once and from front to back.
#pragma once

#include <memory>
#include <string>

#include "io/descriptor.h"
#include "io/filesystem.h"

namespace tailrace::io {

class PosixFile : public File {
 public:
  PosixFile(Descriptor descriptor, std::string path);
  Result<size_t> read_at(uint64_t offset, std::span<char> into) const override;
  Status append(std::string_view bytes) override;
  Status truncate(uint64_t size) override;
  Status sync() override;
  Result<FileInfo> info() const override;
  int descriptor() const { return descriptor_.number(); }

 private:
  Descriptor descriptor_;
  std::string path_;
  bool seekable_;
  mutable uint64_t stream_position_ = 0;  // of a pipe
};

}  // namespace tailrace::io
