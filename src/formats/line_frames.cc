#include "formats/line_frames.h"

#include <cstring>

#include "base/check.h"

namespace tailrace::formats {

namespace {
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
}  // namespace

LineFrame LineFrames::take_line() {
  const char* begin = chunk_.bytes.data() + at_;
  const size_t left = chunk_.bytes.size() - at_;
  const void* newline = std::memchr(begin, '\n', left);
  size_t size = newline ? static_cast<size_t>(static_cast<const char*>(newline) - begin) : left;
  size_t from = at_;
  at_ += size + (newline ? 1 : 0);
  if (size > 0 && begin[size - 1] == '\r') size--;
  if (from == 0 && chunk_.offset == 0 && chunk_.bytes.substr(0, size).starts_with(kByteOrderMark)) {
    from += kByteOrderMark.size();
    size -= kByteOrderMark.size();
  }
  return {lines_++, static_cast<uint32_t>(from), static_cast<uint32_t>(size)};
}

bool LineFrames::next(size_t bytes, std::vector<LineFrame>& frames) {
  CHECK(chunk_.bytes.size() <= UINT32_MAX);
  frames.clear();
  const size_t begin = at_;
  while (at_ < chunk_.bytes.size() && (frames.empty() || at_ - begin < bytes))
    frames.push_back(take_line());
  return !frames.empty();
}

}  // namespace tailrace::formats
