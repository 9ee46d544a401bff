#include "sql/expr/function_table.h"

#include "base/check.h"
#include "sql/expr/field.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace tailrace::sql {

using columns::Column;
using columns::Type;

Status Call::coerce(size_t i, const Type& to) {
  if (!can_pass_as(type(i), to)) return wrong_type(i, columns::type_name(to));
  arguments[i] = TRY(make_coerced(std::move(arguments[i]), to, settings));
  return {};
}

Status Call::expect_count(size_t least, size_t most) const {
  if (count() >= least && count() <= most) return {};
  std::string wanted = std::to_string(least);
  if (most == kAnyCount)
    wanted += " or more";
  else if (most != least)
    wanted += fmt::format(" to {}", most);
  return usage_error(
      fmt::format("[WRONG_NUM_ARGS.WITHOUT_SUGGESTION] {} takes {} argument{}, not {}.", name,
                  wanted, wanted == "1" ? "" : "s", count()));
}

std::unexpected<Error> Call::wrong_type(size_t i, std::string_view wanted) const {
  return usage_error(
      fmt::format("[DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE] Argument {} of {} must be {}, not {}.",
                  i + 1, name, wanted, columns::type_name(type(i))));
}

const FunctionTable& FunctionTable::builtin() {
  static const FunctionTable table = [] {
    FunctionTable made;
    add_comparisons(made);
    add_logic(made);
    add_conditionals(made);
    add_arithmetic(made);
    add_math(made);
    add_bits(made);
    add_casts(made);
    add_strings(made);
    add_like(made);
    add_regexes(made);
    add_joined_texts(made);
    add_times(made);
    add_time_texts(made);
    add_time_shifts(made);
    add_nested(made);
    return made;
  }();
  return table;
}

void FunctionTable::add(std::string_view name, std::string_view signature,
                        std::string_view description, Factory make) {
  const bool is_new =
      functions_.emplace(name, Function{{name, signature, description, false}, std::move(make)})
          .second;
  CHECK(is_new);
}

void FunctionTable::alias(std::string_view name, std::string_view of) {
  const Function& original = functions_.at(of);
  add(name, original.info.signature, original.info.description, original.make);
}

const Function* FunctionTable::find(std::string_view name) const {
  const auto found = functions_.find(name);
  return found == functions_.end() ? nullptr : &found->second;
}

namespace {

// How many letters must be changed, dropped or added to make one word of the other.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); i++) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); j++) {
      const size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view FunctionTable::nearest(std::string_view name) const {
  std::string_view best;
  size_t best_distance = name.size() / 2 + 1;  // further away it is no help
  for (const auto& [known, function] : functions_) {
    if (function.info.signature.empty()) continue;
    const size_t distance = edit_distance(name, known);
    if (distance < best_distance) {
      best = known;
      best_distance = distance;
    }
  }
  return best;
}

std::vector<FunctionInfo> FunctionTable::listed() const {
  std::vector<FunctionInfo> all;
  for (const auto& [name, function] : functions_)
    if (!function.info.signature.empty()) all.push_back(function.info);
  return all;
}

Factory with_defaults(size_t required, std::vector<std::function<ExprPtr()>> defaults,
                      Factory make) {
  return [=](Call& call) -> Result<ExprPtr> {
    TRY(call.expect_count(required, required + defaults.size()));
    while (call.count() < required + defaults.size())
      call.arguments.push_back(defaults[call.count() - required]());
    return make(call);
  };
}

Argument read_argument(const Expr& expr, const columns::Batch& input, columns::Rows rows,
                       EvalContext& context, Column& scratch, bool as_typed) {
  const Expr& read = as_typed ? expr : stored(expr);
  if (const LiteralExpr* literal = as_literal(read)) return {&literal->value(), true};
  if (const Column* there = in_place(read, input)) return {there, false};
  return {&evaluated(read, input, rows, context, scratch), false};
}

Result<ExprPtr> make_call(std::string_view name, std::vector<ExprPtr> arguments,
                          const ExprSettings& settings) {
  const FunctionTable& table = FunctionTable::builtin();
  const Function* function = table.find(name);
  if (function == nullptr) {
    const std::string_view nearest = table.nearest(name);
    return usage_error(
        fmt::format("[UNRESOLVED_ROUTINE] there is no function `{}`{}", name,
                    nearest.empty() ? "" : fmt::format("; did you mean `{}`?", nearest)));
  }
  const bool is_constant =
      !arguments.empty() && std::all_of(arguments.begin(), arguments.end(),
                                        [](const ExprPtr& a) { return a->is_constant(); });
  Call call{name, std::move(arguments), settings};
  ExprPtr made = TRY(function->make(call));
  return is_constant && !made->is_constant() ? folded(std::move(made)) : std::move(made);
}

const std::vector<FunctionInfo>& scalar_functions() {
  static const std::vector<FunctionInfo> all = FunctionTable::builtin().listed();
  return all;
}

}  // namespace tailrace::sql
