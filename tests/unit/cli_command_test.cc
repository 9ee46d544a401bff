#include "cli/command.h"

#include <functional>

#include <doctest/doctest.h>

#include "base/time.h"
#include "cli/messages.h"

namespace tailrace::cli {
namespace {

using Arguments = std::vector<std::string>;

// A command line in a world without files.
Result<Command> parsed(const Arguments& arguments, std::optional<std::string> options = {}) {
  const std::unique_ptr<io::Filesystem> files = io::posix_filesystem();
  Environment environment;
  environment.files = files.get();
  environment.options = std::move(options);
  return parse(arguments, environment);
}

Options options_of(const Arguments& arguments, std::optional<std::string> more = {}) {
  Result<Command> command = parsed(arguments, std::move(more));
  if (!command) FAIL(command.error().message);
  REQUIRE(std::holds_alternative<Options>(*command));
  return std::get<Options>(*std::move(command));
}

std::string error_of(const Arguments& arguments, std::optional<std::string> more = {}) {
  const Result<Command> command = parsed(arguments, std::move(more));
  if (command) return "no error";
  CHECK(command.error().kind == ErrorKind::kUsage);
  return command.error().message;
}

TEST_CASE("without flags the defaults of the contract hold") {
  const Options options = options_of({"app.log"});
  CHECK(options.files == Arguments{"app.log"});
  CHECK(options.input_format == InputFormat::kJson);
  CHECK(options.bad == BadPolicy::kSkip);
  CHECK(options.line_bytes_max == 16u << 20);
  CHECK(options.on_data_loss == DataLoss::kFail);
  CHECK(options.zone.is_utc());
  CHECK(options.trigger.kind == trigger::Trigger::Kind::kNone);
  CHECK(options.query.view == "input");
  CHECK(options.query.mode == sql::OutputMode::kAppend);
  CHECK(options.ansi);
  CHECK(options.watermark_mode == WatermarkMode::kRow);
  CHECK(options.at_end == AtEnd::kClose);
  CHECK(options.late == LatePolicy::kDrop);
  CHECK(options.to == "-");
  CHECK(options.format == OutputFormat::kJsonl);
  CHECK(options.verbosity == Verbosity::kNormal);
}

TEST_CASE("each flag becomes its option") {
  struct Case {
    Arguments arguments;
    std::function<bool(const Options&)> holds;
  };
  using Kind = trigger::Trigger::Kind;
  const Case cases[] = {
      {{"--time-format", "dd/MMM"}, [](const Options& o) { return o.time_format == "dd/MMM"; }},
      {{"--input-format", "kcat"},
       [](const Options& o) { return o.input_format == InputFormat::kKcat; }},
      {{"--schema", "a INT, b STRING"},
       [](const Options& o) {
         return o.schema && o.schema->size() == 2 && (*o.schema)[1].name == "b";
       }},
      {{"--bad", "fail"}, [](const Options& o) { return o.bad == BadPolicy::kFail; }},
      {{"--bad", "null"}, [](const Options& o) { return o.bad == BadPolicy::kNull; }},
      {{"--bad", "./skip"},
       [](const Options& o) { return o.bad == BadPolicy::kLedger && o.bad_ledger == "./skip"; }},
      {{"--max-line", "1M"}, [](const Options& o) { return o.line_bytes_max == 1u << 20; }},
      {{"--max-files-per-trigger", "3"}, [](const Options& o) { return o.limits.files == 3; }},
      {{"--max-rows-per-trigger", "4"}, [](const Options& o) { return o.limits.rows == 4; }},
      {{"--max-offsets-per-trigger", "5"}, [](const Options& o) { return o.limits.rows == 5; }},
      {{"--max-bytes-per-trigger", "1kB"}, [](const Options& o) { return o.limits.bytes == 1000; }},
      {{"--on-data-loss=warn"}, [](const Options& o) { return o.on_data_loss == DataLoss::kWarn; }},
      {{"--tz", "+02:00"}, [](const Options& o) { return o.zone.offset_at(0) == 7200; }},
      {{"--once"}, [](const Options& o) { return o.trigger.kind == Kind::kOnce; }},
      {{"--available-now"}, [](const Options& o) { return o.trigger.kind == Kind::kAvailableNow; }},
      {{"--trigger", "2 minutes"},
       [](const Options& o) {
         return o.trigger.kind == Kind::kEvery && o.trigger.interval_us == 120'000'000;
       }},
      {{"--trigger", "0s"}, [](const Options& o) { return o.trigger.kind == Kind::kNone; }},
      {{"--continuous", "1 second"},
       [](const Options& o) { return o.trigger.kind == Kind::kContinuous; }},
      {{"--where", "-x > 1"}, [](const Options& o) { return o.query.where == "-x > 1"; }},
      {{"--where", "--x"}, [](const Options& o) { return o.query.where == "--x"; }},
      {{"--where=a = 'b'"}, [](const Options& o) { return o.query.where == "a = 'b'"; }},
      {{"--select", "[a, b]"}, [](const Options& o) { return o.query.select == "[a, b]"; }},
      {{"--by", "a,b"}, [](const Options& o) { return o.query.by == "a,b"; }},
      {{"--agg", "count"}, [](const Options& o) { return o.query.aggregates == "count"; }},
      {{"--window", "5m", "--slide", "1m", "--window-start", "30s"},
       [](const Options& o) {
         return o.query.window == "5m" && o.query.slide == "1m" && o.query.window_start == "30s";
       }},
      {{"--having", "h", "--order-by", "o", "--limit", "0"},
       [](const Options& o) {
         return o.query.having == "h" && o.query.order_by == "o" && o.query.limit == 0u;
       }},
      {{"--prepare", "SELECT * FROM raw"},
       [](const Options& o) { return o.query.prepare.has_value(); }},
      {{"--sql", "SELECT 1", "--view", "v"},
       [](const Options& o) { return o.query.sql == "SELECT 1" && o.query.view == "v"; }},
      {{"--ansi", "off"}, [](const Options& o) { return !o.ansi; }},
      {{"--mode", "complete"},
       [](const Options& o) { return o.query.mode == sql::OutputMode::kComplete; }},
      {{"--time", "@timestamp"}, [](const Options& o) { return o.query.time == "@timestamp"; }},
      {{"--watermark", "1 month"},
       [](const Options& o) {
         return o.watermark_us == 31 * kMicrosPerDay && o.query.has_watermark;
       }},
      {{"--watermark", "0"}, [](const Options& o) { return o.watermark_us == 0; }},
      {{"--order", "mtime"}, [](const Options& o) { return o.order == FileOrder::kModified; }},
      {{"--idle", "50ms"}, [](const Options& o) { return o.idle_us == 50'000; }},
      {{"--max-ahead", "PT5M"}, [](const Options& o) { return o.max_ahead_us == 300'000'000; }},
      {{"--late", "late.jsonl"}, [](const Options& o) { return o.late_ledger == "late.jsonl"; }},
      {{"--late", "fail"}, [](const Options& o) { return o.late == LatePolicy::kFail; }},
      {{"--max-bad", "0"}, [](const Options& o) { return o.max_bad && o.max_bad->count == 0u; }},
      {{"--max-late", "2.5%"},
       [](const Options& o) {
         return o.max_late && !o.max_late->count && o.max_late->percent == 2.5;
       }},
      {{"--checkpoint", "ck"},
       [](const Options& o) { return o.checkpoint == "ck" && o.at_end == AtEnd::kKeep; }},
      {{"--to", "out", "--append"}, [](const Options& o) { return o.to == "out" && o.append; }},
      {{"--format", "console", "--no-truncate"},
       [](const Options& o) { return o.format == OutputFormat::kConsole && !o.truncate_values; }},
      {{"--progress", "2"}, [](const Options& o) { return o.progress_descriptor == 2; }},
      {{"--progress", "./2"}, [](const Options& o) { return o.progress_file == "./2"; }},
      {{"--name", "n", "--stats", "--threads", "4", "--explain"},
       [](const Options& o) { return o.name == "n" && o.stats && o.threads == 4 && o.explain; }},
      {{"-q"}, [](const Options& o) { return o.verbosity == Verbosity::kQuiet; }},
      {{"-v", "-v"}, [](const Options& o) { return o.verbosity == Verbosity::kVerbose; }},
      {{"--tz", "+01:00", "--tz", "+02:00"},
       [](const Options& o) { return o.zone.offset_at(0) == 7200; }},
      {{"-", "[ab]", "./status"},
       [](const Options& o) { return o.files == Arguments{"-", "[ab]", "./status"}; }},
      {{"a", "status"}, [](const Options& o) { return o.files == Arguments{"a", "status"}; }},
      {{"--", "-b", "--once", "--"},
       [](const Options& o) { return o.files == Arguments{"-b", "--once", "--"}; }},
  };
  for (const Case& each : cases) {
    CAPTURE(each.arguments[0]);
    CHECK(each.holds(options_of(each.arguments)));
  }
}

TEST_CASE("defaults that hang on other flags follow them") {
  const auto mode = [](const Arguments& arguments) { return options_of(arguments).watermark_mode; };
  CHECK(mode({"--once"}) == WatermarkMode::kBatch);
  CHECK(mode({"--available-now"}) == WatermarkMode::kBatch);
  CHECK(mode({"--trigger", "5s"}) == WatermarkMode::kBatch);
  CHECK(mode({"--max-rows-per-trigger", "5"}) == WatermarkMode::kBatch);
  CHECK(mode({"--max-bytes-per-trigger", "5"}) == WatermarkMode::kBatch);
  CHECK(mode({"--max-bad", "5"}) == WatermarkMode::kRow);
  CHECK(mode({"--continuous", "5s"}) == WatermarkMode::kRow);
  CHECK(mode({"--continuous", "5s", "--max-rows-per-trigger", "5"}) == WatermarkMode::kRow);
  CHECK(mode({"--once", "--watermark-mode", "row"}) == WatermarkMode::kRow);
  CHECK(options_of({"--checkpoint", "c", "--at-eof", "close"}).at_end == AtEnd::kClose);
}

TEST_CASE("wrong usage names the flag and says what to do") {
  struct Case {
    Arguments arguments;
    const char* message;
  };
  const Case cases[] = {
      {{"--wehre", "x"}, "--wehre: no such flag; did you mean --where?"},
      {{"--xyzzyplugh=1"}, "--xyzzyplugh: no such flag; tailrace --help lists them"},
      {{"-z"}, "-z: no such flag; tailrace --help lists them"},
      {{"--follow", "x"}, "--follow: not in this version yet; see tailrace --help for what is"},
      {{"-b", "broker"}, "-b: not in this version yet; see tailrace --help for what is"},
      {{"-qb"}, "-b: not in this version yet; see tailrace --help for what is"},
      {{"--format", "delta"},
       "--format delta: not in this version yet; there is jsonl, csv, tsv, table, console"},
      {{"--input-format", "raw"},
       "--input-format raw: not in this version yet; there is json, kcat"},
      {{"--format", "josnl"},
       "--format: josnl is none of jsonl, csv, tsv, table, console; did you mean jsonl?"},
      {{"--mode", "x"}, "--mode: x is none of append, update, complete"},
      {{"a", "--where"}, "--where: needs a value"},
      {{"--where=", "a"}, "--where: needs a value behind the equals sign"},
      {{"--once=no"}, "--once: takes no value"},
      {{"--where", "a", "--where", "b"}, "--where: given 2 times; give it once"},
      {{"--once", "--available-now"},
       "--available-now: cannot stand beside --once; give one trigger"},
      {{"--trigger", "1s", "--continuous", "1s"},
       "--continuous: cannot stand beside --trigger; give one trigger"},
      {{"--continuous", "0s"}, "--continuous: must be more than 0"},
      {{"--continuous", "1s", "--watermark-mode", "batch"},
       "--watermark-mode: --continuous needs row; leave one of them out"},
      {{"--slide", "1m"}, "--slide: needs --window"},
      {{"--window-start", "1m"}, "--window-start: needs --window"},
      {{"--window", "0s"}, "--window: must be more than 0"},
      {{"--select", "a", "--by", "b"},
       "--select: cannot stand beside --by, whose columns are the output; use --agg, or --sql for "
       "the whole query"},
      {{"--sql", "x", "--where", "b"},
       "--where: cannot stand beside --sql; write it into the query"},
      {{"--sql", "x", "--sql-file", "b"},
       "--sql-file: cannot stand beside --sql; give the query once"},
      {{"--limit", "-1"}, "--limit: -1 is not a whole number of at least 0"},
      {{"--threads", "0"}, "--threads: 0 is not a whole number of at least 1"},
      {{"--threads", "4x"}, "--threads: 4x is not a whole number of at least 1"},
      {{"--threads", "99999"}, "--threads: at most 1024"},
      {{"--max-rows-per-trigger", "0"},
       "--max-rows-per-trigger: 0 is not a whole number of at least 1"},
      {{"--max-line", "0"}, "--max-line: must be more than 0"},
      {{"--max-bad", "101%"},
       "--max-bad: 101% is neither a number of rows nor a share from 0% to 100%"},
      {{"--max-late", "nan%"},
       "--max-late: nan% is neither a number of rows nor a share from 0% to 100%"},
      {{"--bad", "drop"}, "--bad: did you mean skip? for a ledger of that name write ./drop"},
      {{"--late", "skip"}, "--late: did you mean drop? for a ledger of that name write ./skip"},
      {{"--late", "-"}, "--late: a ledger is a file; standard output carries rows only"},
      {{"--append"}, "--append: needs --to FILE; standard output is never cut"},
      {{"--progress", "-"}, "--progress: needs a file or the number of a descriptor, such as 2"},
      {{"--progress", "1"},
       "--progress: standard output carries rows; use another descriptor, such as 2"},
      {{"--bad", "x", "--to", "x"}, "--bad: x is also the file of --to; name another"},
      {{"-q", "-v"}, "--quiet: cannot stand beside --verbose"},
      {{"--json"}, "--json: only for the subcommands, which come first: tailrace schema --json"},
      {{"status"}, "status: needs the directory of a checkpoint: tailrace status DIR..."},
      {{"status", "--where", "x", "d"}, "--where: not a flag of tailrace status; leave it out"},
      {{"checkpoint"}, "checkpoint: say what to do: tailrace checkpoint show|reset DIR"},
      {{"checkpoint", "fork", "d"},
       "checkpoint fork: not in this version yet; there is tailrace checkpoint show|reset DIR"},
      {{"checkpoint", "show"},
       "checkpoint show: needs one directory: tailrace checkpoint show|reset DIR"},
      {{"schema", "--ddl", "--json"}, "--ddl: cannot stand beside --json; give one of them"},
      {{"spark"}, "spark: not in this version yet; for a file of that name write ./spark"},
  };
  for (const Case& each : cases) CHECK(error_of(each.arguments) == each.message);
}

TEST_CASE("wrong durations, sizes, zones and DDL are found before anything is read") {
  const Arguments cases[] = {{"--trigger", "1 month"},  {"--trigger", "soon"},
                             {"--window", "2 years"},   {"--watermark", "-1s"},
                             {"--max-line", "big"},     {"--tz", "Europe/Atlantis"},
                             {"--schema", "a NUMBERS"}, {"--idle", "1 month"}};
  for (const Arguments& arguments : cases) {
    CAPTURE(arguments[1]);
    CHECK(error_of(arguments).starts_with(arguments[0] + ":"));
  }
}

TEST_CASE("options of the environment stand under those of the command line") {
  const std::string lines = "# mine\n\n--tz=+02:00\n  --format csv\n--where a = 'b c'\n-v\n";
  const Options options = options_of({"--format", "tsv"}, lines);
  CHECK(options.zone.offset_at(0) == 7200);
  CHECK(options.format == OutputFormat::kTsv);
  CHECK(options.query.where == "a = 'b c'");
  CHECK(options.verbosity == Verbosity::kVerbose);
  CHECK(options_of({"--no-config"}, lines).verbosity == Verbosity::kNormal);
  CHECK(options_of({"-q"}, lines).verbosity == Verbosity::kQuiet);
  CHECK(options_of({"--once"}, "--trigger 5s").trigger.kind == trigger::Trigger::Kind::kOnce);
}

TEST_CASE("a wrong line of options is named by its number") {
  CHECK(error_of({}, "\n--wehre x") ==
        "TAILRACE_OPTS:2: --wehre: no such flag; did you mean --where?");
  CHECK(error_of({}, "file.log") ==
        "TAILRACE_OPTS:1: file.log: not an option; write one on each line, with its dashes");
  CHECK(error_of({}, "--once --stats") ==
        "TAILRACE_OPTS:1: --once: takes no value; write one option on each line");
  CHECK(error_of({}, "--tz") == "TAILRACE_OPTS:1: --tz: needs a value on the same line");
}

TEST_CASE("subcommands count as the first argument only, and have flags of their own") {
  const auto status = parsed({"status", "a", "b", "--json"}, "--where x");
  REQUIRE(status);
  CHECK(std::get<StatusCommand>(*status).directories == Arguments{"a", "b"});
  CHECK(std::get<StatusCommand>(*status).json);
  const auto reset = parsed({"checkpoint", "reset", "d"});
  REQUIRE(reset);
  CHECK(std::get<CheckpointCommand>(*reset).action == CheckpointCommand::Action::kReset);
  const auto schema = parsed({"schema", "--ddl", "f"}, "--input-format kcat\n--tz UTC");
  REQUIRE(schema);
  CHECK(std::get<SchemaCommand>(*schema).ddl_only);
  CHECK(std::get<SchemaCommand>(*schema).input_format == InputFormat::kKcat);
  const auto functions = parsed({"--functions"});
  REQUIRE(functions);
  CHECK(std::get<FunctionsCommand>(*functions).name.empty());
  const auto one = parsed({"--functions", "sum"});
  REQUIRE(one);
  CHECK(std::get<FunctionsCommand>(*one).name == "sum");
}

TEST_CASE("a terminal without a file gets the short help as an error") {
  const std::unique_ptr<io::Filesystem> files = io::posix_filesystem();
  Environment environment;
  environment.files = files.get();
  environment.input_is_terminal = true;
  environment.output_is_terminal = true;
  const auto command = parse({}, environment);
  REQUIRE(command);
  REQUIRE(std::holds_alternative<PrintText>(*command));
  CHECK(std::get<PrintText>(*command).is_error);
  const auto table = parse({"a.log"}, environment);
  REQUIRE(table);
  CHECK(std::get<Options>(*table).format == OutputFormat::kTable);
  const auto file = parse({"a.log", "--to", "f"}, environment);
  REQUIRE(file);
  CHECK(std::get<Options>(*file).format == OutputFormat::kJsonl);
}

TEST_CASE("help and version win over all that stands beside them") {
  for (const char* flag : {"--help", "-h", "--version"}) {
    const auto command = parsed({"--once", "--available-now", flag}, "rubbish");
    REQUIRE(command);
    CHECK(std::holds_alternative<PrintText>(*command));
    CHECK(!std::get<PrintText>(*command).is_error);
  }
}

TEST_CASE("messages cannot steer a terminal") {
  CHECK(message_line("a\x1b[31m: b", false) == "tailrace: a\x1b[31m: b\n");
  CHECK(message_line("a\x1b[31m: b", true) == "tailrace: a\\x1b[31m: b\n");
  CHECK(message_line("--where:1:3: wrong\n  a b\n    ^", true) ==
        "tailrace: --where:1:3: wrong\n  a b\n    ^\n");
  CHECK(exit_status({ErrorKind::kUsage, ""}) == 2);
  CHECK(exit_status({ErrorKind::kBusy, ""}) == 1);
}

}  // namespace
}  // namespace tailrace::cli
