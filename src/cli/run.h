// run: the front door. Reads the command line, does what it says with the real machine, and returns
// the exit status. The only place, beside its commands, that prints.
#pragma once

#include <string>
#include <vector>

#include "cli/options.h"
#include "io/filesystem.h"
#include "io/stream.h"

namespace tailrace::cli {

int run(int argc, char** argv);

// The machine as the commands see it.
struct Machine {
  io::Filesystem& files;
  io::OutputStream& output;
  io::OutputStream& errors;
};

// The main job: one query from its input to its sink. Returns the exit status.
int run_query(const Options& options, const Machine& machine);

}  // namespace tailrace::cli
