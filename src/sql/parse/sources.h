// Sources: the texts that a query came from (--where, --sql, ...), and errors that point into them:
// "--where:1:12: message", the line, and a caret below the place. Columns count characters from 1.
// Owned by the parsed request; immutable after parsing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tailrace::sql {

struct Place {
  int source = -1;  // number given by Sources::add; -1: not from the user's text
  size_t offset = 0;
};

class Sources {
 public:
  // `label` is the flag that the text came with.
  int add(std::string label, std::string text);
  const std::string& label(int source) const { return entries_[source].label; }
  const std::string& text(int source) const { return entries_[source].text; }

  // A usage error at `place`.
  std::unexpected<Error> error(Place place, std::string_view message) const;

 private:
  struct Entry {
    std::string label;
    std::string text;
  };
  std::vector<Entry> entries_;
};

}  // namespace tailrace::sql
