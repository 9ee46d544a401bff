// Listing: the regular files that the operands mean now: files, directories (what is in them
// directly; names beginning with _ or . and unfinished copies are left out, as in Spark) and globs.
// Each file once, however many names it has. An operand that is missing is an error at the first
// list(); later a file may be away for a moment (rotation), but a directory may not. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/filesystem.h"

namespace tailrace::offsets {

struct ListedFile {
  std::string path;  // absolute, without symbolic links
  io::FileInfo info;
  bool named = false;  // an operand itself, not found in a directory or by a glob
  // Standard input: open already, and begun by whoever gave it to us. Shared with OpenFiles.
  std::shared_ptr<const io::File> opened = nullptr;
  uint64_t begin = 0;
};

class Listing {
 public:
  Listing(io::Filesystem& files, std::vector<std::string> operands)
      : files_(files), operands_(std::move(operands)) {}

  // In the order of the operands, then of the names.
  Result<std::vector<ListedFile>> list();

 private:
  struct RealPath {
    uint64_t device = 0;
    uint64_t inode = 0;
    std::string path;
  };

  Status add_operand(const std::string& operand, std::vector<ListedFile>& out);
  Status add_missing(const std::string& operand) const;
  Status add_glob(const std::string& pattern, std::vector<ListedFile>& out);
  Status walk_glob(const std::string& base, std::string_view rest, std::vector<ListedFile>& out);
  Status add_directory(const std::string& directory, std::vector<ListedFile>& out);
  Status add_file(const std::string& path, const io::FileInfo& info, bool named,
                  std::vector<ListedFile>& out);
  Result<std::string> real_path(const std::string& path, const io::FileInfo& info);

  io::Filesystem& files_;
  std::vector<std::string> operands_;
  bool listed_before_ = false;
  std::map<std::string, bool> was_directory_;   // operands found before
  std::map<std::string, RealPath> real_paths_;  // asked again only when a name means another file
};

}  // namespace tailrace::offsets
