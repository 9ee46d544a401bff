#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace tailrace {

void check_failed(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "tailrace: %s:%d: broken invariant: %s; please report this\n", file, line,
               condition);
  std::abort();
}

}  // namespace tailrace
