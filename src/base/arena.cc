#include "base/arena.h"

#include <algorithm>
#include <iterator>

namespace tailrace {
namespace {
constexpr size_t kFirstChunkBytes = 1 << 10;
constexpr size_t kChunkBytesMax = 1 << 20;
}  // namespace

void Arena::add_chunk(size_t at_least) {
  const size_t doubled = std::clamp(last_chunk_bytes_ * 2, kFirstChunkBytes, kChunkBytesMax);
  const size_t bytes = std::max(at_least, doubled);
  chunks_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
  next_ = chunks_.back().get();
  left_ = bytes;
  last_chunk_bytes_ = bytes;
  reserved_ += bytes;
}

void Arena::absorb(Arena&& other) {
  // In front of ours, because the last chunk is the one that is being filled.
  chunks_.insert(chunks_.begin(), std::make_move_iterator(other.chunks_.begin()),
                 std::make_move_iterator(other.chunks_.end()));
  reserved_ += other.reserved_;
  other = Arena();
}

void Arena::clear() {
  if (chunks_.empty()) return;
  std::unique_ptr<char[]> last = std::move(chunks_.back());
  chunks_.clear();
  chunks_.push_back(std::move(last));
  next_ = chunks_.back().get();
  left_ = last_chunk_bytes_;
  reserved_ = last_chunk_bytes_;
}

}  // namespace tailrace
