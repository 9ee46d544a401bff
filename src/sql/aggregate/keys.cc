#include "sql/aggregate/keys.h"

#include <cstring>

#include "base/check.h"
#include "base/hash.h"
#include "sql/aggregate/value_codec.h"

namespace tailrace::sql {

using columns::Column;
using columns::Kind;

namespace {

// The commonest key, one text, without the detour through a growing string.
void encode_text(const Column& column, columns::Rows rows, Arena& arena, EncodedKeys& out) {
  size_t total = 0;
  for (const uint32_t row : rows) total += 5 + (column.is_null(row) ? 0 : column.texts[row].size());
  char* bytes = arena.allocate(total);
  for (const uint32_t row : rows) {
    const bool null = column.is_null(row);
    const std::string_view text = null ? std::string_view{} : column.texts[row];
    const auto size = static_cast<uint32_t>(text.size());
    bytes[0] = null ? 0 : 1;
    std::memcpy(bytes + 1, &size, sizeof size);
    if (size > 0) std::memcpy(bytes + 5, text.data(), size);
    out.keys[row] = {bytes, null ? 1 : 5 + text.size()};
    bytes += 5 + size;
  }
}

void encode_any(std::span<const Column* const> columns, columns::Rows rows, Arena& arena,
                EncodedKeys& out) {
  std::string scratch;
  for (const uint32_t row : rows) {
    scratch.clear();
    for (const Column* column : columns) append_value(*column, row, Normalize::kYes, scratch);
    out.keys[row] = arena.copy(scratch);
  }
}

}  // namespace

void encode_keys(std::span<const Column* const> columns, columns::Rows rows, size_t block_rows,
                 uint64_t seed, Arena& arena, EncodedKeys& out) {
  out.keys.resize(block_rows);
  out.hashes.resize(block_rows);
  if (columns.size() == 1 && columns[0]->type.kind == Kind::kString)
    encode_text(*columns[0], rows, arena, out);
  else
    encode_any(columns, rows, arena, out);
  for (const uint32_t row : rows) out.hashes[row] = hash_bytes(out.keys[row], seed);
}

uint64_t group_hash(uint64_t key_hash, int64_t end) {
  return hash_word(static_cast<uint64_t>(end), key_hash);
}

void decode_keys(std::span<const std::string_view> keys, std::span<Column> out) {
  for (Column& column : out) column.resize(keys.size());
  for (size_t row = 0; row < keys.size(); row++) {
    std::string_view bytes = keys[row];
    for (Column& column : out) CHECK(read_value(bytes, column, row));
    CHECK(bytes.empty());
  }
}

}  // namespace tailrace::sql
