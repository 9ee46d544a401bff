// Kernels: how a function of values becomes an Expr over columns. A kernel is a callable from plain
// values (int64_t, double, string_view, Cell) to one, written without loops; StrictExpr is null
// where an argument is null and calls it for the other rows. The loops are instantiated per kernel,
// dense or gathering, with a constant argument as a scalar. A kernel whose first parameter is Row&
// may fail.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "sql/expr/expr.h"
#include "sql/expr/leaves.h"

namespace tailrace::sql {

// A value of any type, where it stands: for kernels over structs, arrays and "whatever it is".
struct Cell {
  const columns::Column* column;
  size_t row;
  bool is_null() const { return column->is_null(row); }
};

// The row that a kernel is called for, and what it may do besides returning a value.
class Row {
 public:
  Row(EvalContext& context, columns::Column& out, size_t number)
      : context_(context), out_(out), number_(number) {}

  // The result is null.
  void set_null() { is_null_ = true; }
  bool is_null() const { return is_null_; }
  // The result is null and the row is reported.
  [[gnu::cold, gnu::noinline]] void fail(std::string message) {
    is_null_ = true;
    context_.errors->add(static_cast<uint32_t>(number_), std::move(message));
  }
  Arena& arena() { return *context_.arena; }
  // The column written to; kernels that return a List append to its elements.
  columns::Column& out() { return out_; }
  const EvalContext& context() const { return context_; }

 private:
  EvalContext& context_;
  columns::Column& out_;
  size_t number_;
  bool is_null_ = false;
};

// An argument ready to be read: its column, which has one row if it is the same for all rows.
struct Argument {
  const columns::Column* column;
  bool is_scalar;
};

// An INT retyped as BIGINT is read as the INT column that it is, unless `as_typed`: who looks at
// the column's type (Cell readers do) must say so.
Argument read_argument(const Expr& expr, const columns::Batch& input, columns::Rows rows,
                       EvalContext& context, columns::Column& scratch, bool as_typed = false);

namespace kernel {

template <class T>
const T* values_of(const columns::Column& column) {
  if constexpr (std::is_same_v<T, int64_t>) return column.ints.data();
  if constexpr (std::is_same_v<T, double>) return column.doubles.data();
  if constexpr (std::is_same_v<T, std::string_view>) return column.texts.data();
}

template <class T>
T* values_of(columns::Column& column) {
  return const_cast<T*>(values_of<T>(std::as_const(column)));
}

template <class T>
struct ColumnReader {
  const T* values;
  const uint8_t* nulls;
  explicit ColumnReader(Argument a)
      : values(values_of<T>(*a.column)), nulls(a.column->nulls.data()) {}
  T operator[](size_t row) const { return values[row]; }
  uint8_t null(size_t row) const { return nulls[row]; }
};

template <class T>
struct ScalarReader {  // never null: a null literal has made the whole call null when it was built
  T value;
  explicit ScalarReader(Argument a) : value(values_of<T>(*a.column)[0]) {}
  T operator[](size_t) const { return value; }
  uint8_t null(size_t) const { return 0; }
};

template <class T>
struct EitherReader {
  const T* values;
  const uint8_t* nulls;
  size_t mask;
  explicit EitherReader(Argument a)
      : values(values_of<T>(*a.column)),
        nulls(a.column->nulls.data()),
        mask(a.is_scalar ? 0 : ~size_t{0}) {}
  T operator[](size_t row) const { return values[row & mask]; }
  uint8_t null(size_t row) const { return nulls[row & mask]; }
};

template <>
struct EitherReader<Cell> {
  const columns::Column* column;
  size_t mask;
  explicit EitherReader(Argument a) : column(a.column), mask(a.is_scalar ? 0 : ~size_t{0}) {}
  Cell operator[](size_t row) const { return {column, row & mask}; }
  uint8_t null(size_t row) const { return column->nulls[row & mask]; }
};

// What a kernel takes and gives, read off its call operator.
template <class Kernel>
struct Signature : Signature<decltype(&Kernel::operator())> {};
template <class K, class R, class... A>
struct Signature<R (K::*)(A...) const> {
  using Result = R;
  using Arguments = std::tuple<A...>;
  static constexpr bool kMayFail = false;
};
template <class K, class R, class... A>
struct Signature<R (K::*)(Row&, A...) const> {
  using Result = R;
  using Arguments = std::tuple<A...>;
  static constexpr bool kMayFail = true;
};

// Numbers behind a null are only unspecified; texts and cells there must not be looked at.
template <class T>
inline constexpr bool kReadableNull = std::is_same_v<T, int64_t> || std::is_same_v<T, double>;

template <class T>
struct Writer {
  T* values;
  explicit Writer(columns::Column& out) : values(values_of<T>(out)) {}
  void write(size_t row, T value) const { values[row] = value; }
};
template <>
struct Writer<columns::List> {
  columns::List* values;
  explicit Writer(columns::Column& out) : values(out.lists.data()) {}
  void write(size_t row, columns::List value) const { values[row] = value; }
};
template <>
struct Writer<Cell> {
  columns::Column* out;
  explicit Writer(columns::Column& column) : out(&column) {}
  void write(size_t row, Cell value) const { copy_value(*value.column, value.row, *out, row); }
};

template <class Kernel, class... Readers>
void run(const Kernel& kernel, columns::Rows rows, EvalContext& context, columns::Column& out,
         Readers... in) {
  using Sig = Signature<Kernel>;
  using Result = typename Sig::Result;
  constexpr bool kBranchless = !Sig::kMayFail &&
                               (kReadableNull<std::decay_t<decltype(in[0])>> && ...) &&
                               kReadableNull<Result>;
  const Writer<Result> result(out);
  uint8_t* nulls = out.nulls.data();
  const auto one = [&](size_t row) {
    const uint8_t null = static_cast<uint8_t>((in.null(row) | ... | 0));
    if constexpr (kBranchless) {
      nulls[row] = null;
      result.write(row, kernel(in[row]...));
    } else {
      nulls[row] = 1;
      if (null) return;
      if constexpr (Sig::kMayFail) {
        Row at(context, out, row);
        const Result value = kernel(at, in[row]...);
        if (at.is_null()) return;
        nulls[row] = 0;
        result.write(row, value);
      } else {
        nulls[row] = 0;
        result.write(row, kernel(in[row]...));
      }
    }
  };
  if (is_all(rows, out.size)) {
    const size_t count = out.size;
    for (size_t row = 0; row < count; row++) one(row);
  } else {
    for (const uint32_t row : rows) one(row);
  }
}

// Chooses the readers. Only kernels of numbers, and those that say kHot, get loops of their own
// for a column against a scalar.
template <class Kernel, class... T>
void dispatch(const Kernel& kernel, std::tuple<T...>*, const Argument* a, columns::Rows rows,
              EvalContext& context, columns::Column& out) {
  constexpr bool kNumbers = (kReadableNull<T> && ...);
  constexpr bool kTight = kNumbers || requires { Kernel::kHot; };
  using First = std::tuple_element_t<0, std::tuple<T..., int>>;
  using Second = std::tuple_element_t<1, std::tuple<T..., int, int>>;
  if constexpr (sizeof...(T) == 1 && kTight) {
    if (!a[0].is_scalar) return run(kernel, rows, context, out, ColumnReader<First>(a[0]));
  }
  if constexpr (sizeof...(T) == 2 && kTight) {
    if (!a[0].is_scalar && a[1].is_scalar)
      return run(kernel, rows, context, out, ColumnReader<First>(a[0]), ScalarReader<Second>(a[1]));
    if (!a[0].is_scalar && !a[1].is_scalar)
      return run(kernel, rows, context, out, ColumnReader<First>(a[0]), ColumnReader<Second>(a[1]));
  }
  [&]<size_t... I>(std::index_sequence<I...>) {
    run(kernel, rows, context, out, EitherReader<T>(a[I])...);
  }(std::index_sequence_for<T...>());
}

}  // namespace kernel

// An Expr with arguments; the part that does not depend on the kernel.
class CallExpr : public Expr {
 public:
  CallExpr(columns::Type type, std::vector<ExprPtr> arguments)
      : Expr(std::move(type)), arguments_(std::move(arguments)) {}
  void collect_columns(std::vector<int>& columns) const override {
    for (const ExprPtr& argument : arguments_) argument->collect_columns(columns);
  }

 protected:
  const std::vector<ExprPtr>& arguments() const { return arguments_; }

 private:
  std::vector<ExprPtr> arguments_;
};

template <class Kernel>
class StrictExpr final : public CallExpr {
 public:
  StrictExpr(columns::Type type, std::vector<ExprPtr> arguments, Kernel kernel)
      : CallExpr(std::move(type), std::move(arguments)), kernel_(std::move(kernel)) {}

  void evaluate(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                columns::Column& out) const override {
    read_and_run(input, rows, context, out, std::make_index_sequence<std::tuple_size_v<Tuple>>());
  }

 private:
  using Tuple = typename kernel::Signature<Kernel>::Arguments;

  template <size_t... I>
  void read_and_run(const columns::Batch& input, columns::Rows rows, EvalContext& context,
                    columns::Column& out, std::index_sequence<I...>) const {
    prepare(out, type(), input.rows);
    ScratchColumn scratch[sizeof...(I) + 1] = {((void)I, ScratchColumn(context.pool))...,
                                               ScratchColumn(context.pool)};
    const Argument read[sizeof...(I) + 1] = {
        read_argument(*arguments()[I], input, rows, context, *scratch[I],
                      std::is_same_v<std::tuple_element_t<I, Tuple>, Cell>)...,
        Argument{nullptr, true}};
    kernel::dispatch(kernel_, static_cast<Tuple*>(nullptr), read, rows, context, out);
  }

  Kernel kernel_;
};

}  // namespace tailrace::sql
