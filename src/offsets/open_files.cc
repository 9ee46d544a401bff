#include "offsets/open_files.h"

#include <fmt/format.h>

#include "offsets/file_identity.h"

namespace tailrace::offsets {

Result<SharedFile> OpenFiles::get(const FilePlace& place) {
  const std::lock_guard guard(mutex_);
  if (SharedFile file = touch(place.id)) return file;
  SharedFile file = TRY(open(place));
  recent_.push_front({place.id, file});
  by_id_[place.id] = recent_.begin();
  if (recent_.size() > files_max_) {
    by_id_.erase(recent_.back().id);
    recent_.pop_back();
  }
  return file;
}

SharedFile OpenFiles::peek(uint64_t id) {
  const std::lock_guard guard(mutex_);
  return touch(id);
}

void OpenFiles::pin(uint64_t id, SharedFile file) {
  const std::lock_guard guard(mutex_);
  pinned_[id] = std::move(file);
}

void OpenFiles::close(uint64_t id) {
  const std::lock_guard guard(mutex_);
  const auto it = by_id_.find(id);
  if (it == by_id_.end()) return;
  recent_.erase(it->second);
  by_id_.erase(it);
}

SharedFile OpenFiles::touch(uint64_t id) {
  if (const auto pinned = pinned_.find(id); pinned != pinned_.end()) return pinned->second;
  const auto it = by_id_.find(id);
  if (it == by_id_.end()) return nullptr;
  recent_.splice(recent_.begin(), recent_, it->second);
  return it->second->file;
}

Result<SharedFile> OpenFiles::open(const FilePlace& place) {
  std::string path = place.path;
  const auto there = TRY(files_.stat(path));
  if (!there || there->device != place.device || there->inode != place.inode) {
    const auto renamed = TRY(find_inode(files_, directory_of(path), place.device, place.inode));
    if (!renamed) {
      return fail(fmt::format(
          "{}: removed or replaced before all of it was read; put it back and start again", path));
    }
    path = *renamed;
  }
  std::unique_ptr<io::File> file = TRY(files_.open(path, io::OpenMode::kRead));
  const io::FileInfo info = TRY(file->info());
  if (info.device == place.device && info.inode == place.inode) return SharedFile(std::move(file));
  return fail(fmt::format("{}: replaced while it was opened; start again", path));
}

}  // namespace tailrace::offsets
