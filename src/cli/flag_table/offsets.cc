// WHAT: the flags that choose the input and the size of a batch.
#include "cli/flags.h"

namespace tailrace::cli {
namespace {

constexpr Flag kFlags[] = {
    {.name = "time-format",
     .argument = "PATTERN",
     .value = Value::kText,
     .section = Section::kWhat,
     .help = "Spark's pattern for time stamps in text, beside the known forms",
     .man = R"(Read time stamps in text by this pattern too, in Spark's letters, as in
.Ql dd/MMM/yyyy:HH:mm:ss Z .
The forms that are known anyway stay known.)"},
    {.name = "input-format",
     .argument = "json|kcat",
     .value = Value::kChoice,
     .section = Section::kWhat,
     .help = "one object a line, or the envelope of kcat -J (default json)",
     .man = R"(What the input is.
.Cm json
.Pq default
is one object a line.
.Cm kcat
is the envelope that
.Ql kcat -J
writes, with the payload unwrapped; a payload that is not one object is a bad
row.)",
     .commands = kRun | kSchema,
     .choices = "json|kcat"},
    {.name = "schema",
     .argument = "DDL|@FILE",
     .value = Value::kText,
     .section = Section::kWhat,
     .help = "the fields and their types; without it they are inferred",
     .man = R"(The fields of a line as Spark DDL, such as
.Ql user_id STRING, bytes BIGINT, at TIMESTAMP ,
or
.Ql @
and the name of a file that holds it.
Without it the types are inferred from a sample: the first 1,000 lines or 1
MiB, on a pipe what came within one second.
Inference knows BIGINT, DOUBLE, BOOLEAN, STRING, structs and arrays.
The DDL in use is printed under
.Fl v
and kept in the checkpoint.
A later value that does not fit is a bad row, never a silent null.)",
     .repeat = Repeat::kOnce},
    {.name = "bad",
     .argument = "skip|fail|null|FILE",
     .value = Value::kFile,
     .section = Section::kWhat,
     .help = "bad rows: skip and count, fail, null as Spark, or a ledger FILE",
     .man =
         R"(What becomes of a line that is not one complete JSON object in valid UTF-8, or
whose values do not fit the schema.
.Cm skip
.Pq default
leaves it out, counts it and says so in the summary.
.Cm fail
ends the run with status 1 and commits nothing of the batch.
.Cm null
is Spark's PERMISSIVE reader: a wrong value becomes null, a line that cannot
be read becomes a row of nulls.
Anything else is the name of a ledger: a file that gets a JSON object for each
such row, with its
.Ql reason , detail , source , offset , line
and
.Ql row .
For a ledger named like one of the words write
.Pa ./skip .)",
     .choices = "skip|fail|null"},
    {.name = "max-line",
     .argument = "SIZE",
     .value = Value::kSize,
     .section = Section::kWhat,
     .help = "a longer line is a bad row (default 16MiB)",
     .man = R"(A line longer than this is a bad row with the reason
.Ql too_long .
The default is 16MiB.)",
     .commands = kRun | kSchema},
    {.name = "max-files-per-trigger",
     .argument = "N",
     .value = Value::kCount,
     .section = Section::kWhat,
     .help = "at most N new files a batch",
     .man = R"(A batch takes at most this many new files.
The three limits combine: the first one reached ends the batch, after a whole
line.)"},
    {.name = "max-rows-per-trigger",
     .argument = "N",
     .value = Value::kCount,
     .section = Section::kWhat,
     .help = "at most N lines a batch (also --max-offsets-per-trigger)",
     .man = R"(A batch takes at most this many lines.
.Fl -max-offsets-per-trigger
is another name for it.)",
     .alias = "max-offsets-per-trigger"},
    {.name = "max-bytes-per-trigger",
     .argument = "SIZE",
     .value = Value::kSize,
     .section = Section::kWhat,
     .help = "at most SIZE bytes a batch, and at least one line",
     .man = R"(A batch takes at most this many bytes, but always at least one line.)"},
    {.name = "on-data-loss",
     .argument = "fail|warn",
     .value = Value::kChoice,
     .section = Section::kWhat,
     .help = "input or output that is gone since the last run (default fail)",
     .man =
         R"(What to do when a file is shorter than what was read of it, was replaced or is
gone, or when an output is shorter than what was committed.
.Cm fail
.Pq default
ends the run with status 1;
.Cm warn
says it and goes on with what is there.)",
     .choices = "fail|warn"},
    {.name = "tz",
     .argument = "ZONE",
     .value = Value::kText,
     .section = Section::kWhat,
     .help = "the session time zone, as Spark's (default UTC)",
     .man =
         R"(The session time zone: for text without a zone, for date functions and for
printed times.
Names are those of the IANA data base, or offsets such as
.Ql +02:00 .
The default is UTC.
Windows stay on the UTC grid; shift them with
.Fl -window-start .)"},
};

}  // namespace

std::span<const Flag> offsets_flags() { return kFlags; }

}  // namespace tailrace::cli
