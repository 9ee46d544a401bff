// flag_query: the SELECT that the query flags mean (cli.md, HOW). Fails with a usage error for
// wrong syntax and for flags that do not go together.
#pragma once

#include "base/result.h"
#include "sql/bind/bind.h"
#include "sql/parse/sources.h"
#include "sql/parse/syntax.h"

namespace tailrace::sql {

Result<SelectSyntax> flag_query(const QueryRequest& request, Sources& sources);

// Spark's interval text for a duration: "5 minutes".
std::string interval_text(int64_t duration_us);

// slide <= size, |start| < slide, all as window() wants them; the message begins with `label`.
Status check_window(std::string_view label, int64_t size_us, int64_t slide_us, int64_t start_us);

}  // namespace tailrace::sql
