#include "offsets/spool.h"

#include <charconv>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace tailrace::offsets {
namespace {

constexpr std::string_view kUnfinished = ".tmp";

// The number of "17" and of "17.tmp"; nothing for another's file.
std::optional<uint64_t> number_of(std::string_view name) {
  if (name.ends_with(kUnfinished)) name.remove_suffix(kUnfinished.size());
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

}  // namespace

std::string Spool::path_of(uint64_t number) const {
  return fmt::format("{}/{}", directory_, number);
}

Status Spool::write(uint64_t number, const ByteQueue& queue, uint64_t begin, uint64_t end) {
  TRY(files_.make_directories(directory_));
  const std::string path = path_of(number);
  const std::string unfinished = path + std::string(kUnfinished);
  const auto file = TRY(files_.open(unfinished, io::OpenMode::kTruncate));
  for (uint64_t at = begin; at < end;) {
    const std::string_view bytes = queue.piece(at, end);
    TRY(file->append(bytes));
    at += bytes.size();
  }
  TRY(file->sync());
  TRY(files_.rename(unfinished, path));
  return files_.sync_directory(directory_);
}

Result<std::unique_ptr<io::File>> Spool::open(uint64_t number) {
  const std::string path = path_of(number);
  if (TRY(files_.stat(path))) return files_.open(path, io::OpenMode::kRead);
  return fail(
      ErrorKind::kDamage,
      fmt::format("{}: gone, but a batch that was not finished needs it; restore it from a backup",
                  path));
}

Status Spool::remove_through(uint64_t number) {
  if (!TRY(files_.stat(directory_))) return {};
  for (const std::string& name : TRY(files_.list(directory_))) {
    const auto found = number_of(name);
    if (found && *found <= number) TRY(files_.remove(directory_ + "/" + name));
  }
  return {};
}

}  // namespace tailrace::offsets
