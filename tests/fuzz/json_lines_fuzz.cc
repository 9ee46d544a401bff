// Any bytes, taken as a chunk of lines, become rows, bad lines and blanks and nothing else; what is
// good JSON is what the slow oracle says, in whatever company a line comes; the permissive reader
// and the kcat envelope crash on nothing. Built with -fsanitize=fuzzer; tests replay the corpus.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "formats/infer.h"
#include "formats/record_decoder.h"
#include "support/decoded_rows.h"
#include "support/json_oracle.h"

namespace {

using namespace tailrace;
using columns::Kind;
using columns::Schema;
using columns::Type;
using formats::Decoded;

Type scalar(Kind kind) { return {kind, {}}; }

Schema nested_schema() {
  const Type inner =
      columns::struct_of({{"x", scalar(Kind::kDouble)}, {"s", scalar(Kind::kString)}});
  return {{"a", scalar(Kind::kLong)},
          {"b", scalar(Kind::kString)},
          {"t", scalar(Kind::kTimestamp)},
          {"n", columns::struct_of({{"i", scalar(Kind::kByte)}, {"l", columns::array_of(inner)}})},
          {"m", columns::array_of(columns::array_of(scalar(Kind::kBoolean)))}};
}

formats::DecodeOptions fuzz_options(bool permissive) {
  formats::DecodeOptions options;
  options.schema = nested_schema();
  options.known = options.schema;
  options.report_unknown = true;
  options.line_bytes_max = 4096;
  options.permissive = permissive;
  if (!permissive) return options;
  options.schema.push_back({"_corrupt_record", scalar(Kind::kString)});
  options.corrupt_record_column = "_corrupt_record";
  return options;
}

void require(bool condition, const char* what, std::string_view line) {
  if (condition) return;
  std::fprintf(stderr, "%s: %.*s\n", what, static_cast<int>(line.size()), line.data());
  std::abort();
}

bool is_blank(std::string_view text) {
  for (const char c : text)
    if (!formats::is_json_blank(c)) return false;
  return true;
}

std::string_view line_text(std::string_view text, size_t& at) {
  const size_t newline = text.find('\n', at);
  std::string_view line = text.substr(at, newline - at);
  at = newline == std::string_view::npos ? text.size() : newline + 1;
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

void check_line(std::string_view line, bool row, const formats::BadLine* bad,
                const testing::JsonOracle& oracle) {
  require(!(row && bad), "a line is a row and bad", line);
  if (line.size() > 4096)
    return require(bad && bad->reason == formats::BadReason::kTooLong, "too long", line);
  if (is_blank(line)) return require(!row && !bad, "a blank is something", line);
  require(row || bad, "a line is nothing", line);
  const bool good = row || bad->reason == formats::BadReason::kBadType;
  require(good == oracle.is_good_json(line), "the oracle differs", line);
  require(good || formats::find_object_fault(line), "the scanner finds no fault", line);
  require(!bad || !bad->detail.empty(), "no detail", line);
}

void check_strict(std::string_view text) {
  static const auto decoder = formats::json_lines_decoder(fuzz_options(false));
  static const testing::JsonOracle oracle(nested_schema());
  const testing::Bytes bytes(text);
  Decoded out;
  decoder->decode(bytes.chunk(1), out);
  size_t at = 0, row = 0, bad = 0;
  for (uint32_t number = 0; at < text.size(); number++) {
    const std::string_view line = line_text(text, at);
    const bool is_row = row < out.row_line.size() && out.row_line[row] == number;
    const bool is_bad = bad < out.bad.size() && out.bad[bad].line == number;
    check_line(line, is_row, is_bad ? &out.bad[bad] : nullptr, oracle);
    row += is_row;
    bad += is_bad;
    require(number < out.lines, "more lines than counted", line);
  }
  require(row == out.batch.rows && bad == out.bad.size(), "rows or bad lines left over", "");
  for (size_t i = 0; i < out.batch.rows; i++) testing::render_row(out.batch, i);
}

void check_never_bad(formats::RecordDecoder& decoder, std::string_view text) {
  const testing::Bytes bytes(text);
  Decoded out;
  decoder.decode(bytes.chunk(), out);
  require(out.bad.empty(), "the permissive reader has a bad line", "");
  for (size_t i = 0; i < out.batch.rows; i++) testing::render_row(out.batch, i);
}

void infer(std::string_view text, formats::SampleFormat format) {
  formats::SchemaInference inference(format);
  for (size_t at = 0; at < text.size();) inference.add_line(line_text(text, at));
  inference.paths();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto permissive = formats::json_lines_decoder(fuzz_options(true));
  static const auto envelopes = formats::kcat_decoder(fuzz_options(false));
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_strict(text);
  check_never_bad(*permissive, text);
  testing::decode_lines(*envelopes, text);
  if (size > 1 << 16) return 0;  // wide objects take quadratic time there
  infer(text, formats::SampleFormat::kJsonLines);
  infer(text, formats::SampleFormat::kKcat);
  return 0;
}
