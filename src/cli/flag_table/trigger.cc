// WHEN: the flags that choose the moments at which a batch starts. At most one may be given.
#include "cli/flags.h"

namespace tailrace::cli {
namespace {

constexpr Flag kFlags[] = {
    {.name = "once",
     .section = Section::kWhen,
     .help = "all that is there now, in one batch",
     .man = R"(Take all that is there now in one batch, whatever
.Fl -max-rows-per-trigger
and its like say, without a batch that only closes windows, and end.)"},
    {.name = "available-now",
     .section = Section::kWhen,
     .help = "all that is there now, in batches of the stated size, then end",
     .man =
         R"(Take all that is there now in batches of the stated size, then one batch
without input if the watermark moved and there is state, and end.
When nothing is new there is no batch, no progress line, and the exit status
is 0.)"},
    {.name = "trigger",
     .argument = "DURATION",
     .value = Value::kDuration,
     .section = Section::kWhen,
     .help = "a batch every DURATION",
     .man = R"(Start a batch every
.Ar DURATION .
On finite input the run ends at its end.)"},
    {.name = "continuous",
     .argument = "DURATION",
     .value = Value::kDuration,
     .section = Section::kWhen,
     .help = "rows go out as they come, a checkpoint every DURATION",
     .man = R"(Let rows go out as they come, and commit to the checkpoint every
.Ar DURATION .
Implies
.Fl -watermark-mode Cm row .)"},
};

}  // namespace

std::span<const Flag> trigger_flags() { return kFlags; }

}  // namespace tailrace::cli
