#include "sql/expr/coercion.h"

#include <algorithm>

#include <strings.h>

#include <fmt/format.h>

#include "sql/expr/leaves.h"

namespace tailrace::sql {

using columns::Kind;
using columns::Type;

namespace {

Type plain(Kind kind) { return {kind, {}}; }

bool same_name(const std::string& a, const std::string& b) {
  return strcasecmp(a.c_str(), b.c_str()) == 0;
}

Type wider_number(Kind a, Kind b, bool ansi) {
  const Kind wide = std::max(a, b);
  const Kind narrow = std::min(a, b);
  // A FLOAT does not hold every INT: ANSI goes on to DOUBLE.
  const bool loses = wide == Kind::kFloat && (narrow == Kind::kInt || narrow == Kind::kLong);
  return plain(loses && ansi ? Kind::kDouble : wide);
}

Type beside_string(const Type& other, Meeting meeting, bool ansi) {
  if (ansi || meeting == Meeting::kComparison) {
    if (ansi && other.is_integral()) return plain(Kind::kLong);
    if (ansi && other.is_fractional()) return plain(Kind::kDouble);
    return other;
  }
  return plain(meeting == Meeting::kArithmetic ? Kind::kDouble : Kind::kString);
}

std::optional<Type> meeting_structs(const Type& a, const Type& b, Meeting meeting, bool ansi) {
  if (a.fields.size() != b.fields.size()) return std::nullopt;
  Type met = a;
  for (size_t i = 0; i < a.fields.size(); i++) {
    if (a.kind == Kind::kStruct && !same_name(a.fields[i].name, b.fields[i].name))
      return std::nullopt;
    std::optional<Type> part = meeting_type(a.fields[i].type, b.fields[i].type, meeting, ansi);
    if (!part) return std::nullopt;
    met.fields[i].type = std::move(*part);
  }
  return met;
}

}  // namespace

std::optional<Type> meeting_type(const Type& a, const Type& b, Meeting meeting, bool ansi) {
  if (a == b || b.kind == Kind::kNull) return a;
  if (a.kind == Kind::kNull) return b;
  if (a.is_nested() || b.is_nested())
    return a.kind == b.kind ? meeting_structs(a, b, meeting, ansi) : std::nullopt;
  if (a.kind == Kind::kString) return beside_string(b, meeting, ansi);
  if (b.kind == Kind::kString) return beside_string(a, meeting, ansi);
  if (a.is_numeric() && b.is_numeric()) return wider_number(a.kind, b.kind, ansi);
  const auto is_time = [](const Type& t) {
    return t.kind == Kind::kDate || t.kind == Kind::kTimestamp;
  };
  if (is_time(a) && is_time(b)) return plain(Kind::kTimestamp);
  if (!ansi && meeting == Meeting::kComparison) {  // a boolean beside a number is 0 or 1
    if (a.kind == Kind::kBoolean && b.is_numeric()) return b;
    if (b.kind == Kind::kBoolean && a.is_numeric()) return a;
  }
  return std::nullopt;
}

bool can_pass_as(const Type& from, const Type& to) {
  if (from == to || from.kind == Kind::kNull) return true;
  if (from.kind == Kind::kArray && to.kind == Kind::kArray)
    return can_pass_as(from.element(), to.element());
  if (from.is_nested() || to.is_nested()) return from.kind == to.kind;
  if (to.kind == Kind::kString || from.kind == Kind::kString) return true;
  if (from.is_numeric() && to.is_numeric()) return true;
  const auto is_time = [](const Type& t) {
    return t.kind == Kind::kDate || t.kind == Kind::kTimestamp;
  };
  return is_time(from) && is_time(to);
}

Result<Type> unify(std::vector<ExprPtr>& expressions, const std::vector<size_t>& which,
                   Meeting meeting, std::string_view name, const ExprSettings& settings) {
  Type met = plain(Kind::kNull);
  for (const size_t i : which) {
    std::optional<Type> wider = meeting_type(met, expressions[i]->type(), meeting, settings.ansi);
    if (!wider) {
      const bool differ = which.size() == 2;
      return usage_error(fmt::format(
          "[DATATYPE_MISMATCH.{}] {} cannot take {} and {} together; cast one of them.",
          differ && meeting != Meeting::kChoice ? "BINARY_OP_DIFF_TYPES" : "DATA_DIFF_TYPES", name,
          columns::type_name(met), columns::type_name(expressions[i]->type())));
    }
    met = std::move(*wider);
  }
  for (const size_t i : which)
    expressions[i] = TRY(make_coerced(std::move(expressions[i]), met, settings));
  return met;
}

Result<Type> common_type(const Type& a, const Type& b) {
  std::optional<Type> met = meeting_type(a, b, Meeting::kChoice, true);
  if (met) return std::move(*met);
  return usage_error(
      fmt::format("[DATATYPE_MISMATCH.DATA_DIFF_TYPES] {} and {} have no common type.",
                  columns::type_name(a), columns::type_name(b)));
}

Result<ExprPtr> make_coerced(ExprPtr child, const Type& to, const ExprSettings& settings) {
  if (child->type() == to) return child;
  const Type& from = child->type();
  const bool same_storage = !from.is_nested() && !to.is_nested() && from.kind != Kind::kNull &&
                            storage_of(from.kind) == storage_of(to.kind);
  const bool widens = from.is_integral() && to.is_integral() && from.kind < to.kind;
  const bool to_double = from.kind == Kind::kFloat && to.kind == Kind::kDouble;
  if (same_storage && (widens || to_double) && !child->is_constant())
    return std::make_unique<RetypedExpr>(std::move(child), to);
  return make_cast(std::move(child), to, settings);
}

}  // namespace tailrace::sql
