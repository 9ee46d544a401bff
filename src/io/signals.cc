#include "io/signals.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace tailrace::io {

namespace {

// The pipe is written once and never read: whoever polls it later than the signal still wakes. A
// flag and EINTR alone would lose a signal that comes between the test of the flag and the wait.
std::atomic<int> stop_number{0};
std::atomic<int> pipe_reader{-1};
std::atomic<int> pipe_writer{-1};
static_assert(std::atomic<int>::is_always_lock_free);

void on_stop(int number) {
  const int saved = errno;
  int none = 0;
  if (!stop_number.compare_exchange_strong(none, number)) ::_exit(128 + number);
  const char byte = 1;
  [[maybe_unused]] const ssize_t written = ::write(pipe_writer.load(), &byte, 1);
  errno = saved;
}

// A signal that our parent set to be ignored (nohup, a background job) stays ignored.
void handle(int number) {
  struct sigaction action{};
  if (::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) return;
  action = {};
  action.sa_handler = on_stop;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(number, &action, nullptr);
}

}  // namespace

void install_signal_handlers() {
  if (pipe_reader.load() < 0) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0) {
      pipe_writer = ends[1];
      pipe_reader = ends[0];
    }
  }
  ::signal(SIGPIPE, SIG_IGN);
  handle(SIGINT);
  handle(SIGTERM);
}

int stop_signal() { return stop_number.load(); }

int stop_descriptor() { return pipe_reader.load(); }

}  // namespace tailrace::io
