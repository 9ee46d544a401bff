// The types of CAST: Spark's names, ARRAY<...> and STRUCT<name: type, ...>.
#include <array>

#include <fmt/format.h>

#include "sql/parse/parser.h"

namespace tailrace::sql {
namespace {

using columns::Kind;
using columns::Type;

struct TypeWord {
  std::string_view word;
  Kind kind;
};

constexpr std::array kTypeWords = {
    TypeWord{"boolean", Kind::kBoolean},     TypeWord{"tinyint", Kind::kByte},
    TypeWord{"byte", Kind::kByte},           TypeWord{"smallint", Kind::kShort},
    TypeWord{"short", Kind::kShort},         TypeWord{"int", Kind::kInt},
    TypeWord{"integer", Kind::kInt},         TypeWord{"bigint", Kind::kLong},
    TypeWord{"long", Kind::kLong},           TypeWord{"float", Kind::kFloat},
    TypeWord{"real", Kind::kFloat},          TypeWord{"double", Kind::kDouble},
    TypeWord{"string", Kind::kString},       TypeWord{"date", Kind::kDate},
    TypeWord{"timestamp", Kind::kTimestamp}, TypeWord{"timestamp_ltz", Kind::kTimestamp},
};

constexpr int kTypeNestingMax = 50;

}  // namespace

Result<Type> Parser::type() {
  const Place where = place();
  const std::string word = lower_case(TRY(name("a type")));
  for (const TypeWord& known : kTypeWords) {
    if (known.word == word) return Type{known.kind, {}};
  }
  if (word == "struct" || word == "array") {
    if (++type_depth_ > kTypeNestingMax) {
      return error(where, fmt::format("a type nests more than {} levels deep", kTypeNestingMax));
    }
    Result<Type> nested = word == "struct" ? struct_type() : array_type();
    --type_depth_;
    return nested;
  }
  constexpr std::array<std::string_view, 10> kLater = {
      "decimal", "dec",     "numeric",       "binary",   "map",
      "char",    "varchar", "timestamp_ntz", "interval", "variant"};
  for (const std::string_view later : kLater) {
    if (later == word)
      return error(where, fmt::format("the type {} is not supported yet", upper_case(word)));
  }
  if (word == "time") return error(where, "[UNSUPPORTED_TIME_TYPE] the type TIME is not supported");
  return error(where, fmt::format("[UNSUPPORTED_DATATYPE] there is no type {}", upper_case(word)));
}

Result<Type> Parser::array_type() {
  TRY(expect_symbol("<"));
  Type element = TRY(type());
  TRY(expect_symbol(">"));
  return columns::array_of(std::move(element));
}

Result<Type> Parser::struct_type() {
  columns::Schema fields;
  if (accept_symbol("<>")) return columns::struct_of({});
  TRY(expect_symbol("<"));
  do {
    std::string field = TRY(name("a field's name"));
    accept_symbol(":");
    Type field_type = TRY(type());
    fields.push_back({std::move(field), std::move(field_type)});
  } while (accept_symbol(","));
  TRY(expect_symbol(">"));
  return columns::struct_of(std::move(fields));
}

}  // namespace tailrace::sql
