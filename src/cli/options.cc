#include "cli/options.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>

#include <fmt/format.h>

#include "base/duration.h"
#include "base/nearest.h"
#include "formats/ddl.h"

namespace tailrace::cli {
namespace {

template <class T>
struct Word {
  std::string_view word;
  T meaning;
};

// The meaning of a choice that check_choices has passed, or the default.
template <class T>
T choice(const LowArguments& low, std::string_view flag, std::initializer_list<Word<T>> words,
         T otherwise) {
  const std::string* typed = low.value(flag);
  if (typed == nullptr) return otherwise;
  for (const Word<T>& word : words) {
    if (word.word == *typed) return word.meaning;
  }
  return otherwise;
}

std::optional<std::string> text(const LowArguments& low, std::string_view flag) {
  const std::string* typed = low.value(flag);
  return typed == nullptr ? std::nullopt : std::optional(*typed);
}

// A parser of base says what is wrong with a value; the place is the flag.
Error at_flag(std::string_view flag, const Error& error) {
  return {ErrorKind::kUsage, fmt::format("--{}: {}", flag, error.message)};
}

Result<std::optional<int64_t>> duration(const LowArguments& low, std::string_view flag) {
  const std::string* typed = low.value(flag);
  if (typed == nullptr) return std::nullopt;
  const bool months = find_flag(flag)->value == Value::kDelay;
  const Result<int64_t> parsed = months ? parse_delay_us(*typed) : parse_duration_us(*typed);
  if (!parsed) return std::unexpected(at_flag(flag, parsed.error()));
  if (*parsed < 0) return usage_error(fmt::format("--{}: {} is negative", flag, *typed));
  return *parsed;
}

Result<std::optional<uint64_t>> whole_number(const LowArguments& low, std::string_view flag,
                                             uint64_t least) {
  const std::string* typed = low.value(flag);
  if (typed == nullptr) return std::nullopt;
  uint64_t number = 0;
  const char* const end = typed->data() + typed->size();
  const auto [stop, code] = std::from_chars(typed->data(), end, number);
  if (code != std::errc() || stop != end || number < least) {
    return usage_error(
        fmt::format("--{}: {} is not a whole number of at least {}", flag, *typed, least));
  }
  return number;
}

Result<std::optional<uint64_t>> size(const LowArguments& low, std::string_view flag) {
  const std::string* typed = low.value(flag);
  if (typed == nullptr) return std::nullopt;
  const auto parsed = parse_size(*typed);
  if (!parsed) return std::unexpected(at_flag(flag, parsed.error()));
  if (*parsed == 0) return usage_error(fmt::format("--{}: must be more than 0", flag));
  return static_cast<uint64_t>(*parsed);
}

Result<std::optional<Threshold>> threshold(const LowArguments& low, std::string_view flag) {
  const std::string* typed = low.value(flag);
  if (typed == nullptr) return std::nullopt;
  const bool is_share = typed->ends_with('%');
  const char* const end = typed->data() + typed->size() - (is_share ? 1 : 0);
  Threshold limit;
  std::from_chars_result read;
  if (is_share) {
    read = std::from_chars(typed->data(), end, limit.percent, std::chars_format::fixed);
  } else {
    read = std::from_chars(typed->data(), end, limit.count.emplace());
  }
  const bool in_range = limit.percent >= 0 && limit.percent <= 100;  // false for NaN
  if (read.ec != std::errc() || read.ptr != end || !in_range) {
    return usage_error(fmt::format(
        "--{}: {} is neither a number of rows nor a share from 0% to 100%", flag, *typed));
  }
  return limit;
}

Result<std::string> file_of_flag(io::Filesystem& files, std::string_view flag,
                                 const std::string& path) {
  Result<std::string> contents = io::read_file(files, path, uint64_t{16} << 20);
  if (!contents) return std::unexpected(at_flag(flag, contents.error()));
  return contents;
}

// The DDL's errors begin with "schema:LINE:COLUMN:"; the user knows it as the flag or the file.
Status read_schema(const LowArguments& low, io::Filesystem& files, Options& options) {
  const std::string* typed = low.value("schema");
  if (typed == nullptr) return {};
  std::string ddl = *typed, place = "--schema";
  if (typed->starts_with('@')) {
    place = typed->substr(1);
    ddl = TRY(file_of_flag(files, "schema", place));
  }
  Result<columns::Schema> parsed = formats::parse_ddl(ddl);
  if (!parsed) {
    std::string message = parsed.error().message;
    constexpr std::string_view kPlace = "schema:";
    if (message.starts_with(kPlace)) message.replace(0, kPlace.size(), place + ":");
    return usage_error(std::move(message));
  }
  options.schema = *std::move(parsed);
  return {};
}

// `--bad drop` and `--late skip` are more likely slips than names of ledgers.
Status check_ledger_name(std::string_view flag, const std::string& typed) {
  const bool is_bad = flag == "bad";
  const bool confused = is_bad ? typed == "drop" : typed == "skip" || typed == "null";
  if (confused) {
    return usage_error(fmt::format("--{}: did you mean {}? for a ledger of that name write ./{}",
                                   flag, is_bad ? "skip" : "drop", typed));
  }
  if (typed.empty() || typed == "-") {
    return usage_error(
        fmt::format("--{}: a ledger is a file; standard output carries rows only", flag));
  }
  return {};
}

Status read_bad(const LowArguments& low, Options& options) {
  options.bad = choice(low, "bad",
                       {Word{"skip", BadPolicy::kSkip}, Word{"fail", BadPolicy::kFail},
                        Word{"null", BadPolicy::kNull}},
                       low.has("bad") ? BadPolicy::kLedger : BadPolicy::kSkip);
  if (options.bad != BadPolicy::kLedger) return {};
  options.bad_ledger = *low.value("bad");
  return check_ledger_name("bad", options.bad_ledger);
}

Status read_late(const LowArguments& low, Options& options) {
  options.late =
      choice(low, "late", {Word{"drop", LatePolicy::kDrop}, Word{"fail", LatePolicy::kFail}},
             low.has("late") ? LatePolicy::kLedger : LatePolicy::kDrop);
  if (options.late != LatePolicy::kLedger) return {};
  options.late_ledger = *low.value("late");
  return check_ledger_name("late", options.late_ledger);
}

Status read_what(const LowArguments& low, io::Filesystem& files, Options& options) {
  options.files = low.operands();
  options.time_format = text(low, "time-format").value_or("");
  options.input_format = input_format_of(low);
  TRY(read_schema(low, files, options));
  TRY(read_bad(low, options));
  options.line_bytes_max = TRY(line_bytes_max_of(low));
  options.limits.files = TRY(whole_number(low, "max-files-per-trigger", 1)).value_or(0);
  options.limits.rows = TRY(whole_number(low, "max-rows-per-trigger", 1)).value_or(0);
  options.limits.bytes = TRY(size(low, "max-bytes-per-trigger")).value_or(0);
  options.on_data_loss =
      choice(low, "on-data-loss", {Word{"warn", DataLoss::kWarn}}, DataLoss::kFail);
  if (const std::string* zone = low.value("tz")) {
    auto parsed = formats::TimeZone::from_name(*zone);
    if (!parsed) return std::unexpected(at_flag("tz", parsed.error()));
    options.zone = *parsed;
  }
  return {};
}

Status read_when(const LowArguments& low, Options& options) {
  using Kind = trigger::Trigger::Kind;
  std::string_view named;
  for (const std::string_view flag : {"once", "available-now", "trigger", "continuous"}) {
    if (!low.has(flag)) continue;
    if (!named.empty()) {
      return usage_error(
          fmt::format("--{}: cannot stand beside --{}; give one trigger", flag, named));
    }
    named = flag;
  }
  options.trigger_named = !named.empty();
  if (named == "once") options.trigger.kind = Kind::kOnce;
  if (named == "available-now") options.trigger.kind = Kind::kAvailableNow;
  if (named == "trigger") {
    options.trigger.interval_us = TRY(duration(low, named)).value_or(0);
    options.trigger.kind = options.trigger.interval_us > 0 ? Kind::kEvery : Kind::kNone;
  }
  if (named == "continuous") {
    options.trigger.kind = Kind::kContinuous;
    options.trigger.interval_us = TRY(duration(low, named)).value_or(0);
    if (options.trigger.interval_us == 0) return usage_error("--continuous: must be more than 0");
  }
  return {};
}

// The flags that --sql says in its own words.
constexpr std::string_view kQueryFlags[] = {"where", "select",       "by",     "agg",      "window",
                                            "slide", "window-start", "having", "order-by", "limit"};

Status read_sql(const LowArguments& low, io::Filesystem& files, Options& options) {
  if (low.has("sql") && low.has("sql-file")) {
    return usage_error("--sql-file: cannot stand beside --sql; give the query once");
  }
  options.sql_origin = "--sql";
  options.query.sql = text(low, "sql");
  if (const std::string* path = low.value("sql-file")) {
    options.sql_origin = *path;
    options.query.sql = TRY(file_of_flag(files, "sql-file", *path));
  }
  if (!options.query.sql) return {};
  for (const std::string_view flag : kQueryFlags) {
    if (low.has(flag)) {
      return usage_error(
          fmt::format("--{}: cannot stand beside --sql; write it into the query", flag));
    }
  }
  return {};
}

Status check_query_flags(const LowArguments& low) {
  for (const std::string_view flag : {"slide", "window-start"}) {
    if (low.has(flag) && !low.has("window")) {
      return usage_error(fmt::format("--{}: needs --window", flag));
    }
  }
  for (const std::string_view flag : {"by", "agg", "window"}) {
    if (low.has(flag) && low.has("select")) {
      return usage_error(
          fmt::format("--select: cannot stand beside --{}, whose columns are the output; "
                      "use --agg, or --sql for the whole query",
                      flag));
    }
  }
  for (const std::string_view flag : {"window", "slide"}) {
    if (TRY(duration(low, flag)).value_or(1) == 0) {
      return usage_error(fmt::format("--{}: must be more than 0", flag));
    }
  }
  return {};
}

Status read_how(const LowArguments& low, io::Filesystem& files, Options& options) {
  TRY(read_sql(low, files, options));
  TRY(check_query_flags(low));
  sql::QueryRequest& query = options.query;
  query.where = text(low, "where");
  query.select = text(low, "select");
  query.by = text(low, "by");
  query.aggregates = text(low, "agg");
  query.window = text(low, "window");
  query.slide = text(low, "slide");
  query.window_start = text(low, "window-start");
  query.having = text(low, "having");
  query.order_by = text(low, "order-by");
  query.limit = TRY(whole_number(low, "limit", 0));
  query.prepare = text(low, "prepare");
  query.view = text(low, "view").value_or("input");
  query.time = text(low, "time");
  query.has_watermark = low.has("watermark");
  query.mode = choice(
      low, "mode",
      {Word{"update", sql::OutputMode::kUpdate}, Word{"complete", sql::OutputMode::kComplete}},
      sql::OutputMode::kAppend);
  options.ansi = choice(low, "ansi", {Word{"off", false}}, true);
  return {};
}

// Row mode judges a row by those before it; a batch has a watermark of its own where the user
// thinks in batches.
Status read_watermark_mode(const LowArguments& low, Options& options) {
  using Kind = trigger::Trigger::Kind;
  const bool continuous = options.trigger.kind == Kind::kContinuous;
  const offsets::Limits& limits = options.limits;
  const bool limited = limits.files != 0 || limits.rows != 0 || limits.bytes != 0;
  const bool thinks_in_batches = !continuous && (options.trigger_named || limited);
  options.watermark_mode =
      choice(low, "watermark-mode",
             {Word{"row", WatermarkMode::kRow}, Word{"batch", WatermarkMode::kBatch}},
             thinks_in_batches ? WatermarkMode::kBatch : WatermarkMode::kRow);
  if (continuous && options.watermark_mode == WatermarkMode::kBatch) {
    return usage_error("--watermark-mode: --continuous needs row; leave one of them out");
  }
  return {};
}

Status read_forget(const LowArguments& low, Options& options) {
  options.watermark_us = TRY(duration(low, "watermark"));
  TRY(read_watermark_mode(low, options));
  options.order =
      choice(low, "order", {Word{"name", FileOrder::kName}, Word{"mtime", FileOrder::kModified}},
             FileOrder::kSeparate);
  options.at_end = choice(low, "at-eof", {Word{"close", AtEnd::kClose}, Word{"keep", AtEnd::kKeep}},
                          low.has("checkpoint") ? AtEnd::kKeep : AtEnd::kClose);
  options.idle_us = TRY(duration(low, "idle"));
  options.max_ahead_us = TRY(duration(low, "max-ahead"));
  TRY(read_late(low, options));
  options.max_bad = TRY(threshold(low, "max-bad"));
  options.max_late = TRY(threshold(low, "max-late"));
  return {};
}

Status read_output(const LowArguments& low, bool output_is_terminal, Options& options) {
  options.to = text(low, "to").value_or("-");
  options.append = low.has("append");
  if (options.to.empty())
    return usage_error("--to: needs the name of a file, or - for standard output");
  if (options.append && options.to == "-") {
    return usage_error("--append: needs --to FILE; standard output is never cut");
  }
  const bool for_a_person = options.to == "-" && output_is_terminal;
  options.format = choice(low, "format",
                          {Word{"jsonl", OutputFormat::kJsonl}, Word{"csv", OutputFormat::kCsv},
                           Word{"tsv", OutputFormat::kTsv}, Word{"table", OutputFormat::kTable},
                           Word{"console", OutputFormat::kConsole}},
                          for_a_person ? OutputFormat::kTable : OutputFormat::kJsonl);
  options.truncate_values = !low.has("no-truncate");
  return {};
}

bool is_all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Status read_progress(const LowArguments& low, Options& options) {
  const std::string* typed = low.value("progress");
  if (typed == nullptr) return {};
  if (typed->empty() || *typed == "-") {
    return usage_error("--progress: needs a file or the number of a descriptor, such as 2");
  }
  if (!is_all_digits(*typed)) {
    options.progress_file = *typed;
    return {};
  }
  const uint64_t descriptor = TRY(whole_number(low, "progress", 0)).value_or(0);
  if (descriptor == 0 || descriptor > 65535) {
    return usage_error(fmt::format("--progress: {} is no descriptor for output", *typed));
  }
  if (descriptor == 1 && options.to == "-") {
    return usage_error(
        "--progress: standard output carries rows; use another descriptor, such as 2");
  }
  options.progress_descriptor = static_cast<int>(descriptor);
  return {};
}

Status read_seeing(const LowArguments& low, Options& options) {
  TRY(read_progress(low, options));
  options.name = text(low, "name").value_or("");
  options.stats = low.has("stats");
  options.explain = low.has("explain");
  const uint64_t threads = TRY(whole_number(low, "threads", 1)).value_or(0);
  if (threads > 1024) return usage_error("--threads: at most 1024");
  options.threads = static_cast<int>(threads);
  if (const auto bytes = TRY(size(low, "block-bytes"))) options.block_bytes = *bytes;
  if (low.has("quiet") && low.has("verbose")) {
    return usage_error("--quiet: cannot stand beside --verbose");
  }
  if (low.has("quiet")) options.verbosity = Verbosity::kQuiet;
  if (low.has("verbose")) options.verbosity = Verbosity::kVerbose;
  return {};
}

// Two writers in one file would overwrite each other. Names are compared as typed: what is found
// out here needs no disk.
Status check_distinct_files(const Options& options) {
  const auto clash = [&](std::string_view flag, const std::string& path) -> Status {
    if (path.empty() || path != options.to) return {};
    return usage_error(fmt::format("--{}: {} is also the file of --to; name another", flag, path));
  };
  TRY(clash("bad", options.bad_ledger));
  TRY(clash("late", options.late_ledger));
  TRY(clash("progress", options.progress_file.value_or("")));
  return {};
}

}  // namespace

Status check_choices(const LowArguments& low) {
  for (const Flag& flag : flags()) {
    const std::string* typed = low.value(flag.name);
    if (flag.value != Value::kChoice || typed == nullptr) continue;
    const std::vector<std::string_view> words = choices_of(flag);
    if (std::find(words.begin(), words.end(), *typed) != words.end()) continue;
    if (is_later_choice(flag, *typed)) {
      return usage_error(fmt::format("--{} {}: not in this version yet; there is {}", flag.name,
                                     *typed, fmt::join(words, ", ")));
    }
    const std::string_view near = nearest(*typed, words);
    return usage_error(fmt::format("--{}: {} is none of {}{}", flag.name, *typed,
                                   fmt::join(words, ", "),
                                   near.empty() ? "" : fmt::format("; did you mean {}?", near)));
  }
  return {};
}

Result<uint64_t> line_bytes_max_of(const LowArguments& low) {
  const uint64_t bytes = TRY(size(low, "max-line")).value_or(uint64_t{16} << 20);
  if (bytes > uint64_t{1} << 30) return usage_error("--max-line: at most 1GiB");
  return bytes;
}

InputFormat input_format_of(const LowArguments& low) {
  return choice(low, "input-format", {Word{"kcat", InputFormat::kKcat}}, InputFormat::kJson);
}

Result<Options> make_options(const LowArguments& low, io::Filesystem& files,
                             bool output_is_terminal) {
  Options options;
  TRY(check_choices(low));
  TRY(read_what(low, files, options));
  TRY(read_when(low, options));
  TRY(read_how(low, files, options));
  TRY(read_forget(low, options));
  options.checkpoint = text(low, "checkpoint").value_or("");
  if (low.has("checkpoint") && options.checkpoint.empty()) {
    return usage_error("--checkpoint: needs the name of a directory");
  }
  TRY(read_output(low, output_is_terminal, options));
  TRY(read_seeing(low, options));
  TRY(check_distinct_files(options));
  return options;
}

}  // namespace tailrace::cli
