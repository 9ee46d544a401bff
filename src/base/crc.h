// CRC-32 (IEEE 802.3, zlib's) of bytes: the checksum in every file that a checkpoint writes.
#pragma once

#include <cstdint>
#include <string_view>

namespace tailrace {

uint32_t crc32_of(std::string_view bytes);

}  // namespace tailrace
