// SchemaInference: the schema of sample lines (cli.md --schema): BIGINT, DOUBLE, BOOLEAN, STRING,
// structs and arrays, never TIMESTAMP. The rules are Spark's JsonInferSchema (spark-semantics.md
// 5.7), but fields stand in order of first sight and integers beyond 64 bits are DOUBLE. Bad lines
// are counted and leave no trace. Owns what it learned; one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "columns/type.h"

namespace tailrace::formats {

enum class SampleFormat : uint8_t { kJsonLines, kKcat };

// What was seen at one path: a, a.b, a[], a[].c.
struct PathReport {
  std::string path;
  columns::Type type;                                   // what schema() makes of it
  std::vector<std::pair<std::string, uint64_t>> types;  // "BIGINT", "STRUCT" ...: values of each
  uint64_t nulls = 0;
  uint64_t first_line = 0;  // from 1
};

class SchemaInference {
 public:
  explicit SchemaInference(SampleFormat format = SampleFormat::kJsonLines);
  ~SchemaInference();
  SchemaInference(SchemaInference&&) noexcept;

  // The text of a line, with or without its end; a byte order mark on the first one is skipped.
  void add_line(std::string_view line);

  columns::Schema schema() const;
  std::vector<PathReport> paths() const;  // parents before children, each in order of first sight
  uint64_t lines() const { return lines_; }
  uint64_t records() const { return records_; }
  uint64_t bad() const { return bad_; }  // records of kcat count one by one

  struct Node;

 private:
  void add_record(std::string_view text);
  void add_envelopes(std::string_view line);

  SampleFormat format_;
  std::unique_ptr<Node> root_;
  uint64_t lines_ = 0;
  uint64_t records_ = 0;
  uint64_t bad_ = 0;
};

}  // namespace tailrace::formats
