#include "io/stream.h"

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"
#include "io/descriptor.h"
#include "io/posix_file.h"
#include "io/signals.h"
#include "io/system_error.h"

namespace tailrace::io {

namespace {

constexpr int kPipeBytes = 1 << 20;

void enlarge_pipe(int descriptor) { ::fcntl(descriptor, F_SETPIPE_SZ, kPipeBytes); }

class DescriptorInput : public InputStream {
 public:
  DescriptorInput(int descriptor, std::string name)
      : descriptor_(descriptor), name_(std::move(name)) {}
  DescriptorInput(Descriptor owned, std::string name)
      : owned_(std::move(owned)), descriptor_(owned_.number()), name_(std::move(name)) {}

  Result<std::optional<size_t>> read(std::span<char> into, int64_t timeout_us) override {
    if (!TRY(wait(timeout_us))) return std::optional<size_t>();
    const ssize_t got = ::read(descriptor_, into.data(), into.size());
    if (got >= 0) return std::optional(static_cast<size_t>(got));
    if (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK) return std::optional<size_t>();
    return system_error(name_, errno);
  }

 private:
  // True if there is something to read (bytes, the end or an error).
  Result<bool> wait(int64_t timeout_us) const {
    pollfd waits[2] = {{descriptor_, POLLIN, 0}, {stop_descriptor(), POLLIN, 0}};
    const timespec timeout{timeout_us / kMicrosPerSecond, (timeout_us % kMicrosPerSecond) * 1000};
    const int ready = ::ppoll(waits, 2, timeout_us < 0 ? nullptr : &timeout, nullptr);
    if (ready < 0 && errno != EINTR) return system_error(name_, errno);
    return ready > 0 && waits[0].revents != 0;
  }

  Descriptor owned_;
  int descriptor_;
  std::string name_;
};

class DescriptorOutput : public OutputStream {
 public:
  DescriptorOutput(int descriptor, std::string name)
      : descriptor_(descriptor), is_terminal_(::isatty(descriptor) == 1), name_(std::move(name)) {}

  Status write(std::string_view bytes) override { return write_all(descriptor_, bytes, name_); }
  bool is_terminal() const override { return is_terminal_; }

 private:
  int descriptor_;
  bool is_terminal_;
  std::string name_;
};

// True for the stand-in that reserve_standard_descriptors put where standard input was closed.
bool is_write_only(int descriptor) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) == O_WRONLY;
}

}  // namespace

void reserve_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    // Open gives the lowest free number, which is this one. The wrong direction on purpose: using
    // it is an error, as it would be if it had stayed closed.
    static_cast<void>(::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
}

InputKind standard_input_kind() {
  struct stat status{};
  if (::fstat(STDIN_FILENO, &status) != 0 || is_write_only(STDIN_FILENO))
    return InputKind::kNothing;
  if (S_ISREG(status.st_mode)) return InputKind::kFile;
  return ::isatty(STDIN_FILENO) == 1 ? InputKind::kTerminal : InputKind::kPipe;
}

Result<std::unique_ptr<File>> standard_input_file() {
  const int copy = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
  if (copy < 0) return system_error("standard input", errno);
  return std::make_unique<PosixFile>(Descriptor(copy), "standard input");
}

uint64_t standard_input_position() {
  const off_t position = ::lseek(STDIN_FILENO, 0, SEEK_CUR);
  return position < 0 ? 0 : static_cast<uint64_t>(position);
}

Result<std::unique_ptr<InputStream>> open_input_stream(const std::string& path) {
  while (true) {
    const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (number >= 0) {
      enlarge_pipe(number);
      return std::make_unique<DescriptorInput>(Descriptor(number), path);
    }
    if (errno != EINTR || stop_signal() != 0) return system_error(path, errno);
  }
}

std::unique_ptr<InputStream> standard_input() {
  enlarge_pipe(STDIN_FILENO);
  return std::make_unique<DescriptorInput>(STDIN_FILENO, "standard input");
}

std::unique_ptr<OutputStream> standard_output() {
  enlarge_pipe(STDOUT_FILENO);
  return std::make_unique<DescriptorOutput>(STDOUT_FILENO, "standard output");
}

std::unique_ptr<OutputStream> standard_error() {
  return std::make_unique<DescriptorOutput>(STDERR_FILENO, "standard error");
}

std::unique_ptr<OutputStream> descriptor_output(int descriptor) {
  return std::make_unique<DescriptorOutput>(descriptor, "descriptor " + std::to_string(descriptor));
}

}  // namespace tailrace::io
