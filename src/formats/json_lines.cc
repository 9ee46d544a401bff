#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "formats/json_dialect.h"
#include "formats/json_index.h"
#include "formats/json_record.h"
#include "formats/json_scanner.h"
#include "formats/line_frames.h"
#include "formats/record_decoder.h"
#include "formats/row_writer.h"

namespace tailrace::formats {

namespace {

// Indexed at once: small enough that text and tokens stay in the second cache.
constexpr size_t kBlockBytes = 64 << 10;
// A block that does not index as a whole is cut into so many parts, to find the guilty line.
constexpr size_t kParts = 8;

using Frames = std::span<const LineFrame>;

bool is_blank(std::string_view text) { return std::ranges::all_of(text, is_json_blank); }

class JsonLines final : public RecordDecoder {
 public:
  explicit JsonLines(DecodeOptions options);
  void decode(const Chunk& chunk, Decoded& out) override;

 private:
  void decode_block(Frames frames);
  void decode_part(Frames frames);
  void decode_indexed(Frames frames, const char* base);
  void decode_permissive(const LineFrame& line);
  bool decode_object(std::string_view object, const LineFrame& line);
  void keep_corrupt(const LineFrame& line);
  void bad_json(const LineFrame& line);
  void too_long(const LineFrame& line);
  std::string_view text_of(const LineFrame& line) const {
    return bytes_.substr(line.begin, line.size);
  }

  DecodeOptions options_;
  RecordReader reader_;
  JsonIndex index_;
  RowWriter rows_;
  int corrupt_column_ = -1;
  std::vector<LineFrame> frames_;
  std::string_view bytes_;  // the chunk being decoded
};

std::vector<std::string> not_from_json(const DecodeOptions& options) {
  if (!options.permissive || options.corrupt_record_column.empty()) return {};
  return {options.corrupt_record_column};
}

JsonLines::JsonLines(DecodeOptions options)
    : options_(std::move(options)),
      reader_(options_, not_from_json(options_)),
      rows_(options_.schema) {
  for (const std::string& name : not_from_json(options_)) {
    const auto found = std::ranges::find(options_.schema, name, &columns::Field::name);
    if (found != options_.schema.end())
      corrupt_column_ = static_cast<int>(found - options_.schema.begin());
  }
}

void JsonLines::decode(const Chunk& chunk, Decoded& out) {
  rows_.begin(out);
  reader_.begin_chunk();
  bytes_ = chunk.bytes;
  LineFrames lines(chunk);
  while (lines.next(kBlockBytes, frames_)) decode_block(frames_);
  rows_.finish(lines.lines_seen());
}

// Lines that are too long are not looked into at all.
void JsonLines::decode_block(Frames frames) {
  const auto too_long_line = [this](const LineFrame& line) {
    return line.size > options_.line_bytes_max;
  };
  while (!frames.empty()) {
    const auto odd = std::ranges::find_if(frames, too_long_line);
    const auto fine = static_cast<size_t>(odd - frames.begin());
    if (options_.permissive)
      std::ranges::for_each(frames.first(fine), [this](auto& l) { decode_permissive(l); });
    else if (fine > 0)
      decode_part(frames.first(fine));
    if (odd == frames.end()) return;
    too_long(*odd);
    frames = frames.subspan(fine + 1);
  }
}

void JsonLines::decode_part(Frames frames) {
  const char* base = bytes_.data() + frames.front().begin;
  if (index_.build({base, frames.back().end() - frames.front().begin}))
    return decode_indexed(frames, base);
  if (frames.size() == 1) return bad_json(frames.front());
  const size_t part = (frames.size() + kParts - 1) / kParts;
  for (; !frames.empty(); frames = frames.subspan(std::min(part, frames.size())))
    decode_part(frames.first(std::min(part, frames.size())));
}

void JsonLines::decode_indexed(Frames frames, const char* base) {
  Decoded& out = rows_.out();
  const uint32_t origin = frames.front().begin;
  JsonTokens text{base, index_.tokens(), 0};
  uint32_t token = 0;
  for (const LineFrame& line : frames) {
    text.end = line.end() - origin;
    if (text.at[token] >= text.end) continue;  // blank
    uint32_t after = token;
    Reading reading = reader_.read(text, token, after, out.batch, rows_.row(), out.arena);
    if (reading <= Reading::kPartial && text.at[after] < text.end) {
      clear_row(out.batch, rows_.row());
      reading = Reading::kMalformed;
    }
    if (reading == Reading::kGood) [[likely]] {
      rows_.keep(line);
      reader_.report_unknown(line.number, out.unknown);
      token = after;
      continue;
    }
    if (reading == Reading::kMalformed || text.at[after] < text.end)
      bad_json(line);
    else
      rows_.bad(line, BadReason::kBadType, reader_.wrong_detail());
    while (text.at[token] < text.end) token++;
  }
}

void JsonLines::bad_json(const LineFrame& line) {
  const std::optional<JsonFault> fault = find_object_fault(text_of(line));
  rows_.bad(line, BadReason::kBadJson, fault ? describe(*fault) : "not one complete object");
}

void JsonLines::too_long(const LineFrame& line) {
  if (options_.permissive) return keep_corrupt(line);
  rows_.bad(
      line, BadReason::kTooLong,
      fmt::format("a line of {} bytes; --max-line is {}", line.size, options_.line_bytes_max));
}

void JsonLines::decode_permissive(const LineFrame& line) {
  const std::string_view text = text_of(line);
  if (is_blank(text)) return;
  const auto objects = read_spark_dialect(text, rows_.out().arena);
  if (!objects) return keep_corrupt(line);
  for (const std::string_view object : *objects)
    if (!decode_object(object, line)) keep_corrupt(line);
}

bool JsonLines::decode_object(std::string_view object, const LineFrame& line) {
  if (!index_.build(object)) return false;
  Decoded& out = rows_.out();
  const JsonTokens text{object.data(), index_.tokens(), static_cast<uint32_t>(object.size())};
  uint32_t after = 0;
  const size_t row = rows_.row();
  const Reading reading = reader_.read(text, 0, after, out.batch, row, out.arena);
  if (reading > Reading::kPartial) return false;
  if (reading == Reading::kPartial && corrupt_column_ >= 0) {
    columns::Column& column = out.batch.columns[corrupt_column_];
    column.texts[row] = text_of(line);
    column.nulls[row] = 0;
  }
  rows_.keep(line);
  reader_.report_unknown(line.number, out.unknown);
  return true;
}

void JsonLines::keep_corrupt(const LineFrame& line) {
  const size_t row = rows_.row();
  if (corrupt_column_ >= 0) {
    columns::Column& column = rows_.out().batch.columns[corrupt_column_];
    column.texts[row] = text_of(line);
    column.nulls[row] = 0;
  }
  rows_.keep(line);
}

}  // namespace

std::unique_ptr<RecordDecoder> json_lines_decoder(DecodeOptions options) {
  return std::make_unique<JsonLines>(std::move(options));
}

}  // namespace tailrace::formats
