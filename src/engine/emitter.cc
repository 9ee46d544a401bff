#include "engine/emitter.h"

#include <algorithm>
#include <map>

namespace tailrace::engine {
namespace {
constexpr size_t kGroupsAtOnce = 4096;
}

void Emitter::sort(std::vector<Due>& due) {
  // Groups mostly come in order already: of one partition, they were made in input order.
  if (!std::ranges::is_sorted(due)) std::ranges::sort(due);
}

void Emitter::for_each(Threads threads, size_t items, const std::function<void(size_t)>& task) {
  if (threads == Threads::kAll) return workers_.for_each(items, task);
  for (size_t i = 0; i < items; i++) task(i);
}

namespace {

using Due = Emitter::Due;

// Places in the list of all groups: of one table, or of tables whose groups mix.
struct Segment {
  size_t begin = 0;
  size_t end = 0;
};

void fill_segment(const state::GroupTable& table, std::span<Due> out) {
  for (size_t i = 0; i < out.size(); i++) {
    const state::Group* group = table.groups()[i];
    out[i] = {group->end, group->first(), group};
  }
  if (!std::ranges::is_sorted(out)) std::ranges::sort(out);
}

// Neighbouring segments whose groups mix, and none of whose groups mix with another cluster's:
// windows.
struct Cluster {
  std::span<const Segment> segments;
  Due last{};
};

std::vector<Cluster> clusters_of(std::span<const Segment> segments, const std::vector<Due>& due) {
  std::vector<Cluster> clusters;  // ascending
  for (size_t i = 0; i < segments.size(); i++) {
    const Due& first = due[segments[i].begin];
    Cluster joined{segments.subspan(i, 1), due[segments[i].end - 1]};
    // A segment may reach back behind several clusters: then all of them are one.
    while (!clusters.empty() && first < clusters.back().last) {
      const Cluster& before = clusters.back();
      joined = {{before.segments.data(), before.segments.size() + joined.segments.size()},
                std::max(before.last, joined.last)};
      clusters.pop_back();
    }
    clusters.push_back(joined);
  }
  return clusters;
}

void merge_cluster(std::span<const Segment> cluster, std::vector<Due>& due) {
  const auto at = [&](size_t i) { return due.begin() + static_cast<std::ptrdiff_t>(i); };
  const size_t begin = cluster.front().begin;
  for (const Segment& segment : cluster.subspan(1))
    std::inplace_merge(at(begin), at(segment.begin), at(segment.end));
}

}  // namespace

std::vector<Emitter::Due> Emitter::collect(std::span<const state::GroupTable> tables,
                                           Threads threads) {
  std::vector<const state::GroupTable*> order;
  for (const state::GroupTable& table : tables)
    if (!table.groups().empty()) order.push_back(&table);
  std::ranges::stable_sort(order, {}, [](const auto* table) { return table->groups()[0]->end; });
  std::vector<Segment> segments;
  size_t groups = 0;
  for (const state::GroupTable* table : order) {
    segments.push_back({groups, groups + table->groups().size()});
    groups = segments.back().end;
  }
  std::vector<Due> due(groups);
  for_each(threads, order.size(), [&](size_t i) {
    fill_segment(*order[i], std::span(due).subspan(segments[i].begin, order[i]->groups().size()));
  });
  const std::vector<Cluster> clusters = clusters_of(segments, due);
  for_each(threads, clusters.size(), [&](size_t i) { merge_cluster(clusters[i].segments, due); });
  return due;
}

void Emitter::make_piece(std::span<const Due> due, int64_t batch_time_us, Piece& piece) const {
  piece.groups.clear();
  for (const Due& one : due) piece.groups.push_back(one.group);
  piece.formatted.clear();
  piece.status =
      sql::make_output(*job_.query, *accumulators_, piece.groups, batch_time_us, piece.rows);
  if (piece.status && job_.row_format != nullptr)
    job_.row_format->rows(*piece.rows.batch, piece.rows.rows, piece.formatted);
}

Result<uint64_t> Emitter::write_piece(const Piece& piece) {
  if (!piece.status) return std::unexpected(piece.status.error());
  const uint64_t count = piece.rows.rows.size();
  if (job_.row_format != nullptr)
    TRY(job_.sink->write_formatted(piece.formatted.view(), count));
  else
    TRY(job_.sink->write(*piece.rows.batch, piece.rows.rows));
  return count;
}

Result<uint64_t> Emitter::emit_plain(std::span<const Due> due, Threads threads,
                                     int64_t batch_time_us) {
  // Some pieces are made side by side, then written in order, so that memory stays bounded.
  const size_t side_by_side = threads == Threads::kAll ? workers_.count() * 4 : 1;
  while (pieces_.size() < side_by_side) pieces_.push_back(std::make_unique<Piece>());
  uint64_t rows = 0;
  while (!due.empty()) {
    const size_t count = std::min(side_by_side, (due.size() + kGroupsAtOnce - 1) / kGroupsAtOnce);
    const auto piece_of = [&](size_t i) {
      return due.subspan(i * kGroupsAtOnce,
                         std::min(kGroupsAtOnce, due.size() - i * kGroupsAtOnce));
    };
    const auto make = [&](size_t i) { make_piece(piece_of(i), batch_time_us, *pieces_[i]); };
    if (count == 1)
      make(0);
    else
      workers_.for_each(count, make);
    for (size_t i = 0; i < count; i++) rows += TRY(write_piece(*pieces_[i]));
    due = due.subspan(std::min(due.size(), count * kGroupsAtOnce));
  }
  return rows;
}

Result<uint64_t> Emitter::emit_ordered(std::span<const Due> due, Limit limit,
                                       int64_t batch_time_us) {
  if (due.empty()) return 0;
  Piece piece;
  make_piece(due, batch_time_us, piece);
  if (!piece.status) return std::unexpected(piece.status.error());
  std::vector<uint32_t>& rows = piece.rows.rows;
  TRY(sql::sort_rows(job_.query->order_by, *piece.rows.batch, batch_time_us, rows));
  for (columns::Batch& projected : piece.rows.projected)
    if (&projected == piece.rows.batch) columns::drop_columns(projected, job_.query->schema.size());
  if (job_.query->limit) {
    std::map<int64_t, uint64_t> written;  // by window end
    std::erase_if(rows, [&](uint32_t row) {
      return written[limit == Limit::kPerWindow ? due[row].end : 0]++ >= *job_.query->limit;
    });
  }
  piece.formatted.clear();
  if (job_.row_format != nullptr)
    for (const uint32_t row : rows)
      job_.row_format->rows(*piece.rows.batch, {&row, 1}, piece.formatted);
  return write_piece(piece);
}

Result<uint64_t> Emitter::emit(std::span<const Due> due, Limit limit, Threads threads,
                               int64_t batch_time_us) {
  if (job_.query->order_by.empty() && !job_.query->limit)
    return emit_plain(due, threads, batch_time_us);
  // A window's rows are final, so with a watermark each window is ordered on its own: what comes
  // out does not depend on how many windows closed together.
  if (limit == Limit::kWhole || !job_.delay_us) return emit_ordered(due, limit, batch_time_us);
  uint64_t rows = 0;
  for (std::span<const Due> rest = due; !rest.empty();) {
    const auto same =
        std::ranges::find_if(rest, [&](const Due& one) { return one.end != rest.front().end; });
    const auto count = static_cast<size_t>(same - rest.begin());
    rows += TRY(emit_ordered(rest.first(count), limit, batch_time_us));
    rest = rest.subspan(count);
  }
  return rows;
}

}  // namespace tailrace::engine
