// Where lines end in a file: the cuts that a batch may make, found by reading blocks and memchr.
// Positions are absolute; a file that has become shorter than the bytes asked for is an error that
// names it.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "io/filesystem.h"

namespace tailrace::offsets {

// Bytes [begin, end) of a file. Borrows both.
struct FileBytes {
  const io::File& file;
  const std::string& path;
  uint64_t begin = 0;
  uint64_t end = 0;
};

Result<uint64_t> count_newlines(const FileBytes& bytes);

// Just behind the last newline; `begin` if there is none. Reads backward from `end`.
Result<uint64_t> last_line_end(const FileBytes& bytes);

struct LineCut {
  uint64_t end = 0;    // behind the last line taken
  uint64_t lines = 0;  // how many that are; an unfinished last line is not one of them
};

// Just behind the `lines_max`th newline, or behind the last one if there are fewer.
Result<LineCut> cut_after_lines(const FileBytes& bytes, uint64_t lines_max);

}  // namespace tailrace::offsets
