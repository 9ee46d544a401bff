#include "sql/aggregate/aggregate.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/check.h"
#include "sql/aggregate/numeric_states.h"
#include "sql/aggregate/remembered_states.h"

namespace tailrace::sql {

using columns::Kind;
using columns::Type;

namespace {

struct Entry {
  std::string_view name;
  AggregateFunction function;
};

constexpr std::array kEntries = {
    Entry{"any_value", AggregateFunction::kFirst},
    Entry{"array_agg", AggregateFunction::kCollectList},
    Entry{"avg", AggregateFunction::kAvg},
    Entry{"collect_list", AggregateFunction::kCollectList},
    Entry{"count", AggregateFunction::kCount},
    Entry{"count_distinct", AggregateFunction::kCountDistinct},
    Entry{"first", AggregateFunction::kFirst},
    Entry{"first_value", AggregateFunction::kFirst},
    Entry{"last", AggregateFunction::kLast},
    Entry{"last_value", AggregateFunction::kLast},
    Entry{"max", AggregateFunction::kMax},
    Entry{"mean", AggregateFunction::kAvg},
    Entry{"min", AggregateFunction::kMin},
    Entry{"sum", AggregateFunction::kSum},
};

std::optional<AggregateFunction> function_named(std::string_view name) {
  const auto* entry = std::ranges::find(kEntries, name, &Entry::name);
  if (entry == kEntries.end()) return std::nullopt;
  return entry->function;
}

std::unexpected<Error> wrong_count(std::string_view name, std::string_view wanted, size_t given) {
  return usage_error(
      fmt::format("[WRONG_NUM_ARGS.WITHOUT_SUGGESTION] {} takes {}, not {}", name, wanted, given));
}

// Text is added as DOUBLE, as Spark's implicit cast does.
Result<ExprPtr> number_argument(std::string_view name, ExprPtr argument,
                                const ExprSettings& settings) {
  const Type type = argument->type();
  if (type.is_numeric()) return argument;
  if (type.kind == Kind::kString || type.kind == Kind::kNull)
    return make_cast(std::move(argument), {Kind::kDouble, {}}, settings);
  return usage_error(
      fmt::format("[DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE] {} needs a number, not {}", name,
                  columns::type_name(type)));
}

Status check_ordered(std::string_view name, const Type& type) {
  if (!type.is_nested()) return {};
  return usage_error(
      fmt::format("{} of {} is not in this version yet; take it of one of its fields", name,
                  columns::type_name(type)));
}

Result<Aggregate> with_one_argument(std::string_view name, Aggregate aggregate,
                                    const ExprSettings& settings) {
  if (aggregate.arguments.size() != 1)
    return wrong_count(name, "one argument", aggregate.arguments.size());
  ExprPtr& argument = aggregate.arguments[0];
  switch (aggregate.function) {
    case AggregateFunction::kSum:
      argument = TRY(number_argument(name, std::move(argument), settings));
      aggregate.type = {argument->type().is_integral() ? Kind::kLong : Kind::kDouble, {}};
      break;
    case AggregateFunction::kAvg:
      argument = TRY(number_argument(name, std::move(argument), settings));
      aggregate.type = {Kind::kDouble, {}};
      break;
    case AggregateFunction::kMin:
    case AggregateFunction::kMax:
      TRY(check_ordered(name, argument->type()));
      aggregate.type = argument->type();
      break;
    case AggregateFunction::kCollectList:
      aggregate.type = columns::array_of(argument->type());
      break;
    default: aggregate.type = argument->type(); break;
  }
  return aggregate;
}

// first(x, true): the second argument is taken off and remembered.
Status take_ignore_nulls(std::string_view name, Aggregate& aggregate) {
  if (aggregate.arguments.size() != 2) return {};
  const Expr& flag = *aggregate.arguments[1];
  if (flag.type().kind != Kind::kBoolean || !flag.is_constant())
    return usage_error(fmt::format(
        "[DATATYPE_MISMATCH.NON_FOLDABLE_INPUT] the second argument of {} is TRUE or FALSE", name));
  columns::Batch one_row;
  one_row.rows = 1;
  columns::Column value;
  RowErrors errors;
  Arena arena;
  EvalContext context{&arena, &errors, 0, {}};
  const uint32_t row = 0;
  flag.evaluate(one_row, {&row, 1}, context, value);
  aggregate.ignore_nulls = !value.is_null(0) && value.ints[0] != 0;
  aggregate.arguments.pop_back();
  return {};
}

bool counts_rows(const Aggregate& aggregate) {
  if (aggregate.arguments.empty()) return true;
  return aggregate.arguments.size() == 1 && aggregate.arguments[0]->is_constant() &&
         aggregate.arguments[0]->type().kind != Kind::kNull;
}

}  // namespace

bool is_aggregate_function(std::string_view name) { return function_named(name).has_value(); }

Result<Aggregate> make_aggregate(std::string_view name, std::vector<ExprPtr> arguments,
                                 bool distinct, ExprPtr filter, const ExprSettings& settings) {
  const std::optional<AggregateFunction> function = function_named(name);
  CHECK(function.has_value());
  Aggregate aggregate{*function, std::move(arguments), std::move(filter), false, {Kind::kLong, {}}};
  if (aggregate.filter && aggregate.filter->type().kind != Kind::kBoolean)
    return usage_error(fmt::format(
        "[DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN] FILTER (WHERE ...) needs a BOOLEAN, not {}",
        columns::type_name(aggregate.filter->type())));
  switch (aggregate.function) {
    case AggregateFunction::kCount:
      if (distinct) {
        if (aggregate.arguments.empty())
          return wrong_count("count(DISTINCT)", "at least one argument", 0);
        aggregate.function = AggregateFunction::kCountDistinct;
      } else if (counts_rows(aggregate)) {
        aggregate.function = AggregateFunction::kCountRows;
        aggregate.arguments.clear();
      }
      return aggregate;
    case AggregateFunction::kCountDistinct:
      if (aggregate.arguments.empty()) return wrong_count(name, "at least one argument", 0);
      return aggregate;
    case AggregateFunction::kMin:
    case AggregateFunction::kMax: break;  // DISTINCT changes nothing
    case AggregateFunction::kFirst:
    case AggregateFunction::kLast: TRY(take_ignore_nulls(name, aggregate)); [[fallthrough]];
    default:
      if (distinct)
        return usage_error(fmt::format(
            "{}(DISTINCT ...) is not in this version yet; count(DISTINCT ...) is", name));
  }
  return with_one_argument(name, std::move(aggregate), settings);
}

std::unique_ptr<AggregateState> make_aggregate_state(const Aggregate& aggregate, uint64_t seed,
                                                     bool ansi) {
  switch (aggregate.function) {
    case AggregateFunction::kCountRows: return make_count_state(0);
    case AggregateFunction::kCount: return make_count_state(aggregate.arguments.size());
    case AggregateFunction::kCountDistinct: return make_distinct_state(seed);
    case AggregateFunction::kSum: return make_sum_state(aggregate.arguments[0]->type(), ansi);
    case AggregateFunction::kAvg: return make_average_state(aggregate.arguments[0]->type());
    case AggregateFunction::kMin: return make_extreme_state(aggregate.type, false);
    case AggregateFunction::kMax: return make_extreme_state(aggregate.type, true);
    case AggregateFunction::kFirst: return make_first_state(false, aggregate.ignore_nulls);
    case AggregateFunction::kLast: return make_first_state(true, aggregate.ignore_nulls);
    case AggregateFunction::kCollectList: return make_list_state();
  }
  CHECK(false);
}

const std::vector<FunctionInfo>& aggregate_functions() {
  static const std::vector<FunctionInfo> functions = {
      {"any_value", "any_value(value[, ignore_nulls])", "a value of the group: its first", true},
      {"array_agg", "array_agg(value)", "the values that are not null, in input order", true},
      {"avg", "avg(number)", "the mean, DOUBLE", true},
      {"collect_list", "collect_list(value)", "the values that are not null, in input order", true},
      {"count", "count(*) | count(value, ...) | count(DISTINCT value, ...)",
       "rows; rows where no value is null; distinct values, exactly", true},
      {"count_distinct", "count_distinct(value, ...)", "distinct values, exactly", true},
      {"first", "first(value[, ignore_nulls])", "the value of the group's first row in the input",
       true},
      {"first_value", "first_value(value[, ignore_nulls])", "the same as first", true},
      {"last", "last(value[, ignore_nulls])", "the value of the group's last row in the input",
       true},
      {"last_value", "last_value(value[, ignore_nulls])", "the same as last", true},
      {"max", "max(value)", "the greatest value", true},
      {"mean", "mean(number)", "the same as avg", true},
      {"min", "min(value)", "the least value", true},
      {"sum", "sum(number)", "the sum: BIGINT of whole numbers, else DOUBLE", true},
  };
  return functions;
}

}  // namespace tailrace::sql
