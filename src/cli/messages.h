// What tailrace says on standard error: one form for errors and notes. Text of strangers (file
// names, values) cannot steer a terminal: control characters come out as visible escapes there.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "io/stream.h"

namespace tailrace::cli {

// "tailrace: MESSAGE\n". The further lines of an SQL error (source and caret) stand as they are.
std::string message_line(std::string_view message, bool is_terminal);

// Writes it; a standard error that is gone is nobody's to tell.
void say(io::OutputStream& error_output, std::string_view message);

// 2 for wrong usage, 1 for all else.
int exit_status(const Error& error);

}  // namespace tailrace::cli
