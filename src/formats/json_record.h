// RecordReader: one JSON object, already indexed, to one row of a batch. It walks the object to its
// end, remembers where the last value of each used key stands, then reads those by type
// (spark-semantics.md 5.4). What no key of the schema names is only stepped over. One thread;
// learns the order of keys. A failed read leaves the row null.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/arena.h"
#include "columns/batch.h"
#include "formats/json_values.h"
#include "formats/record_decoder.h"

namespace tailrace::formats {

class RecordReader {
 public:
  // `not_from_json`: columns of options.schema that somebody else fills.
  RecordReader(const DecodeOptions& options, const std::vector<std::string>& not_from_json);
  ~RecordReader();

  // Reads the object whose '{' is at `token` into row `row` of `batch`, which is null so far; good
  // or partial: `after` is the token behind the object. Texts with escapes go to `arena`.
  Reading read(const JsonTokens& text, uint32_t token, uint32_t& after, columns::Batch& batch,
               size_t row, Arena& arena);
  // Only steps over the object; false: no complete object.
  static bool step_over(const JsonTokens& text, uint32_t token, uint32_t& after);

  // After kWrong: "amount is not BIGINT: \"x\"".
  std::string wrong_detail() const;

  // After a good read: adds the top-level keys that are not in the full schema, each once a chunk.
  void report_unknown(uint32_t line, std::vector<UnknownField>& unknown);
  void begin_chunk();

 private:
  std::unique_ptr<ObjectPlan> plan_;
  ReadState state_;
  std::unordered_set<std::string> told_;  // unknown keys of this chunk beyond what was learned
};

// Makes every column of the row null again.
void clear_row(columns::Batch& batch, size_t row);

}  // namespace tailrace::formats
