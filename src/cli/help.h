// The help texts, made from the flag table. Pure functions; each text ends in a newline.
#pragma once

#include <cstdint>
#include <string>

namespace tailrace::cli {

// -h, and what a terminal without input gets: how to begin, in about fifteen lines.
std::string short_help();
// --help: every flag that a command (a CommandBits bit) takes, section by section.
std::string full_help(uint8_t command);
// --version: "tailrace 0.1.0", then a line of what it was built with.
std::string version_text();

}  // namespace tailrace::cli
