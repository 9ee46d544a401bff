// explain_plan: the steps of a query for people, in the order in which a row meets them.
#include <fmt/format.h>

#include "sql/bind/bind.h"
#include "sql/bind/flag_query.h"
#include "sql/parse/printer.h"

namespace tailrace::sql {
namespace {

void line(std::string& out, std::string_view text) { out += fmt::format("  {}\n", text); }

void steps(std::string& out, const std::vector<Step>& list) {
  for (const Step& step : list) {
    line(out, fmt::format("{} {}", step.filter ? "filter" : "project", step.text));
  }
}

void read(std::string& out, const Query& query) {
  std::string fields;
  for (size_t i = 0; i < query.fields.size(); ++i) {
    const columns::Field& field = query.fields[i];
    fields +=
        fmt::format("{}{} {}", i == 0 ? "" : ", ", print_name(field.name), print_type(field.type));
    if (query.readings[i] == formats::TimeReading::kLenient) fields += " (any form of time)";
  }
  line(out, "read " + (fields.empty() ? std::string("no field") : fields));
}

// The prepared rows are the last projection of `prepare`, or the fields.
std::string event_time(const Query& query) {
  if (query.event_time < 0) return "no event time";
  for (const Step& step : query.prepare) {
    if (!step.columns.empty())
      return fmt::format("event time: column {} of the projection", query.event_time + 1);
  }
  return "event time: " + print_name(query.fields[query.event_time].name);
}

void aggregate(std::string& out, const Aggregation& aggregation) {
  line(out, "aggregate");
  size_t column = 0;
  if (aggregation.window) {
    const Window& window = *aggregation.window;
    std::string text = "  window of " + interval_text(window.size_us);
    if (window.slide_us != window.size_us) text += " every " + interval_text(window.slide_us);
    if (window.start_us != 0) text += " from " + interval_text(window.start_us);
    line(out, text + (aggregation.window_on_event_time ? ", on the event time" : ""));
    ++column;
  }
  for (size_t i = 0; i < aggregation.keys.size(); ++i, ++column) {
    const bool time = static_cast<int>(i) == aggregation.event_time_key;
    line(out, fmt::format("  key {}{}", aggregation.schema[column].name,
                          time ? ", the event time" : ""));
  }
  for (; column < aggregation.schema.size(); ++column)
    line(out, "  " + aggregation.schema[column].name);
}

}  // namespace

std::string explain_plan(const Query& query) {
  std::string out = "plan\n";
  read(out, query);
  steps(out, query.prepare);
  steps(out, query.before_watermark);
  line(out, event_time(query));
  steps(out, query.after_watermark);
  if (query.aggregation) aggregate(out, *query.aggregation);
  steps(out, query.output);
  for (const SortKey& key : query.order_by) {
    line(out, fmt::format("order by {}{}{}", key.text, key.descending ? " DESC" : "",
                          key.nulls_first == key.descending
                              ? (key.nulls_first ? " NULLS FIRST" : " NULLS LAST")
                              : ""));
  }
  if (query.limit) line(out, fmt::format("limit {}", *query.limit));
  std::string columns;
  for (const columns::Field& field : query.schema) {
    columns += fmt::format("{}{} {}", columns.empty() ? "" : ", ", print_name(field.name),
                           print_type(field.type));
  }
  line(out, "output " + columns);
  return out;
}

}  // namespace tailrace::sql
