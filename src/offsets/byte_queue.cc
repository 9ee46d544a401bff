#include "offsets/byte_queue.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace tailrace::offsets {

std::span<char> ByteQueue::room() {
  const uint64_t at = end_ - blocks_begin_;
  if (at / kBlockBytes == blocks_.size()) {
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlockBytes));
  }
  const uint64_t within = at % kBlockBytes;
  return {blocks_[at / kBlockBytes].get() + within, kBlockBytes - within};
}

void ByteQueue::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::span<char> into = room();
    const size_t size = std::min(into.size(), bytes.size());
    std::memcpy(into.data(), bytes.data(), size);
    commit(size);
    bytes.remove_prefix(size);
  }
}

void ByteQueue::cut_end(uint64_t end) {
  CHECK(begin_ <= end && end <= end_);
  end_ = end;
  const uint64_t blocks = (end_ - blocks_begin_ + kBlockBytes - 1) / kBlockBytes;
  if (blocks < blocks_.size()) blocks_.resize(blocks);
}

void ByteQueue::drop_before(uint64_t begin) {
  CHECK(begin_ <= begin && begin <= end_);
  begin_ = begin;
  while (!blocks_.empty() && begin_ - blocks_begin_ >= kBlockBytes) {
    blocks_.pop_front();
    blocks_begin_ += kBlockBytes;
  }
}

std::string_view ByteQueue::piece(uint64_t position, uint64_t end) const {
  CHECK(begin_ <= position && position < end && end <= end_);
  const uint64_t at = position - blocks_begin_;
  const uint64_t within = at % kBlockBytes;
  const uint64_t size = std::min(kBlockBytes - within, end - position);
  return {blocks_[at / kBlockBytes].get() + within, size};
}

std::optional<uint64_t> ByteQueue::skip_lines(uint64_t from, uint64_t to, uint64_t lines_max,
                                              uint64_t& lines) const {
  lines = 0;
  if (lines_max == 0) return from;
  for (uint64_t at = from; at < to;) {
    const std::string_view bytes = piece(at, to);
    for (size_t i = bytes.find('\n'); i != std::string_view::npos; i = bytes.find('\n', i + 1)) {
      if (++lines == lines_max) return at + i + 1;
    }
    at += bytes.size();
  }
  return std::nullopt;
}

std::optional<uint64_t> ByteQueue::last_line_end(uint64_t from, uint64_t to) const {
  for (uint64_t end = to; end > from;) {
    // The piece that ends at `end`: it begins where its block does.
    const uint64_t block_begin = end - 1 - (end - 1 - blocks_begin_) % kBlockBytes;
    const uint64_t begin = std::max(from, block_begin);
    const std::string_view bytes = piece(begin, end);
    const size_t newline = bytes.rfind('\n');
    if (newline != std::string_view::npos) return begin + newline + 1;
    end = begin;
  }
  return std::nullopt;
}

}  // namespace tailrace::offsets
