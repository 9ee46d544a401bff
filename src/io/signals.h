// Signals: SIGINT and SIGTERM ask the run to stop; the second one ends the process at once with
// 128 + number. SIGPIPE is ignored (writes answer kClosed). Install once, from main.
#pragma once

namespace tailrace::io {

void install_signal_handlers();
// 0, or the number of the first SIGINT/SIGTERM that came.
int stop_signal();
// A descriptor that is readable from the moment a stop was asked for, and for ever after, so that
// no wait can miss it; -1 before the handlers are installed. Inside io only, for poll.
int stop_descriptor();

}  // namespace tailrace::io
