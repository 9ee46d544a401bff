// Signals: SIGINT and SIGTERM ask the run to stop; the second one ends the process at once with
// 128 + number. SIGPIPE is ignored (writes answer kClosed). Install once, from main.
#pragma once

namespace tailrace::io {

void install_signal_handlers();
// 0, or the number of the first SIGINT/SIGTERM that came.
int stop_signal();

}  // namespace tailrace::io
