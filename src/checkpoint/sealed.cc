#include "checkpoint/sealed.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/crc.h"

namespace tailrace::checkpoint {

namespace {

constexpr std::string_view kVersionLine = "v1\n";
constexpr std::string_view kSealBegin = "crc32:";
constexpr size_t kSealDigits = 8;

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// True for a beginning of `crc32:XXXXXXXX`, the empty one included.
bool begins_seal(std::string_view text) {
  const size_t common = std::min(text.size(), kSealBegin.size());
  return text.substr(0, common) == kSealBegin.substr(0, common) &&
         text.size() <= kSealBegin.size() + kSealDigits && is_hex(text.substr(common));
}

std::string_view without_zeros(std::string_view text) {
  return text.substr(0, text.find_last_not_of('\0') + 1);
}

}  // namespace

std::string seal(std::string_view json) {
  CHECK(json.find('\n') == std::string_view::npos);
  std::string text(kVersionLine);
  text += json;
  text += '\n';
  return text + fmt::format("{}{:08x}\n", kSealBegin, crc32_of(text));
}

// A file is torn or damaged, and the difference matters: a torn one never counted and is removed, a
// damaged one did. So only a text that is a beginning of a sealed text is torn; one flipped bit of
// a whole file never makes it one (where it joins line 2 with the seal, line 2 is no JSON).
Result<std::optional<std::string>> unseal(std::string_view text, const std::string& path) {
  const std::string_view written = without_zeros(text);
  const bool has_version = written.starts_with(kVersionLine);
  if (!has_version && kVersionLine.starts_with(written)) return std::optional<std::string>();
  const size_t first_end = written.find('\n');
  const size_t second_end =
      first_end == std::string_view::npos ? first_end : written.find('\n', first_end + 1);
  if (second_end == std::string_view::npos) {
    if (has_version) return std::optional<std::string>();
    return damaged(path, "it does not begin with a version line");
  }
  const std::string_view json = written.substr(first_end + 1, second_end - first_end - 1);
  std::string_view last = written.substr(second_end + 1);
  const bool ended = last.ends_with('\n');
  if (ended) last.remove_suffix(1);
  if (!begins_seal(last)) return damaged(path, "its last line is not a checksum");
  if (last.size() < kSealBegin.size() + kSealDigits) {
    if (!ended && nlohmann::json::accept(json)) return std::optional<std::string>();
    return damaged(path, "its lines are broken");
  }
  // Where only the last newline (or zeros behind the end) differ, nothing is lost.
  const uint32_t crc = crc32_of(written.substr(0, second_end + 1));
  if (last.substr(kSealBegin.size()) != fmt::format("{:08x}", crc))
    return damaged(path, "its checksum is wrong");
  if (!has_version) {
    return fail(ErrorKind::kDamage, path + ": written by a newer tailrace (" +
                                        std::string(written.substr(0, first_end)) +
                                        "); use that one with this checkpoint");
  }
  return std::optional<std::string>(json);
}

std::unexpected<Error> damaged(const std::string& path, std::string_view what) {
  return fail(ErrorKind::kDamage,
              fmt::format("{}: damaged: {}; restore the checkpoint from a copy, or start over with "
                          "'tailrace checkpoint reset'",
                          path, what));
}

}  // namespace tailrace::checkpoint
