// Ledger: the rows that did not count (--bad FILE, --late FILE), one JSON object a line: reason,
// detail, source, offset, line, row[, windows] (cli.md, "The ledger"). Late rows go to one file,
// all others to the other; the same path for both is one file. Committed, cut back and emptied as
// --to's file is (sinks/append_file.h). One thread at a time. Borrows the Filesystem.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/buffer.h"
#include "base/result.h"
#include "formats/record_decoder.h"
#include "io/filesystem.h"
#include "sinks/append_file.h"

namespace tailrace::sinks {

struct LedgerEntry {
  formats::BadReason reason = formats::BadReason::kBadJson;
  std::string detail;   // "late by 3m12s", "byte 17: expected ':'"
  std::string source;   // the file or topic and partition
  uint64_t offset = 0;  // of the line
  uint64_t line = 0;
  std::string_view row;  // the raw text; bytes that are not UTF-8 become U+FFFD
  std::string windows;   // "3/5": of a sliding row's windows three were closed; or empty
};

struct LedgerOptions {
  std::string bad_path;  // empty: entries of that kind are not kept
  std::string late_path;
  bool append = false;
  bool has_checkpoint = false;
  bool warn_on_data_loss = false;
  std::string start_file;  // see AppendFileOptions; ".late" is added for a second file
  std::function<void(const std::string&)> warn;
};

class Ledger {
 public:
  Ledger(io::Filesystem& files, const LedgerOptions& options);

  // True if entries of this reason have a file.
  bool keeps(formats::BadReason reason) const { return file_of(reason) != nullptr; }
  // An entry without a file is dropped. REQUIRES: a batch was begun.
  Status add(const LedgerEntry& entry);

  // The same rules and order of calls as Sink's.
  Status recover(const std::string& note);
  Status begin_batch(int64_t batch);
  Status flush();
  Result<std::string> commit_batch();
  Status finish();

 private:
  struct Book {
    AppendFile file;
    Buffer pending;
  };
  Book* file_of(formats::BadReason reason) const;
  static Status drain(Book& book);
  template <class Do>
  Status each_book(Do what);

  std::unique_ptr<Book> bad_;
  std::unique_ptr<Book> late_;  // null if late entries are not kept or share bad_
  bool late_is_bad_ = false;
};

}  // namespace tailrace::sinks
