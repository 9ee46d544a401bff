#include "engine/retire.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/duration.h"

namespace tailrace::engine {

using formats::BadReason;

Retirer::Retirer(const Job& job, BatchCounts& counts, Outcome& outcome, Emitter& emitter,
                 BatchRun& run, const sql::LateRule& late_rule, bool closes_windows,
                 std::span<state::GroupStore> stores)
    : job_(job),
      counts_(counts),
      outcome_(outcome),
      emitter_(emitter),
      run_(run),
      late_rule_(late_rule),
      closes_windows_(closes_windows),
      stores_(stores) {}

Status Retirer::retire(Block& block, const offsets::Range& range) {
  if (counts_.lines.empty() || counts_.lines.back().first != block.bounds.range) {
    lines_before_ = 0;
    counts_.lines.emplace_back(block.bounds.range, 0);
  }
  counts_.bytes += block.chunk.bytes.size();
  counts_.times.merge(block.rows.times);
  note_unknown(block, range);
  counts_.rows_in += block.decoded.batch.rows - block.rows.rejected.size();
  for (const UncountedRow& row : uncounted_rows(block)) TRY(retire_uncounted(row, block, range));
  if (!job_.query->aggregation) TRY(write_rows(block));
  if (closes_windows_) TRY(close_windows(block, block.rows.context.batch_time_us));
  lines_before_ += block.decoded.lines;
  counts_.lines.back().second = lines_before_;
  return {};
}

uint64_t Retirer::line_number(const offsets::Range& range, uint32_t line) const {
  return range.first_line + lines_before_ + line;
}

void Retirer::note_unknown(const Block& block, const offsets::Range& range) {
  for (const formats::UnknownField& field : block.decoded.unknown) {
    const bool known = std::ranges::any_of(
        outcome_.unknown_fields, [&](const UnseenField& seen) { return seen.name == field.name; });
    if (!known)
      outcome_.unknown_fields.push_back(
          {field.name, fmt::format("{}:{}", range.name, line_number(range, field.line))});
  }
}

// Bad lines, rejected rows and late ones, in order of lines: how the input is cut into blocks does
// not show in the ledger.
std::vector<Retirer::UncountedRow> Retirer::uncounted_rows(const Block& block) {
  std::vector<UncountedRow> rows;
  const formats::Decoded& decoded = block.decoded;
  for (const formats::BadLine& bad : decoded.bad)
    rows.push_back({bad.line, bad.begin, bad.size, bad.reason, bad.detail, {}});
  for (const sql::RejectedRow& rejected : block.rows.rejected)
    rows.push_back({decoded.row_line[rejected.row],
                    decoded.row_begin[rejected.row],
                    decoded.row_size[rejected.row],
                    rejected.reason,
                    rejected.detail,
                    {}});
  if (job_.query->aggregation) add_late_rows(block, rows);
  std::ranges::stable_sort(rows, {}, &UncountedRow::line);
  return rows;
}

// A row is late once, however many of its windows were closed.
void Retirer::add_late_rows(const Block& block, std::vector<UncountedRow>& rows) {
  std::vector<uint32_t> entries;
  for (const auto& late : block.late) entries.insert(entries.end(), late.begin(), late.end());
  if (entries.empty()) return;
  std::ranges::sort(entries);
  const sql::GroupedBlock& grouped = block.grouped;
  sql::LateRule rule = late_rule_;
  if (job_.watermark_mode == WatermarkMode::kRow) {
    rule.running_greatest = block.rows.running_greatest.data();
    rule.greatest_before = block.greatest_before;
  }
  const bool sliding =
      job_.query->aggregation->window &&
      job_.query->aggregation->window->slide_us < job_.query->aggregation->window->size_us;
  for (size_t i = 0; i < entries.size();) {
    const uint32_t row = grouped.entries.rows[entries[i]];
    size_t closed = 0;
    for (; i < entries.size() && grouped.entries.rows[entries[i]] == row; i++, closed++)
      counts_.late_groups.insert(
          sql::group_hash(grouped.keys.hashes[row], grouped.entries.ends[entries[i]]));
    const auto windows = std::ranges::equal_range(grouped.entries.rows, row).size();
    rows.push_back(
        {block.decoded.row_line[row], block.decoded.row_begin[row], block.decoded.row_size[row],
         BadReason::kLate,
         "late by " + format_duration(rule.watermark_for(row) - block.rows.event_times[row]),
         sliding ? fmt::format("{}/{}", closed, windows) : ""});
  }
}

Status Retirer::retire_uncounted(const UncountedRow& row, const Block& block,
                                 const offsets::Range& range) {
  const uint64_t line = line_number(range, row.line);
  if (row.reason == BadReason::kLate) {
    counts_.late_rows++;
    if (job_.fail_on_late) return fail(fmt::format("{}:{}: {}", range.name, line, row.detail));
  } else {
    counts_.bad_rows++;
    counts_.future_rows += row.reason == BadReason::kFuture;
    const auto place = [&] {
      return fmt::format("{}:{}: {}: {}", range.name, line, formats::reason_name(row.reason),
                         row.detail);
    };
    if (outcome_.first_bad.empty()) outcome_.first_bad = place();
    const bool fails =
        job_.fail_on_bad || (job_.permissive && row.reason == BadReason::kBadExpression);
    if (fails) return fail(place());
  }
  if (job_.ledger == nullptr || !job_.ledger->keeps(row.reason)) return {};
  return job_.ledger->add({row.reason, row.detail, range.name, block.chunk.offset + row.begin, line,
                           block.chunk.bytes.substr(row.begin, row.size), row.windows});
}

Status Retirer::write_rows(Block& block) {
  std::vector<uint32_t>& rows = block.rows.rows;
  if (kept_ != nullptr) {
    for (const uint32_t row : rows) {
      for (size_t i = 0; i < kept_->rows.columns.size(); i++) {
        columns::Column& to = kept_->rows.columns[i];
        to.resize(kept_->rows.rows + 1);
        columns::copy_value(block.rows.batch->columns[i], row, to, kept_->rows.rows, kept_->arena);
      }
      kept_->rows.rows++;
    }
    return {};
  }
  if (job_.query->limit) {
    const uint64_t written = outcome_.rows_out_before + outcome_.rows_out + counts_.rows_out;
    const uint64_t left = *job_.query->limit - std::min(*job_.query->limit, written);
    if (rows.size() > left) rows.resize(left);
  }
  counts_.rows_out += rows.size();
  if (rows.empty()) return {};
  if (job_.row_format == nullptr) return job_.sink->write(*block.rows.batch, rows);
  if (job_.query->limit) job_.row_format->rows(*block.rows.batch, rows, block.formatted);
  return job_.sink->write_formatted(block.formatted.view(), rows.size());
}

Status Retirer::close_windows(const Block& block, int64_t batch_time_us) {
  least_open_end_ = std::min(least_open_end_, block.grouped.least_end);
  if (least_open_end_ > block.watermark_after) return {};
  const int64_t start_us = job_.clock->monotonic_us();
  std::vector<state::GroupTable> closed;
  int64_t least = state::kNoEnd;
  run_.with_each_store([&](state::GroupStore& store) {
    for (state::GroupTable& table : store.take(block.watermark_after))
      closed.push_back(std::move(table));
    least = std::min(least, store.least_end());
  });
  least_open_end_ = least;
  const std::vector<Emitter::Due> due = emitter_.collect(closed, Emitter::Threads::kOne);
  counts_.groups_removed += due.size();
  counts_.rows_out +=
      TRY(emitter_.emit(due, Emitter::Limit::kPerWindow, Emitter::Threads::kOne, batch_time_us));
  outcome_.times.emit += job_.clock->monotonic_us() - start_us;
  return {};
}

}  // namespace tailrace::engine
