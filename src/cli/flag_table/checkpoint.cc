// COMPLETE: the flag that makes a query survive its process.
#include "cli/flags.h"

namespace tailrace::cli {
namespace {

constexpr Flag kFlags[] = {
    {.name = "checkpoint",
     .argument = "DIR",
     .value = Value::kDirectory,
     .section = Section::kComplete,
     .help = "count each row exactly once across runs and crashes",
     .man =
         R"(Keep the offsets, the watermark, the state, the schema and the last 100
progress records in this directory.
With it each input row is counted exactly once across runs, crashes and
restarts.
It is made if it is missing.
Two runs on one checkpoint: the second exits with status 1 at once and names
the first by its process id.
The files are laid out like Spark's and can be read by people; see also
.Nm tailrace Cm checkpoint show .)",
     .repeat = Repeat::kOnce},
};

}  // namespace

std::span<const Flag> checkpoint_flags() { return kFlags; }

}  // namespace tailrace::cli
