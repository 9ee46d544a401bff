// HOW: the flags that say the query.
#include "cli/flags.h"

namespace tailrace::cli {
namespace {

constexpr Flag kFlags[] = {
    {.name = "where",
     .argument = "EXPR",
     .value = Value::kText,
     .section = Section::kHow,
     .help = "keep the rows for which EXPR is true",
     .man = R"(Keep the rows for which the SQL expression is true.
Conditions that do not name the event time run before the watermark looks at a
row, as in Spark.)",
     .repeat = Repeat::kOnce},
    {.name = "select",
     .argument = "LIST",
     .value = Value::kText,
     .section = Section::kHow,
     .help = "the output columns of a query without aggregates",
     .man = R"(The output columns of a query without aggregates.
Without it a row has all fields, in the schema's order or, if inferred, in the
order of first sight.)",
     .repeat = Repeat::kOnce},
    {.name = "by",
     .argument = "LIST",
     .value = Value::kText,
     .section = Section::kHow,
     .help = "group by columns or EXPR AS name",
     .man = R"(Group by columns, or by
.Ql expression AS name .
The key
.Ql a.b
is named
.Ql b .)",
     .repeat = Repeat::kOnce},
    {.name = "agg",
     .argument = "LIST",
     .value = Value::kText,
     .section = Section::kHow,
     .help = "aggregates: count, sum(bytes), avg(x) AS mean (default count)",
     .man = R"(The aggregates, each
.Ql name(arguments) [FILTER (WHERE ...)] [AS name] .
Without AS
.Ql sum(bytes)
is named
.Ql sum_bytes ;
an aggregate of an expression needs AS.
The default is
.Ql count
as soon as
.Fl -by
or
.Fl -window
is there.)",
     .repeat = Repeat::kOnce},
    {.name = "window",
     .argument = "SIZE",
     .value = Value::kDuration,
     .section = Section::kHow,
     .help = "group by windows of SIZE on --time",
     .man = R"(Group by windows of this duration on the event time.
The output begins with
.Ql window_start
and
.Ql window_end .)",
     .repeat = Repeat::kOnce},
    {.name = "slide",
     .argument = "STEP",
     .value = Value::kDuration,
     .section = Section::kHow,
     .help = "a new window every STEP, so that they overlap",
     .man = R"(Begin a window every
.Ar STEP ,
so that windows overlap.
The default is the size of the window.)",
     .repeat = Repeat::kOnce},
    {.name = "window-start",
     .argument = "OFFSET",
     .value = Value::kDuration,
     .section = Section::kHow,
     .help = "shift the grid of windows",
     .man = R"(Shift the windows by
.Ar OFFSET
from the UTC grid.)",
     .repeat = Repeat::kOnce},
    {.name = "having",
     .argument = "EXPR",
     .value = Value::kText,
     .section = Section::kHow,
     .help = "keep the groups for which EXPR is true",
     .man = R"(Keep the groups for which the expression is true.
It may name keys, aggregates and their output names.)",
     .repeat = Repeat::kOnce},
    {.name = "order-by",
     .argument = "LIST",
     .value = Value::kText,
     .section = Section::kHow,
     .help = "sort the output, where it is final as a whole",
     .man = R"(Sort the output, as in SQL: in complete mode and at the end of finite input.)",
     .repeat = Repeat::kOnce},
    {.name = "limit",
     .argument = "N",
     .value = Value::kCount,
     .section = Section::kHow,
     .help = "at most N rows; with final windows, N for each",
     .man = R"(Give at most
.Ar N
rows.
With final windows it counts for each window, on a query without state over
the query's life.)",
     .repeat = Repeat::kOnce},
    {.name = "prepare",
     .argument = "SQL",
     .value = Value::kText,
     .section = Section::kHow,
     .help = "a SELECT over the view raw, run before the watermark",
     .man = R"(A SELECT over the view
.Ql raw ,
the rows as read, that runs before the watermark.
It is the place to parse times, unpack envelopes and drop rows.
Its result is what all else sees.)",
     .repeat = Repeat::kOnce},
    {.name = "sql",
     .argument = "TEXT",
     .value = Value::kText,
     .section = Section::kHow,
     .help = "the whole query in Spark SQL over the view input",
     .man = R"(The whole query in Spark SQL over the view
.Ql input .
It takes the place of the flags from
.Fl -where
to
.Fl -limit .
The dialect is in
.Xr tailrace-sql 7 .)",
     .repeat = Repeat::kOnce},
    {.name = "sql-file",
     .argument = "FILE",
     .value = Value::kFile,
     .section = Section::kHow,
     .help = "the same, from a file",
     .man = R"(Read the query for
.Fl -sql
from a file.)",
     .repeat = Repeat::kOnce},
    {.name = "view",
     .argument = "NAME",
     .value = Value::kText,
     .section = Section::kHow,
     .help = "the view's name in --sql (default input)",
     .man = R"(The name of the view in
.Fl -sql .
The default is
.Ql input .)"},
    {.name = "ansi",
     .argument = "on|off",
     .value = Value::kChoice,
     .section = Section::kHow,
     .help = "Spark's ANSI setting (default on)",
     .man = R"(Spark's ANSI setting, by default
.Cm on
as in Spark 4: overflow, division by zero and failing casts are errors of the
row.
With
.Cm off
they give null.)",
     .choices = "on|off"},
    {.name = "mode",
     .argument = "append|update|complete",
     .value = Value::kChoice,
     .section = Section::kHow,
     .help = "final rows, changed groups, or the whole table (default append)",
     .man = R"(Spark's output modes.
.Cm append
.Pq default
gives a group's row once, when it is final: when the watermark reaches the
window's end, or at the end of the input.
.Cm update
gives the groups that changed, once a batch.
.Cm complete
gives the whole table once a batch.)",
     .choices = "append|update|complete"},
};

}  // namespace

std::span<const Flag> sql_flags() { return kFlags; }

}  // namespace tailrace::cli
