#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "io/filesystem.h"
#include "io/posix_file.h"
#include "io/posix_stat.h"
#include "io/process.h"
#include "io/system_error.h"

namespace tailrace::io {

namespace {

constexpr mode_t kFileMode = 0666;  // the umask takes its share
constexpr mode_t kDirectoryMode = 0777;

Result<Descriptor> open_descriptor(const std::string& path, int flags) {
  while (true) {
    const int number = ::open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY, kFileMode);
    if (number >= 0) return Descriptor(number);
    if (errno != EINTR) return system_error(path, errno);
  }
}

int creation_flags(OpenMode mode) {
  switch (mode) {
    case OpenMode::kRead: return 0;
    case OpenMode::kAppend: return O_APPEND | O_CREAT;
    case OpenMode::kTruncate: return O_APPEND | O_CREAT | O_TRUNC;
    case OpenMode::kCreateNew: return O_APPEND | O_CREAT | O_EXCL;
  }
  return 0;
}

// A regular file is opened for reading too. A pipe must not be: its writer would be a reader of its
// own, and never hear that the other reader has gone.
int access_flags(const std::string& path, OpenMode mode) {
  if (mode == OpenMode::kRead) return O_RDONLY;
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return O_RDWR;
  return S_ISREG(status.st_mode) && ::access(path.c_str(), R_OK) == 0 ? O_RDWR : O_WRONLY;
}

std::string parent_of(const std::string& path) {
  const size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// The pid that a lock file holds; 0 if it holds none.
int pid_in(int descriptor) {
  char text[16] = {};
  const auto got = read_all_at(descriptor, 0, std::span(text, sizeof text - 1), "");
  return got ? std::max(0, std::atoi(text)) : 0;
}

bool flock_now(int descriptor, int operation) {
  while (::flock(descriptor, operation | LOCK_NB) != 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

// Somebody may look for a moment whether the lock is held (lock_holder), so one refusal is not
// believed: a run must not fail because `tailrace status` was looking.
bool take_lock(int descriptor) {
  constexpr int kTries = 3;
  constexpr timespec kPause{0, 5'000'000};
  for (int attempt = 0; attempt < kTries; ++attempt) {
    if (attempt > 0) ::nanosleep(&kPause, nullptr);
    if (flock_now(descriptor, LOCK_EX)) return true;
    if (errno != EWOULDBLOCK) return false;
  }
  errno = EWOULDBLOCK;
  return false;
}

std::unexpected<Error> busy(const std::string& path, int holder) {
  const std::string who = holder > 0 ? "process " + std::to_string(holder) : "another process";
  return fail(ErrorKind::kBusy, path + ": held by " + who + "; wait for it to end, or stop it");
}

class PosixFilesystem : public Filesystem {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override {
    Descriptor descriptor =
        TRY(open_descriptor(path, access_flags(path, mode) | creation_flags(mode)));
    return std::make_unique<PosixFile>(std::move(descriptor), path);
  }

  Result<std::optional<FileInfo>> stat(const std::string& path) override {
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0) return std::optional(file_info(status));
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<FileInfo>();
    return system_error(path, errno);
  }

  Result<std::vector<std::string>> list(const std::string& directory) override {
    DIR* stream = ::opendir(directory.c_str());
    if (stream == nullptr) return system_error(directory, errno);
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(stream)) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") names.push_back(name);
      errno = 0;
    }
    const int error_number = errno;
    ::closedir(stream);
    if (error_number != 0) return system_error(directory, error_number);
    std::sort(names.begin(), names.end());
    return names;
  }

  Status make_directories(const std::string& path) override {
    const auto found = TRY(stat(path));
    if (found) {
      if (!found->is_directory) return system_error(path, ENOTDIR);
      return {};
    }
    const std::string trimmed = path.substr(0, path.find_last_not_of('/') + 1);
    const std::string parent = parent_of(trimmed);
    TRY(make_directories(parent));
    if (::mkdir(trimmed.c_str(), kDirectoryMode) != 0 && errno != EEXIST)
      return system_error(path, errno);
    return sync_directory(parent);
  }

  Status rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return system_error(to, errno);
    return {};
  }

  Status remove(const std::string& path) override {
    if (::remove(path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR)
      return system_error(path, errno);
    return {};
  }

  Status sync_directory(const std::string& path) override {
    const Descriptor directory = TRY(open_descriptor(path, O_RDONLY | O_DIRECTORY));
    while (::fsync(directory.number()) != 0) {
      if (errno == EINVAL) return {};  // a filesystem whose directories are never lazy
      if (errno != EINTR) return system_error(path, errno);
    }
    return {};
  }

  Result<std::string> real_path(const std::string& path) override {
    char* resolved = ::realpath(path.c_str(), nullptr);
    if (resolved == nullptr) return system_error(path, errno);
    std::string text = resolved;
    std::free(resolved);
    return text;
  }

  Result<std::unique_ptr<File>> lock(const std::string& path) override {
    while (true) {
      auto file = std::make_unique<PosixFile>(TRY(open_descriptor(path, O_RDWR | O_CREAT)), path);
      if (!take_lock(file->descriptor())) {
        if (errno != EWOULDBLOCK) return system_error(path, errno);
        return busy(path, pid_in(file->descriptor()));
      }
      // Whoever held it before may have removed it (checkpoint reset): then ours is a lock on
      // nothing.
      const auto named = TRY(stat(path));
      if (!named || named->inode != TRY(file->info()).inode) continue;
      TRY(file->truncate(0));
      TRY(file->append(std::to_string(process_id()) + "\n"));
      return file;
    }
  }

  Result<std::optional<int>> lock_holder(const std::string& path) override {
    if (!TRY(stat(path))) return std::optional<int>();
    const Descriptor descriptor = TRY(open_descriptor(path, O_RDONLY));
    if (flock_now(descriptor.number(), LOCK_SH)) return std::optional<int>();
    if (errno != EWOULDBLOCK) return system_error(path, errno);
    return std::optional(pid_in(descriptor.number()));
  }
};

}  // namespace

std::unique_ptr<Filesystem> posix_filesystem() { return std::make_unique<PosixFilesystem>(); }

}  // namespace tailrace::io
