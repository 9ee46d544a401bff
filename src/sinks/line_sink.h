// LineSink: rows as lines (jsonl, csv, tsv) to a destination. Gathers kDrainBytes before it writes;
// flush() writes at once. A header comes where the destination begins, before any row. Workers may
// format rows themselves and hand the bytes to write_formatted. Committed batches answer as the
// destination promises; a closed reader (ErrorKind::kClosed) is passed up.
#pragma once

#include <memory>
#include <string>

#include "base/buffer.h"
#include "formats/row_format.h"
#include "sinks/destination.h"
#include "sinks/sink.h"

namespace tailrace::sinks {

class LineSink : public Sink {
 public:
  static constexpr size_t kDrainBytes = 128 << 10;

  LineSink(std::unique_ptr<formats::RowFormat> format, std::unique_ptr<Destination> destination);

  Status recover(const std::string& note) override { return destination_->recover(note); }
  Status begin_batch(int64_t batch) override;
  Status write(const columns::Batch& rows, columns::Rows selected) override;
  Status write_formatted(std::string_view bytes, uint64_t rows) override;
  bool takes_formatted() const override { return true; }
  Status flush() override;
  Result<std::string> commit_batch(int64_t batch) override;
  Status finish() override { return destination_->finish(); }
  uint64_t rows_written() const override { return rows_; }
  std::string description() const override { return destination_->description(); }

 private:
  std::unique_ptr<formats::RowFormat> format_;
  std::unique_ptr<Destination> destination_;
  Buffer buffer_;
  uint64_t rows_ = 0;
};

}  // namespace tailrace::sinks
