// Sink: where formatted rows go. A batch is begin, any number of writes, then commit; committing
// the same batch number twice equals once. Written by one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "columns/batch.h"
#include "columns/type.h"

namespace tailrace::sinks {

class Sink {
 public:
  virtual ~Sink() = default;

  // Cuts the sink back to what the last committed batch's `note` says. An empty note: no batch was
  // committed under this checkpoint yet. Called once before the first batch, and only with a
  // checkpoint.
  virtual Status recover(const std::string& note) = 0;
  virtual Status begin_batch(int64_t batch) = 0;
  // Rows of the current batch, in the query's output schema. May be called from the thread that
  // holds the engine's output lock; never from two at once.
  virtual Status write(const columns::Batch& rows, columns::Rows selected) = 0;
  // Bytes that `format()` made of rows on another thread; same order rules as write().
  virtual Status write_formatted(std::string_view bytes, uint64_t rows) = 0;
  // True if rows may be formatted by workers with RowFormat and handed to write_formatted.
  virtual bool takes_formatted() const = 0;
  // Gives out what is buffered, without a promise of durability: called when the input pauses.
  virtual Status flush() = 0;
  // Makes the batch durable and returns the note for the commit record (a file's length, a
  // version).
  virtual Result<std::string> commit_batch(int64_t batch) = 0;
  virtual Status finish() = 0;                // the end of the run (closes a table, say)
  virtual uint64_t rows_written() const = 0;  // in the current or last batch
  virtual std::string description() const = 0;
};

}  // namespace tailrace::sinks
