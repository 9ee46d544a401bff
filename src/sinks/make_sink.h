// make_sink: from the options of the output (cli.md, "Output") to the Sink for jsonl, csv, tsv,
// table and console. Reads and writes nothing yet. What cannot be is a usage error. Borrows the
// stream and the Filesystem for the life of the sink.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "columns/type.h"
#include "formats/row_format.h"
#include "formats/time_zone.h"
#include "io/filesystem.h"
#include "io/stream.h"
#include "sinks/sink.h"

namespace tailrace::sinks {

struct SinkOptions {
  std::string format = "jsonl";  // jsonl, csv, tsv, table, console
  std::string path = "-";        // "-": standard output
  columns::Schema schema;        // the query's output
  formats::TimeZone zone;
  bool append = false;  // --append
  bool has_checkpoint = false;
  bool complete = false;           // --mode complete: a file is replaced at once
  bool truncate = true;            // console; false: --no-truncate
  bool warn_on_data_loss = false;  // --on-data-loss warn
  std::string start_file;          // in the checkpoint's directory; see AppendFileOptions
  std::function<void(const std::string&)> warn;
};

Result<std::unique_ptr<Sink>> make_sink(const SinkOptions& options, io::Filesystem& files,
                                        io::OutputStream& standard_output);

// The row format of a name, for workers that format rows themselves; null if it is no line format.
std::unique_ptr<formats::RowFormat> make_row_format(const std::string& name, columns::Schema schema,
                                                    formats::TimeZone zone);

}  // namespace tailrace::sinks
