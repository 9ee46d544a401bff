#include "cli/run.h"

#include "cli/checkpoint_command.h"
#include "cli/command.h"
#include "cli/functions_command.h"
#include "cli/messages.h"
#include "cli/schema_command.h"
#include "cli/status_command.h"
#include "io/process.h"
#include "io/signals.h"

namespace tailrace::cli {
namespace {

// What a command has to say, or why it cannot.
int print(const Result<std::string>& text, const Machine& machine) {
  if (!text) {
    say(machine.errors, text.error().message);
    return exit_status(text.error());
  }
  const Status written = machine.output.write(*text);
  return written || written.error().kind == ErrorKind::kClosed ? 0 : 1;
}

// Carries out one command; overloads so that a new kind of command does not compile without one.
class Executor {
 public:
  explicit Executor(const Machine& machine) : machine_(machine) {}

  int operator()(const Options& options) const { return run_query(options, machine_); }
  int operator()(const PrintText& print_text) const {
    if (!print_text.is_error) return print(print_text.text, machine_);
    (void)machine_.errors.write(print_text.text).has_value();
    return 2;
  }
  int operator()(const FunctionsCommand& command) const {
    return print(functions_text(command), machine_);
  }
  int operator()(const CheckpointCommand& command) const {
    return print(checkpoint_text(command, machine_.files), machine_);
  }
  int operator()(const SchemaCommand& command) const {
    const auto input = io::standard_input();
    return print(schema_text(command, machine_.files, *input), machine_);
  }
  int operator()(const StatusCommand& command) const {
    const StatusReport report = status_report(command, machine_.files);
    for (const Error& error : report.errors) say(machine_.errors, error.message);
    const int printed = print(report.text, machine_);
    return report.errors.empty() ? printed : exit_status(report.errors.front());
  }

 private:
  const Machine& machine_;
};

}  // namespace

int run(int argc, char** argv) {
  io::keep_freed_memory();
  io::reserve_standard_descriptors();
  io::install_signal_handlers();
  const auto files = io::posix_filesystem();
  const auto output = io::standard_output();
  const auto errors = io::standard_error();
  const Machine machine{*files, *output, *errors};
  Environment environment;
  environment.files = files.get();
  environment.options = io::environment("TAILRACE_OPTS");
  environment.home = io::environment("HOME").value_or("");
  environment.input_is_terminal = io::standard_input_kind() == io::InputKind::kTerminal;
  environment.output_is_terminal = output->is_terminal();
  const Result<Command> command = parse({argv + 1, argv + argc}, environment);
  if (!command) {
    say(*errors, command.error().message);
    return exit_status(command.error());
  }
  return std::visit(Executor(machine), *command);
}

}  // namespace tailrace::cli
