// Short words for tests of expressions: build one, run it over a small table, and compare what
// comes out as text: Spark's text of a value, "null", or "!CLASS" where the row failed.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "columns/batch.h"
#include "formats/spark_text.h"
#include "sql/expr/expr.h"

namespace tailrace::sql {

using columns::Batch;
using columns::Column;
using columns::Kind;
using columns::Type;
using Texts = std::vector<std::string>;

inline ExprSettings ansi_settings() { return {}; }
inline ExprSettings lenient_settings() {
  ExprSettings settings;
  settings.ansi = false;
  return settings;
}
inline ExprSettings settings_in(std::string_view zone) {
  ExprSettings settings;
  settings.zone = *formats::TimeZone::from_name(zone);
  return settings;
}

inline ExprPtr i(int64_t value) { return make_integer(value, Kind::kInt); }
inline ExprPtr l(int64_t value) { return make_integer(value, Kind::kLong); }
inline ExprPtr d(double value) { return make_double(value, Kind::kDouble); }
inline ExprPtr s(std::string value) { return make_string(std::move(value)); }
inline ExprPtr b(bool value) { return make_boolean(value); }
inline ExprPtr null() { return make_null(); }

template <class... Arguments>
std::vector<ExprPtr> list(Arguments... arguments) {
  std::vector<ExprPtr> all;
  (all.push_back(std::move(arguments)), ...);
  return all;
}

template <class... Arguments>
Result<ExprPtr> try_f(const ExprSettings& settings, std::string_view name, Arguments... arguments) {
  return make_call(name, list(std::move(arguments)...), settings);
}

inline ExprPtr must(Result<ExprPtr> result) {
  if (!result) FAIL(result.error().message);
  return std::move(*result);
}

template <class... Arguments>
ExprPtr f(std::string_view name, Arguments... arguments) {
  return must(try_f(ansi_settings(), name, std::move(arguments)...));
}

inline ExprPtr cast(ExprPtr child, Kind to, const ExprSettings& settings = {},
                    bool try_cast = false) {
  return must(make_cast(std::move(child), {to, {}}, settings, try_cast));
}

inline void append(Column& column, std::optional<int64_t> value) {
  if (value)
    column.append_int(*value);
  else
    column.append_null();
}
inline void append(Column& column, std::optional<double> value) {
  if (value)
    column.append_double(*value);
  else
    column.append_null();
}
inline void append(Column& column, std::optional<std::string_view> value) {
  if (value)
    column.append_text(*value);
  else
    column.append_null();
}

// A column of one table; texts must be literals.
template <class T>
Column column(Kind kind, std::vector<std::optional<T>> values) {
  Column made({kind, {}});
  for (const auto& value : values) append(made, value);
  return made;
}
inline Column ints(std::vector<std::optional<int64_t>> values, Kind kind = Kind::kInt) {
  return column(kind, std::move(values));
}
inline Column doubles(std::vector<std::optional<double>> values) {
  return column(Kind::kDouble, std::move(values));
}
inline Column texts(std::vector<std::optional<std::string_view>> values) {
  return column(Kind::kString, std::move(values));
}

template <class... Columns>
Batch table(Columns... columns) {
  Batch batch;
  (batch.columns.push_back(std::move(columns)), ...);
  batch.rows = batch.columns.empty() ? 1 : batch.columns[0].size;
  return batch;
}

// A column of `batch` as an expression.
inline ExprPtr c(const Batch& batch, int index) {
  return make_column(index, batch.columns[index].type);
}

struct Run {
  Texts values;  // one per row asked for
  std::vector<RowErrors::Entry> errors;
};

constexpr int64_t kNowUs = 1'704'067'200'000'000;  // 2024-01-01T00:00:00Z

inline Run run(const Expr& expr, const Batch& batch, std::vector<uint32_t> rows,
               const formats::TimeZone& zone = {}) {
  Arena arena;
  RowErrors errors;
  EvalContext context{&arena, &errors, kNowUs, {}};
  Column out;
  expr.evaluate(batch, rows, context, out);
  CHECK(out.type == expr.type());
  CHECK(out.size == batch.rows);
  Run result;
  result.errors = errors.entries();
  for (const uint32_t row : rows) {
    const auto failed =
        std::find_if(result.errors.begin(), result.errors.end(),
                     [&](const RowErrors::Entry& entry) { return entry.row == row; });
    std::string text;
    if (failed != result.errors.end()) {
      text = "!" + failed->message.substr(1, failed->message.find(']') - 1);
    } else {
      formats::append_spark_text(out, row, zone, text);
    }
    result.values.push_back(std::move(text));
  }
  return result;
}

inline std::vector<uint32_t> all_rows(const Batch& batch) {
  std::vector<uint32_t> rows(batch.rows);
  for (uint32_t row = 0; row < batch.rows; row++) rows[row] = row;
  return rows;
}

// Every row at once; the same must come out when each is asked for alone and when odd ones are.
inline Texts eval(const ExprPtr& expr, const Batch& batch, const formats::TimeZone& zone = {}) {
  const Texts dense = run(*expr, batch, all_rows(batch), zone).values;
  std::vector<uint32_t> odd;
  Texts odd_dense;
  for (uint32_t row = 1; row < batch.rows; row += 2) {
    odd.push_back(row);
    odd_dense.push_back(dense[row]);
  }
  CHECK(run(*expr, batch, odd, zone).values == odd_dense);
  return dense;
}

// An expression without columns.
inline std::string value(const ExprPtr& expr, const formats::TimeZone& zone = {}) {
  return run(*expr, table(), {0}, zone).values[0];
}

// The class of the error that building gives.
inline std::string refusal(const Result<ExprPtr>& result) {
  REQUIRE(!result);
  CHECK(result.error().kind == ErrorKind::kUsage);
  return result.error().message.substr(1, result.error().message.find(']') - 1);
}

struct Case {
  ExprPtr expr;
  Texts expected;
};

// What each expression of a list gives for the rows of a table.
template <class... Cases>
void check_cases(const Batch& batch, Cases... cases) {
  int number = 0;
  const auto check = [&](const Case& one) {
    CAPTURE(++number);
    CHECK(eval(one.expr, batch) == one.expected);
  };
  (check(cases), ...);
}

}  // namespace tailrace::sql
