// Options: the command line as meant: durations and sizes are numbers, words are enumerators, and
// defaults that hang on other flags are filled in (cli.md). Plain data. Everything that can be
// found wrong without reading input is found here: usage errors, flag first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/low_arguments.h"
#include "columns/type.h"
#include "formats/time_zone.h"
#include "io/filesystem.h"
#include "offsets/source.h"
#include "sql/bind/bind.h"
#include "trigger/trigger.h"

namespace tailrace::cli {

enum class InputFormat : uint8_t { kJson, kKcat };
enum class BadPolicy : uint8_t { kSkip, kFail, kNull, kLedger };
enum class LatePolicy : uint8_t { kDrop, kFail, kLedger };
enum class DataLoss : uint8_t { kFail, kWarn };
enum class WatermarkMode : uint8_t { kRow, kBatch };
enum class FileOrder : uint8_t { kSeparate, kName, kModified };  // kSeparate: a file is a partition
enum class AtEnd : uint8_t { kClose, kKeep };
enum class OutputFormat : uint8_t { kJsonl, kCsv, kTsv, kTable, kConsole };
enum class Verbosity : uint8_t { kQuiet, kNormal, kVerbose };

// --max-bad, --max-late: more than `count` rows, or more than `percent` of all rows from 100 on.
struct Threshold {
  std::optional<uint64_t> count;
  double percent = 0;
};

struct Options {
  // WHAT
  std::vector<std::string>
      files;  // as typed: files, directories, globs, "-"; empty: standard input
  std::string time_format;
  InputFormat input_format = InputFormat::kJson;
  std::optional<columns::Schema> schema;  // parsed from the flag or from @FILE
  BadPolicy bad = BadPolicy::kSkip;
  std::string bad_ledger;  // with kLedger
  uint64_t line_bytes_max = uint64_t{16} << 20;
  offsets::Limits limits;
  DataLoss on_data_loss = DataLoss::kFail;
  formats::TimeZone zone;

  // WHEN. --trigger 0s is kNone: as soon as there is data.
  trigger::Trigger trigger;
  bool trigger_named = false;

  // HOW
  sql::QueryRequest query;
  std::string sql_origin;  // "--sql" or the file's name
  bool ansi = true;

  // FORGET
  std::optional<int64_t> watermark_us;
  WatermarkMode watermark_mode = WatermarkMode::kRow;
  FileOrder order = FileOrder::kSeparate;
  AtEnd at_end = AtEnd::kClose;
  std::optional<int64_t> idle_us;
  std::optional<int64_t> max_ahead_us;
  LatePolicy late = LatePolicy::kDrop;
  std::string late_ledger;  // with kLedger; may equal bad_ledger
  std::optional<Threshold> max_bad;
  std::optional<Threshold> max_late;

  // COMPLETE
  std::string checkpoint;  // empty: none

  // OUTPUT
  std::string to = "-";
  bool append = false;
  OutputFormat format = OutputFormat::kJsonl;
  bool truncate_values = true;  // console

  // SEEING
  std::optional<std::string> progress_file;
  std::optional<int> progress_descriptor;
  std::string name;
  bool stats = false;
  int threads = 0;  // 0: the cores
  uint64_t block_bytes = uint64_t{512} << 10;
  bool explain = false;
  Verbosity verbosity = Verbosity::kNormal;
};

// The files are those of --schema @FILE and --sql-file. `output_is_terminal` chooses the format's
// default.
Result<Options> make_options(const LowArguments& low, io::Filesystem& files,
                             bool output_is_terminal);

// Parts that other commands share.
Result<uint64_t> line_bytes_max_of(const LowArguments& low);
InputFormat input_format_of(const LowArguments& low);
// Every kChoice flag has one of its words; a word of a later version is said to be one.
Status check_choices(const LowArguments& low);

}  // namespace tailrace::cli
