#include "offsets/file_identity.h"

#include <algorithm>
#include <array>

#include "base/hash.h"

namespace tailrace::offsets {

Result<std::string> read_beginning(const io::File& file) {
  std::string beginning(kFingerprintBytesMax, '\0');
  beginning.resize(TRY(file.read_at(0, beginning)));
  return beginning;
}

Fingerprint fingerprint_of(std::string_view beginning) {
  const std::string_view taken = beginning.substr(0, kFingerprintBytesMax);
  return {hash_bytes(taken, 0), taken.size()};
}

bool begins_with(std::string_view beginning, const Fingerprint& fingerprint) {
  if (beginning.size() < fingerprint.bytes) return false;
  return hash_bytes(beginning.substr(0, fingerprint.bytes), 0) == fingerprint.hash;
}

Result<std::optional<std::string>> find_inode(io::Filesystem& files, const std::string& directory,
                                              uint64_t device, uint64_t inode) {
  const auto there = TRY(files.stat(directory));
  if (!there || !there->is_directory) return std::nullopt;
  for (const std::string& name : TRY(files.list(directory))) {
    std::string path = directory == "/" ? "/" + name : directory + "/" + name;
    // A name that cannot be looked at, or went away meanwhile, is not the one that is looked for.
    const auto info = files.stat(path);
    if (!info || !*info) continue;
    if ((*info)->device == device && (*info)->inode == inode) return path;
  }
  return std::nullopt;
}

std::string directory_of(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, std::max<size_t>(slash, 1)));
}

std::string_view compression_of(std::string_view beginning) {
  struct Magic {
    std::string_view bytes, name;
  };
  static constexpr std::array<Magic, 5> kMagics = {{{"\x1f\x8b", "gzip"},
                                                    {"\x28\xb5\x2f\xfd", "zstd"},
                                                    {"\x04\x22\x4d\x18", "lz4"},
                                                    {"BZh", "bzip2"},
                                                    {"\xfd"
                                                     "7zXZ",
                                                     "xz"}}};
  for (const Magic& magic : kMagics) {
    if (beginning.starts_with(magic.bytes)) return magic.name;
  }
  return {};
}

}  // namespace tailrace::offsets
