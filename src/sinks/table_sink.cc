#include "sinks/table_sink.h"

#include "base/check.h"

namespace tailrace::sinks {

Status DrawnSink::write_formatted(std::string_view, uint64_t) { CHECK(false); }

Status DrawnSink::hand_over() {
  TRY(destination_->write(text_));
  text_.clear();
  return {};
}

TableSink::TableSink(columns::Schema schema, formats::TimeZone zone,
                     std::unique_ptr<Destination> destination, bool fresh_each_batch)
    : DrawnSink(std::move(destination)),
      schema_(std::move(schema)),
      zone_(std::move(zone)),
      fresh_each_batch_(fresh_each_batch),
      table_(schema_, zone_) {}

Status TableSink::begin_batch(int64_t batch) {
  rows_ = 0;
  if (fresh_each_batch_) table_ = formats::AlignedTable(schema_, zone_);
  return destination_->begin_batch(batch);
}

Status TableSink::write(const columns::Batch& rows, columns::Rows selected) {
  rows_ += selected.size();
  table_.add(rows, selected, text_);
  return text_.empty() ? Status{} : hand_over();
}

Status TableSink::flush() {
  table_.draw(text_);
  return hand_over();
}

Result<std::string> TableSink::commit_batch(int64_t) {
  if (fresh_each_batch_) table_.finish(text_);
  TRY(flush());
  committed_ = true;
  return destination_->commit_batch();
}

// Draws the header over no rows when no batch had any. A run without a batch writes nothing.
Status TableSink::finish() {
  if (committed_) table_.finish(text_);
  if (!text_.empty()) TRY(hand_over());
  return destination_->finish();
}

ConsoleSink::ConsoleSink(columns::Schema schema, formats::TimeZone zone, bool truncate,
                         std::unique_ptr<Destination> destination)
    : DrawnSink(std::move(destination)), box_(std::move(schema), std::move(zone), truncate) {}

Status ConsoleSink::begin_batch(int64_t batch) {
  rows_ = 0;
  box_.begin();
  return destination_->begin_batch(batch);
}

Status ConsoleSink::write(const columns::Batch& rows, columns::Rows selected) {
  rows_ += selected.size();
  box_.add(rows, selected);
  return {};
}

Result<std::string> ConsoleSink::commit_batch(int64_t batch) {
  box_.draw(batch, text_);
  TRY(hand_over());
  return destination_->commit_batch();
}

}  // namespace tailrace::sinks
