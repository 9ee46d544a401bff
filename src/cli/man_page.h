// The OPTIONS section of tailrace(1), made from the flag table. `make man` writes it between the
// marks in man/tailrace.1; a test checks that it is up to date.
#pragma once

#include <string>

namespace tailrace::cli {

// mdoc(7) source: a .Ss and a list for each section.
std::string man_options();

}  // namespace tailrace::cli
