#include "io/system_error.h"

#include <cerrno>
#include <string>
#include <system_error>

namespace tailrace::io {

namespace {

ErrorKind kind_of(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT: return ErrorKind::kFull;
    case EPIPE:
    case ECONNRESET: return ErrorKind::kClosed;
    default: return ErrorKind::kFailure;
  }
}

}  // namespace

std::unexpected<Error> system_error(std::string_view place, int error_number) {
  std::string message(place);
  message += ": ";
  message += std::generic_category().message(error_number);
  return fail(kind_of(error_number), std::move(message));
}

}  // namespace tailrace::io
