// The one table of functions and operators: a name, how to write it, one line about it, and the
// factory that checks the arguments and builds the Expr. A new function is one add() in the file of
// its theme, with its kernel beside it. Built once, at the first use; read-only after that.
#pragma once

#include <functional>
#include <initializer_list>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sql/expr/coercion.h"
#include "sql/expr/expr.h"
#include "sql/expr/kernel.h"

namespace tailrace::sql {

// A call that is being built. Factories take the arguments out of it.
struct Call {
  std::string_view name;
  std::vector<ExprPtr> arguments;
  const ExprSettings& settings;

  size_t count() const { return arguments.size(); }
  const columns::Type& type(size_t i) const { return arguments[i]->type(); }
  columns::Kind kind(size_t i) const { return type(i).kind; }
  // Replaces argument i by its implicit cast, as Spark's analyser would for a parameter of that
  // type.
  Status coerce(size_t i, const columns::Type& to);
  Status coerce(size_t i, columns::Kind kind) { return coerce(i, columns::Type{kind, {}}); }
  Status expect_count(size_t least, size_t most) const;
  // "[DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE] ..." about argument i.
  std::unexpected<Error> wrong_type(size_t i, std::string_view wanted) const;
};

using Factory = std::function<Result<ExprPtr>(Call&)>;

struct Function {
  FunctionInfo info;
  Factory make;
};

inline constexpr size_t kAnyCount = std::numeric_limits<size_t>::max();

class FunctionTable {
 public:
  static const FunctionTable& builtin();

  // An operator or an odd spelling is not listed: signature "".
  void add(std::string_view name, std::string_view signature, std::string_view description,
           Factory make);
  // Further names for what is there already, listed as such.
  void alias(std::string_view name, std::string_view of);
  const Function* find(std::string_view name) const;
  std::string_view nearest(std::string_view name) const;
  std::vector<FunctionInfo> listed() const;

 private:
  std::map<std::string_view, Function> functions_;
};

void add_comparisons(FunctionTable& table);
void add_logic(FunctionTable& table);
void add_conditionals(FunctionTable& table);
void add_arithmetic(FunctionTable& table);
void add_math(FunctionTable& table);
void add_bits(FunctionTable& table);
void add_casts(FunctionTable& table);
void add_strings(FunctionTable& table);
void add_like(FunctionTable& table);
void add_regexes(FunctionTable& table);
void add_joined_texts(FunctionTable& table);
void add_times(FunctionTable& table);
void add_time_texts(FunctionTable& table);
void add_time_shifts(FunctionTable& table);
void add_nested(FunctionTable& table);

// The Expr that calls `kernel` where no argument is null. A null literal makes it all null.
template <class Kernel>
ExprPtr make_strict(Call& call, columns::Type type, Kernel kernel) {
  for (const ExprPtr& argument : call.arguments) {
    const LiteralExpr* literal = as_literal(*argument);
    if (literal != nullptr && literal->is_null()) return make_null_of(type);
  }
  return std::make_unique<StrictExpr<Kernel>>(std::move(type), std::move(call.arguments),
                                              std::move(kernel));
}

// A factory for the plain case: so many parameters of fixed types, one kernel. kNull: any type.
template <class Kernel>
Factory strict(columns::Kind result, std::vector<columns::Kind> parameters, Kernel kernel) {
  return [result, parameters = std::move(parameters), kernel](Call& call) -> Result<ExprPtr> {
    TRY(call.expect_count(parameters.size(), parameters.size()));
    for (size_t i = 0; i < parameters.size(); i++)
      if (parameters[i] != columns::Kind::kNull) TRY(call.coerce(i, parameters[i]));
    return make_strict(call, {result, {}}, kernel);
  };
}

// The same for a kernel that needs the settings: `make` gives it.
template <class MakeKernel>
Factory strict_with(columns::Kind result, std::vector<columns::Kind> parameters, MakeKernel make) {
  return [result, parameters = std::move(parameters), make](Call& call) -> Result<ExprPtr> {
    return strict(result, parameters, make(call.settings))(call);
  };
}

// Lets the last parameters be left out: appends `defaults` as far as arguments are missing.
Factory with_defaults(size_t required, std::vector<std::function<ExprPtr()>> defaults,
                      Factory make);

}  // namespace tailrace::sql
