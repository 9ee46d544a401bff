#include "engine/emitter.h"

#include <algorithm>
#include <map>

namespace tailrace::engine {
namespace {
constexpr size_t kGroupsAtOnce = 4096;
}

void Emitter::collect(const state::GroupTable& table, std::vector<Due>& due) {
  due.reserve(due.size() + table.groups().size());
  for (const state::Group* group : table.groups()) due.push_back({group->end, group->first(), group});
}

void Emitter::make_piece(std::span<const Due> due, int64_t batch_time_us, Piece& piece) const {
  piece.groups.clear();
  for (const Due& one : due) piece.groups.push_back(one.group);
  piece.formatted.clear();
  piece.status = sql::make_output(*job_.query, *accumulators_, piece.groups, batch_time_us, piece.rows);
  if (piece.status && job_.row_format != nullptr)
    job_.row_format->rows(*piece.rows.batch, piece.rows.rows, piece.formatted);
}

Result<uint64_t> Emitter::write_piece(const Piece& piece) {
  if (!piece.status) return std::unexpected(piece.status.error());
  const uint64_t count = piece.rows.rows.size();
  if (job_.row_format != nullptr) TRY(job_.sink->write_formatted(piece.formatted.view(), count));
  else TRY(job_.sink->write(*piece.rows.batch, piece.rows.rows));
  return count;
}

Result<uint64_t> Emitter::emit_plain(std::span<const Due> due, Threads threads, int64_t batch_time_us) {
  // Some pieces are made side by side, then written in order, so that memory stays bounded.
  const size_t side_by_side = threads == Threads::kAll ? workers_.count() * 4 : 1;
  while (pieces_.size() < side_by_side) pieces_.push_back(std::make_unique<Piece>());
  uint64_t rows = 0;
  while (!due.empty()) {
    const size_t count = std::min(side_by_side, (due.size() + kGroupsAtOnce - 1) / kGroupsAtOnce);
    const auto piece_of = [&](size_t i) {
      return due.subspan(i * kGroupsAtOnce, std::min(kGroupsAtOnce, due.size() - i * kGroupsAtOnce));
    };
    const auto make = [&](size_t i) { make_piece(piece_of(i), batch_time_us, *pieces_[i]); };
    if (count == 1) make(0);
    else workers_.for_each(count, make);
    for (size_t i = 0; i < count; i++) rows += TRY(write_piece(*pieces_[i]));
    due = due.subspan(std::min(due.size(), count * kGroupsAtOnce));
  }
  return rows;
}

Result<uint64_t> Emitter::emit_ordered(std::span<const Due> due, Limit limit, int64_t batch_time_us) {
  if (due.empty()) return 0;
  Piece piece;
  make_piece(due, batch_time_us, piece);
  if (!piece.status) return std::unexpected(piece.status.error());
  std::vector<uint32_t>& rows = piece.rows.rows;
  TRY(sql::sort_rows(job_.query->order_by, *piece.rows.batch, batch_time_us, rows));
  if (job_.query->limit) {
    std::map<int64_t, uint64_t> written;  // by window end
    std::erase_if(rows, [&](uint32_t row) {
      return written[limit == Limit::kPerWindow ? due[row].end : 0]++ >= *job_.query->limit;
    });
  }
  piece.formatted.clear();
  if (job_.row_format != nullptr)
    for (const uint32_t row : rows) job_.row_format->rows(*piece.rows.batch, {&row, 1}, piece.formatted);
  return write_piece(piece);
}

Result<uint64_t> Emitter::emit(std::vector<Due>& due, Limit limit, Threads threads, int64_t batch_time_us) {
  // Groups mostly come in order already: of one partition, they were made in input order.
  if (!std::ranges::is_sorted(due)) std::ranges::sort(due);
  if (job_.query->order_by.empty() && !job_.query->limit)
    return emit_plain(due, threads, batch_time_us);
  // A window's rows are final, so with a watermark each window is ordered on its own: what comes out does
  // not depend on how many windows closed together.
  if (limit == Limit::kWhole || !job_.delay_us) return emit_ordered(due, limit, batch_time_us);
  uint64_t rows = 0;
  for (std::span<const Due> rest = due; !rest.empty();) {
    const auto same = std::ranges::find_if(rest, [&](const Due& one) { return one.end != rest.front().end; });
    const auto count = static_cast<size_t>(same - rest.begin());
    rows += TRY(emit_ordered(rest.first(count), limit, batch_time_us));
    rest = rest.subspan(count);
  }
  return rows;
}

}  // namespace tailrace::engine
