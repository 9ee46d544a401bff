// Signals and the waits that they must wake. Each case is a forked child of its own: a process can
// be asked to stop only once.
#include "io/signals.h"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <functional>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/stream.h"
#include "support/manual_clock.h"

namespace tailrace::io {

namespace {

constexpr int64_t kLong = 20 * kMicrosPerSecond;  // a wait that a test does not wait for

int status_of_child(const std::function<int()>& body) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::alarm(5);  // a wait that nothing wakes ends the child by SIGALRM
    ::_exit(body());
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

// SIGTERM to this process in some milliseconds, from another one.
void terminate_soon() {
  const pid_t target = ::getpid();
  if (::fork() != 0) return;
  ::usleep(10'000);
  ::kill(target, SIGTERM);
  ::_exit(0);
}

}  // namespace

TEST_CASE("the first signal is remembered, the second ends the process with 128 and its number") {
  CHECK(status_of_child([] {
          install_signal_handlers();
          if (stop_signal() != 0) return 1;
          ::raise(SIGINT);
          return stop_signal() == SIGINT ? 0 : 2;
        }) == 0);
  for (const int number : {SIGINT, SIGTERM}) {
    CHECK(status_of_child([number] {
            install_signal_handlers();
            ::raise(SIGINT);
            ::raise(number);
            return 1;
          }) == 128 + number);
  }
}

TEST_CASE("an ignored signal stays ignored, as nohup wants it") {
  CHECK(status_of_child([] {
          ::signal(SIGINT, SIG_IGN);
          install_signal_handlers();
          ::raise(SIGINT);
          ::raise(SIGINT);
          return stop_signal();
        }) == 0);
}

TEST_CASE("a signal wakes a sleep and a read, whether it comes before or during them") {
  CHECK(status_of_child([] {
          install_signal_handlers();
          const auto clock = system_clock();
          const int64_t begin_us = clock->monotonic_us();
          terminate_soon();
          clock->sleep_until(begin_us + kLong);
          clock->sleep_until(begin_us + kLong);
          return clock->monotonic_us() - begin_us < kMicrosPerSecond ? 0 : 1;
        }) == 0);
  CHECK(status_of_child([] {
          install_signal_handlers();
          int ends[2];
          if (::pipe(ends) != 0) return 1;
          const auto input = open_input_stream("/dev/fd/" + std::to_string(ends[0]));
          std::array<char, 8> bytes{};
          terminate_soon();
          for (int i = 0; i < 2; ++i) {
            const auto got = (*input)->read(bytes, i == 0 ? -1 : kLong);
            if (!got || got->has_value()) return 2;
          }
          // What is in the pipe can still be read.
          if (::write(ends[1], "x", 1) != 1) return 3;
          return *(*input)->read(bytes, -1) == std::optional<size_t>(1) ? 0 : 4;
        }) == 0);
}

TEST_CASE("the system's clocks go on, and a sleep lasts as long as asked") {
  const auto clock = system_clock();
  CHECK(clock->now().us > 1'600'000'000'000'000);
  const int64_t begin_us = clock->monotonic_us();
  clock->sleep_until(begin_us - 1);
  clock->sleep_until(begin_us + 2000);
  CHECK(clock->monotonic_us() >= begin_us + 2000);
}

TEST_CASE("a manual clock moves only when told, and a sleep is over at once") {
  test::ManualClock clock({1000});
  clock.sleep_until(500);
  clock.advance(100);
  clock.sleep_until(50);
  CHECK(clock.now().us == 1600);
  CHECK(clock.monotonic_us() == 600);
  clock.set_wall({5});
  CHECK(clock.now().us == 5);
  CHECK(clock.sleeps_us() == std::vector<int64_t>{500, 0});
}

}  // namespace tailrace::io
