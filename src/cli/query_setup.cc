#include "cli/query_setup.h"

#include <fmt/format.h>

#include "base/duration.h"
#include "checkpoint/layout.h"
#include "checkpoint/recovery.h"
#include "formats/ddl.h"
#include "formats/infer.h"

namespace tailrace::cli {
namespace {

constexpr const char* kInferred = "schema_inferred";

Result<sql::InputSchema> inferred_schema(const Options& options, Input& input) {
  formats::SchemaInference inference(options.input_format == InputFormat::kKcat
                                         ? formats::SampleFormat::kKcat
                                         : formats::SampleFormat::kJsonLines);
  for (const std::string& line : TRY(input.sample())) inference.add_line(line);
  return sql::InputSchema{inference.schema(), true};
}

Result<sql::InputSchema> input_schema(const Options& options, Input& input,
                                      const std::optional<checkpoint::Metadata>& existing) {
  if (options.schema) return sql::InputSchema{*options.schema, false};
  if (existing) {
    const auto inferred = existing->extra.find(kInferred);
    if (inferred != existing->extra.end())
      return sql::InputSchema{TRY(formats::parse_ddl(existing->schema_ddl)), true};
  }
  return inferred_schema(options, input);
}

// An aggregation gives its rows out in append mode only when they are final.
Status check_append(const Options& options, const sql::Query& query) {
  const sql::Aggregation& aggregation = *query.aggregation;
  const bool has_end =
      aggregation.window ? aggregation.window_on_event_time : aggregation.event_time_key >= 0;
  if (options.checkpoint.empty() || (has_end && options.watermark_us)) return {};
  return usage_error(
      "--mode append: [STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION] with a checkpoint the input "
      "never ends, so "
      "groups are never final without a watermark on a window or the event time; add --watermark "
      "with "
      "--window, or use --mode update");
}

Status check_order(const Options& options, const sql::Query& query) {
  if (query.limit && options.query.mode == sql::OutputMode::kUpdate)
    return usage_error("--limit: not with --mode update, where rows change; use --mode complete");
  if (query.order_by.empty()) return {};
  if (options.query.mode == sql::OutputMode::kUpdate)
    return usage_error(
        "--order-by: not with --mode update, where rows change; use --mode complete");
  const bool per_window = query.aggregation && query.aggregation->window && options.watermark_us;
  if (options.query.mode == sql::OutputMode::kAppend && !options.checkpoint.empty() && !per_window)
    return usage_error(
        "--order-by: with a checkpoint the input never ends, so rows cannot be put in order; use "
        "--mode "
        "complete, or a watermark, with which each window is ordered");
  return {};
}

Status check_query(const Options& options, const sql::Query& query) {
  if (options.watermark_us && query.event_time < 0)
    return usage_error("--watermark: needs the event time; name its column with --time");
  if (!query.aggregation) {
    if (options.query.mode == sql::OutputMode::kComplete)
      return usage_error(
          "--mode complete: [STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION] only for a query with "
          "aggregates; leave "
          "--mode out");
  } else if (options.query.mode == sql::OutputMode::kAppend) {
    TRY(check_append(options, query));
  }
  return check_order(options, query);
}

}  // namespace

Result<std::optional<checkpoint::Metadata>> existing_metadata(const Options& options,
                                                              io::Filesystem& files) {
  if (options.checkpoint.empty()) return std::nullopt;
  const std::string path = checkpoint::Layout{options.checkpoint}.metadata();
  if (!TRY(files.stat(path))) return std::nullopt;
  return TRY(checkpoint::read_metadata(files, path));
}

Result<QuerySetup> set_up_query(const Options& options, Input& input,
                                const std::optional<checkpoint::Metadata>& existing) {
  QuerySetup setup;
  setup.parsed = TRY(sql::parse_request(options.query));
  setup.input = TRY(input_schema(options, input, existing));
  if (options.input_format == InputFormat::kKcat) setup.input.metadata = formats::kcat_metadata();
  setup.query = TRY(sql::bind(*setup.parsed, setup.input, {options.zone, options.ansi}));
  TRY(check_query(options, setup.query));
  return setup;
}

std::map<std::string, std::string> query_components(const Options& options, const Input& input,
                                                    const QuerySetup& setup) {
  static constexpr std::string_view kModes[] = {"append", "update", "complete"};
  std::map<std::string, std::string> components;
  components["sql"] = setup.query.sql;
  components["mode"] = kModes[static_cast<size_t>(options.query.mode)];
  components["time"] = options.query.time.value_or("");
  components["watermarked"] = options.watermark_us ? "yes" : "no";
  components["watermark-mode"] = options.watermark_mode == WatermarkMode::kRow ? "row" : "batch";
  components["source"] = input.kind();
  components["input-format"] = options.input_format == InputFormat::kKcat ? "kcat" : "json";
  components["schema"] = options.schema ? formats::to_ddl(*options.schema) : "inferred";
  components["tz"] = options.zone.name();
  components["ansi"] = options.ansi ? "on" : "off";
  return components;
}

formats::DecodeOptions decode_options(const Options& options, const QuerySetup& setup) {
  formats::DecodeOptions decode;
  decode.schema = setup.query.fields;
  decode.readings = setup.query.readings;
  decode.known = setup.input.fields;
  decode.report_unknown = setup.input.inferred;
  decode.zone = options.zone;
  decode.time_format = options.time_format;
  decode.line_bytes_max = options.line_bytes_max;
  decode.permissive = options.bad == BadPolicy::kNull;
  for (const columns::Field& field : setup.query.fields)
    if (field.name == "_corrupt_record" && decode.permissive)
      decode.corrupt_record_column = field.name;
  return decode;
}

}  // namespace tailrace::cli
