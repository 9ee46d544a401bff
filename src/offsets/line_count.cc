#include "offsets/line_count.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace tailrace::offsets {
namespace {

constexpr uint64_t kBlockBytes = 256 * 1024;

// Reads [begin, end) whole into `block`.
Status read_block(const FileBytes& bytes, uint64_t begin, uint64_t end, std::string& block) {
  block.resize(end - begin);
  if (TRY(bytes.file.read_at(begin, block)) == block.size()) return {};
  return fail(fmt::format("{}: truncated while it was read; start again", bytes.path));
}

// Counts `rest` down for each newline; `last_end` is the place behind the last one counted.
void skip_newlines(std::string_view block, uint64_t& rest, size_t& last_end) {
  size_t at = 0;
  while (at < block.size()) {
    const void* const found = std::memchr(block.data() + at, '\n', block.size() - at);
    if (found == nullptr) return;
    at = static_cast<size_t>(static_cast<const char*>(found) - block.data()) + 1;
    last_end = at;
    if (--rest == 0) return;
  }
}

}  // namespace

Result<uint64_t> count_newlines(const FileBytes& bytes) {
  return TRY(cut_after_lines(bytes, std::numeric_limits<uint64_t>::max())).lines;
}

Result<uint64_t> last_line_end(const FileBytes& bytes) {
  std::string block;
  // Most files end with a newline or close behind one: the first block back is small.
  uint64_t block_bytes = 4096;
  for (uint64_t at = bytes.end; at > bytes.begin;) {
    const uint64_t from = at - std::min(at - bytes.begin, block_bytes);
    TRY(read_block(bytes, from, at, block));
    const size_t newline = block.rfind('\n');
    if (newline != std::string::npos) return from + newline + 1;
    at = from;
    block_bytes = kBlockBytes;
  }
  return bytes.begin;
}

Result<LineCut> cut_after_lines(const FileBytes& bytes, uint64_t lines_max) {
  LineCut cut{bytes.begin, 0};
  std::string block;
  uint64_t rest = lines_max;
  for (uint64_t at = bytes.begin; at < bytes.end && rest > 0; at += block.size()) {
    TRY(read_block(bytes, at, std::min(bytes.end, at + kBlockBytes), block));
    size_t last_end = 0;
    skip_newlines(block, rest, last_end);
    if (last_end > 0) cut.end = at + last_end;
  }
  cut.lines = lines_max - rest;
  return cut;
}

}  // namespace tailrace::offsets
