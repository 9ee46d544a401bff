// Result<T> and Status: how every fallible function of tailrace answers. Nothing of ours throws.
// An Error is one sentence for the user, place first ("path:line:column: what; what to do"),
// without the leading "tailrace: ". It cannot be ignored: the classes are [[nodiscard]].
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace tailrace {

// Who has to act; cli maps it to the exit status (kUsage 2, kFailure 1).
enum class ErrorKind {
  kUsage,    // wrong flags, DDL or SQL: found before anything is read
  kFailure,  // the run failed
  kDamage,   // a file of ours is not what we wrote
  kBusy,     // another process holds the checkpoint
  kClosed,   // the reader of our output went away (EPIPE)
  kFull,     // ENOSPC, EDQUOT
};

struct Error {
  ErrorKind kind = ErrorKind::kFailure;
  std::string
      message;  // one sentence; SQL errors carry the source line and a caret on further lines
};

template <class T>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
};

using Status = Result<void>;

inline std::unexpected<Error> fail(std::string message) {
  return std::unexpected(Error{ErrorKind::kFailure, std::move(message)});
}
inline std::unexpected<Error> fail(ErrorKind kind, std::string message) {
  return std::unexpected(Error{kind, std::move(message)});
}
inline std::unexpected<Error> usage_error(std::string message) {
  return fail(ErrorKind::kUsage, std::move(message));
}

}  // namespace tailrace

// Gives the value of `expr`, or returns its error from the enclosing function.
#define TRY(expr)                                                                       \
  ({                                                                                    \
    auto&& try_result_ = (expr);                                                        \
    if (!try_result_) [[unlikely]]                                                      \
      return std::unexpected(std::forward<decltype(try_result_)>(try_result_).error()); \
    *std::forward<decltype(try_result_)>(try_result_);                                  \
  })
