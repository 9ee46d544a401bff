#include "cli/man_page.h"

#include <fmt/format.h>

#include "cli/flags.h"

namespace tailrace::cli {
namespace {

// Each item begins with a comment that names the flag as it is typed, since mdoc itself writes the
// dashes: so that a search for --where in the source finds its place.
void append_item(const Flag& flag, std::string& out) {
  out += fmt::format(".\\\" --{}\n", flag.name);
  out += ".It ";
  if (flag.letter != 0) out += fmt::format("Fl {} , ", flag.letter);
  out += fmt::format("Fl -{}", flag.name);
  if (flag.value == Value::kOptional) {
    out += " Op Ar NAME";
  } else if (!flag.argument.empty()) {
    const bool has_blank = flag.argument.find(' ') != std::string_view::npos;
    const std::string_view quote = has_blank ? "\"" : "";
    out += fmt::format(" Ar {}{}{}", quote, flag.argument, quote);
  }
  out += fmt::format("\n{}\n", flag.man);
}

}  // namespace

std::string man_options() {
  std::string out;
  for (const Section section : kSections) {
    out += fmt::format(".Ss \"{}\"\n.Bl -tag -width Ds\n", section_title(section));
    for (const Flag& flag : flags()) {
      if (flag.section == section && !flag.hidden) append_item(flag, out);
    }
    out += ".El\n";
  }
  return out;
}

}  // namespace tailrace::cli
