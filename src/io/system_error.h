// system_error: turns errno into an Error, `place: what the system said`. Inside io only.
// ENOSPC and EDQUOT are kFull, EPIPE and ECONNRESET are kClosed, all else kFailure.
#pragma once

#include <string_view>

#include "base/result.h"

namespace tailrace::io {

std::unexpected<Error> system_error(std::string_view place, int error_number);

}  // namespace tailrace::io
