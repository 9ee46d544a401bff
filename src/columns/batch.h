// Batch: the columns of some rows, named and typed. Plain data, one owner.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "columns/column.h"
#include "columns/type.h"

namespace tailrace::columns {

struct Batch {
  size_t rows = 0;
  std::vector<Column> columns;  // each of `rows` rows
};

// An empty batch with a column for each field.
Batch make_batch(const Schema& schema);
// Leaves only the first `count` columns.
void drop_columns(Batch& batch, size_t count);

}  // namespace tailrace::columns
