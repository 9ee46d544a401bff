#include "cli/messages.h"

#include <algorithm>

#include "formats/visible_text.h"

namespace tailrace::cli {

std::string message_line(std::string_view message, bool is_terminal) {
  std::string out = "tailrace: ";
  while (!message.empty()) {
    const size_t end = std::min(message.find('\n'), message.size());
    const std::string_view line = message.substr(0, end);
    if (is_terminal) {
      formats::append_visible(line, out);
    } else {
      out += line;
    }
    out += '\n';
    message.remove_prefix(std::min(end + 1, message.size()));
  }
  return out;
}

void say(io::OutputStream& error_output, std::string_view message) {
  (void)error_output.write(message_line(message, error_output.is_terminal()));
}

int exit_status(const Error& error) { return error.kind == ErrorKind::kUsage ? 2 : 1; }

}  // namespace tailrace::cli
