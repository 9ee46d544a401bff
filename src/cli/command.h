// Command: what one command line asks for. parse() is the whole front door: flags, files of
// options, subcommands, help. It prints nothing; run.cc does what the Command says.
// Single-threaded.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "cli/options.h"
#include "io/filesystem.h"

namespace tailrace::cli {

// What parse() wants to know of the world.
struct Environment {
  io::Filesystem* files = nullptr;     // for --schema @FILE, --sql-file and the file of options
  std::optional<std::string> options;  // TAILRACE_OPTS
  std::string home;                    // HOME; empty: no file of options
  bool input_is_terminal = false;
  bool output_is_terminal = false;
};

// Help, the version, completions: text for standard output and exit 0; the short help for lack of
// input goes to standard error and exits 2.
struct PrintText {
  std::string text;
  bool is_error = false;
};

struct FunctionsCommand {
  std::string name;  // empty: all of them
};

struct StatusCommand {
  std::vector<std::string> directories;
  bool json = false;
};

struct CheckpointCommand {
  enum class Action : uint8_t { kShow, kReset };
  Action action = Action::kShow;
  std::string directory;
  bool json = false;
};

struct SchemaCommand {
  std::vector<std::string> files;  // empty: standard input
  InputFormat input_format = InputFormat::kJson;
  uint64_t line_bytes_max = 0;
  bool ddl_only = false;
  bool json = false;
};

using Command = std::variant<Options, PrintText, FunctionsCommand, StatusCommand, CheckpointCommand,
                             SchemaCommand>;

// `arguments` without the program's name. Errors are usage errors (exit 2).
Result<Command> parse(const std::vector<std::string>& arguments, const Environment& environment);

// The path of the file of options under a home directory.
std::string config_path(const std::string& home);

}  // namespace tailrace::cli
