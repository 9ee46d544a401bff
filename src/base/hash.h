// Seeded 64-bit hashes of bytes (XXH3). Seeds are random per checkpoint; nothing that a user sees
// may depend on a hash (architecture.md, rule 5).
#pragma once

#include <cstdint>
#include <string_view>

namespace tailrace {

uint64_t hash_bytes(std::string_view bytes, uint64_t seed);

// Good for hash tables over one or two words; a multiply-fold of the value and the seed.
inline uint64_t hash_word(uint64_t value, uint64_t seed) {
  const auto product =
      static_cast<unsigned __int128>(value ^ seed ^ 0x9e3779b97f4a7c15ULL) * 0xd6e8feb86659fd93ULL;
  const auto folded = static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  return (folded ^ (folded >> 32)) * 0x9e3779b97f4a7c15ULL;
}

}  // namespace tailrace
