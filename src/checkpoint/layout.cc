#include "checkpoint/layout.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace tailrace::checkpoint {

namespace {

// Only the form that we write: no sign, no leading zeros.
std::optional<int64_t> batch_number(const std::string& name) {
  int64_t number = -1;
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number);
  if (parsed.ec != std::errc() || number < 0 || std::to_string(number) != name) return std::nullopt;
  return number;
}

}  // namespace

Result<std::vector<int64_t>> batches_in(io::Filesystem& files, const std::string& directory) {
  std::vector<int64_t> batches;
  if (!TRY(files.stat(directory))) return batches;
  for (const std::string& name : TRY(files.list(directory))) {
    if (const auto number = batch_number(name)) batches.push_back(*number);
  }
  std::sort(batches.begin(), batches.end());
  return batches;
}

}  // namespace tailrace::checkpoint
