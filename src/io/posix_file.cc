#include "io/posix_file.h"

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

#include "io/posix_stat.h"
#include "io/system_error.h"

namespace tailrace::io {

PosixFile::PosixFile(Descriptor descriptor, std::string path)
    : descriptor_(std::move(descriptor)),
      path_(std::move(path)),
      seekable_(::lseek(descriptor_.number(), 0, SEEK_CUR) >= 0) {}

Result<size_t> PosixFile::read_at(uint64_t offset, std::span<char> into) const {
  if (seekable_) return read_all_at(descriptor_.number(), offset, into, path_);
  if (offset != stream_position_) return system_error(path_, ESPIPE);
  const size_t got = TRY(read_all(descriptor_.number(), into, path_));
  stream_position_ += got;
  return got;
}

Status PosixFile::append(std::string_view bytes) {
  return write_all(descriptor_.number(), bytes, path_);
}

Status PosixFile::truncate(uint64_t size) {
  while (::ftruncate(descriptor_.number(), static_cast<off_t>(size)) != 0) {
    if (errno != EINTR) return system_error(path_, errno);
  }
  return {};
}

Status PosixFile::sync() {
  while (::fdatasync(descriptor_.number()) != 0) {
    // A pipe or device has nothing to sync and says so by EINVAL or EROFS.
    if ((errno == EINVAL || errno == EROFS) && !TRY(info()).is_regular) return {};
    if (errno != EINTR) return system_error(path_, errno);
  }
  return {};
}

Result<FileInfo> PosixFile::info() const {
  struct stat status{};
  if (::fstat(descriptor_.number(), &status) != 0) return system_error(path_, errno);
  return file_info(status);
}

}  // namespace tailrace::io
