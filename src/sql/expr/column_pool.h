// ColumnPool: columns and row lists that expressions need for a moment, kept for the next block so
// that evaluating allocates nothing once warm. One per worker (in its EvalContext); a copy starts
// empty. What a lease gives back goes to the next one who asks.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "columns/column.h"

namespace tailrace::sql {

class ColumnPool {
 public:
  ColumnPool() = default;
  ColumnPool(const ColumnPool&) {}
  ColumnPool& operator=(const ColumnPool&) { return *this; }
  ColumnPool(ColumnPool&&) = default;
  ColumnPool& operator=(ColumnPool&&) = default;

  std::unique_ptr<columns::Column> take_column() { return take(columns_); }
  std::unique_ptr<std::vector<uint32_t>> take_rows() { return take(rows_); }
  void give(std::unique_ptr<columns::Column> column) { columns_.push_back(std::move(column)); }
  void give(std::unique_ptr<std::vector<uint32_t>> rows) { rows_.push_back(std::move(rows)); }

 private:
  template <class T>
  static std::unique_ptr<T> take(std::vector<std::unique_ptr<T>>& from) {
    if (from.empty()) return std::make_unique<T>();
    std::unique_ptr<T> last = std::move(from.back());
    from.pop_back();
    return last;
  }

  std::vector<std::unique_ptr<columns::Column>> columns_;
  std::vector<std::unique_ptr<std::vector<uint32_t>>> rows_;
};

// A column for the time of a scope. Its type and contents are whatever the last user left.
class ScratchColumn {
 public:
  explicit ScratchColumn(ColumnPool& pool) : pool_(pool), column_(pool.take_column()) {}
  ~ScratchColumn() { pool_.give(std::move(column_)); }
  ScratchColumn(const ScratchColumn&) = delete;
  ScratchColumn& operator=(const ScratchColumn&) = delete;
  columns::Column& operator*() { return *column_; }
  columns::Column* operator->() { return column_.get(); }

 private:
  ColumnPool& pool_;
  std::unique_ptr<columns::Column> column_;
};

// A list of row numbers for the time of a scope; empty at the start.
class ScratchRows {
 public:
  explicit ScratchRows(ColumnPool& pool) : pool_(pool), rows_(pool.take_rows()) { rows_->clear(); }
  ~ScratchRows() { pool_.give(std::move(rows_)); }
  ScratchRows(const ScratchRows&) = delete;
  ScratchRows& operator=(const ScratchRows&) = delete;
  std::vector<uint32_t>& operator*() { return *rows_; }
  std::vector<uint32_t>* operator->() { return rows_.get(); }

 private:
  ColumnPool& pool_;
  std::unique_ptr<std::vector<uint32_t>> rows_;
};

}  // namespace tailrace::sql
