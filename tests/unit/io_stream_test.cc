// Streams over real pipes. What concerns descriptors 0, 1 and 2 runs in a forked child, which
// answers by its exit status.
#include "io/stream.h"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "io/signals.h"

namespace tailrace::io {

namespace {

// The exit status of a child that runs `body`; -1 if a signal ended it.
int status_of_child(const std::function<int()>& body) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(body());
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct Pipe {
  int reader = -1;
  int writer = -1;
  Pipe() {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    reader = ends[0];
    writer = ends[1];
  }
  ~Pipe() {
    ::close(reader);
    ::close(writer);
  }
  std::unique_ptr<InputStream> input() const {
    auto stream = open_input_stream("/dev/fd/" + std::to_string(reader));
    REQUIRE(stream);
    return std::move(*stream);
  }
};

void put_on(int number, const char* path, int flags) {
  const int opened = ::open(path, flags);
  ::dup2(opened, number);
  if (opened != number) ::close(opened);
}

int code_of_kind(InputKind kind) { return static_cast<int>(kind); }

}  // namespace

TEST_CASE("reading gives what is there, nothing in time, or the end") {
  Pipe pipe;
  const auto input = pipe.input();
  std::array<char, 4> bytes{};
  CHECK(!*input->read(bytes, 0));
  CHECK(!*input->read(bytes, 1000));
  REQUIRE(::write(pipe.writer, "123456", 6) == 6);
  CHECK(*input->read(bytes, 0) == std::optional<size_t>(4));
  CHECK(*input->read(bytes, -1) == std::optional<size_t>(2));
  CHECK(std::string(bytes.data(), 2) == "56");
  ::close(std::exchange(pipe.writer, -1));
  CHECK(*input->read(bytes, -1) == std::optional<size_t>(0));
  CHECK(*input->read(bytes, 0) == std::optional<size_t>(0));
}

TEST_CASE("a pipe is made larger, and one that is not there is an error") {
  const Pipe pipe;
  const auto input = pipe.input();
  CHECK(::fcntl(pipe.reader, F_GETPIPE_SZ) == 1 << 20);
  CHECK(open_input_stream("/no/such/pipe").error().message ==
        "/no/such/pipe: No such file or directory");
}

TEST_CASE("writing waits for a slow reader, also where somebody made the pipe non-blocking") {
  const Pipe pipe;
  REQUIRE(::fcntl(pipe.writer, F_SETFL, O_NONBLOCK) == 0);
  const std::string text(3'000'000, 'x');
  size_t got = 0;
  std::thread reader([&] {
    std::array<char, 65536> bytes{};
    while (got < text.size())
      got += static_cast<size_t>(::read(pipe.reader, bytes.data(), bytes.size()));
  });
  CHECK(descriptor_output(pipe.writer)->write(text));
  reader.join();
  CHECK(got == text.size());
}

TEST_CASE("a reader that went away is kClosed, a full disk kFull, neither ends the process") {
  Pipe pipe;
  ::close(std::exchange(pipe.reader, -1));
  const int writer = pipe.writer;
  CHECK(status_of_child([&] {
          install_signal_handlers();
          const Status closed = descriptor_output(writer)->write("x");
          const int full = ::open("/dev/full", O_WRONLY);
          const Status no_space = descriptor_output(full)->write("x");
          return closed || closed.error().kind != ErrorKind::kClosed ||
                         closed.error().message !=
                             "descriptor " + std::to_string(writer) + ": Broken pipe" ||
                         no_space || no_space.error().kind != ErrorKind::kFull
                     ? 1
                     : 0;
        }) == 0);
}

TEST_CASE("standard input is a pipe, a file with a position, a terminal or nothing") {
  const auto kind_of = [](const char* path, int flags) {
    return status_of_child([&] {
      put_on(STDIN_FILENO, path, flags);
      return code_of_kind(standard_input_kind());
    });
  };
  CHECK(kind_of("/dev/null", O_RDONLY) == code_of_kind(InputKind::kPipe));
  CHECK(kind_of("/proc/self/exe", O_RDONLY) == code_of_kind(InputKind::kFile));
  CHECK(status_of_child([] {
          ::close(STDIN_FILENO);
          const int before = code_of_kind(standard_input_kind());
          reserve_standard_descriptors();
          // No file of ours may get number 0.
          if (::open("/dev/null", O_RDONLY) == STDIN_FILENO) return 99;
          return before == code_of_kind(standard_input_kind()) ? before : 98;
        }) == code_of_kind(InputKind::kNothing));
  CHECK(status_of_child([] {
          const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
          if (terminal < 0) return 99;
          ::dup2(terminal, STDIN_FILENO);
          return code_of_kind(standard_input_kind());
        }) == code_of_kind(InputKind::kTerminal));
}

TEST_CASE("a redirected file begins where the shell has stopped reading") {
  char name[] = "/tmp/tailrace-stdin-XXXXXX";
  const int made = ::mkstemp(name);
  REQUIRE(::write(made, "header\nrow\n", 11) == 11);
  CHECK(status_of_child([&] {
          put_on(STDIN_FILENO, name, O_RDONLY);
          ::lseek(STDIN_FILENO, 7, SEEK_SET);
          const auto file = standard_input_file();
          char bytes[16];
          if (!file || standard_input_position() != 7) return 1;
          const auto got = (*file)->read_at(standard_input_position(), bytes);
          return got && std::string(bytes, *got) == "row\n" ? 0 : 2;
        }) == 0);
  ::close(made);
  ::unlink(name);
}

TEST_CASE("writing to a closed standard output fails and hits no file of ours") {
  CHECK(status_of_child([] {
          ::close(STDOUT_FILENO);
          reserve_standard_descriptors();
          const Status written = standard_output()->write("x");
          return !written && written.error().message == "standard output: Bad file descriptor" ? 0
                                                                                               : 1;
        }) == 0);
}

}  // namespace tailrace::io
