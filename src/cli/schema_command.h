// `tailrace schema [FILE...]`: every path of the input with its types, how often and the line first
// seen; the DDL that a query would infer. Reads all of the input, once, in bounded memory.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/command.h"
#include "io/filesystem.h"
#include "io/stream.h"

namespace tailrace::cli {

// The text to print. Standard input is read if it is named (-) or no file is, after the files. A
// signal ends the input.
Result<std::string> schema_text(const SchemaCommand& command, io::Filesystem& files,
                                io::InputStream& standard_input);

}  // namespace tailrace::cli
