// Sealed text: the form of every small file of a checkpoint. Line 1 the version, `v1`; line 2 one
// JSON document; line 3 `crc32:` and eight hex digits over all bytes before that line. Chosen over
// a binary form because people read, compare and repair checkpoints (man/tailrace-checkpoint.5 has
// an example).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tailrace::checkpoint {

// REQUIRES: no newline in `json`.
std::string seal(std::string_view json);

// The JSON of a sealed text. Nullopt: torn, a proper beginning of such a text (or nothing, or zeros
// behind it), as a crash leaves it. Anything else is kDamage, naming `path`.
Result<std::optional<std::string>> unseal(std::string_view text, const std::string& path);

// The kDamage error: what is wrong with which file, and what to do.
std::unexpected<Error> damaged(const std::string& path, std::string_view what);

}  // namespace tailrace::checkpoint
