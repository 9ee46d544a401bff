// FORGET: the flags of event time, the watermark and late rows.
#include "cli/flags.h"

namespace tailrace::cli {
namespace {

constexpr Flag kFlags[] = {
    {.name = "time",
     .argument = "COLUMN|EXPR AS name",
     .value = Value::kText,
     .section = Section::kForget,
     .help = "the event time",
     .man = R"(The event time: first an exact key of the line, such as
.Ql @timestamp ,
else a path or an expression with a name.
It becomes TIMESTAMP for the whole query.
It may be left out where the schema has exactly one TIMESTAMP column.
Undeclared texts and numbers are read leniently: RFC 3339, the forms of common
logs, and seconds, milliseconds, microseconds or nanoseconds by magnitude.)",
     .repeat = Repeat::kOnce},
    {.name = "watermark",
     .argument = "DURATION",
     .value = Value::kDelay,
     .section = Section::kForget,
     .help = "how long to wait for rows that come late",
     .man = R"(How far the watermark stays behind the greatest event time seen.
A window is final when the watermark reaches its end; a row for it that comes
after that is late.
A month is 31 days here.)",
     .repeat = Repeat::kOnce},
    {.name = "watermark-mode",
     .argument = "row|batch",
     .value = Value::kChoice,
     .section = Section::kForget,
     .help = "does it move with each row or between batches",
     .man = R"(In
.Cm row
mode a row is judged by the rows before it in its file or pipe, and windows
come out as they become final.
It is the default when no trigger is named.
.Cm batch
is Spark's: one watermark that moves between batches.
It is the default with
.Fl -once , -available-now , -trigger
or any limit on the size of a batch.)",
     .choices = "row|batch"},
    {.name = "order",
     .argument = "name|mtime",
     .value = Value::kChoice,
     .section = Section::kForget,
     .help = "read all files as one, in this order",
     .man = R"(Take all files as one partition, read by name or by modification time.
Without it each file is judged by its own rows, and a window is final when
every unfinished file has passed it.)",
     .choices = "name|mtime"},
    {.name = "at-eof",
     .argument = "close|keep",
     .value = Value::kChoice,
     .section = Section::kForget,
     .help = "windows still open when finite input ends",
     .man = R"(What becomes of open windows when finite input ends.
.Cm close ,
the default without
.Fl -checkpoint ,
emits them;
.Cm keep ,
the default with it, leaves them to the next run.)",
     .choices = "close|keep"},
    {.name = "idle",
     .argument = "DURATION",
     .value = Value::kDuration,
     .section = Section::kForget,
     .help = "an input silent for so long holds the watermark back no more",
     .man = R"(An input that has been silent for this long no longer holds the watermark
back.
When all are silent the watermark goes on with the clock, but never past the
greatest event time seen plus the silence.)"},
    {.name = "max-ahead",
     .argument = "DURATION",
     .value = Value::kDuration,
     .section = Section::kForget,
     .help = "a row stamped further in the future is a bad row",
     .man =
         R"(A row whose event time is further ahead of the clock than this is a bad row
with the reason
.Ql future :
it neither counts nor moves the watermark.)"},
    {.name = "late",
     .argument = "drop|fail|FILE",
     .value = Value::kFile,
     .section = Section::kForget,
     .help = "rows too late: drop and count, fail, or a ledger FILE",
     .man = R"(What becomes of rows that are too late.
.Cm drop
.Pq default
leaves them out and counts them,
.Cm fail
ends the run with status 1, and anything else is the name of a ledger, which
may be that of
.Fl -bad .)",
     .choices = "drop|fail"},
    {.name = "max-bad",
     .argument = "N|P%",
     .value = Value::kShare,
     .section = Section::kForget,
     .help = "more bad rows than that: exit status 3",
     .man = R"(End with status 3 when there are more bad rows than
.Ar N ,
or than
.Ar P
per cent of all rows.
It is checked after each batch over the whole run, a share from 100 rows on;
that batch is committed.)"},
    {.name = "max-late",
     .argument = "N|P%",
     .value = Value::kShare,
     .section = Section::kForget,
     .help = "more late rows than that: exit status 3",
     .man = R"(The same for late rows.)"},
};

}  // namespace

std::span<const Flag> watermark_flags() { return kFlags; }

}  // namespace tailrace::cli
