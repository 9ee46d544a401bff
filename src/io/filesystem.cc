#include "io/filesystem.h"

#include <array>

namespace tailrace::io {

namespace {

struct SplitPath {
  std::string directory;
  std::string name;
};

SplitPath split(const std::string& path) {
  const size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

Status write_synced(Filesystem& files, const std::string& path, std::string_view contents) {
  const auto file = TRY(files.open(path, OpenMode::kTruncate));
  TRY(file->append(contents));
  return file->sync();
}

}  // namespace

Status publish(Filesystem& files, const std::string& path, std::string_view contents) {
  const auto [directory, name] = split(path);
  // One fixed name: a crash leaves one temporary behind, and the next publish overwrites it.
  const std::string temporary = directory + "/." + name + ".tmp";
  if (auto written = write_synced(files, temporary, contents); !written) {
    // The error that counts is the first one.
    static_cast<void>(files.remove(temporary));
    return written;
  }
  TRY(files.rename(temporary, path));
  return files.sync_directory(directory);
}

Result<std::string> read_file(Filesystem& files, const std::string& path, uint64_t bytes_max) {
  const auto file = TRY(files.open(path, OpenMode::kRead));
  std::string contents;
  std::array<char, 1 << 16> block;
  while (true) {
    const size_t got = TRY(file->read_at(contents.size(), block));
    contents.append(block.data(), got);
    if (contents.size() > bytes_max)
      return fail(path + ": larger than " + std::to_string(bytes_max) +
                  " bytes; name a smaller file");
    if (got < block.size()) return contents;
  }
}

}  // namespace tailrace::io
