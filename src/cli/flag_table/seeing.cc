// SEEING: the flags that show what a run does, and the ones that print something else and end.
#include "cli/flags.h"

namespace tailrace::cli {
namespace {

constexpr Flag kFlags[] = {
    {.name = "progress",
     .argument = "FILE|FD",
     .value = Value::kFile,
     .section = Section::kSeeing,
     .help = "a JSON line for each batch, as Spark's StreamingQueryProgress",
     .man =
         R"(Append a JSON line for each executed batch to a file or an open descriptor,
with the keys of Spark's StreamingQueryProgress.
A number is a descriptor; for a file of that name write
.Pa ./3 .)"},
    {.name = "name",
     .argument = "NAME",
     .value = Value::kText,
     .section = Section::kSeeing,
     .help = "the query's name in progress records",
     .man = R"(The query's name in progress records and in
.Nm tailrace Cm status .)"},
    {.name = "stats",
     .section = Section::kSeeing,
     .help = "where the time went, on standard error",
     .man = R"(Say on standard error where the time went.)"},
    {.name = "threads",
     .argument = "N",
     .value = Value::kCount,
     .section = Section::kSeeing,
     .help = "worker threads (default: the cores)",
     .man = R"(The number of worker threads, by default the number of cores.
Rows and their order do not depend on it.)"},
    // For the tests: the answer must not depend on where blocks are cut.
    {.name = "block-bytes",
     .argument = "SIZE",
     .value = Value::kSize,
     .section = Section::kSeeing,
     .hidden = true},
    {.name = "functions",
     .argument = "[NAME]",
     .value = Value::kOptional,
     .section = Section::kSeeing,
     .help = "the SQL functions, each with its signature and one line",
     .man =
         R"(Print the SQL functions, each with its signature and one line, or the one
named, and exit.)"},
    {.name = "explain",
     .section = Section::kSeeing,
     .help = "the SQL, the plan, the watermark and the bound on state",
     .man =
         R"(Print the SQL that the flags mean, the plan, the watermark, the bound on
state, and what replay and delivery mean for the source and the sink, and
exit.)"},
    {.name = "quiet",
     .letter = 'q',
     .section = Section::kSeeing,
     .help = "no status line and no summary",
     .man = R"(No status line and no summary.)"},
    {.name = "verbose",
     .letter = 'v',
     .section = Section::kSeeing,
     .help = "say more on standard error, the inferred schema first",
     .man = R"(Say more on standard error, the inferred schema first.)",
     .repeat = Repeat::kCounted},
    {.name = "no-config",
     .section = Section::kSeeing,
     .help = "do not read ~/.config/tailrace/config and TAILRACE_OPTS",
     .man = R"(Read neither
.Pa ~/.config/tailrace/config
nor
.Ev TAILRACE_OPTS .)",
     .commands = kEvery},
    {.name = "help",
     .section = Section::kSeeing,
     .help = "this text; -h is the short one",
     .man = R"(Print all options and exit;
.Fl h
prints a short page.)",
     .commands = kEvery},
    {.name = "short-help",
     .letter = 'h',
     .section = Section::kSeeing,
     .commands = kEvery,
     .hidden = true},
    {.name = "version",
     .section = Section::kSeeing,
     .help = "the version, and what it was built with",
     .man = R"(Print the version and what it was built with, and exit.)",
     .commands = kEvery},
    {.name = "man-options", .section = Section::kSeeing, .commands = kEvery, .hidden = true},
    {.name = "completions",
     .argument = "bash|zsh|fish",
     .value = Value::kChoice,
     .section = Section::kSeeing,
     .commands = kEvery,
     .hidden = true,
     .choices = "bash|zsh|fish"},
};

}  // namespace

std::span<const Flag> seeing_flags() { return kFlags; }

}  // namespace tailrace::cli
