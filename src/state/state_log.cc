#include "state/state_log.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/crc.h"

namespace tailrace::state {
namespace {

constexpr std::string_view kMagic = "tailrace state 1\n";
constexpr uint64_t kSnapshotBytesMin = 1 << 20;
constexpr int64_t kDeltasMax = 100;

enum class FileKind : uint8_t { kDelta = 1, kSnapshot = 2 };

template <class T>
void put(T value, std::string& out) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T>
bool get(std::string_view& in, T& value) {
  if (in.size() < sizeof value) return false;
  __builtin_memcpy(&value, in.data(), sizeof value);
  in.remove_prefix(sizeof value);
  return true;
}

std::string encode(FileKind kind, int64_t batch, int64_t evicted,
                   const std::vector<GroupStore>& stores) {
  std::string out(kMagic);
  put(static_cast<uint8_t>(kind), out);
  put(batch, out);
  put(evicted, out);
  put(static_cast<uint32_t>(stores.size()), out);
  for (const GroupStore& store : stores) {
    put(static_cast<uint64_t>(store.group_count()), out);
    store.for_each([&](const GroupTable& table, const Group& group) {
      const std::string_view key = table.key_of(group);
      put(group.end, out);
      put(group.first_partition, out);
      put(group.first_offset, out);
      put(static_cast<uint32_t>(key.size()), out);
      out.append(key);
      store.layout().encode(group.payload(), out);
    });
  }
  put(crc32_of(out), out);
  return out;
}

// Reads one group into `delta`; false: damaged.
bool read_group(std::string_view& in, const KeyHash& key_hash, GroupStore& delta) {
  int64_t end = 0;
  Position first;
  uint32_t key_size = 0;
  if (!get(in, end) || !get(in, first.partition) || !get(in, first.offset) || !get(in, key_size))
    return false;
  if (in.size() < key_size) return false;
  const std::string_view key = in.substr(0, key_size);
  in.remove_prefix(key_size);
  bool added = false;
  GroupTable& table = delta.table_for(end);
  Group& group = table.find_or_add(key, key_hash(key, end), end, added);
  group.set_first(first);
  delta.layout().begin(group.payload());
  return added && delta.layout().decode(in, group.payload(), table.arena());
}

struct Header {
  uint8_t kind = 0;
  int64_t batch = 0;
  int64_t evicted = 0;
  uint32_t partitions = 0;
};

// Checks the frame; what remains in `in` is the partitions.
bool read_header(std::string_view& in, Header& header) {
  if (!in.starts_with(kMagic) || in.size() < kMagic.size() + sizeof(uint32_t)) return false;
  std::string_view tail = in.substr(in.size() - sizeof(uint32_t));
  uint32_t crc = 0;
  get(tail, crc);
  in.remove_suffix(sizeof crc);
  if (crc32_of(in) != crc) return false;
  in.remove_prefix(kMagic.size());
  return get(in, header.kind) && get(in, header.batch) && get(in, header.evicted) &&
         get(in, header.partitions);
}

// "17.delta" -> 17
std::optional<int64_t> version_of(const std::string& name, std::string_view suffix) {
  if (!name.ends_with(suffix)) return std::nullopt;
  const char* end = name.data() + name.size() - suffix.size();
  int64_t version = 0;
  const auto [stop, error] = std::from_chars(name.data(), end, version);
  if (error != std::errc() || stop != end) return std::nullopt;
  return version;
}

}  // namespace

Status StateLog::apply_file(const std::string& name, int64_t batch,
                            std::vector<GroupStore>& stores) {
  const std::string path = directory_ + "/" + name;
  const auto damaged = [&] {
    return fail(
        ErrorKind::kDamage,
        path +
            ": the file is damaged; restore the checkpoint from a copy, or start again with "
            "`tailrace checkpoint reset`");
  };
  const std::string bytes = TRY(io::read_file(*files_, path, UINT64_MAX));
  std::string_view in = bytes;
  Header header;
  if (!read_header(in, header) || header.batch != batch || header.partitions != stores.size())
    return damaged();
  const bool snapshot = header.kind == static_cast<uint8_t>(FileKind::kSnapshot);
  (snapshot ? snapshot_bytes_ : delta_bytes_) += bytes.size();
  if (!snapshot) deltas_++;
  for (GroupStore& store : stores) {
    uint64_t count = 0;
    if (!get(in, count)) return damaged();
    GroupStore delta = store.empty_like();
    GroupStore& target = snapshot ? store : delta;
    for (uint64_t i = 0; i < count; i++)
      if (!read_group(in, key_hash_, target)) return damaged();
    store.merge(delta, [](const Group&) {});
    if (header.evicted != kNothing) store.take(header.evicted);
  }
  if (!in.empty()) return damaged();
  return {};
}

Status StateLog::load(int64_t batch, std::vector<GroupStore>& stores) {
  if (!TRY(files_->stat(directory_))) {
    if (batch < 0) return {};
    return fail(ErrorKind::kDamage,
                directory_ +
                    ": the state is missing; restore the checkpoint from a copy, or start "
                    "again with `tailrace checkpoint reset`");
  }
  int64_t snapshot = -1;
  for (const std::string& name : TRY(files_->list(directory_)))
    if (const auto version = version_of(name, ".snapshot"); version && *version <= batch)
      snapshot = std::max(snapshot, *version);
  if (snapshot >= 0) TRY(apply_file(fmt::format("{}.snapshot", snapshot), snapshot, stores));
  for (int64_t version = snapshot + 1; version <= batch; version++)
    TRY(apply_file(fmt::format("{}.delta", version), version, stores));
  return {};
}

Status StateLog::write_delta(int64_t batch, int64_t evicted,
                             const std::vector<GroupStore>& deltas) {
  if (batch == 0 || !TRY(files_->stat(directory_))) TRY(files_->make_directories(directory_));
  const std::string bytes = encode(FileKind::kDelta, batch, evicted, deltas);
  delta_bytes_ += bytes.size();
  deltas_++;
  return io::publish(*files_, fmt::format("{}/{}.delta", directory_, batch), bytes);
}

Status StateLog::maintain(int64_t batch, int64_t oldest_kept,
                          const std::vector<GroupStore>& stores) {
  if (delta_bytes_ > std::max(snapshot_bytes_, kSnapshotBytesMin) || deltas_ >= kDeltasMax) {
    const std::string bytes = encode(FileKind::kSnapshot, batch, kNothing, stores);
    TRY(io::publish(*files_, fmt::format("{}/{}.snapshot", directory_, batch), bytes));
    snapshot_bytes_ = bytes.size();
    delta_bytes_ = 0;
    deltas_ = 0;
    return remove_older(oldest_kept);
  }
  return {};
}

Status StateLog::remove_older(int64_t oldest_kept) {
  const std::vector<std::string> names = TRY(files_->list(directory_));
  int64_t base = -1;  // the snapshot that the oldest kept version is built from
  for (const std::string& name : names)
    if (const auto version = version_of(name, ".snapshot"); version && *version <= oldest_kept)
      base = std::max(base, *version);
  for (const std::string& name : names) {
    const auto snapshot = version_of(name, ".snapshot");
    const auto delta = version_of(name, ".delta");
    if ((snapshot && *snapshot < base) || (delta && *delta <= base))
      TRY(files_->remove(directory_ + "/" + name));
  }
  return {};
}

}  // namespace tailrace::state
