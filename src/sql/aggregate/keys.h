// Keys: the grouping columns of a block as bytes, with hashes, and back as columns. The bytes are
// those of value_codec.h, normalised: equal keys have equal bytes. A single STRING is its own
// bytes, and 0xff, which is in no UTF-8, its null: that saves a copy a row.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "columns/batch.h"
#include "state/group.h"

namespace tailrace::sql {

// By row number of the block; only the encoded rows are set. The bytes live in `arena` or where the
// column's texts do.
struct EncodedKeys {
  std::vector<std::string_view> keys;
  std::vector<uint64_t> hashes;
};

void encode_keys(std::span<const columns::Column* const> columns, columns::Rows rows,
                 size_t block_rows, uint64_t seed, Arena& arena, EncodedKeys& out);

// Mixes a group's end into its key's hash.
uint64_t group_hash(uint64_t key_hash, int64_t end);

// Fills one column for each key, a row for each of `keys`. REQUIRES: bytes that encode_keys wrote.
void decode_keys(std::span<const std::string_view> keys, std::span<columns::Column> out);

}  // namespace tailrace::sql
