#include "checkpoint/inspect.h"
#include "checkpoint/layout.h"

namespace tailrace::checkpoint {

namespace {

// True for a symbolic link: what it leads to is not ours to remove.
Result<bool> is_link(io::Filesystem& files, const std::string& parent, const std::string& name) {
  const std::string real_parent = TRY(files.real_path(parent));
  const std::string real = TRY(files.real_path(parent + "/" + name));
  return real != real_parent + "/" + name;
}

Status remove_tree(io::Filesystem& files, const std::string& parent, const std::string& name) {
  const std::string path = parent + "/" + name;
  const auto info = TRY(files.stat(path));
  if (info && info->is_directory) {
    const bool link = TRY(is_link(files, parent, name));
    if (!link) {
      for (const std::string& entry : TRY(files.list(path))) TRY(remove_tree(files, path, entry));
    }
  }
  return files.remove(path);
}

}  // namespace

// The order makes an interrupted reset harmless: the metadata loses its name first, so that nobody
// starts on half a checkpoint (a new run under the old id would look finished to a Delta table),
// and goes last, so that reset knows its own when it runs again.
Status reset(io::Filesystem& files, const std::string& directory) {
  const Layout layout{directory};
  const bool interrupted = TRY(files.stat(layout.removing())).has_value();
  if (!interrupted && !TRY(files.stat(layout.metadata()))) {
    return fail(directory +
                ": not a checkpoint (there is no metadata in it), so nothing was removed; "
                "name the directory that --checkpoint named");
  }
  const auto lock = TRY(files.lock(layout.lock()));
  if (TRY(files.stat(layout.metadata()))) TRY(files.rename(layout.metadata(), layout.removing()));
  TRY(files.sync_directory(directory));
  for (const char* name : {"offsets", "commits", "state", "spool", "sinks", "progress", "error",
                           ".progress.tmp", ".error.tmp", ".metadata.tmp"}) {
    TRY(remove_tree(files, directory, name));
  }
  TRY(files.sync_directory(directory));
  TRY(files.remove(layout.removing()));
  TRY(files.remove(layout.lock()));
  return files.sync_directory(directory);
}

}  // namespace tailrace::checkpoint
