#include "support/memory_disk.h"

#include <random>
#include <set>

#include "base/check.h"

namespace tailrace::test {

namespace {

using Names = std::map<std::string, InodePointer>;
using Random = std::mt19937_64;

void replay(Names& names, const NameChange& change) {
  if (!change.from.empty()) {
    const auto found = names.find(change.from);
    if (found != names.end() && found->second == change.inode) names.erase(found);
  }
  if (!change.to.empty()) names[change.to] = change.inode;
}

void replay(std::string& bytes, const ByteChange& change) {
  if (change.is_truncation) {
    bytes.resize(change.size);
  } else {
    bytes += change.appended;
  }
}

bool touches(const NameChange& change, const std::string& directory) {
  return (!change.from.empty() && parent_of(change.from) == directory) ||
         (!change.to.empty() && parent_of(change.to) == directory);
}

bool coin(Random& random) { return (random() & 1) == 0; }

// What a disk may hold of changes that nobody synced: the first few, and a piece of the next
// append; that piece may be zeros, where the size was written before the bytes.
std::string torn(const Inode& file, Random& random) {
  std::string bytes = file.durable;
  const size_t whole = random() % (file.pending.size() + 1);
  for (size_t i = 0; i < whole; ++i) replay(bytes, file.pending[i]);
  if (whole == file.pending.size() || file.pending[whole].is_truncation) return bytes;
  const std::string& next = file.pending[whole].appended;
  const size_t piece = random() % (next.size() + 1);
  const bool zeros = random() % 4 == 0;
  return bytes + (zeros ? std::string(piece, '\0') : next.substr(0, piece));
}

// Directories of some systems are written in order, those of others in any: half of the seeds each.
// A change outlives the crash only with the earlier ones of the same inode or name.
Names some_names(Names names, const std::vector<NameChange>& pending, Random& random) {
  const bool in_order = coin(random);
  const size_t first_lost = random() % (pending.size() + 1);
  std::set<const Inode*> lost_inodes;
  std::set<std::string> lost_names;
  for (size_t i = 0; i < pending.size(); ++i) {
    const NameChange& change = pending[i];
    const bool depends = lost_inodes.contains(change.inode.get()) ||
                         lost_names.contains(change.from) || lost_names.contains(change.to);
    if (!depends && (in_order ? i < first_lost : coin(random))) {
      replay(names, change);
      continue;
    }
    lost_inodes.insert(change.inode.get());
    for (const std::string& name : {change.from, change.to}) {
      if (!name.empty()) lost_names.insert(name);
    }
  }
  return names;
}

// A directory that is gone has taken what was in it along. Parents come before children in the map.
void drop_orphans(Names& names) {
  for (auto name = names.begin(); name != names.end();) {
    name = names.contains(parent_of(name->first)) ? std::next(name) : names.erase(name);
  }
}

}  // namespace

std::string parent_of(const std::string& path) {
  const size_t slash = path.find_last_of('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

MemoryDisk::MemoryDisk() { make_directory("/"); }

InodePointer MemoryDisk::find(const std::string& path) const {
  const auto found = names_.find(path);
  return found == names_.end() ? nullptr : found->second;
}

std::vector<std::string> MemoryDisk::names_in(const std::string& directory) const {
  std::vector<std::string> found;
  for (const auto& [path, inode] : names_) {
    if (path != "/" && parent_of(path) == directory)
      found.push_back(path.substr(path.find_last_of('/') + 1));
  }
  return found;
}

void MemoryDisk::change_name(NameChange change) {
  replay(names_, change);
  pending_.push_back(std::move(change));
}

InodePointer MemoryDisk::create(const std::string& path) {
  auto inode = std::make_shared<Inode>();
  inode->number = next_number_++;
  inode->modified_us = time_us_;
  change_name({.from = "", .to = path, .inode = inode});
  return inode;
}

void MemoryDisk::make_directory(const std::string& path) {
  if (path != "/") sync_names(parent_of(path));
  auto inode = std::make_shared<Inode>();
  inode->number = next_number_++;
  inode->is_directory = true;
  names_[path] = durable_[path] = inode;
}

void MemoryDisk::put(const std::string& path, std::string bytes) {
  InodePointer inode = find(path);
  if (inode == nullptr) {
    inode = std::make_shared<Inode>();
    inode->number = next_number_++;
  }
  inode->bytes = inode->durable = std::move(bytes);
  inode->pending.clear();
  inode->modified_us = time_us_;
  names_[path] = durable_[path] = inode;
}

void MemoryDisk::rename(const std::string& from, const std::string& to) {
  if (from != to) change_name({.from = from, .to = to, .inode = find(from)});
}

void MemoryDisk::remove(const std::string& path) {
  change_name({.from = path, .to = "", .inode = find(path)});
}

void MemoryDisk::append(Inode& file, std::string_view bytes) {
  file.bytes += bytes;
  file.pending.push_back({.appended = std::string(bytes)});
  file.modified_us = time_us_;
}

void MemoryDisk::truncate(Inode& file, uint64_t size) {
  file.bytes.resize(size);
  file.pending.push_back({.is_truncation = true, .size = size, .appended = ""});
  file.modified_us = time_us_;
}

void MemoryDisk::sync_file(Inode& file) {
  if (file.sync_failed) return;
  for (const ByteChange& change : file.pending) replay(file.durable, change);
  file.pending.clear();
  DCHECK(file.durable == file.bytes);
}

void MemoryDisk::sync_names(const std::string& directory) {
  // An earlier change of the same inode (its creation in another directory, say) goes with it.
  std::set<const Inode*> chosen;
  for (const NameChange& change : pending_) {
    if (touches(change, directory)) chosen.insert(change.inode.get());
  }
  std::vector<NameChange> rest;
  for (NameChange& change : pending_) {
    if (chosen.contains(change.inode.get())) {
      replay(durable_, change);
    } else {
      rest.push_back(std::move(change));
    }
  }
  pending_ = std::move(rest);
  drop_orphans(durable_);
}

MemoryDisk MemoryDisk::after_crash(Loss loss, uint64_t seed) const {
  Random random(seed);
  MemoryDisk next;
  next.next_number_ = next_number_;
  next.time_us_ = time_us_;
  Names left = loss == Loss::kNone     ? names_
               : loss == Loss::kStrict ? durable_
                                       : some_names(durable_, pending_, random);
  drop_orphans(left);
  for (const auto& [path, inode] : left) {
    auto copy = std::make_shared<Inode>(*inode);
    if (loss == Loss::kStrict) copy->bytes = inode->durable;
    if (loss == Loss::kPartial) copy->bytes = torn(*inode, random);
    copy->durable = copy->bytes;
    copy->pending.clear();
    copy->sync_failed = false;
    next.names_[path] = next.durable_[path] = std::move(copy);
  }
  return next;
}

}  // namespace tailrace::test
