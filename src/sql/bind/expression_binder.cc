#include "sql/bind/expression_binder.h"

#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "base/duration.h"
#include "sql/bind/parsed_request.h"
#include "sql/expr/leaves.h"
#include "sql/parse/lexer.h"
#include "sql/parse/printer.h"

namespace tailrace::sql {
namespace {

using columns::Kind;
using columns::Type;

bool is_interval(const Syntax& syntax) {
  return syntax.kind == SyntaxKind::kLiteral && syntax.literal == LiteralKind::kInterval;
}

// struct(a, b.c, 1) as named_struct('a', a, 'c', b.c, 'col3', 1): members have their columns'
// names.
Syntax with_member_names(const Syntax& call) {
  Syntax named = call;
  named.text = "named_struct";
  named.children.clear();
  for (size_t i = 0; i < call.children.size(); ++i) {
    const Syntax& member = call.children[i];
    const bool is_name = member.kind == SyntaxKind::kName && !is_event_time_name(member);
    named.children.push_back(
        string_syntax(member.place, is_name ? member.parts.back() : fmt::format("col{}", i + 1)));
    named.children.push_back(member);
  }
  return named;
}

bool reads_clock(const Syntax& call) {
  constexpr std::array<std::string_view, 5> kNames = {"current_timestamp", "now", "current_date",
                                                      "curdate", "localtimestamp"};
  for (const std::string_view name : kNames) {
    if (call.text == name) return true;
  }
  return call.text == "unix_timestamp" && call.children.empty();
}

}  // namespace

Result<ExprPtr> ExpressionBinder::located(Result<ExprPtr> result, Place place) const {
  if (result || result.error().kind != ErrorKind::kUsage) return result;
  return sources_.error(place, result.error().message);
}

Result<ExprPtr> ExpressionBinder::bind(const Syntax& syntax, Scope& scope) {
  if (scope.ordering != nullptr) {
    ExprPtr found = TRY(bind_ordered(syntax, scope));
    if (found) return found;
  } else if (scope.grouping != nullptr) {
    ExprPtr found = TRY(bind_grouped(syntax, scope));
    if (found) return found;
  }
  switch (syntax.kind) {
    case SyntaxKind::kLiteral: return bind_literal(syntax);
    case SyntaxKind::kName: return bind_name(syntax, scope);
    case SyntaxKind::kStar:
      return error(syntax, "[INVALID_USAGE_OF_STAR_OR_REGEX] * cannot stand here");
    case SyntaxKind::kOperator: return bind_operator(syntax, scope);
    case SyntaxKind::kCall: return bind_call(syntax, scope);
    case SyntaxKind::kCase: return bind_case(syntax, scope);
    case SyntaxKind::kSubscript: return bind_subscript(syntax, scope);
    case SyntaxKind::kCast: {
      ExprPtr child = TRY(bind(syntax.children[0], scope));
      return located(make_cast(std::move(child), syntax.type, settings_, syntax.try_cast),
                     syntax.place);
    }
    case SyntaxKind::kMember: {
      ExprPtr child = TRY(bind(syntax.children[0], scope));
      return located(make_field(std::move(child), syntax.text), syntax.place);
    }
  }
  return error(syntax, "this expression is not supported");
}

Result<ExprPtr> ExpressionBinder::bind_condition(const Syntax& syntax, Scope& scope,
                                                 std::string_view clause) {
  ExprPtr condition = TRY(bind(syntax, scope));
  const Kind kind = condition->type().kind;
  if (kind == Kind::kBoolean) return condition;
  if (kind == Kind::kNull) return make_cast(std::move(condition), {Kind::kBoolean, {}}, settings_);
  return error(syntax,
               fmt::format("[DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN] {} needs a condition; {} is {}",
                           clause, print(syntax), columns::type_name(condition->type())));
}

Result<std::vector<ExprPtr>> ExpressionBinder::bind_all(const std::vector<Syntax>& syntaxes,
                                                        Scope& scope) {
  std::vector<ExprPtr> bound;
  bound.reserve(syntaxes.size());
  for (const Syntax& syntax : syntaxes) bound.push_back(TRY(bind(syntax, scope)));
  return bound;
}

Result<ExprPtr> ExpressionBinder::members(ExprPtr owner, const Syntax& name, size_t from) {
  for (size_t i = from; i < name.parts.size(); ++i) {
    owner = TRY(located(make_field(std::move(owner), name.parts[i]), name.place));
  }
  return owner;
}

Result<ExprPtr> ExpressionBinder::bind_name(const Syntax& syntax, Scope& scope) {
  const Resolved found = resolve(scope, syntax.parts);
  if (found.column < 0) {
    if (is_event_time_name(syntax)) return error(syntax, "name the event time with --time COLUMN");
    return error(syntax, unresolved_column(scope, syntax.parts));
  }
  ScopeColumn& column = scope.columns[found.column];
  if (!column.definition) {
    Path path;
    for (size_t i = found.rest; i < syntax.parts.size(); ++i)
      path.push_back(lower_case(syntax.parts[i]));
    column.uses.insert(std::move(path));
    return members(make_column(column.index, column.type), syntax, found.rest);
  }
  if (column.definition->kind == SyntaxKind::kName && !is_event_time_name(*column.definition)) {
    Syntax whole = *column.definition;  // one path, so that only the member named is used
    whole.parts.insert(whole.parts.end(), syntax.parts.begin() + found.rest, syntax.parts.end());
    return bind(whole, *scope.parent);
  }
  ExprPtr owner = TRY(bind(*column.definition, *scope.parent));
  return members(std::move(owner), syntax, found.rest);
}

Result<ExprPtr> ExpressionBinder::bind_literal(const Syntax& syntax) {
  switch (syntax.literal) {
    case LiteralKind::kNull: return make_null();
    case LiteralKind::kBoolean: return make_boolean(syntax.text == "true");
    case LiteralKind::kInteger:
      return make_integer(std::strtoll(syntax.text.c_str(), nullptr, 10), syntax.type.kind);
    case LiteralKind::kFraction:
      return make_double(std::strtod(syntax.text.c_str(), nullptr), syntax.type.kind);
    case LiteralKind::kString: return make_string(syntax.text);
    case LiteralKind::kTimestamp:
    case LiteralKind::kDate: return bind_time_literal(syntax);
    case LiteralKind::kInterval: break;
  }
  return error(syntax, "an interval can only be added to a timestamp or taken from one");
}

Result<ExprPtr> ExpressionBinder::bind_time_literal(const Syntax& syntax) {
  ExprPtr value =
      TRY(located(make_cast(make_string(syntax.text), syntax.type, settings_, true), syntax.place));
  const LiteralExpr* literal = as_literal(*value);
  if (literal == nullptr || !literal->is_null()) return value;
  return error(syntax, fmt::format("[INVALID_TYPED_LITERAL] {} is no {}",
                                   print(string_syntax(syntax.place, syntax.text)),
                                   columns::type_name(syntax.type)));
}

Result<ExprPtr> ExpressionBinder::bind_operator(const Syntax& syntax, Scope& scope) {
  if ((syntax.text == "+" || syntax.text == "-") &&
      (is_interval(syntax.children[0]) || is_interval(syntax.children[1]))) {
    return bind_time_shift(syntax, scope);
  }
  std::vector<ExprPtr> operands = TRY(bind_all(syntax.children, scope));
  return located(make_call(syntax.text, std::move(operands), settings_), syntax.place);
}

Result<ExprPtr> ExpressionBinder::bind_case(const Syntax& syntax, Scope& scope) {
  std::vector<ExprPtr> arguments;
  size_t next = syntax.has_operand ? 1 : 0;
  const size_t end = syntax.children.size() - (syntax.has_else ? 1 : 0);
  for (; next + 1 < end; next += 2) {
    ExprPtr condition = TRY(bind(syntax.children[next], scope));
    if (syntax.has_operand) {
      std::vector<ExprPtr> sides;
      sides.push_back(TRY(bind(syntax.children[0], scope)));
      sides.push_back(std::move(condition));
      condition =
          TRY(located(make_call("=", std::move(sides), settings_), syntax.children[next].place));
    }
    arguments.push_back(std::move(condition));
    arguments.push_back(TRY(bind(syntax.children[next + 1], scope)));
  }
  if (syntax.has_else) arguments.push_back(TRY(bind(syntax.children.back(), scope)));
  return located(make_call("case", std::move(arguments), settings_), syntax.place);
}

Result<ExprPtr> ExpressionBinder::bind_subscript(const Syntax& syntax, Scope& scope) {
  const Syntax& index = syntax.children[1];
  const bool text = index.kind == SyntaxKind::kLiteral && index.literal == LiteralKind::kString;
  if (text && syntax.children[0].kind == SyntaxKind::kName) {  // a['b'] of a struct is a.b
    Syntax path = syntax.children[0];
    path.parts.push_back(index.text);
    return bind(path, scope);
  }
  ExprPtr owner = TRY(bind(syntax.children[0], scope));
  if (text && owner->type().kind == Kind::kStruct) {
    return located(make_field(std::move(owner), index.text), syntax.place);
  }
  ExprPtr position = TRY(bind(index, scope));
  return located(make_subscript(std::move(owner), std::move(position), settings_), syntax.place);
}

Result<ExprPtr> ExpressionBinder::bind_call(const Syntax& syntax, Scope& scope) {
  if (syntax.text == "window") return bind_scalar_window(syntax, scope);
  if (syntax.text == "window_time") return bind_window_time(syntax, scope);
  if (syntax.text == "session_window") return error(syntax, "session_window is not supported yet");
  if (is_aggregate_function(syntax.text)) {
    return error(syntax,
                 fmt::format("[INVALID_WHERE_CONDITION] the aggregate {} cannot stand here; "
                             "filter groups with HAVING",
                             print(syntax)));
  }
  if (syntax.distinct || !syntax.filter.empty() || syntax.ignore_nulls) {
    return error(syntax,
                 fmt::format("[INVALID_SQL_SYNTAX] DISTINCT, FILTER and IGNORE NULLS are for "
                             "aggregates; {} is none",
                             print_name(syntax.text)));
  }
  if (syntax.text == "struct" && !syntax.children.empty())
    return bind_call(with_member_names(syntax), scope);
  uses_clock_ = uses_clock_ || reads_clock(syntax);
  Result<std::vector<ExprPtr>> arguments = bind_all(syntax.children, scope);
  if (!arguments) {
    // An unknown function is the likelier mistake than what its arguments lack (stdev(v) above
    // GROUP BY).
    Result<ExprPtr> known = make_call(syntax.text, {}, settings_);
    const bool unknown = !known && known.error().message.starts_with("[UNRESOLVED_ROUTINE]");
    if (unknown) return located(std::move(known), syntax.place);
    return std::unexpected(arguments.error());
  }
  return located(make_call(syntax.text, std::move(*arguments), settings_), syntax.place);
}

}  // namespace tailrace::sql
