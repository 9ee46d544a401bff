#include "cli/command.h"

#include <fmt/format.h>

#include "cli/completions.h"
#include "cli/help.h"
#include "cli/low_arguments.h"
#include "cli/man_page.h"

namespace tailrace::cli {
namespace {

// "Not there" is the normal answer for the file of options; one that cannot be read is an error.
Result<OptionSources> option_sources(const Environment& environment) {
  OptionSources sources;
  sources.environment = environment.options;
  sources.file_name = config_path(environment.home);
  if (sources.file_name.empty() || environment.files == nullptr) return sources;
  const auto found = environment.files->stat(sources.file_name);
  if (!found || !found->has_value()) return sources;
  auto contents = io::read_file(*environment.files, sources.file_name, uint64_t{1} << 20);
  if (!contents) return usage_error(contents.error().message);
  sources.file = std::move(*contents);
  return sources;
}

// Flags that print something else and end, whatever stands beside them.
std::optional<PrintText> text_asked_for(const LowArguments& low, uint8_t command) {
  if (low.has("help")) return PrintText{full_help(command)};
  if (low.has("short-help")) return PrintText{short_help()};
  if (low.has("version")) return PrintText{version_text()};
  if (low.has("man-options")) return PrintText{man_options()};
  if (const std::string* shell = low.value("completions")) {
    if (*shell == "bash") return PrintText{bash_completion()};
    if (*shell == "zsh") return PrintText{zsh_completion()};
    if (*shell == "fish") return PrintText{fish_completion()};
  }
  return std::nullopt;
}

Result<Command> status_command(const LowArguments& low) {
  if (low.operands().empty()) {
    return usage_error("status: needs the directory of a checkpoint: tailrace status DIR...");
  }
  return StatusCommand{low.operands(), low.has("json")};
}

Result<Command> checkpoint_command(const LowArguments& low) {
  constexpr std::string_view kUsage = "tailrace checkpoint show|reset DIR";
  const std::vector<std::string>& words = low.operands();
  if (words.empty()) return usage_error(fmt::format("checkpoint: say what to do: {}", kUsage));
  const std::string& action = words[0];
  if (action == "rewind" || action == "diff" || action == "fork") {
    return usage_error(
        fmt::format("checkpoint {}: not in this version yet; there is {}", action, kUsage));
  }
  if (action != "show" && action != "reset") {
    return usage_error(fmt::format("checkpoint {}: no such command; there is {}", action, kUsage));
  }
  if (words.size() != 2) {
    return usage_error(fmt::format("checkpoint {}: needs one directory: {}", action, kUsage));
  }
  using Action = CheckpointCommand::Action;
  return CheckpointCommand{action == "show" ? Action::kShow : Action::kReset, words[1],
                           low.has("json")};
}

Result<Command> schema_command(const LowArguments& low, const Environment& environment) {
  TRY(check_choices(low));
  if (low.has("ddl") && low.has("json")) {
    return usage_error("--ddl: cannot stand beside --json; give one of them");
  }
  if (low.operands().empty() && environment.input_is_terminal) {
    return usage_error("schema: needs a FILE, or input on standard input");
  }
  SchemaCommand command;
  command.files = low.operands();
  command.input_format = input_format_of(low);
  command.line_bytes_max = TRY(line_bytes_max_of(low));
  command.ddl_only = low.has("ddl");
  command.json = low.has("json");
  return command;
}

Result<Command> run_command(const LowArguments& low, const Environment& environment) {
  if (low.has("functions")) return FunctionsCommand{*low.value("functions")};
  Options options = TRY(make_options(low, *environment.files, environment.output_is_terminal));
  const bool needs_input = !options.explain || !options.schema;
  if (options.files.empty() && environment.input_is_terminal && needs_input) {
    return PrintText{short_help(), /*is_error=*/true};
  }
  return options;
}

// The subcommands' words count as the first argument only; a file of such a name is ./status.
uint8_t command_of(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return kRun;
  if (arguments[0] == "status") return kStatus;
  if (arguments[0] == "checkpoint") return kCheckpoint;
  if (arguments[0] == "schema") return kSchema;
  return kRun;
}

}  // namespace

std::string config_path(const std::string& home) {
  return home.empty() ? std::string() : home + "/.config/tailrace/config";
}

Result<Command> parse(const std::vector<std::string>& arguments, const Environment& environment) {
  if (!arguments.empty() && arguments[0] == "spark") {
    return usage_error("spark: not in this version yet; for a file of that name write ./spark");
  }
  const uint8_t command = command_of(arguments);
  const std::vector<std::string> rest(arguments.begin() + (command == kRun ? 0 : 1),
                                      arguments.end());
  // The command line alone decides whether the other sources count, and --help must work even where
  // the file of options is wrong.
  const LowArguments typed = TRY(parse_arguments(rest, command));
  if (auto text = text_asked_for(typed, command)) return *std::move(text);
  LowArguments low = typed;
  if (!typed.has("no-config")) {
    const OptionSources sources = TRY(option_sources(environment));
    TRY(lay_sources_under(sources, command, low));
  }
  switch (command) {
    case kStatus: return status_command(low);
    case kCheckpoint: return checkpoint_command(low);
    case kSchema: return schema_command(low, environment);
    default: return run_command(low, environment);
  }
}

}  // namespace tailrace::cli
