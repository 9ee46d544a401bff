#include "sinks/line_sink.h"

#include <algorithm>

namespace tailrace::sinks {
namespace {
constexpr size_t kRowsAtOnce = 1024;
}

LineSink::LineSink(std::unique_ptr<formats::RowFormat> format,
                   std::unique_ptr<Destination> destination)
    : format_(std::move(format)), destination_(std::move(destination)) {}

// What an abandoned batch left in the buffer never gets out.
Status LineSink::begin_batch(int64_t batch) {
  buffer_.clear();
  rows_ = 0;
  TRY(destination_->begin_batch(batch));
  if (destination_->at_start()) format_->header(buffer_);
  return {};
}

Status LineSink::write(const columns::Batch& rows, columns::Rows selected) {
  rows_ += selected.size();
  while (!selected.empty()) {
    const size_t count = std::min(selected.size(), kRowsAtOnce);
    format_->rows(rows, selected.first(count), buffer_);
    selected = selected.subspan(count);
    if (buffer_.size() >= kDrainBytes) TRY(flush());
  }
  return {};
}

Status LineSink::write_formatted(std::string_view bytes, uint64_t rows) {
  rows_ += rows;
  if (buffer_.size() + bytes.size() < kDrainBytes) {
    buffer_.append(bytes);
    return {};
  }
  TRY(flush());
  return destination_->write(bytes);
}

Status LineSink::flush() {
  if (buffer_.size() == 0) return {};
  TRY(destination_->write(buffer_.view()));
  buffer_.clear();
  return {};
}

Result<std::string> LineSink::commit_batch(int64_t) {
  TRY(flush());
  return destination_->commit_batch();
}

}  // namespace tailrace::sinks
