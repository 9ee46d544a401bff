// CHECK: a broken invariant ends the process with its place, in every build. DCHECK: in debug and
// test builds only. Neither is for bad input, which is a Result.
#pragma once

namespace tailrace {
[[noreturn]] void check_failed(const char* file, int line, const char* condition);
}

#define CHECK(condition)                                                                        \
  (__builtin_expect(!(condition), 0) ? ::tailrace::check_failed(__FILE__, __LINE__, #condition) \
                                     : (void)0)

#ifdef TAILRACE_DCHECK
#define DCHECK(condition) CHECK(condition)
#else
#define DCHECK(condition) ((void)0)
#endif
