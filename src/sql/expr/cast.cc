#include "sql/expr/cast.h"

#include <fmt/format.h>

#include "sql/expr/function_table.h"

namespace tailrace::sql {

using columns::Kind;
using columns::Type;

namespace {

bool is_time(Kind kind) { return kind == Kind::kDate || kind == Kind::kTimestamp; }
bool is_number(const Type& type) { return type.is_numeric() || type.kind == Kind::kBoolean; }

std::unexpected<Error> no_such_cast(const Casting& casting) {
  const auto either = [&](Kind kind) {
    return casting.from_kind() == kind || casting.to_kind() == kind;
  };
  const std::string_view advice =
      either(Kind::kDate) && (casting.from.is_numeric() || casting.to.is_numeric())
          ? "CAST_WITH_FUNC_SUGGESTION"
      : either(Kind::kTimestamp) && either(Kind::kBoolean) ? "CAST_WITH_CONF_SUGGESTION"
                                                           : "CAST_WITHOUT_SUGGESTION";
  return usage_error(fmt::format("[DATATYPE_MISMATCH.{}] There is no cast from {} to {}.", advice,
                                 columns::type_name(casting.from), columns::type_name(casting.to)));
}

ExprPtr cast_plain(ExprPtr child, const Casting& casting) {
  if (casting.to_kind() == Kind::kString) return cast_to_text(std::move(child), casting);
  if (casting.from_kind() == Kind::kString) return cast_from_text(std::move(child), casting);
  if (is_time(casting.from_kind()) || is_time(casting.to_kind()))
    return cast_time(std::move(child), casting);
  if (is_number(casting.from) && is_number(casting.to))
    return cast_between_numbers(std::move(child), casting);
  return nullptr;
}

}  // namespace

Result<ExprPtr> make_cast(ExprPtr child, const Type& to, const ExprSettings& settings,
                          bool try_cast) {
  if (child->type() == to) return child;
  const bool is_constant = child->is_constant();
  if (child->type().kind == Kind::kNull || (is_constant && as_literal(*child)->is_null()))
    return make_null_of(to);
  const Casting casting{child->type(), to, settings.ansi || try_cast, settings.ansi && !try_cast,
                        settings};
  ExprPtr cast;
  if (casting.from.is_nested() && casting.from.kind == to.kind)
    cast = TRY(cast_nested(std::move(child), casting, try_cast));
  else if (!to.is_nested() && (!casting.from.is_nested() || to.kind == Kind::kString))
    cast = cast_plain(std::move(child), casting);
  if (cast == nullptr) return no_such_cast(casting);
  return is_constant && !cast->is_constant() ? folded(std::move(cast)) : std::move(cast);
}

namespace {

// typeof(value): the type as Spark's DDL writes it, `struct<a:int>`.
Result<ExprPtr> make_typeof(Call& call) {
  TRY(call.expect_count(1, 1));
  std::string name;
  for (const char c : columns::type_name(call.type(0)))
    if (c != ' ') name += static_cast<char>(tolower(static_cast<unsigned char>(c)));
  return make_string(std::move(name));
}

// string(x), int(x), date(x) ...: a type's name as a function.
Factory cast_to(Kind kind) {
  return [kind](Call& call) -> Result<ExprPtr> {
    TRY(call.expect_count(1, 1));
    return make_cast(std::move(call.arguments[0]), {kind, {}}, call.settings);
  };
}

}  // namespace

void add_casts(FunctionTable& table) {
  table.add("typeof", "typeof(value)", "The value's type as text", make_typeof);
  table.add("boolean", "boolean(value)", "CAST(value AS BOOLEAN)", cast_to(Kind::kBoolean));
  table.add("tinyint", "tinyint(value)", "CAST(value AS TINYINT)", cast_to(Kind::kByte));
  table.add("smallint", "smallint(value)", "CAST(value AS SMALLINT)", cast_to(Kind::kShort));
  table.add("int", "int(value)", "CAST(value AS INT)", cast_to(Kind::kInt));
  table.add("bigint", "bigint(value)", "CAST(value AS BIGINT)", cast_to(Kind::kLong));
  table.add("float", "float(value)", "CAST(value AS FLOAT)", cast_to(Kind::kFloat));
  table.add("double", "double(value)", "CAST(value AS DOUBLE)", cast_to(Kind::kDouble));
  table.add("string", "string(value)", "CAST(value AS STRING)", cast_to(Kind::kString));
  table.add("date", "date(value)", "CAST(value AS DATE)", cast_to(Kind::kDate));
  table.add("timestamp", "timestamp(value)", "CAST(value AS TIMESTAMP)", cast_to(Kind::kTimestamp));
}

}  // namespace tailrace::sql
