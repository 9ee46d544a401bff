// The log that a rotated file is a part of: its path without what log rotation appends. Parts of
// one log are one partition.
#pragma once

#include <string>
#include <string_view>

namespace tailrace::offsets {

// Known endings, any number of them, at the end of the name only:
//   .1 .02 .123                      up to three digits (of ".0.1", an address, none)
//   -20260131 .2026-01-31 _20260131  a date; a time may follow (-2026013112, -20260131-1530)
//   -1767225600                      epoch seconds (logrotate's dateformat -%s)
//   .gz .zst .lz4 .bz2 .xz           the compression
// "/var/log/app.log.2.gz" is "/var/log/app.log"; a name that is nothing but endings stays whole.
std::string unrotated_path(std::string_view path);

}  // namespace tailrace::offsets
