#include "offsets/file_tracker.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "offsets/rotation.h"

namespace tailrace::offsets {
namespace {

constexpr const char* kOnePartition = "*";

bool comes_before(const ListedFile& a, const ListedFile& b, FileOrder order) {
  if (order == FileOrder::kModified && a.info.modified_us != b.info.modified_us) {
    return a.info.modified_us < b.info.modified_us;
  }
  return a.path < b.path;
}

std::string truncated_message(const TrackedFile& file, uint64_t size_now) {
  return fmt::format(
      "{}: truncated or replaced: {} bytes of it were read before, and now it has {} bytes and {}; "
      "bring the old "
      "file back, or let --on-data-loss warn read the new one from its beginning",
      file.at.path, file.at.offset, size_now,
      size_now < file.at.offset ? "is shorter" : "begins otherwise");
}

}  // namespace

FilePlace FileTracker::place_of(const TrackedFile& file) {
  return {file.at.id, file.at.path, file.at.device, file.at.inode};
}

void FileTracker::restore(const FilePositions& positions) {
  tracked_.clear();
  partitions_ = positions.partitions;
  next_id_ = positions.next_id;
  partition_by_name_.clear();
  partition_by_path_.clear();
  for (uint32_t i = 0; i < partitions_.size(); ++i) partition_by_name_[partitions_[i]] = i;
  for (const FilePosition& at : positions.files) {
    partition_by_path_[at.path] = at.partition;
    TrackedFile file;
    file.at = at;
    file.begun = true;
    if (at.lines) {
      file.counted_to = at.offset;
      file.counted_lines = *at.lines;
    }
    tracked_.push_back(std::move(file));
  }
}

FilePositions FileTracker::positions() const {
  FilePositions out;
  out.next_id = next_id_;
  out.partitions = partitions_;
  for (const TrackedFile& file : tracked_) {
    if (!file.begun) continue;
    out.files.push_back(file.at);
    out.files.back().lines.reset();
    if (file.counted_to == file.at.offset) out.files.back().lines = file.counted_lines;
  }
  return out;
}

TrackedFile* FileTracker::find(uint64_t id) {
  const auto it =
      std::ranges::find(tracked_, id, [](const TrackedFile& file) { return file.at.id; });
  return it == tracked_.end() ? nullptr : &*it;
}

std::vector<TrackedFile*> FileTracker::in_order() {
  std::vector<TrackedFile*> out;
  for (TrackedFile& file : tracked_) {
    if (file.present) out.push_back(&file);
  }
  std::ranges::stable_sort(out, [this](const TrackedFile* a, const TrackedFile* b) {
    // The rest of a rotated log comes before what the log's name means now.
    if (a->listed != b->listed) return b->listed;
    if (options_.order == FileOrder::kModified && a->modified_us != b->modified_us) {
      return a->modified_us < b->modified_us;
    }
    return a->at.path < b->at.path;
  });
  return out;
}

Status FileTracker::update(std::vector<ListedFile> listed) {
  // In reading order, so that numbers of files and partitions follow it.
  std::ranges::sort(
      listed, [this](const auto& a, const auto& b) { return comes_before(a, b, options_.order); });
  std::set<std::string> paths;
  for (const ListedFile& file : listed) paths.insert(file.path);
  std::set<uint64_t> missing;
  for (TrackedFile& file : tracked_) {
    if (!file.gone && (file.present || paths.contains(file.at.path))) missing.insert(file.at.id);
    file.present = file.listed = false;
  }

  std::vector<ListedFile> rest;
  TRY(match_inodes(listed, rest));
  for (const ListedFile& file : rest) TRY(adopt(file));
  for (TrackedFile& file : tracked_) {
    if (!file.present && missing.contains(file.at.id)) TRY(look_for(file));
  }
  std::ranges::sort(tracked_, {}, [](const TrackedFile& file) { return file.at.id; });
  return prune();
}

Status FileTracker::match_inodes(const std::vector<ListedFile>& listed,
                                 std::vector<ListedFile>& rest) {
  std::map<Inode, size_t> known;  // of files that shared an inode one after the other, the last
  for (size_t i = 0; i < tracked_.size(); ++i)
    known[{tracked_[i].at.device, tracked_[i].at.inode}] = i;
  for (const ListedFile& file : listed) {
    const auto it = known.find({file.info.device, file.info.inode});
    if (it != known.end() && TRY(still_same(tracked_[it->second], file))) {
      tracked_[it->second].listed = true;
    } else {
      rest.push_back(file);
    }
  }
  return {};
}

// REQUIRES: device and inode are the file's.
Result<bool> FileTracker::still_same(TrackedFile& file, const ListedFile& listed) {
  if (listed.opened) open_.pin(file.at.id, listed.opened);
  const uint64_t size = listed.info.size;
  const bool unchanged = file.checked && file.checked_size == size &&
                         file.checked_modified_us == listed.info.modified_us;
  if (unchanged) {
    see(file, listed);
    return true;
  }
  FilePlace place = place_of(file);
  place.path = listed.path;
  const SharedFile opened = TRY(open_.get(place));
  const std::string beginning = TRY(read_beginning(*opened));
  const bool begins_same = begins_with(beginning, file.at.fingerprint);
  if (!begins_same && file.at.path != listed.path) {
    file.gone = true;
    open_.close(file.at.id);
    return false;
  }
  if (file.at.offset > 0 && (!begins_same || size < file.at.offset)) {
    TRY(lose(truncated_message(file, size)));
    begin_anew(file);
    // The number is new; what is open under the old one is opened again.
    if (listed.opened) open_.pin(file.at.id, listed.opened);
  }
  // It may have grown past what the fingerprint covered.
  file.at.fingerprint = fingerprint_of(beginning);
  see(file, listed);
  return true;
}

// Takes over what the listing says. REQUIRES: the fingerprint is that of the file listed.
void FileTracker::see(TrackedFile& file, const ListedFile& listed) {
  partition_by_path_[listed.path] = file.at.partition;
  file.at.path = listed.path;
  file.at.device = listed.info.device;
  file.at.inode = listed.info.inode;
  file.at.size = listed.info.size;
  file.modified_us = listed.info.modified_us;
  file.named = file.named || listed.named;
  file.present = true;
  file.gone = false;
  file.checked = true;
  file.checked_size = listed.info.size;
  file.checked_modified_us = listed.info.modified_us;
}

void FileTracker::begin_anew(TrackedFile& file) {
  open_.close(file.at.id);
  file.at.id = next_id_++;
  file.at.offset = 0;
  file.begun = file.drained = false;
  file.counted_to = file.counted_lines = 0;
}

Status FileTracker::adopt(const ListedFile& listed) {
  SharedFile opened = listed.opened;
  if (!opened) opened = TRY(files_.open(listed.path, io::OpenMode::kRead));
  const std::string beginning = TRY(read_beginning(*opened));
  if (TrackedFile* const moved = TRY(find_moved(listed, beginning))) {
    open_.close(moved->at.id);
    if (listed.opened) open_.pin(moved->at.id, listed.opened);
    moved->at.fingerprint = fingerprint_of(beginning);
    see(*moved, listed);
    moved->listed = true;
    return {};
  }
  if (const auto compression = compression_of(beginning); !compression.empty()) {
    return fail(fmt::format(
        "{}: compressed with {}, which is not read here; decompress it into a pipe, or name "
        "the other files",
        listed.path, compression));
  }
  TrackedFile file;
  file.at.id = next_id_++;
  file.at.partition = partition_of(listed.path);
  file.at.offset = std::min(listed.begin, listed.info.size);
  file.at.fingerprint = fingerprint_of(beginning);
  see(file, listed);
  file.listed = true;
  if (listed.opened) open_.pin(file.at.id, listed.opened);
  tracked_.push_back(std::move(file));
  return {};
}

// A short beginning is many files' beginning. It decides only where the device is another one;
// within a device a rename keeps the inode, so an equal beginning there is a copy unless it is long
// and its original gone.
Result<TrackedFile*> FileTracker::find_moved(const ListedFile& listed,
                                             const std::string& beginning) {
  for (TrackedFile& file : tracked_) {
    if (file.present || !file.begun || file.at.offset == 0) continue;
    const bool other_device = file.at.device != listed.info.device;
    const bool whole = file.at.fingerprint.bytes == kFingerprintBytesMax;
    if (!other_device && (!whole || file.at.path == listed.path)) continue;
    if (listed.info.size < file.at.offset || !begins_with(beginning, file.at.fingerprint)) continue;
    if (TRY(has_vanished(file))) return &file;
  }
  return nullptr;
}

Result<bool> FileTracker::has_vanished(const TrackedFile& file) {
  const auto there = TRY(files_.stat(file.at.path));
  if (there && there->device == file.at.device && there->inode == file.at.inode) return false;
  const auto renamed =
      TRY(find_inode(files_, directory_of(file.at.path), file.at.device, file.at.inode));
  return !renamed;
}

// A new file at a known path continues what was there, whatever that was called at first.
uint32_t FileTracker::partition_of(const std::string& path) {
  if (options_.one_partition) return partition_number(kOnePartition);
  const auto known = partition_by_path_.find(path);
  return known != partition_by_path_.end() ? known->second : partition_number(unrotated_path(path));
}

// By device and inode: under its name, or under another in the same directory.
Result<std::optional<ListedFile>> FileTracker::locate(const TrackedFile& file) {
  ListedFile found;
  found.path = file.at.path;
  auto info = TRY(files_.stat(found.path));
  if (!info || info->device != file.at.device || info->inode != file.at.inode) {
    const auto renamed =
        TRY(find_inode(files_, directory_of(found.path), file.at.device, file.at.inode));
    if (!renamed) return std::nullopt;
    found.path = *renamed;
    info = TRY(files_.stat(found.path));
    if (!info) return std::nullopt;
  }
  found.info = *info;
  return found;
}

// A file that left its name: renamed by a rotation, or removed.
Status FileTracker::look_for(TrackedFile& file) {
  const auto found = TRY(locate(file));
  if (!found) return read_on_unnamed(file);
  TRY(still_same(file, *found));
  return {};
}

// What is still open can be read to its end though nothing names it any more.
Status FileTracker::read_on_unnamed(TrackedFile& file) {
  if (const SharedFile opened = open_.peek(file.at.id)) {
    file.at.size = TRY(opened->info()).size;
    file.present = true;
    if (file.has_more() && file.at.size > file.at.offset) return {};
    file.present = false;
  }
  file.gone = true;
  open_.close(file.at.id);
  const bool drained = file.drained && file.drained_size == file.at.size;
  if (drained || file.at.size <= file.at.offset) return {};
  return lose(fmt::format(
      "{}: removed when only {} of its {} bytes were read; bring it back, or go on without "
      "the rest with --on-data-loss warn",
      file.at.path, file.at.offset, file.at.size));
}

Result<bool> FileTracker::verify(TrackedFile& file) {
  const uint64_t id = file.at.id;
  const auto found = TRY(locate(file));
  if (found && TRY(still_same(file, *found))) return file.at.id == id;
  TRY(lose(fmt::format(
      "{}: gone, but a batch that was not finished needs its bytes up to {}; bring it back, or go "
      "on without them with --on-data-loss warn",
      file.at.path, file.at.offset)));
  return false;
}

Status FileTracker::lose(const std::string& message) {
  if (options_.on_data_loss == OnDataLoss::kFail) return fail(message);
  if (options_.notice) options_.notice(message);
  return {};
}

uint32_t FileTracker::partition_number(const std::string& name) {
  const auto [it, is_new] =
      partition_by_name_.emplace(name, static_cast<uint32_t>(partitions_.size()));
  if (is_new) partitions_.push_back(name);
  return it->second;
}

// Forgets files that are no more, once there are very many: a checkpoint's positions are written
// with every batch.
Status FileTracker::prune() {
  if (tracked_.size() <= prune_above_) return {};
  std::vector<TrackedFile> kept;
  for (TrackedFile& file : tracked_) {
    const auto there = file.present ? std::nullopt : TRY(files_.stat(file.at.path));
    const bool same = there && there->device == file.at.device && there->inode == file.at.inode;
    if (file.present || same) kept.push_back(std::move(file));
  }
  tracked_ = std::move(kept);
  prune_above_ = std::max<size_t>(10'000, 2 * tracked_.size());
  return {};
}

}  // namespace tailrace::offsets
