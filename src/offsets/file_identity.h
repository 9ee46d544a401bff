// Which file it is, whatever its name: device, inode and a fingerprint of its first bytes. A log
// that was renamed keeps all three; one that moved across devices keeps the fingerprint; one that
// was truncated and written anew keeps device and inode and has another fingerprint.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/filesystem.h"

namespace tailrace::offsets {

// Short enough for one read a file, long enough to differ in logs whose lines carry a time.
inline constexpr uint64_t kFingerprintBytesMax = 1024;

// XXH3 with seed 0 of the first `bytes` bytes; kept in checkpoints, so neither may change.
struct Fingerprint {
  uint64_t hash = 0;
  uint64_t bytes = 0;  // fewer than the maximum while the file was shorter
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

// The first bytes of a file, at most kFingerprintBytesMax.
Result<std::string> read_beginning(const io::File& file);

Fingerprint fingerprint_of(std::string_view beginning);

// Compares over the fingerprint's own length; a shorter beginning is another file's.
bool begins_with(std::string_view beginning, const Fingerprint& fingerprint);

// The path in `directory` that is this file now, if there is one.
Result<std::optional<std::string>> find_inode(io::Filesystem& files, const std::string& directory,
                                              uint64_t device, uint64_t inode);

// The part of a path before its last slash ("/" for "/x", "." for "x").
std::string directory_of(std::string_view path);

// "gzip", "zstd" and so on, where the first bytes are a compressed file's; else empty.
std::string_view compression_of(std::string_view beginning);

}  // namespace tailrace::offsets
