#include "columns/batch.h"

namespace tailrace::columns {

Batch make_batch(const Schema& schema) {
  Batch batch;
  for (const Field& field : schema) batch.columns.emplace_back(field.type);
  return batch;
}

}  // namespace tailrace::columns
