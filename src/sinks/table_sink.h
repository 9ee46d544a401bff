// TableSink and ConsoleSink: rows for people. TableSink is one aligned table over all batches of a
// run; ConsoleSink is Spark's boxed table for each batch, drawn when the batch is committed, also
// when it is empty. Both as formats/table.h draws them, to any destination.
#pragma once

#include <memory>
#include <string>

#include "formats/table.h"
#include "sinks/destination.h"
#include "sinks/sink.h"

namespace tailrace::sinks {

// What the two have in common: rows come as columns only, and text leaves in one piece.
class DrawnSink : public Sink {
 public:
  explicit DrawnSink(std::unique_ptr<Destination> destination)
      : destination_(std::move(destination)) {}

  Status recover(const std::string& note) override { return destination_->recover(note); }
  Status write_formatted(std::string_view bytes, uint64_t rows) override;
  bool takes_formatted() const override { return false; }
  uint64_t rows_written() const override { return rows_; }
  std::string description() const override { return destination_->description(); }

 protected:
  // Hands `text_` to the destination.
  Status hand_over();

  std::unique_ptr<Destination> destination_;
  std::string text_;
  uint64_t rows_ = 0;
};

class TableSink : public DrawnSink {
 public:
  // `fresh_each_batch`: a table of its own for each batch (--mode complete).
  TableSink(columns::Schema schema, formats::TimeZone zone,
            std::unique_ptr<Destination> destination, bool fresh_each_batch);

  Status begin_batch(int64_t batch) override;
  Status write(const columns::Batch& rows, columns::Rows selected) override;
  Status flush() override;
  Result<std::string> commit_batch(int64_t batch) override;
  Status finish() override;

 private:
  columns::Schema schema_;
  formats::TimeZone zone_;
  bool fresh_each_batch_;
  bool committed_ = false;  // some batch was, in this run
  formats::AlignedTable table_;
};

class ConsoleSink : public DrawnSink {
 public:
  ConsoleSink(columns::Schema schema, formats::TimeZone zone, bool truncate,
              std::unique_ptr<Destination> destination);

  Status begin_batch(int64_t batch) override;
  Status write(const columns::Batch& rows, columns::Rows selected) override;
  Status flush() override { return {}; }  // a box is drawn whole
  Result<std::string> commit_batch(int64_t batch) override;
  Status finish() override { return destination_->finish(); }

 private:
  formats::ConsoleBatch box_;
};

}  // namespace tailrace::sinks
