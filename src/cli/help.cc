#include "cli/help.h"

#include <fmt/format.h>

#include "cli/flags.h"

namespace tailrace::cli {
namespace {

constexpr std::string_view kShort = R"(usage: tailrace [OPTION...] [FILE...]

Windows, watermarks, output modes and exactly-once checkpoints over JSON lines.

  count per five minutes    tailrace --time ts --window 5m app.log
  filter and project        tailrace --where 'status >= 500' --select ts,path app.log
  in a pipeline             tail -f app.log | tailrace --time ts --watermark 1m --window 1m
  in SQL                    tailrace --sql 'SELECT user, count(*) FROM input GROUP BY user' app.log
  from cron, only new rows  tailrace --available-now --checkpoint DIR --to out.jsonl app.log
  what is in a file         tailrace schema app.log

Without FILE it reads standard input. All options: tailrace --help, man tailrace.
)";

constexpr std::string_view kRunUsage = R"(usage: tailrace [OPTION...] [FILE...]
       tailrace status [--json] DIR...
       tailrace checkpoint show|reset [--json] DIR
       tailrace schema [--ddl] [--json] [FILE...]

FILE is a file, a directory, a quoted glob or - for standard input, which is also read without
FILE. The subcommands' words count as the first argument only.
Durations: 90s, 5m, 1h30m, '2 hours', PT5M. Sizes: 64M, 1G, 64MiB, 1kB.
)";

std::string_view usage_of(uint8_t command) {
  switch (command) {
    case kStatus:
      return "usage: tailrace status [--json] DIR...\n\n"
             "The queries on these checkpoints: running or not, last progress, last error.\n";
    case kCheckpoint:
      return "usage: tailrace checkpoint show|reset [--json] DIR\n\n"
             "show: what a checkpoint holds. reset: forget it, so that the next run begins anew.\n";
    case kSchema:
      return "usage: tailrace schema [--ddl] [--json] [FILE...]\n\n"
             "Every path of the input, its types, how often, and the line first seen.\n";
    default: return kRunUsage;
  }
}

// "  -q, --quiet" or "      --mode append|update|complete".
std::string left_side(const Flag& flag) {
  const std::string letter = flag.letter == 0 ? "    " : fmt::format("-{}, ", flag.letter);
  const std::string_view gap = flag.argument.empty() ? "" : " ";
  return fmt::format("  {}--{}{}{}", letter, flag.name, gap, flag.argument);
}

void append_flag(const Flag& flag, std::string& out) {
  constexpr size_t kColumn = 34;
  const std::string left = left_side(flag);
  if (left.size() + 2 <= kColumn) {
    out += fmt::format("{:<{}}{}\n", left, kColumn, flag.help);
  } else {
    out += fmt::format("{}\n{:<{}}{}\n", left, "", kColumn, flag.help);
  }
}

}  // namespace

std::string short_help() { return std::string(kShort); }

std::string full_help(uint8_t command) {
  std::string out(usage_of(command));
  for (const Section section : kSections) {
    bool titled = false;
    for (const Flag& flag : flags()) {
      // The main help is the whole table, the subcommands' own flags too.
      const bool is_here = command == kRun || (flag.commands & command) != 0;
      if (flag.section != section || flag.hidden || !is_here) continue;
      if (!titled) out += fmt::format("\n{}\n", section_title(section));
      titled = true;
      append_flag(flag, out);
    }
  }
  if (command == kRun) {
    out +=
        "\nExit status: 0 done, 1 failed, 2 wrong usage, 3 too many bad or late rows, 130/143 "
        "after a signal.\n";
  }
  return out;
}

std::string version_text() {
  return fmt::format("tailrace {}\nfeatures: json kcat csv tsv table console checkpoint\n",
                     TAILRACE_VERSION);
}

}  // namespace tailrace::cli
