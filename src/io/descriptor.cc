#include "io/descriptor.h"

#include <cerrno>
#include <poll.h>
#include <unistd.h>

#include "io/system_error.h"

namespace tailrace::io {

namespace {

// True if the call that left `error_number` is to be made again.
bool try_again(int descriptor, int error_number, short events) {
  if (error_number == EINTR) return true;
  if (error_number != EAGAIN && error_number != EWOULDBLOCK) return false;
  pollfd wait{descriptor, events, 0};
  ::poll(&wait, 1, -1);
  return true;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Status write_all(int descriptor, std::string_view bytes, std::string_view place) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<size_t>(written));
    } else if (!try_again(descriptor, errno, POLLOUT)) {
      return system_error(place, errno);
    }
  }
  return {};
}

Result<size_t> read_all_at(int descriptor, uint64_t offset, std::span<char> into,
                           std::string_view place) {
  size_t total = 0;
  while (total < into.size()) {
    const ssize_t got = ::pread(descriptor, into.data() + total, into.size() - total,
                                static_cast<off_t>(offset + total));
    if (got == 0) break;
    if (got > 0) {
      total += static_cast<size_t>(got);
    } else if (errno != EINTR) {
      return system_error(place, errno);
    }
  }
  return total;
}

Result<size_t> read_all(int descriptor, std::span<char> into, std::string_view place) {
  size_t total = 0;
  while (total < into.size()) {
    const ssize_t got = ::read(descriptor, into.data() + total, into.size() - total);
    if (got == 0) break;
    if (got > 0) {
      total += static_cast<size_t>(got);
    } else if (!try_again(descriptor, errno, POLLIN)) {
      return system_error(place, errno);
    }
  }
  return total;
}

}  // namespace tailrace::io
