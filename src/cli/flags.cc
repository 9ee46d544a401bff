#include "cli/flags.h"

#include <algorithm>
#include <iterator>

#include "base/nearest.h"

namespace tailrace::cli {
namespace {

// Names of the contract (cli.md) whose issue is still open. When one is built, its row goes into
// the table and its name leaves this list.
constexpr std::string_view kLaterFlags[] = {
    "follow",       "brokers",      "topic",
    "partition",    "offset",       "connect-timeout",
    "session",      "dedup",        "dedup-within-watermark",
    "input",        "table",        "watermark-policy",
    "each-batch",   "partition-by", "compression",
    "key",          "exactly-once", "live",
    "listen",       "max-memory",   "roll",
    "merge-schema", "compact",      "table-refresh",
    "pattern"};
constexpr std::string_view kLaterLetters = "fbtpoXFce";

struct LaterChoice {
  std::string_view flag;
  std::string_view value;
};
constexpr LaterChoice kLaterChoices[] = {{"input-format", "raw"}, {"input-format", "csv"},
                                         {"input-format", "tsv"}, {"format", "parquet"},
                                         {"format", "delta"},     {"format", "kafka"}};

}  // namespace

std::string_view section_title(Section section) {
  switch (section) {
    case Section::kWhat: return "WHAT: offsets and input";
    case Section::kWhen: return "WHEN: triggers";
    case Section::kHow: return "HOW: the query";
    case Section::kForget: return "FORGET: the watermark";
    case Section::kComplete: return "COMPLETE: the checkpoint";
    case Section::kOutput: return "OUTPUT";
    case Section::kSeeing: return "SEEING";
  }
  return "";
}

const std::vector<Flag>& flags() {
  static const std::vector<Flag> all = [] {
    std::vector<Flag> joined;
    for (const auto rows : {offsets_flags(), trigger_flags(), sql_flags(), watermark_flags(),
                            checkpoint_flags(), output_flags(), seeing_flags()}) {
      joined.insert(joined.end(), rows.begin(), rows.end());
    }
    return joined;
  }();
  return all;
}

const Flag* find_flag(std::string_view name) {
  if (name.empty()) return nullptr;
  for (const Flag& flag : flags()) {
    if (flag.name == name || flag.alias == name) return &flag;
  }
  return nullptr;
}

const Flag* find_flag(char letter) {
  if (letter == 0) return nullptr;
  for (const Flag& flag : flags()) {
    if (flag.letter == letter) return &flag;
  }
  return nullptr;
}

std::vector<std::string_view> choices_of(const Flag& flag) {
  std::vector<std::string_view> words;
  std::string_view rest = flag.choices;
  while (!rest.empty()) {
    const size_t bar = std::min(rest.find('|'), rest.size());
    words.push_back(rest.substr(0, bar));
    rest.remove_prefix(std::min(bar + 1, rest.size()));
  }
  return words;
}

bool is_later_flag(std::string_view name) {
  return std::ranges::find(kLaterFlags, name) != std::end(kLaterFlags);
}

bool is_later_flag(char letter) { return kLaterLetters.find(letter) != std::string_view::npos; }

bool is_later_choice(const Flag& flag, std::string_view value) {
  return std::ranges::any_of(kLaterChoices, [&](const LaterChoice& later) {
    return later.flag == flag.name && later.value == value;
  });
}

std::string_view nearest_flag(std::string_view typed, uint8_t commands) {
  std::vector<std::string_view> names;
  for (const Flag& flag : flags()) {
    if (!flag.hidden && (flag.commands & commands) != 0) names.push_back(flag.name);
  }
  const std::string_view near = nearest(typed, names);
  if (!near.empty() || typed.size() < 3) return near;
  const auto longer =
      std::ranges::find_if(names, [&](std::string_view name) { return name.starts_with(typed); });
  return longer == names.end() ? std::string_view() : *longer;
}

}  // namespace tailrace::cli
