#include "sql/aggregate/keys.h"

#include "base/check.h"
#include "base/hash.h"
#include "sql/aggregate/value_codec.h"

namespace tailrace::sql {

using columns::Column;
using columns::Kind;

namespace {

// The commonest key, one text, is its own bytes, where they stand already. No text is this byte,
// which UTF-8 never uses.
constexpr std::string_view kNullText = "\xff";

bool is_one_text(size_t columns, Kind first) { return columns == 1 && first == Kind::kString; }

void encode_text(const Column& column, columns::Rows rows, EncodedKeys& out) {
  for (const uint32_t row : rows)
    out.keys[row] = column.is_null(row) ? kNullText : column.texts[row];
}

void decode_text(std::span<const std::string_view> keys, Column& out) {
  for (size_t row = 0; row < keys.size(); row++) {
    out.nulls[row] = keys[row] == kNullText;
    out.texts[row] = keys[row];
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
  if (!columns.empty() && is_one_text(columns.size(), columns[0]->type.kind))
    encode_text(*columns[0], rows, out);
  else
    encode_any(columns, rows, arena, out);
  for (const uint32_t row : rows) out.hashes[row] = hash_bytes(out.keys[row], seed);
}

uint64_t group_hash(uint64_t key_hash, int64_t end) {
  return hash_word(static_cast<uint64_t>(end), key_hash);
}

void decode_keys(std::span<const std::string_view> keys, std::span<Column> out) {
  for (Column& column : out) column.resize(keys.size());
  if (!out.empty() && is_one_text(out.size(), out[0].type.kind)) return decode_text(keys, out[0]);
  for (size_t row = 0; row < keys.size(); row++) {
    std::string_view bytes = keys[row];
    for (Column& column : out) CHECK(read_value(bytes, column, row));
    CHECK(bytes.empty());
  }
}

}  // namespace tailrace::sql
