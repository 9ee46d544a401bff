// OUTPUT: the flags that say where rows go and what they look like.
#include "cli/flags.h"

namespace tailrace::cli {
namespace {

constexpr Flag kFlags[] = {
    {.name = "to",
     .argument = "PATH|-",
     .value = Value::kFile,
     .section = Section::kOutput,
     .help = "where rows go (default -, standard output)",
     .man = R"(Where rows go.
.Sq \-
.Pq default
is standard output.
A file is truncated like
.Ql >
without a checkpoint; with one it is cut back to what was committed, and a
first batch onto a file that is not empty is refused unless
.Fl -append
is there.
In complete mode the file is replaced at once, each batch.)",
     .repeat = Repeat::kOnce},
    {.name = "append",
     .section = Section::kOutput,
     .help = "keep what the file of --to holds already",
     .man = R"(Keep what the file of
.Fl -to
holds already, and write behind it.)"},
    {.name = "format",
     .argument = "jsonl|csv|tsv|table|console",
     .value = Value::kChoice,
     .section = Section::kOutput,
     .help = "what rows look like (default jsonl; table on a terminal)",
     .man = R"(What rows look like.
.Cm jsonl
is the default,
.Cm table
the default on a terminal.
.Cm console
is Spark's boxed table under
.Ql Batch: N .)",
     .choices = "jsonl|csv|tsv|table|console"},
    {.name = "no-truncate",
     .section = Section::kOutput,
     .help = "show long values whole in --format console",
     .man = R"(Show long values whole in
.Fl -format Cm console .)"},
    {.name = "json",
     .section = Section::kOutput,
     .help = "JSON from status, checkpoint and schema",
     .man = R"(Let
.Cm status , checkpoint
and
.Cm schema
print JSON instead of text for people.)",
     .commands = kStatus | kCheckpoint | kSchema},
    {.name = "ddl",
     .section = Section::kOutput,
     .help = "only the DDL from schema",
     .man = R"(Let
.Cm schema
print the DDL alone, ready for
.Fl -schema .)",
     .commands = kSchema},
};

}  // namespace

std::span<const Flag> output_flags() { return kFlags; }

}  // namespace tailrace::cli
