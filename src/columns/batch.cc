#include "columns/batch.h"

namespace tailrace::columns {

Batch make_batch(const Schema& schema) {
  Batch batch;
  for (const Field& field : schema) batch.columns.emplace_back(field.type);
  return batch;
}

void drop_columns(Batch& batch, size_t count) {
  if (count < batch.columns.size())
    batch.columns.erase(batch.columns.begin() + static_cast<std::ptrdiff_t>(count),
                        batch.columns.end());
}

}  // namespace tailrace::columns
