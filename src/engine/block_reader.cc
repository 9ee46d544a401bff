#include "engine/block_reader.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace tailrace::engine {
namespace {

constexpr uint64_t kReadOnBytes = 64 << 10;

// Appends [offset, offset + bytes) of the range to the buffer.
Status append_from(const offsets::Source& source, const offsets::Range& range, uint64_t offset,
                   uint64_t bytes, Buffer& buffer) {
  const size_t at = buffer.size();
  buffer.resize(at + bytes);
  const size_t got = TRY(source.read(range, offset, {buffer.data() + at, bytes}));
  if (got == bytes) return {};
  return fail(fmt::format("{}: the file became shorter while it was read: bytes {} to {} are gone",
                          range.name, offset + got, offset + bytes));
}

size_t line_start_before(const Buffer& buffer, size_t position) {
  const char* data = buffer.data();
  const void* newline = position == 0 ? nullptr : ::memrchr(data, '\n', position);
  return newline == nullptr ? 0 : static_cast<size_t>(static_cast<const char*>(newline) - data) + 1;
}

// Reads until the line that is open at the end of the buffer is complete.
Status read_on(const offsets::Source& source, const offsets::Range& range, uint64_t offset,
               uint64_t line_bytes_max, Buffer& buffer) {
  const size_t line = line_start_before(buffer, buffer.size());
  const size_t kept_max = line + line_bytes_max + 1;
  while (offset < range.end) {
    const uint64_t bytes = std::min(kReadOnBytes, range.end - offset);
    const size_t at = buffer.size();
    TRY(append_from(source, range, offset, bytes, buffer));
    offset += bytes;
    const void* newline = std::memchr(buffer.data() + at, '\n', bytes);
    if (newline != nullptr) {
      buffer.resize(static_cast<size_t>(static_cast<const char*>(newline) - buffer.data()) + 1);
      return {};
    }
    // Too long already: the rest of the line is looked through and dropped.
    if (buffer.size() > kept_max) buffer.resize(std::max(kept_max, line + 1));
  }
  return {};
}

}  // namespace

Result<formats::Chunk> read_block(const offsets::Source& source, const offsets::Range& range,
                                  const BlockBounds& bounds, uint64_t line_bytes_max,
                                  Buffer& buffer) {
  // One byte earlier: a newline there means that a line starts right at the block's begin.
  const bool first = bounds.begin == range.begin;
  const uint64_t from = first ? bounds.begin : bounds.begin - 1;
  buffer.clear();
  TRY(append_from(source, range, from, bounds.end - from, buffer));
  size_t start = 0;
  if (!first) {
    const void* newline = std::memchr(buffer.data(), '\n', buffer.size() - 1);
    if (newline == nullptr) return formats::Chunk{{}, bounds.begin};
    start = static_cast<size_t>(static_cast<const char*>(newline) - buffer.data()) + 1;
  }
  if (bounds.end < range.end && (buffer.size() == 0 || buffer.data()[buffer.size() - 1] != '\n'))
    TRY(read_on(source, range, bounds.end, line_bytes_max, buffer));
  return formats::Chunk{buffer.view().substr(start), from + start};
}

}  // namespace tailrace::engine
