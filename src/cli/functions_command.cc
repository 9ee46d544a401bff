#include "cli/functions_command.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/nearest.h"
#include "sql/aggregate/aggregate.h"
#include "sql/expr/expr.h"

namespace tailrace::cli {
namespace {

std::vector<sql::FunctionInfo> all_functions() {
  std::vector<sql::FunctionInfo> all = sql::scalar_functions();
  const std::vector<sql::FunctionInfo>& aggregates = sql::aggregate_functions();
  all.insert(all.end(), aggregates.begin(), aggregates.end());
  std::ranges::stable_sort(all, {}, &sql::FunctionInfo::name);
  return all;
}

void append_function(const sql::FunctionInfo& function, std::string& out) {
  out += fmt::format("{}{}\n    {}\n", function.signature,
                     function.is_aggregate ? "  (aggregate)" : "", function.description);
}

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

}  // namespace

Result<std::string> functions_text(const FunctionsCommand& command) {
  const std::string name = lower_case(command.name);
  std::string out;
  std::vector<std::string_view> names;
  const std::vector<sql::FunctionInfo> all = all_functions();
  for (const sql::FunctionInfo& function : all) {
    names.push_back(function.name);
    if (name.empty() || function.name == name) append_function(function, out);
  }
  if (!out.empty()) return out;
  const std::string_view near = nearest(name, names);
  return usage_error(fmt::format(
      "--functions: there is no function {}{}", command.name,
      near.empty() ? "; without a name it lists all" : fmt::format("; did you mean {}?", near)));
}

}  // namespace tailrace::cli
