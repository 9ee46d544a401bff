// AppendFile: a file that grows by whole batches, for --to FILE and the ledger. With a checkpoint
// the note of each commit is the file's length, and recover() cuts what a crash left behind it, so
// rows stand there exactly once; without one the file is emptied first, like `>`. Devices and FIFOs
// are written to and never cut. Borrows the Filesystem. Note: {"length":N,"path":"/real/path"}.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "io/filesystem.h"
#include "sinks/destination.h"

namespace tailrace::sinks {

struct AppendFileOptions {
  std::string path;
  bool append = false;  // --append: what is in the file already stays
  bool has_checkpoint = false;
  bool warn_on_data_loss = false;  // --on-data-loss warn
  // A file of the checkpoint where the length before the first batch is kept, so that a crash in
  // that batch can be told from somebody else's file. Empty: such a crash ends in the --append
  // error.
  std::string start_file;
  std::function<void(const std::string&)> warn;  // takes one sentence; may be empty
};

class AppendFile : public Destination {
 public:
  AppendFile(io::Filesystem& files, AppendFileOptions options);

  Status recover(const std::string& note) override;
  Status begin_batch(int64_t batch) override;
  Status write(std::string_view bytes) override;
  // Synced if there is a checkpoint; else the note is empty and nothing is promised.
  Result<std::string> commit_batch() override;
  Status finish() override;
  bool at_start() const override { return length_ == 0; }
  std::string description() const override { return "file " + options_.path; }

 private:
  // A length that this file had under this checkpoint.
  struct Place {
    std::string path;
    uint64_t length = 0;
  };
  static std::string place_json(const Place& place);
  static Result<Place> parse_place(const std::string& json, const std::string& from);

  Status open(io::OpenMode mode);
  Result<std::optional<Place>> first_batch_start();
  Status start_on(const std::string& former_path);
  Status cut(uint64_t length);

  io::Filesystem& files_;
  AppendFileOptions options_;
  std::unique_ptr<io::File> file_;
  std::string real_path_;
  bool is_regular_ = false;
  bool is_new_ = false;  // this run made it
  // True at first: a process that died may have left unsynced bytes, or an unsynced name.
  bool is_unsynced_ = true;
  bool is_name_unsynced_ = true;
  uint64_t length_ = 0;           // of a device: bytes written by this run
  std::optional<int64_t> batch_;  // the last one begun, and the length before it
  uint64_t batch_start_ = 0;
};

// The directory that an entry of this path is in.
std::string directory_of(const std::string& path);

}  // namespace tailrace::sinks
