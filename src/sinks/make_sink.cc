#include "sinks/make_sink.h"

#include "sinks/append_file.h"
#include "sinks/line_sink.h"
#include "sinks/replace_file.h"
#include "sinks/stream_destination.h"
#include "sinks/table_sink.h"

namespace tailrace::sinks {
namespace {

std::unique_ptr<Destination> make_destination(const SinkOptions& options, io::Filesystem& files,
                                              io::OutputStream& standard_output) {
  if (options.path == "-") return std::make_unique<StreamDestination>(standard_output);
  if (options.complete) return std::make_unique<ReplaceFile>(files, options.path);
  AppendFileOptions file;
  file.path = options.path;
  file.append = options.append;
  file.has_checkpoint = options.has_checkpoint;
  file.warn_on_data_loss = options.warn_on_data_loss;
  file.start_file = options.start_file;
  file.warn = options.warn;
  return std::make_unique<AppendFile>(files, std::move(file));
}

}  // namespace

std::unique_ptr<formats::RowFormat> make_row_format(const std::string& name, columns::Schema schema,
                                                    formats::TimeZone zone) {
  if (name == "jsonl") return formats::jsonl_format(std::move(schema), std::move(zone));
  if (name == "csv") return formats::csv_format(std::move(schema), std::move(zone));
  if (name == "tsv") return formats::tsv_format(std::move(schema), std::move(zone));
  return nullptr;
}

Result<std::unique_ptr<Sink>> make_sink(const SinkOptions& options, io::Filesystem& files,
                                        io::OutputStream& standard_output) {
  if (options.complete && options.append && options.path != "-")
    return usage_error("--append: --mode complete replaces the file each batch; drop one of them");
  std::unique_ptr<Destination> destination = make_destination(options, files, standard_output);
  if (auto format = make_row_format(options.format, options.schema, options.zone))
    return std::make_unique<LineSink>(std::move(format), std::move(destination));
  if (options.format == "table")
    return std::make_unique<TableSink>(options.schema, options.zone, std::move(destination),
                                       options.complete);
  if (options.format == "console")
    return std::make_unique<ConsoleSink>(options.schema, options.zone, options.truncate,
                                         std::move(destination));
  return usage_error("--format " + options.format +
                     ": is not one of jsonl, csv, tsv, table, console");
}

}  // namespace tailrace::sinks
