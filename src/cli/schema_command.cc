#include "cli/schema_command.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "formats/ddl.h"
#include "formats/infer.h"
#include "formats/visible_text.h"
#include "offsets/listing.h"

namespace tailrace::cli {
namespace {

constexpr size_t kReadBytes = size_t{1} << 20;

// Cuts bytes into lines for the inference. A line over the limit is dropped as it comes, so that
// memory stays bounded, and counted.
class Lines {
 public:
  Lines(formats::SchemaInference& inference, uint64_t bytes_max)
      : inference_(inference), bytes_max_(bytes_max) {}

  void add(std::string_view bytes);
  void finish();
  uint64_t too_long() const { return too_long_; }

 private:
  void end_line();
  void keep(std::string_view part);

  formats::SchemaInference& inference_;
  uint64_t bytes_max_;
  std::string unfinished_;
  bool dropping_ = false;
  uint64_t too_long_ = 0;
};

void Lines::keep(std::string_view part) {
  if (unfinished_.size() + part.size() > bytes_max_) {
    dropping_ = true;
    unfinished_.clear();
  }
  if (!dropping_) unfinished_ += part;
}

void Lines::end_line() {
  // An empty line stands for the dropped one, so that the numbers of lines stay right.
  if (dropping_) ++too_long_;
  inference_.add_line(unfinished_);
  unfinished_.clear();
  dropping_ = false;
}

void Lines::add(std::string_view bytes) {
  for (size_t end; (end = bytes.find('\n')) != std::string_view::npos;) {
    keep(bytes.substr(0, end));
    end_line();
    bytes.remove_prefix(end + 1);
  }
  keep(bytes);
}

void Lines::finish() {
  if (dropping_ || !unfinished_.empty()) end_line();
}

Status add_file(io::Filesystem& files, const std::string& path, std::string& buffer, Lines& lines) {
  const auto file = TRY(files.open(path, io::OpenMode::kRead));
  for (uint64_t offset = 0;;) {
    const size_t size = TRY(file->read_at(offset, buffer));
    if (size == 0) break;
    lines.add(std::string_view(buffer).substr(0, size));
    offset += size;
  }
  lines.finish();
  return {};
}

Status add_stream(io::InputStream& input, std::string& buffer, Lines& lines) {
  for (;;) {
    const std::optional<size_t> size = TRY(input.read(buffer, /*timeout_us=*/-1));
    if (!size || *size == 0) break;
    lines.add(std::string_view(buffer).substr(0, *size));
  }
  lines.finish();
  return {};
}

std::string counts_of(const formats::PathReport& path) {
  std::string text;
  for (const auto& [type, count] : path.types) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", type, count);
  }
  if (path.nulls > 0) text += fmt::format("{}null {}", text.empty() ? "" : ", ", path.nulls);
  return text;
}

// A row for each path, in columns as wide as their widest cell.
std::string table_of(const std::vector<formats::PathReport>& paths) {
  std::vector<std::vector<std::string>> rows = {{"PATH", "TYPE", "VALUES", "FIRST LINE"}};
  for (const formats::PathReport& path : paths) {
    // A nested type is told by its own paths.
    const std::string type = formats::to_ddl(path.type);
    const std::string shown = path.type.is_nested() ? type.substr(0, type.find('<')) : type;
    rows.push_back({formats::visible_text(path.path), shown, counts_of(path),
                    std::to_string(path.first_line)});
  }
  size_t widths[3] = {};
  for (const auto& row : rows) {
    for (size_t i = 0; i < 3; ++i) {
      widths[i] = std::max(widths[i], formats::display_width(row[i]));
    }
  }
  std::string text;
  for (const auto& row : rows) {
    for (size_t i = 0; i < 3; ++i) {
      text += row[i];
      text.append(widths[i] - formats::display_width(row[i]) + 2, ' ');
    }
    text += row[3] + "\n";
  }
  return text;
}

std::string json_of(const formats::SchemaInference& inference, uint64_t bad) {
  nlohmann::ordered_json paths = nlohmann::ordered_json::array();
  for (const formats::PathReport& path : inference.paths()) {
    nlohmann::ordered_json types = nlohmann::ordered_json::object();
    for (const auto& [type, count] : path.types) types[type] = count;
    paths.push_back({{"path", path.path},
                     {"type", formats::to_ddl(path.type)},
                     {"types", types},
                     {"nulls", path.nulls},
                     {"firstLine", path.first_line}});
  }
  const nlohmann::ordered_json document = {{"ddl", formats::to_ddl(inference.schema())},
                                           {"lines", inference.lines()},
                                           {"records", inference.records()},
                                           {"bad", bad},
                                           {"paths", paths}};
  return document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

Result<std::string> schema_text(const SchemaCommand& command, io::Filesystem& files,
                                io::InputStream& standard_input) {
  const bool is_kcat = command.input_format == InputFormat::kKcat;
  formats::SchemaInference inference(is_kcat ? formats::SampleFormat::kKcat
                                             : formats::SampleFormat::kJsonLines);
  Lines lines(inference, command.line_bytes_max);
  std::string buffer(kReadBytes, '\0');

  std::vector<std::string> operands = command.files;
  const bool names_input = std::erase(operands, "-") > 0;
  for (const offsets::ListedFile& file : TRY(offsets::Listing(files, operands).list())) {
    TRY(add_file(files, file.path, buffer, lines));
  }
  if (names_input || command.files.empty()) TRY(add_stream(standard_input, buffer, lines));

  const uint64_t bad = inference.bad() + lines.too_long();
  if (inference.records() == 0) {
    return fail(
        fmt::format("schema: none of the {} lines is a JSON object; look at the first ones "
                    "with head",
                    inference.lines()));
  }
  if (command.json) return json_of(inference, bad);
  const std::string ddl = formats::to_ddl(inference.schema());
  if (command.ddl_only) return ddl + "\n";
  return fmt::format("{}\n{} lines, {} records, {} bad\n\n{}\n", table_of(inference.paths()),
                     inference.lines(), inference.records(), bad, formats::visible_text(ddl));
}

}  // namespace tailrace::cli
