// The envelope of `kcat -J` (reference/kafka.md 7; real ones in shared/kafka/kcat-envelope.jsonl):
// {"topic","partition","offset","tstype","ts","broker","headers","key","payload"}, in any order,
// one or several a line. The payload is a string that holds one JSON object, the record.
#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "base/buffer.h"
#include "formats/json_dialect.h"
#include "formats/json_index.h"
#include "formats/json_record.h"
#include "formats/json_scanner.h"
#include "formats/line_frames.h"
#include "formats/record_decoder.h"
#include "formats/row_writer.h"

namespace tailrace::formats {

namespace {

using columns::Column;
using columns::Kind;
using columns::Type;

constexpr std::array<std::string_view, 6> kMetadata = {"_topic",     "_partition", "_offset",
                                                       "_timestamp", "_key",       "_headers"};
// The envelope's own fields, in the order of kMetadata; the payload comes last.
constexpr std::array<std::string_view, 6> kEnvelopeKeys = {"topic", "partition", "offset",
                                                           "ts",    "key",       "headers"};

Type type_of_metadata(size_t which) {
  switch (which) {
    case 1: return {Kind::kInt, {}};
    case 2:
    case 3: return {Kind::kLong, {}};
    case 5: return columns::array_of({Kind::kString, {}});
    default: return {Kind::kString, {}};
  }
}

class Kcat final : public RecordDecoder {
 public:
  explicit Kcat(DecodeOptions options);
  void decode(const Chunk& chunk, Decoded& out) override;

 private:
  // A column of the result that comes from the envelope.
  struct Metadata {
    size_t which = 0;            // in kMetadata
    size_t column = 0;           // of the schema
    size_t envelope_column = 0;  // of envelope_
  };

  static DecodeOptions envelope_options(const DecodeOptions& options);
  void decode_line(const LineFrame& line);
  void decode_envelope(const LineFrame& part);
  void decode_payload(std::string_view payload, const LineFrame& part);
  void decode_payload_permissive(std::string_view payload, const LineFrame& part);
  void keep(const LineFrame& part, std::string_view corrupt);
  void keep_corrupt(const LineFrame& part, std::string_view corrupt);
  void bad(const LineFrame& part, BadReason reason, std::string detail);
  void fill_metadata(size_t row);
  std::string_view text_of(const LineFrame& line) const {
    return bytes_.substr(line.begin, line.size);
  }

  DecodeOptions options_;
  std::vector<Metadata> metadata_;
  int corrupt_column_ = -1;
  RecordReader record_;
  RecordReader envelope_reader_;
  JsonIndex line_index_;
  JsonIndex payload_index_;
  columns::Batch envelope_;  // one row: the envelope being unwrapped
  size_t payload_column_ = 0;
  RowWriter rows_;
  std::vector<LineFrame> frames_;
  std::string_view bytes_;  // the chunk being decoded
};

std::vector<std::string> not_in_payload(const DecodeOptions& options) {
  std::vector<std::string> names(kMetadata.begin(), kMetadata.end());
  if (options.permissive && !options.corrupt_record_column.empty())
    names.push_back(options.corrupt_record_column);
  return names;
}

// Reads those of the envelope's fields that the schema names, and the payload.
DecodeOptions Kcat::envelope_options(const DecodeOptions& options) {
  DecodeOptions envelope;
  for (size_t which = 0; which < kMetadata.size(); which++)
    if (std::ranges::find(options.schema, kMetadata[which], &columns::Field::name) !=
        options.schema.end())
      envelope.schema.push_back({std::string(kEnvelopeKeys[which]), type_of_metadata(which)});
  envelope.schema.push_back({"payload", {Kind::kString, {}}});
  return envelope;
}

Kcat::Kcat(DecodeOptions options)
    : options_(std::move(options)),
      record_(options_, not_in_payload(options_)),
      envelope_reader_(envelope_options(options_), {}),
      envelope_(columns::make_batch(envelope_options(options_).schema)),
      rows_(options_.schema) {
  const columns::Schema& schema = options_.schema;
  for (size_t which = 0; which < kMetadata.size(); which++) {
    const auto found = std::ranges::find(schema, kMetadata[which], &columns::Field::name);
    if (found == schema.end()) continue;
    metadata_.push_back({which, static_cast<size_t>(found - schema.begin()), metadata_.size()});
  }
  payload_column_ = metadata_.size();
  const auto corrupt =
      std::ranges::find(schema, options_.corrupt_record_column, &columns::Field::name);
  if (options_.permissive && corrupt != schema.end())
    corrupt_column_ = static_cast<int>(corrupt - schema.begin());
}

void Kcat::decode(const Chunk& chunk, Decoded& out) {
  rows_.begin(out);
  record_.begin_chunk();
  bytes_ = chunk.bytes;
  LineFrames lines(chunk);
  while (lines.next(64 << 10, frames_))
    for (const LineFrame& line : frames_) decode_line(line);
  rows_.finish(lines.lines_seen());
}

void Kcat::decode_line(const LineFrame& line) {
  if (line.size > options_.line_bytes_max)
    return bad(
        line, BadReason::kTooLong,
        fmt::format("a line of {} bytes; --max-line is {}", line.size, options_.line_bytes_max));
  // An envelope that is not UTF-8 or not closed spoils what follows it in its line, not what is
  // before.
  size_t at = 0;
  const std::string_view text = text_of(line);
  for (;;) {
    while (at < text.size() && is_json_blank(text[at])) at++;
    if (at == text.size()) return;
    const ScannedValue value = scan_json_value(text, at);
    const size_t size = value.fault || text[at] != '{' ? text.size() - at : value.end - at;
    const LineFrame part{line.number, line.begin + static_cast<uint32_t>(at),
                         static_cast<uint32_t>(size)};
    decode_envelope(part);
    at += size;
  }
}

void Kcat::decode_envelope(const LineFrame& part) {
  for (Column& column : envelope_.columns) {
    column.clear();
    column.resize(1);
  }
  const std::string_view text = text_of(part);
  if (!line_index_.build(text)) return bad(part, BadReason::kBadJson, {});
  const JsonTokens tokens{text.data(), line_index_.tokens(), part.size};
  uint32_t after = 0;
  const Reading reading = envelope_reader_.read(tokens, 0, after, envelope_, 0, rows_.out().arena);
  if (reading == Reading::kMalformed || tokens.at[after] < tokens.end)
    return bad(part, BadReason::kBadJson, {});
  if (reading == Reading::kWrong)
    return bad(part, BadReason::kBadType, envelope_reader_.wrong_detail());
  const Column& payload = envelope_.columns[payload_column_];
  if (payload.is_null(0)) return bad(part, BadReason::kBadJson, "the payload is null");
  decode_payload(payload.texts[0], part);
}

// The index and the record reader want padding behind the text, which a decoded string has not.
void Kcat::decode_payload(std::string_view payload, const LineFrame& part) {
  char* copy = rows_.out().arena.allocate(payload.size() + Buffer::kPadding);
  std::memcpy(copy, payload.data(), payload.size());
  std::memset(copy + payload.size(), ' ', Buffer::kPadding);
  payload = {copy, payload.size()};
  if (options_.permissive) return decode_payload_permissive(payload, part);

  const auto malformed = [&] {
    const std::optional<JsonFault> fault = find_object_fault(payload);
    bad(part, BadReason::kBadJson,
        "payload: " + (fault ? describe(*fault) : "not one complete object"));
  };
  if (!payload_index_.build(payload)) return malformed();
  Decoded& out = rows_.out();
  const JsonTokens tokens{payload.data(), payload_index_.tokens(),
                          static_cast<uint32_t>(payload.size())};
  uint32_t after = 0;
  const size_t row = rows_.row();
  const Reading reading = record_.read(tokens, 0, after, out.batch, row, out.arena);
  if (reading == Reading::kMalformed || tokens.at[after] < tokens.end) {
    clear_row(out.batch, row);
    return malformed();
  }
  if (reading == Reading::kWrong) return bad(part, BadReason::kBadType, record_.wrong_detail());
  keep(part, {});
}

void Kcat::decode_payload_permissive(std::string_view payload, const LineFrame& part) {
  Decoded& out = rows_.out();
  const auto objects = read_spark_dialect(payload, out.arena);
  if (!objects || objects->size() != 1 || !payload_index_.build(objects->front()))
    return keep(part, payload);
  const std::string_view object = objects->front();
  const JsonTokens tokens{object.data(), payload_index_.tokens(),
                          static_cast<uint32_t>(object.size())};
  uint32_t after = 0;
  const Reading reading = record_.read(tokens, 0, after, out.batch, rows_.row(), out.arena);
  keep(part, reading == Reading::kGood ? std::string_view{} : payload);
}

// `corrupt`: what goes to the column of corrupt records; no data: nothing.
void Kcat::keep(const LineFrame& part, std::string_view corrupt) {
  const size_t row = rows_.row();
  fill_metadata(row);
  keep_corrupt(part, corrupt);
  record_.report_unknown(part.number, rows_.out().unknown);
}

void Kcat::keep_corrupt(const LineFrame& part, std::string_view corrupt) {
  const size_t row = rows_.row();
  if (corrupt_column_ >= 0 && corrupt.data() != nullptr) {
    Column& column = rows_.out().batch.columns[corrupt_column_];
    column.texts[row] = corrupt;
    column.nulls[row] = 0;
  }
  rows_.keep(part);
}

void Kcat::bad(const LineFrame& part, BadReason reason, std::string detail) {
  if (options_.permissive) {
    // A tombstone is a row of nulls with its metadata; a broken envelope has none.
    const bool has_envelope = reason == BadReason::kBadJson && !detail.empty();
    if (has_envelope) fill_metadata(rows_.row());
    return keep_corrupt(part, text_of(part));
  }
  if (detail.empty()) {
    const std::optional<JsonFault> fault = find_object_fault(text_of(part));
    detail = fault ? describe(*fault) : "not one complete object";
  }
  rows_.bad(part, reason, std::move(detail));
}

// kcat gives the headers as one flat array: name, value, name, value.
void fill_headers(const Column& flat, Column& column, size_t row) {
  if (flat.is_null(0)) return;
  const columns::List list = flat.lists[0];
  Column& pairs = column.children[0];
  const size_t begin = pairs.size;
  const uint32_t count = list.count / 2;
  pairs.resize(begin + count);
  for (uint32_t i = 0; i < count; i++) {
    pairs.nulls[begin + i] = 0;
    for (uint32_t side = 0; side < 2; side++)
      columns::copy_value(flat.children[0], list.begin + 2 * i + side, pairs.children[side],
                          begin + i);
  }
  column.lists[row] = {static_cast<uint32_t>(begin), count};
  column.nulls[row] = 0;
}

void Kcat::fill_metadata(size_t row) {
  for (const Metadata& metadata : metadata_) {
    const Column& from = envelope_.columns[metadata.envelope_column];
    Column& to = rows_.out().batch.columns[metadata.column];
    if (kMetadata[metadata.which] == "_headers") {
      fill_headers(from, to, row);
      continue;
    }
    columns::copy_value(from, 0, to, row);
    if (kMetadata[metadata.which] != "_timestamp" || from.is_null(0)) continue;
    if (__builtin_mul_overflow(from.ints[0], kMicrosPerMilli, &to.ints[row])) to.nulls[row] = 1;
  }
}

}  // namespace

const columns::Schema& kcat_metadata() {
  static const columns::Schema schema = {
      {"_topic", {Kind::kString, {}}},
      {"_partition", {Kind::kInt, {}}},
      {"_offset", {Kind::kLong, {}}},
      {"_timestamp", {Kind::kTimestamp, {}}},
      {"_key", {Kind::kString, {}}},
      {"_headers", columns::array_of(columns::struct_of(
                       {{"key", {Kind::kString, {}}}, {"value", {Kind::kString, {}}}}))},
  };
  return schema;
}

std::unique_ptr<RecordDecoder> kcat_decoder(DecodeOptions options) {
  return std::make_unique<Kcat>(std::move(options));
}

}  // namespace tailrace::formats
