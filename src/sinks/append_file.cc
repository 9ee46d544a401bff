#include "sinks/append_file.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/check.h"

namespace tailrace::sinks {

std::string directory_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

AppendFile::AppendFile(io::Filesystem& files, AppendFileOptions options)
    : files_(files), options_(std::move(options)) {}

std::string AppendFile::place_json(const Place& place) {
  const nlohmann::json json = {{"length", place.length}, {"path", place.path}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<AppendFile::Place> AppendFile::parse_place(const std::string& text,
                                                  const std::string& from) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  const bool whole = json.is_object() && json.contains("length") && json.contains("path") &&
                     json["length"].is_number_unsigned() && json["path"].is_string();
  if (!whole)
    return fail(ErrorKind::kDamage, fmt::format("{}: is not what tailrace wrote: {}", from, text));
  return Place{json["path"].get<std::string>(), json["length"].get<uint64_t>()};
}

Status AppendFile::open(io::OpenMode mode) {
  is_new_ = !TRY(files_.stat(options_.path)).has_value();
  file_ = TRY(files_.open(options_.path, mode));
  const io::FileInfo info = TRY(file_->info());
  is_regular_ = info.is_regular;
  length_ = is_regular_ ? info.size : 0;
  if (is_regular_) real_path_ = TRY(files_.real_path(options_.path));
  return {};
}

// Recovery:
//   the note names this file            -> cut it to the committed length
//   no note, the start file names it    -> a crash in our first batch: cut it to the length before
//   else it is a first batch onto this file -> it must be empty, unless --append; its length goes
//                                          into the start file before the first byte of ours
//   a file that is gone is made anew in every case
Status AppendFile::recover(const std::string& note) {
  TRY(open(io::OpenMode::kAppend));
  if (!is_regular_) return {};
  std::optional<Place> known;
  const std::string noted = options_.path + ": the checkpoint's note of its length";
  if (!note.empty()) known = TRY(parse_place(note, noted));
  if (!known) known = TRY(first_batch_start());
  if (known && known->path == real_path_) return cut(is_new_ ? 0 : known->length);
  return start_on(known ? known->path : "");
}

Result<std::optional<AppendFile::Place>> AppendFile::first_batch_start() {
  if (options_.start_file.empty() || !TRY(files_.stat(options_.start_file))) return std::nullopt;
  const std::string text = TRY(io::read_file(files_, options_.start_file));
  return TRY(parse_place(text, options_.start_file));
}

Status AppendFile::start_on(const std::string& former_path) {
  if (length_ > 0 && !options_.append) {
    std::string former;
    if (!former_path.empty())
      former = fmt::format(" (this checkpoint's rows went to {} so far)", former_path);
    return fail(fmt::format("{}: is not empty{}; pass --append to add to it, or name another file",
                            options_.path, former));
  }
  if (options_.start_file.empty()) return {};
  return io::publish(files_, options_.start_file, place_json({real_path_, length_}));
}

Status AppendFile::cut(uint64_t length) {
  if (length_ < length) {
    const std::string what =
        fmt::format("{}: has {} bytes, but {} were committed", options_.path, length_, length);
    if (!options_.warn_on_data_loss)
      return fail(what + "; restore it, or go on from what is there with --on-data-loss warn");
    if (options_.warn) options_.warn(what + "; going on from what is there");
    return {};
  }
  if (length_ == length) return {};
  TRY(file_->truncate(length));
  length_ = length;
  return {};
}

Status AppendFile::begin_batch(int64_t batch) {
  if (!file_ && options_.has_checkpoint) TRY(recover(""));
  if (!file_) TRY(open(options_.append ? io::OpenMode::kAppend : io::OpenMode::kTruncate));
  if (batch_ == batch && is_regular_ && length_ > batch_start_) {
    TRY(cut(batch_start_));
    is_unsynced_ = true;
  }
  batch_ = batch;
  batch_start_ = length_;
  return {};
}

Status AppendFile::write(std::string_view bytes) {
  CHECK(file_ != nullptr);
  if (bytes.empty()) return {};
  is_unsynced_ = true;
  length_ += bytes.size();
  return file_->append(bytes);
}

Result<std::string> AppendFile::commit_batch() {
  CHECK(file_ != nullptr);
  if (!options_.has_checkpoint) return std::string();
  if (is_regular_ && is_unsynced_) TRY(file_->sync());
  if (is_regular_ && is_name_unsynced_) TRY(files_.sync_directory(directory_of(options_.path)));
  is_unsynced_ = false;
  is_name_unsynced_ = false;
  return place_json({real_path_, length_});
}

// A run without a batch still leaves an empty file, as a redirection would.
Status AppendFile::finish() {
  if (file_ || options_.has_checkpoint) return {};
  return open(options_.append ? io::OpenMode::kAppend : io::OpenMode::kTruncate);
}

}  // namespace tailrace::sinks
