#include "offsets/listing.h"

#include <set>
#include <utility>

#include <fmt/format.h>

#include "offsets/glob.h"

namespace tailrace::offsets {
namespace {

bool is_ignored(std::string_view name) {
  return name.starts_with('_') || name.starts_with('.') || name.ends_with("._COPYING_");
}

std::string join(const std::string& directory, std::string_view name) {
  if (directory.empty()) return std::string(name);
  return directory.ends_with('/') ? fmt::format("{}{}", directory, name)
                                  : fmt::format("{}/{}", directory, name);
}

std::string without_escapes(std::string_view segment) {
  std::string out;
  for (size_t at = 0; at < segment.size(); ++at) {
    if (segment[at] == '\\' && at + 1 < segment.size()) ++at;
    out.push_back(segment[at]);
  }
  return out;
}

// Hard links and symbolic links name one file more than once; the first name stays.
void remove_duplicates(std::vector<ListedFile>& listed) {
  std::set<std::pair<uint64_t, uint64_t>> seen;
  std::erase_if(listed, [&](const ListedFile& file) {
    return !seen.emplace(file.info.device, file.info.inode).second;
  });
}

}  // namespace

Result<std::vector<ListedFile>> Listing::list() {
  std::vector<ListedFile> out;
  for (const std::string& operand : operands_) TRY(add_operand(operand, out));
  listed_before_ = true;
  remove_duplicates(out);
  return out;
}

// A name that exists means itself, also with brackets in it.
Status Listing::add_operand(const std::string& operand, std::vector<ListedFile>& out) {
  const auto info = TRY(files_.stat(operand));
  if (!info) return has_wildcard(operand) ? add_glob(operand, out) : add_missing(operand);
  was_directory_[operand] = info->is_directory;
  if (info->is_directory) return add_directory(operand, out);
  if (info->is_regular) return add_file(operand, *info, true, out);
  return fail(fmt::format("{}: not a regular file; read it from standard input: tailrace < {}",
                          operand, operand));
}

Status Listing::add_missing(const std::string& operand) const {
  const auto before = was_directory_.find(operand);
  if (before == was_directory_.end() && !listed_before_) {
    return fail(fmt::format("{}: No such file or directory", operand));
  }
  if (before == was_directory_.end() || !before->second) return {};
  return fail(fmt::format("{}: the directory is gone; put it back and start again", operand));
}

Status Listing::add_glob(const std::string& pattern, std::vector<ListedFile>& out) {
  for (const std::string& one : expand_braces(pattern)) {
    const size_t names = one.find_first_not_of('/');
    if (names == std::string::npos) continue;
    TRY(walk_glob(names > 0 ? "/" : "", std::string_view(one).substr(names), out));
  }
  return {};
}

// Matches the first segment of `rest` below `base` and goes on with the others.
Status Listing::walk_glob(const std::string& base, std::string_view rest,
                          std::vector<ListedFile>& out) {
  const size_t slash = rest.find('/');
  const std::string_view segment = rest.substr(0, slash);
  const size_t next = slash == std::string_view::npos ? slash : rest.find_first_not_of('/', slash);
  const std::string_view below = next == std::string_view::npos ? "" : rest.substr(next);

  std::vector<std::string> names;
  if (!has_wildcard(segment)) {
    names.push_back(std::string(segment));
  } else {
    for (std::string& name : TRY(files_.list(base.empty() ? "." : base))) {
      if (matches_glob(segment, name)) names.push_back(std::move(name));
    }
  }
  for (const std::string& name : names) {
    const std::string path = join(base, has_wildcard(segment) ? name : without_escapes(name));
    const auto info = TRY(files_.stat(path));
    if (!info) continue;
    if (!below.empty()) {
      if (info->is_directory) TRY(walk_glob(path, below, out));
    } else if (info->is_directory) {
      TRY(add_directory(path, out));
    } else if (info->is_regular) {
      TRY(add_file(path, *info, false, out));
    }
  }
  return {};
}

Status Listing::add_directory(const std::string& directory, std::vector<ListedFile>& out) {
  for (const std::string& name : TRY(files_.list(directory))) {
    if (is_ignored(name)) continue;
    const std::string path = join(directory, name);
    // It may be gone since the directory was read, and what is below is not ours.
    const auto info = TRY(files_.stat(path));
    if (info && info->is_regular) TRY(add_file(path, *info, false, out));
  }
  return {};
}

Status Listing::add_file(const std::string& path, const io::FileInfo& info, bool named,
                         std::vector<ListedFile>& out) {
  auto real = real_path(path, info);
  if (real) {
    out.push_back({.path = std::move(*real), .info = info, .named = named});
    return {};
  }
  const auto still_there = TRY(files_.stat(path));
  if (!still_there) return {};
  return std::unexpected(real.error());
}

Result<std::string> Listing::real_path(const std::string& path, const io::FileInfo& info) {
  RealPath& known = real_paths_[path];
  if (known.path.empty() || known.device != info.device || known.inode != info.inode) {
    known = {info.device, info.inode, TRY(files_.real_path(path))};
  }
  return known.path;
}

}  // namespace tailrace::offsets
