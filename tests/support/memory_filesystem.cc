#include "support/memory_filesystem.h"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <mutex>
#include <set>
#include <system_error>

#include "base/check.h"
#include "io/process.h"

namespace tailrace::test {

namespace {

constexpr uint64_t kNever = std::numeric_limits<uint64_t>::max();

std::unexpected<Error> system_error(const std::string& path, int error_number,
                                    ErrorKind kind = ErrorKind::kFailure) {
  return fail(kind, path + ": " + std::generic_category().message(error_number));
}

// "/a/b" of "a//b/", "/a/./b" and the like; relative paths begin at the root.
std::string normalised(const std::string& path) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin < path.size();) {
    const size_t end = std::min(path.find('/', begin), path.size());
    const std::string part = path.substr(begin, end - begin);
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (!part.empty() && part != "." && part != "..") parts.push_back(part);
    begin = end + 1;
  }
  std::string joined;
  for (const std::string& part : parts) joined += "/" + part;
  return joined.empty() ? "/" : joined;
}

}  // namespace

struct MemoryFilesystem::Shared {
  std::mutex mutex;
  MemoryDisk disk;
  std::set<std::string> locked;
  uint64_t operations = 0;
  uint64_t crash_after = kNever;
  uint64_t failing = kNever;
  ErrorKind failure = ErrorKind::kFailure;

  // For calls that change nothing. REQUIRES here and below: the mutex is held.
  Status alive(const std::string& path) const {
    if (operations <= crash_after) return {};
    return fail(path + ": the process has crashed (injected)");
  }
  // For calls that do: counts one operation, and says whether it may happen.
  Status operation(const std::string& path) {
    if (operations < kNever) ++operations;
    TRY(alive(path));
    if (operations != failing) return {};
    if (failure == ErrorKind::kFull) return system_error(path, ENOSPC, ErrorKind::kFull);
    return system_error(path, EIO, failure);
  }
  // The moment of the crash or the injected failure itself, not the time after it.
  bool is_half_done() const { return operations == failing || operations == crash_after + 1; }
};

class MemoryFile : public io::File {
 public:
  MemoryFile(std::shared_ptr<MemoryFilesystem::Shared> shared, InodePointer inode, std::string path,
             bool writable)
      : shared_(std::move(shared)),
        inode_(std::move(inode)),
        path_(std::move(path)),
        writable_(writable) {}
  ~MemoryFile() override {
    if (lock_.empty()) return;
    const std::lock_guard guard(shared_->mutex);
    shared_->locked.erase(lock_);
  }

  Result<size_t> read_at(uint64_t offset, std::span<char> into) const override {
    const std::lock_guard guard(shared_->mutex);
    TRY(shared_->alive(path_));
    if (inode_->is_directory) return system_error(path_, EISDIR);
    if (offset >= inode_->bytes.size()) return size_t{0};
    return inode_->bytes.copy(into.data(), into.size(), offset);
  }

  Status append(std::string_view bytes) override {
    const std::lock_guard guard(shared_->mutex);
    if (!writable_) return system_error(path_, EBADF);
    if (bytes.empty()) return shared_->alive(path_);
    auto allowed = shared_->operation(path_);
    if (!allowed && !shared_->is_half_done()) return allowed;
    shared_->disk.append(*inode_, bytes.substr(0, allowed ? bytes.size() : bytes.size() / 2));
    return allowed;
  }

  Status truncate(uint64_t size) override {
    const std::lock_guard guard(shared_->mutex);
    if (!writable_) return system_error(path_, EINVAL);
    TRY(shared_->operation(path_));
    shared_->disk.truncate(*inode_, size);
    return {};
  }

  Status sync() override {
    const std::lock_guard guard(shared_->mutex);
    auto allowed = shared_->operation(path_);
    if (!allowed && shared_->operations == shared_->failing) inode_->sync_failed = true;
    if (allowed) shared_->disk.sync_file(*inode_);
    return allowed;
  }

  Result<io::FileInfo> info() const override {
    const std::lock_guard guard(shared_->mutex);
    TRY(shared_->alive(path_));
    return info_of(*inode_);
  }

  static io::FileInfo info_of(const Inode& inode) {
    return {.device = 1,
            .inode = inode.number,
            .size = inode.bytes.size(),
            .modified_us = inode.modified_us,
            .is_directory = inode.is_directory,
            .is_regular = !inode.is_directory};
  }

  void hold_lock(const std::string& path) { lock_ = path; }

 private:
  std::shared_ptr<MemoryFilesystem::Shared> shared_;  // see MemoryFilesystem::shared_
  InodePointer inode_;
  std::string path_;  // as the caller wrote it
  bool writable_;
  std::string lock_;
};

MemoryFilesystem::MemoryFilesystem() : shared_(std::make_shared<Shared>()) {}
MemoryFilesystem::MemoryFilesystem(MemoryFilesystem&&) noexcept = default;
MemoryFilesystem& MemoryFilesystem::operator=(MemoryFilesystem&&) noexcept = default;
MemoryFilesystem::~MemoryFilesystem() = default;

Result<std::unique_ptr<io::File>> MemoryFilesystem::open(const std::string& path,
                                                         io::OpenMode mode) {
  const std::lock_guard guard(shared_->mutex);
  TRY(shared_->alive(path));
  const std::string name = normalised(path);
  InodePointer inode = shared_->disk.find(name);
  if (inode == nullptr) {
    const InodePointer parent = shared_->disk.find(parent_of(name));
    if (mode == io::OpenMode::kRead || parent == nullptr) return system_error(path, ENOENT);
    if (!parent->is_directory) return system_error(path, ENOTDIR);
    TRY(shared_->operation(path));
    inode = shared_->disk.create(name);
  } else if (mode == io::OpenMode::kCreateNew) {
    return system_error(path, EEXIST);
  } else if (inode->is_directory && mode != io::OpenMode::kRead) {
    return system_error(path, EISDIR);
  } else if (mode == io::OpenMode::kTruncate && !inode->bytes.empty()) {
    TRY(shared_->operation(path));
    shared_->disk.truncate(*inode, 0);
  }
  return std::make_unique<MemoryFile>(shared_, inode, path, mode != io::OpenMode::kRead);
}

Result<std::optional<io::FileInfo>> MemoryFilesystem::stat(const std::string& path) {
  const std::lock_guard guard(shared_->mutex);
  TRY(shared_->alive(path));
  const InodePointer inode = shared_->disk.find(normalised(path));
  if (inode == nullptr) return std::optional<io::FileInfo>();
  return std::optional(MemoryFile::info_of(*inode));
}

Result<std::vector<std::string>> MemoryFilesystem::list(const std::string& directory) {
  const std::lock_guard guard(shared_->mutex);
  TRY(shared_->alive(directory));
  const std::string name = normalised(directory);
  const InodePointer inode = shared_->disk.find(name);
  if (inode == nullptr) return system_error(directory, ENOENT);
  if (!inode->is_directory) return system_error(directory, ENOTDIR);
  return shared_->disk.names_in(name);
}

Status MemoryFilesystem::make_directories(const std::string& path) {
  const std::lock_guard guard(shared_->mutex);
  TRY(shared_->alive(path));
  std::vector<std::string> missing;
  std::string name = normalised(path);
  for (InodePointer found; (found = shared_->disk.find(name)) == nullptr || !found->is_directory;) {
    if (found != nullptr) return system_error(path, ENOTDIR);
    missing.push_back(name);
    name = parent_of(name);
  }
  for (; !missing.empty(); missing.pop_back()) {
    TRY(shared_->operation(path));
    shared_->disk.make_directory(missing.back());
  }
  return {};
}

Status MemoryFilesystem::rename(const std::string& from, const std::string& to) {
  const std::lock_guard guard(shared_->mutex);
  TRY(shared_->alive(to));
  const InodePointer inode = shared_->disk.find(normalised(from));
  const InodePointer parent = shared_->disk.find(parent_of(normalised(to)));
  const InodePointer target = shared_->disk.find(normalised(to));
  if (inode == nullptr || parent == nullptr) return system_error(to, ENOENT);
  if (target != nullptr && target->is_directory) return system_error(to, EISDIR);
  CHECK(!inode->is_directory);  // nobody renames directories; a real disk would do it
  TRY(shared_->operation(to));
  shared_->disk.rename(normalised(from), normalised(to));
  return {};
}

Status MemoryFilesystem::remove(const std::string& path) {
  const std::lock_guard guard(shared_->mutex);
  TRY(shared_->alive(path));
  const std::string name = normalised(path);
  if (shared_->disk.find(name) == nullptr) return {};
  if (!shared_->disk.names_in(name).empty()) return system_error(path, ENOTEMPTY);
  TRY(shared_->operation(path));
  shared_->disk.remove(name);
  return {};
}

Status MemoryFilesystem::sync_directory(const std::string& path) {
  const std::lock_guard guard(shared_->mutex);
  TRY(shared_->alive(path));
  const InodePointer inode = shared_->disk.find(normalised(path));
  if (inode == nullptr) return system_error(path, ENOENT);
  if (!inode->is_directory) return system_error(path, ENOTDIR);
  TRY(shared_->operation(path));
  shared_->disk.sync_names(normalised(path));
  return {};
}

Result<std::string> MemoryFilesystem::real_path(const std::string& path) {
  const std::lock_guard guard(shared_->mutex);
  TRY(shared_->alive(path));
  if (shared_->disk.find(normalised(path)) == nullptr) return system_error(path, ENOENT);
  return normalised(path);
}

Result<std::unique_ptr<io::File>> MemoryFilesystem::lock(const std::string& path) {
  const std::lock_guard guard(shared_->mutex);
  TRY(shared_->alive(path));
  const std::string name = normalised(path);
  if (shared_->locked.contains(name)) {
    return fail(ErrorKind::kBusy, path + ": held by process " + std::to_string(io::process_id()) +
                                      "; wait for it to end, or stop it");
  }
  if (shared_->disk.find(parent_of(name)) == nullptr) return system_error(path, ENOENT);
  TRY(shared_->operation(path));
  InodePointer inode = shared_->disk.find(name);
  if (inode == nullptr) inode = shared_->disk.create(name);
  shared_->disk.truncate(*inode, 0);
  shared_->disk.append(*inode, std::to_string(io::process_id()) + "\n");
  auto file = std::make_unique<MemoryFile>(shared_, inode, path, true);
  file->hold_lock(name);
  shared_->locked.insert(name);
  return file;
}

Result<std::optional<int>> MemoryFilesystem::lock_holder(const std::string& path) {
  const std::lock_guard guard(shared_->mutex);
  TRY(shared_->alive(path));
  if (!shared_->locked.contains(normalised(path))) return std::optional<int>();
  return std::optional(io::process_id());
}

uint64_t MemoryFilesystem::operations() const {
  const std::lock_guard guard(shared_->mutex);
  return shared_->operations;
}

void MemoryFilesystem::crash_at(uint64_t operations) {
  const std::lock_guard guard(shared_->mutex);
  shared_->crash_after = operations;
}

bool MemoryFilesystem::crashed() const {
  const std::lock_guard guard(shared_->mutex);
  return shared_->operations > shared_->crash_after;
}

void MemoryFilesystem::fail_at(uint64_t operation, ErrorKind kind) {
  const std::lock_guard guard(shared_->mutex);
  shared_->failing = operation;
  shared_->failure = kind;
}

MemoryFilesystem MemoryFilesystem::after_crash(Loss loss, uint64_t seed) const {
  const std::lock_guard guard(shared_->mutex);
  MemoryFilesystem next;
  next.shared_->disk = shared_->disk.after_crash(loss, seed);
  return next;
}

void MemoryFilesystem::put(const std::string& path, std::string bytes) {
  const std::lock_guard guard(shared_->mutex);
  const std::string name = normalised(path);
  for (size_t slash = 1; (slash = name.find('/', slash)) != std::string::npos; ++slash) {
    const std::string directory = name.substr(0, slash);
    if (shared_->disk.find(directory) == nullptr) shared_->disk.make_directory(directory);
  }
  shared_->disk.put(name, std::move(bytes));
}

void MemoryFilesystem::add(const std::string& path, std::string_view more) {
  put(path, bytes(path) + std::string(more));
}

std::string MemoryFilesystem::bytes(const std::string& path) const {
  const std::lock_guard guard(shared_->mutex);
  const InodePointer inode = shared_->disk.find(normalised(path));
  return inode == nullptr ? "" : inode->bytes;
}

std::vector<std::string> MemoryFilesystem::paths() const {
  const std::lock_guard guard(shared_->mutex);
  std::vector<std::string> found;
  for (const auto& [path, inode] : shared_->disk.names()) {
    if (!inode->is_directory) found.push_back(path);
  }
  return found;
}

void MemoryFilesystem::set_time(int64_t us) {
  const std::lock_guard guard(shared_->mutex);
  shared_->disk.set_time(us);
}

}  // namespace tailrace::test
