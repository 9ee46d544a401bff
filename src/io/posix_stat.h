// file_info: what the kernel's stat says, as a FileInfo. Inside io only.
#pragma once

#include <sys/stat.h>

#include "base/time.h"
#include "io/filesystem.h"

namespace tailrace::io {

inline FileInfo file_info(const struct stat& status) {
  return FileInfo{
      .device = status.st_dev,
      .inode = status.st_ino,
      .size = static_cast<uint64_t>(status.st_size),
      .modified_us = status.st_mtim.tv_sec * kMicrosPerSecond + status.st_mtim.tv_nsec / 1000,
      .is_directory = S_ISDIR(status.st_mode),
      .is_regular = S_ISREG(status.st_mode)};
}

}  // namespace tailrace::io
