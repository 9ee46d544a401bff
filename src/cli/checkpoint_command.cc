#include "cli/checkpoint_command.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "checkpoint/inspect.h"

namespace tailrace::cli {

Result<std::string> checkpoint_text(const CheckpointCommand& command, io::Filesystem& files) {
  if (command.action == CheckpointCommand::Action::kReset) {
    TRY(checkpoint::reset(files, command.directory));
    if (!command.json) {
      return fmt::format("{}: reset; the next run begins anew\n", command.directory);
    }
    const nlohmann::ordered_json done = {{"directory", command.directory}, {"reset", true}};
    return done.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  }
  const checkpoint::Inspection found = TRY(checkpoint::inspect(files, command.directory));
  return command.json ? checkpoint::show_json(found) + "\n" : checkpoint::show_text(found);
}

}  // namespace tailrace::cli
