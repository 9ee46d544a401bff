// What becomes of the input's fields before and after binding: types for fields that the query
// names and the sample lacks (cli.md, --schema), and the pruning to what is used.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "columns/type.h"
#include "sql/bind/parsed_request.h"
#include "sql/bind/scope.h"

namespace tailrace::sql {

// Adds to `fields` what `parsed` names and they lack, typed by use: compared: the other side's
// type; sum, avg: DOUBLE; else STRING. Each addition gives a notice.
void add_fields_from_use(const ParsedRequest& parsed, columns::Schema& fields,
                         std::vector<std::string>& notices);

// The parts of `type` that `uses` name (lower case); a path {} keeps the whole.
columns::Type pruned(const columns::Type& type, const std::set<Path>& uses);

}  // namespace tailrace::sql
