// Printer: syntax trees to text. `print` gives canonical Spark SQL with no more parentheses than
// needed, which parses to the same tree again; `column_name` gives what Spark calls an output
// column without AS: count(1), (a + 1), upper(name); `expression_key` gives equal texts for equal
// expressions.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "sql/parse/syntax.h"

namespace tailrace::sql {

std::string print(const Syntax& syntax);
std::string print(const SelectSyntax& select);        // on one line
std::string print_lines(const SelectSyntax& select);  // a line for each clause
// A name with back quotes if it needs them.
std::string print_name(std::string_view name);
std::string print_type(const columns::Type& type);

std::string column_name(const Syntax& syntax);

// Gives the identity of what a name (kName) stands for.
using NameKey = std::function<std::string(const Syntax& name)>;
std::string expression_key(const Syntax& syntax, const NameKey& name_key);

}  // namespace tailrace::sql
