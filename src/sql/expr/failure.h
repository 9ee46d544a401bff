// The words of a row's failure, in one place: Spark's error class, then a sentence that quotes the
// value (shortened). No hint about settings: the man page has those.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "columns/type.h"
#include "sql/expr/kernel.h"

namespace tailrace::sql {

// 'text' as SQL writes it, cut after 64 bytes.
std::string quoted(std::string_view text);
// A number as SQL writes it: 300, 300L, 2.5D.
std::string number_text(int64_t value, columns::Kind kind);
std::string number_text(double value, columns::Kind kind);

std::string cast_invalid(std::string_view text, columns::Kind to);
std::string cast_overflow(std::string_view number, columns::Kind from, columns::Kind to);
std::string arithmetic_overflow(std::string_view what, columns::Kind kind);

// Under ANSI the row fails, else it is null.
template <class Message>
void fail_or_null(Row& row, bool ansi, Message message) {
  if (ansi)
    row.fail(message());
  else
    row.set_null();
}

}  // namespace tailrace::sql
