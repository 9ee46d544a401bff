// MemoryDisk: what a disk would hold, in two states: what running programs see, and what a power
// cut leaves. Bytes become durable by sync_file, names by sync_names of their directory; nothing
// else does. REQUIRES: normalised absolute paths; one thread (MemoryFilesystem holds the lock).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tailrace::test {

// What a crash takes away.
enum class Loss {
  kNone,     // the process died, the machine did not: everything written is there
  kStrict,   // everything that was not synced is gone
  kPartial,  // a seeded random part of what was not synced is gone
};

// A change of a file's bytes that no sync has covered yet.
struct ByteChange {
  bool is_truncation = false;
  uint64_t size = 0;     // of a truncation
  std::string appended;  // of an append
};

struct Inode {
  uint64_t number = 0;
  bool is_directory = false;
  int64_t modified_us = 0;
  std::string bytes;                // what programs see
  std::string durable;              // what a power cut leaves
  std::vector<ByteChange> pending;  // from `durable` to `bytes`
  bool sync_failed = false;  // the kernel has forgotten what was not written: later syncs lie
};

// Shared: an inode lives while a name (seen or durable) or an open file has it, as on a real disk.
using InodePointer = std::shared_ptr<Inode>;

// A change of names that no sync of a directory has covered yet. Removing: `to` is empty; creating:
// `from` is empty.
struct NameChange {
  std::string from;
  std::string to;
  InodePointer inode;
};

class MemoryDisk {
 public:
  MemoryDisk();

  InodePointer find(const std::string& path) const;  // null: nothing there
  std::vector<std::string> names_in(const std::string& directory) const;
  const std::map<std::string, InodePointer>& names() const { return names_; }

  InodePointer create(const std::string& path);          // its name is not durable yet
  void make_directory(const std::string& path);          // durable at once, as is its parent
  void put(const std::string& path, std::string bytes);  // durable at once, with its name
  void rename(const std::string& from, const std::string& to);
  void remove(const std::string& path);
  void append(Inode& file, std::string_view bytes);
  void truncate(Inode& file, uint64_t size);
  void sync_file(Inode& file);
  void sync_names(const std::string& directory);

  void set_time(int64_t us) { time_us_ = us; }

  // The disk as the next start finds it.
  MemoryDisk after_crash(Loss loss, uint64_t seed) const;

 private:
  void change_name(NameChange change);

  std::map<std::string, InodePointer> names_;    // what programs see
  std::map<std::string, InodePointer> durable_;  // what a power cut leaves
  std::vector<NameChange> pending_;              // from durable_ to names_, in order
  uint64_t next_number_ = 1;
  int64_t time_us_ = 1'700'000'000'000'000;
};

std::string parent_of(const std::string& path);

}  // namespace tailrace::test
