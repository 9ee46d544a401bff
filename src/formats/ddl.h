// Spark's DDL for schemas: `name TYPE [NOT NULL] [COMMENT 'text'], ...` (spark-semantics.md 5.1 and
// Errata). NOT NULL and COMMENT are read and ignored; `--` begins a comment. Pure functions. An
// error is a usage error "schema:LINE:COLUMN: ..." with the line and a caret on further lines.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "columns/type.h"

namespace tailrace::formats {

// Also a whole `STRUCT<...>`. Names that differ only in case, and types that tailrace does not have
// (MAP, DECIMAL, ...), are errors.
Result<columns::Schema> parse_ddl(std::string_view text);

// One type, as CAST names it; errors begin with "type:1:COLUMN: ".
Result<columns::Type> parse_type(std::string_view text);

// The text that parse_ddl reads back; names in back quotes where they need them.
std::string to_ddl(const columns::Schema& schema);
std::string to_ddl(const columns::Type& type);

}  // namespace tailrace::formats
