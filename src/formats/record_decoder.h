// RecordDecoder: lines to columns. One per worker thread; learns from what it saw, so it is not
// const, but what it answers depends on the bytes alone. The slow decoder (simdjson per line) and
// any faster one give the same answer, bad rows and reasons included.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "columns/batch.h"
#include "columns/type.h"
#include "formats/time_zone.h"

namespace tailrace::formats {

// Whole lines of one partition, in a buffer with Buffer::kPadding readable bytes behind.
struct Chunk {
  std::string_view bytes;  // the last line may lack its newline
  uint64_t offset = 0;     // of the first byte in the partition
};

enum class BadReason : uint8_t {
  kBadJson,
  kBadType,
  kBadExpression,
  kTooLong,
  kNoTime,
  kFuture,
  kLate
};
std::string_view reason_name(BadReason reason);  // "bad_json" ...

// A line that became no row. `line` counts from 0 within the chunk; the text is
// chunk.bytes.substr(begin, size), without its newline.
struct BadLine {
  uint32_t line = 0;
  uint32_t begin = 0;
  uint32_t size = 0;
  BadReason reason = BadReason::kBadJson;
  std::string detail;  // "byte 17: expected ':'", "amount is not BIGINT: \"x\""
};

struct UnknownField {
  std::string name;
  uint32_t line = 0;  // within the chunk
};

// What a chunk became. Reused from chunk to chunk. Texts point into the chunk or into `arena`.
struct Decoded {
  columns::Batch batch;               // a row for each good line
  std::vector<uint32_t> row_line;     // line number of each row within the chunk, from 0
  std::vector<uint32_t> row_begin;    // where its text begins in the chunk
  std::vector<uint32_t> row_size;     // and how long it is, without newline
  std::vector<BadLine> bad;           // in order of lines
  std::vector<UnknownField> unknown;  // fields not in the schema, once each and chunk
  uint32_t lines = 0;                 // newlines seen, plus one for an unfinished last line
  Arena arena;
  void clear();
};

// How text becomes the event time (cli.md, --time).
enum class TimeReading : uint8_t {
  kSpark,    // declared TIMESTAMP: Spark's forms, an integer is seconds
  kLenient,  // also numbers by magnitude, log forms, --time-format
};

struct DecodeOptions {
  columns::Schema schema;  // the fields of a line that the query uses (pruned, also inside structs)
  std::vector<TimeReading> readings;  // for each schema field; matters where its type is TIMESTAMP
  columns::Schema known;  // every field of the full schema; for unknown fields (empty: do not look)
  TimeZone zone;
  std::string time_format;  // one that TimePattern::compile takes, or empty
  uint64_t line_bytes_max = 16 << 20;
  bool permissive = false;            // --bad null: Spark's PERMISSIVE reader, errors become nulls
  std::string corrupt_record_column;  // with permissive: column of `schema` that gets the raw line
  bool report_unknown = false;
};

class RecordDecoder {
 public:
  virtual ~RecordDecoder() = default;
  virtual void decode(const Chunk& chunk, Decoded& out) = 0;
};

std::unique_ptr<RecordDecoder> json_lines_decoder(DecodeOptions options);
// The envelope of kcat -J, payload unwrapped; schema may also name _topic, _partition, _offset,
// _timestamp, _key, _headers.
const columns::Schema& kcat_metadata();
std::unique_ptr<RecordDecoder> kcat_decoder(DecodeOptions options);

}  // namespace tailrace::formats
