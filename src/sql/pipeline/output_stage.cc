#include "sql/pipeline/output_stage.h"

#include <algorithm>

#include "base/check.h"
#include "sql/aggregate/keys.h"

namespace tailrace::sql {

using columns::Batch;
using columns::Column;

namespace {

void fill_window(const Window& window, std::span<const state::Group* const> groups, Column& out) {
  out.resize(groups.size());
  for (size_t i = 0; i < groups.size(); i++) {
    out.nulls[i] = 0;
    out.children[0].nulls[i] = 0;
    out.children[0].ints[i] = groups[i]->end - window.size_us;
    out.children[1].nulls[i] = 0;
    out.children[1].ints[i] = groups[i]->end;
  }
}

std::string_view key_of(const state::Group& group, size_t payload_bytes) {
  return {group.payload() + payload_bytes, group.key_bytes};
}

Status fill_groups(const Aggregation& aggregation, const Accumulators& accumulators,
                   std::span<const state::Group* const> groups, Batch& out) {
  if (out.columns.empty()) out = columns::make_batch(aggregation.schema);
  out.rows = groups.size();
  size_t column = 0;
  if (aggregation.window) fill_window(*aggregation.window, groups, out.columns[column++]);
  std::vector<std::string_view> keys;
  for (const state::Group* group : groups)
    keys.push_back(key_of(*group, accumulators.payload_bytes()));
  const std::span<Column> key_columns =
      std::span(out.columns).subspan(column, aggregation.keys.size());
  for (Column& key : key_columns) key.clear();
  decode_keys(keys, key_columns);
  column += aggregation.keys.size();
  for (size_t i = 0; i < accumulators.size(); i++) {
    Column& result = out.columns[column++];
    result.clear();
    result.resize(groups.size());
    TRY(accumulators.results(i, groups, result));
  }
  return {};
}

}  // namespace

Status make_output(const Query& query, const Accumulators& accumulators,
                   std::span<const state::Group* const> groups, int64_t batch_time_us,
                   OutputRows& out) {
  TRY(fill_groups(*query.aggregation, accumulators, groups, out.grouped));
  out.arena.clear();
  out.errors.clear();
  out.rows.resize(groups.size());
  for (uint32_t row = 0; row < out.rows.size(); row++) out.rows[row] = row;
  out.projected.resize(query.output.size());
  EvalContext context{&out.arena, &out.errors, batch_time_us, {}};
  std::vector<RejectedRow> rejected;
  size_t used = 0;
  out.batch =
      run_steps(query.output, &out.grouped, out.rows, context, out.projected, used, rejected);
  if (!rejected.empty()) return fail("after aggregation: " + rejected.front().detail);
  return {};
}

Status sort_rows(const std::vector<SortKey>& order, const Batch& batch, int64_t batch_time_us,
                 std::vector<uint32_t>& rows) {
  if (order.empty() || rows.empty()) return {};
  Arena arena;
  RowErrors errors;
  EvalContext context{&arena, &errors, batch_time_us, {}};
  std::vector<uint32_t> ascending = rows;
  std::ranges::sort(ascending);
  std::vector<Column> scratch(order.size());
  std::vector<const Column*> keys;
  for (size_t i = 0; i < order.size(); i++)
    keys.push_back(&evaluated(*order[i].value, batch, ascending, context, scratch[i]));
  if (!errors.empty()) return fail("ORDER BY: " + errors.entries().front().message);
  std::ranges::stable_sort(rows, [&](uint32_t a, uint32_t b) {
    for (size_t i = 0; i < order.size(); i++) {
      const bool a_null = keys[i]->is_null(a);
      if (a_null != keys[i]->is_null(b)) return a_null == order[i].nulls_first;
      const int part = columns::compare_values(*keys[i], a, *keys[i], b);
      if (part != 0) return order[i].descending ? part > 0 : part < 0;
    }
    return false;
  });
  return {};
}

}  // namespace tailrace::sql
