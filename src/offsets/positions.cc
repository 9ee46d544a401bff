#include "offsets/positions.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "offsets/json_fields.h"

namespace tailrace::offsets {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr uint64_t kVersion = 1;

ordered_json file_to_json(const FilePosition& file) {
  ordered_json out;
  out["id"] = file.id;
  out["path"] = file.path;
  out["device"] = file.device;
  out["inode"] = file.inode;
  out["fingerprint"] = fmt::format("{:016x}", file.fingerprint.hash);
  out["fingerprint_bytes"] = file.fingerprint.bytes;
  out["offset"] = file.offset;
  if (file.lines) out["lines"] = *file.lines;
  out["size"] = file.size;
  out["partition"] = file.partition;
  return out;
}

Result<uint64_t> parse_hash(const std::string& text) {
  uint64_t hash = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hash, 16);
  if (error == std::errc() && end == text.data() + text.size()) return hash;
  return fail(ErrorKind::kDamage, "positions: \"fingerprint\" is not hexadecimal");
}

Result<FilePosition> file_from_json(const json& object) {
  FilePosition file;
  file.id = TRY(unsigned_field(object, "id"));
  file.path = TRY(string_field(object, "path"));
  file.device = TRY(unsigned_field(object, "device"));
  file.inode = TRY(unsigned_field(object, "inode"));
  const std::string hash = TRY(string_field(object, "fingerprint"));
  file.fingerprint.hash = TRY(parse_hash(hash));
  file.fingerprint.bytes = TRY(unsigned_field(object, "fingerprint_bytes"));
  file.offset = TRY(unsigned_field(object, "offset"));
  if (object.contains("lines")) file.lines = TRY(unsigned_field(object, "lines"));
  file.size = TRY(unsigned_field(object, "size"));
  file.partition = static_cast<uint32_t>(TRY(unsigned_field(object, "partition")));
  return file;
}

Result<std::vector<uint32_t>> partition_numbers(const json& object, const char* key) {
  std::vector<uint32_t> out;
  for (const uint64_t number : TRY(unsigned_array(object, key))) {
    out.push_back(static_cast<uint32_t>(number));
  }
  return out;
}

Status check_version(const json& object) {
  const uint64_t version = TRY(unsigned_field(object, "version"));
  if (version == kVersion) return {};
  return fail(
      fmt::format("positions: version {} is newer than this tailrace reads ({}); use the newer one",
                  version, kVersion));
}

}  // namespace

const FilePosition* FilePositions::find(uint64_t id) const {
  const auto it = std::ranges::lower_bound(files, id, {}, &FilePosition::id);
  return it != files.end() && it->id == id ? &*it : nullptr;
}

std::string to_json(const FilePositions& positions) {
  ordered_json out;
  out["version"] = kVersion;
  out["next_id"] = positions.next_id;
  out["partitions"] = positions.partitions;
  out["batch"] = positions.batch;
  out["finished"] = positions.finished;
  out["unfinished"] = positions.unfinished;
  out["files"] = ordered_json::array();
  for (const FilePosition& file : positions.files) out["files"].push_back(file_to_json(file));
  return dump(out);
}

Result<FilePositions> parse_positions(std::string_view text) {
  FilePositions positions;
  if (text.empty()) return positions;
  const json object = TRY(parse_object(text, "positions"));
  TRY(check_version(object));
  positions.next_id = TRY(unsigned_field(object, "next_id"));
  positions.partitions = TRY(string_array(object, "partitions"));
  positions.batch = TRY(unsigned_array(object, "batch"));
  positions.finished = TRY(partition_numbers(object, "finished"));
  positions.unfinished = TRY(partition_numbers(object, "unfinished"));
  for (const json& file : TRY(object_array(object, "files"))) {
    positions.files.push_back(TRY(file_from_json(file)));
  }
  std::ranges::sort(positions.files, {}, &FilePosition::id);
  return positions;
}

std::string progress_offsets(const FilePositions& positions) {
  ordered_json out = ordered_json::object();
  for (const FilePosition& file : positions.files) out[file.path] = file.offset;
  return dump(out);
}

}  // namespace tailrace::offsets
