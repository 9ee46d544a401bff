#include "sinks/ledger.h"

#include <filesystem>

#include <nlohmann/json.hpp>

#include "formats/row_format.h"

namespace tailrace::sinks {
namespace {

constexpr size_t kDrainBytes = 64 << 10;

AppendFileOptions file_options(const LedgerOptions& options, const std::string& path,
                               const char* suffix) {
  AppendFileOptions file;
  file.path = path;
  file.append = options.append;
  file.has_checkpoint = options.has_checkpoint;
  file.warn_on_data_loss = options.warn_on_data_loss;
  if (!options.start_file.empty()) file.start_file = options.start_file + suffix;
  file.warn = options.warn;
  return file;
}

// Two spellings of one path would be two writers on one file.
bool same_path(const std::string& a, const std::string& b) {
  using std::filesystem::path;
  return path(a).lexically_normal() == path(b).lexically_normal();
}

void append_text_member(std::string_view lead, std::string_view value, Buffer& out) {
  out.append(lead);
  formats::append_json_string(value, out);
}

void append_number_member(std::string_view lead, uint64_t value, Buffer& out) {
  out.append(lead);
  out.append(std::to_string(value));
}

void append_entry(const LedgerEntry& entry, Buffer& out) {
  append_text_member("{\"reason\":", formats::reason_name(entry.reason), out);
  append_text_member(",\"detail\":", entry.detail, out);
  append_text_member(",\"source\":", entry.source, out);
  append_number_member(",\"offset\":", entry.offset, out);
  append_number_member(",\"line\":", entry.line, out);
  append_text_member(",\"row\":", entry.row, out);
  if (!entry.windows.empty()) append_text_member(",\"windows\":", entry.windows, out);
  out.append("}\n");
}

// The note of one file within the ledger's note; empty if it has none.
Result<std::string> part_of(const std::string& note, const char* name) {
  if (note.empty()) return std::string();
  const auto json = nlohmann::json::parse(note, nullptr, false);
  if (!json.is_object()) {
    return fail(ErrorKind::kDamage,
                "the checkpoint's note of the ledger: is not what tailrace wrote: " + note);
  }
  if (!json.contains(name) || !json[name].is_string()) return std::string();
  return json[name].get<std::string>();
}

}  // namespace

Ledger::Ledger(io::Filesystem& files, const LedgerOptions& options) {
  const auto book = [&](const std::string& path, const char* suffix) {
    return std::make_unique<Book>(AppendFile(files, file_options(options, path, suffix)), Buffer());
  };
  late_is_bad_ = !options.bad_path.empty() && same_path(options.bad_path, options.late_path);
  if (!options.bad_path.empty()) bad_ = book(options.bad_path, "");
  if (!options.late_path.empty() && !late_is_bad_) late_ = book(options.late_path, ".late");
}

Ledger::Book* Ledger::file_of(formats::BadReason reason) const {
  return reason == formats::BadReason::kLate && !late_is_bad_ ? late_.get() : bad_.get();
}

template <class Do>
Status Ledger::each_book(Do what) {
  for (const auto& [name, book] : {std::pair("bad", bad_.get()), std::pair("late", late_.get())})
    if (book) TRY(what(name, *book));
  return {};
}

Status Ledger::drain(Book& book) {
  if (book.pending.size() == 0) return {};
  TRY(book.file.write(book.pending.view()));
  book.pending.clear();
  return {};
}

Status Ledger::add(const LedgerEntry& entry) {
  Book* book = file_of(entry.reason);
  if (!book) return {};
  append_entry(entry, book->pending);
  return book->pending.size() < kDrainBytes ? Status{} : drain(*book);
}

Status Ledger::recover(const std::string& note) {
  return each_book([&](const char* name, Book& book) -> Status {
    const std::string part = TRY(part_of(note, name));
    return book.file.recover(part);
  });
}

Status Ledger::begin_batch(int64_t batch) {
  return each_book([&](const char*, Book& book) {
    book.pending.clear();
    return book.file.begin_batch(batch);
  });
}

Status Ledger::flush() {
  return each_book([](const char*, Book& book) { return drain(book); });
}

Result<std::string> Ledger::commit_batch() {
  TRY(flush());
  nlohmann::json notes = nlohmann::json::object();
  const auto commit = [&](const char* name, Book& book) -> Status {
    const std::string note = TRY(book.file.commit_batch());
    if (!note.empty()) notes[name] = note;
    return {};
  };
  TRY(each_book(commit));
  return notes.empty() ? std::string() : notes.dump();
}

Status Ledger::finish() {
  return each_book([](const char*, Book& book) { return book.file.finish(); });
}

}  // namespace tailrace::sinks
