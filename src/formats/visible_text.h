// Text of strangers made safe for a terminal, and how wide it is there. Control characters (C0,
// DEL, C1), the characters that turn the direction of writing, and bytes that are not UTF-8 come
// out as visible escapes: \n, \x1b, \u{202e}. Data must not be able to steer the terminal that
// shows it (CVE-2025-58160 and its like; sinks-durability.md F1). Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tailrace::formats {

void append_visible(std::string_view text, std::string& out);
std::string visible_text(std::string_view text);

// Terminal columns of visible text: one a code point, two where East Asian text or emoji is full
// width, none for combining marks.
size_t display_width(std::string_view text);

// The same as Spark's console counts: UTF-16 units, and one more for each full-width one.
size_t spark_width(std::string_view text);

// Spark's cut of console cells: more than `units` UTF-16 units become units - 3 and "...".
// A character is never split. REQUIRES: units > 3.
std::string spark_truncate(std::string_view text, size_t units);

}  // namespace tailrace::formats
