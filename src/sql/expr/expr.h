// Expr: a bound scalar expression over the columns of a batch, evaluated a block at a time.
// Immutable once built, so workers share it; scratch memory comes from the EvalContext, one per
// worker. Types and rules are Spark 4's with ANSI on (spark-semantics.md 4.3, 10).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "columns/batch.h"
#include "formats/time_zone.h"
#include "sql/expr/column_pool.h"

namespace tailrace::sql {

// Rows on which an expression failed (overflow, a bad cast), with the first message of each.
class RowErrors {
 public:
  struct Entry {
    uint32_t row;
    std::string message;  // "[DIVIDE_BY_ZERO] ..." Spark's error class, then a sentence
  };
  void add(uint32_t row, std::string message) {
    if (row >= seen_.size()) seen_.resize(row + 1);
    if (seen_[row]) return;
    seen_[row] = true;
    entries_.push_back({row, std::move(message)});
  }
  bool empty() const { return entries_.empty(); }
  const std::vector<Entry>& entries() const { return entries_; }  // in order of evaluation
  void clear() {
    entries_.clear();
    seen_.clear();
  }

 private:
  std::vector<Entry> entries_;
  std::vector<bool> seen_;  // rows that have an entry
};

// What an evaluation needs beside its input. One per worker; `arena` must outlive the results.
struct EvalContext {
  Arena* arena = nullptr;  // new texts go here
  RowErrors* errors = nullptr;
  int64_t batch_time_us = 0;  // current_timestamp(), fixed for a batch
  ColumnPool pool;            // scratch of the expressions themselves
};

class Expr {
 public:
  explicit Expr(columns::Type type) : type_(std::move(type)) {}
  virtual ~Expr() = default;

  const columns::Type& type() const { return type_; }

  // Sets out[row] for each of `rows` (ascending row numbers of `input`); other rows of `out` are
  // unspecified for the caller. (CASE relies on more: a type that is not nested leaves them alone.)
  // `out` is resized to input.rows and has this expression's type. A failing row is added to
  // context.errors; whoever asked must drop it: its value is null, or what coalesce and the like
  // made of that null.
  virtual void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                        columns::Column& out) const = 0;

  // The input column that this is, or -1: lets callers read it in place.
  virtual int column_index() const { return -1; }
  // True for a literal or an expression of literals only (folded when built).
  virtual bool is_constant() const { return false; }
  // Adds the input columns that it reads.
  virtual void collect_columns(std::vector<int>& columns) const = 0;

 private:
  columns::Type type_;
};

using ExprPtr = std::unique_ptr<Expr>;

// The column to read for `expr`: the input's own, or `scratch` after evaluating into it.
const columns::Column& evaluated(const Expr& expr, const columns::Batch& input, columns::Rows rows,
                                 EvalContext& context, columns::Column& scratch);

// What expressions are built with.
struct ExprSettings {
  formats::TimeZone zone;
  bool ansi = true;
};

// Factories. They check and coerce types as Spark's analyser does (ANSI) and fold constants;
// a wrong type is a usage error "[DATATYPE_MISMATCH...] ...".
ExprPtr make_column(int index, columns::Type type);
ExprPtr make_null();
ExprPtr make_boolean(bool value);
ExprPtr make_integer(int64_t value, columns::Kind kind);  // any kind stored as ints
ExprPtr make_double(double value, columns::Kind kind);
ExprPtr make_string(std::string value);
Result<ExprPtr> make_cast(ExprPtr child, const columns::Type& to, const ExprSettings& settings,
                          bool try_cast = false);
// The implicit cast that Spark would insert, or an error.
Result<ExprPtr> make_coerced(ExprPtr child, const columns::Type& to, const ExprSettings& settings);
// Member of a struct (by exact, else case-insensitive name); on an array of structs: an array of
// members.
Result<ExprPtr> make_field(ExprPtr child, std::string_view name);
Result<ExprPtr> make_subscript(ExprPtr child, ExprPtr index, const ExprSettings& settings);
// A function or operator by its SQL name, lower case: "+", "-", "*", "/", "%", "=", "<=>", "!=",
// "<", "<=",
// ">", ">=", "and", "or", "not", "negative", "in", "between", "like", "ilike", "rlike", "isnull",
// "isnotnull", "case" (condition, value, ..., [else]), "if", "coalesce", "||" and every named
// function. An unknown name: usage error "[UNRESOLVED_ROUTINE] ..." naming the nearest.
Result<ExprPtr> make_call(std::string_view name, std::vector<ExprPtr> arguments,
                          const ExprSettings& settings);

// The type that both sides are brought to for a comparison, set operation or CASE; error if none.
Result<columns::Type> common_type(const columns::Type& a, const columns::Type& b);

// One row of `tailrace --functions`.
struct FunctionInfo {
  std::string_view name;
  std::string_view signature;    // "substring(text, position[, length])"
  std::string_view description;  // one line
  bool is_aggregate = false;
};
const std::vector<FunctionInfo>& scalar_functions();  // sorted by name, operators left out

}  // namespace tailrace::sql
