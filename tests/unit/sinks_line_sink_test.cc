#include "sinks/line_sink.h"

#include <doctest/doctest.h>

#include <numeric>

#include "sinks/make_sink.h"
#include "sinks/stream_destination.h"
#include "support/memory_filesystem.h"

namespace tailrace::sinks {
namespace {

const columns::Schema kSchema = {{"n", {columns::Kind::kLong, {}}}};

// Standard output that remembers, counts, and can lose its reader.
class MemoryStream : public io::OutputStream {
 public:
  Status write(std::string_view bytes) override {
    if (closed) return fail(ErrorKind::kClosed, "standard output: the reader is gone");
    text += bytes;
    writes++;
    return {};
  }
  bool is_terminal() const override { return false; }

  std::string text;
  int writes = 0;
  bool closed = false;
};

struct Output {
  MemoryStream stream;
  test::MemoryFilesystem files;

  std::unique_ptr<Sink> sink(const std::string& format, bool complete = false,
                             bool truncate = true) {
    SinkOptions options;
    options.format = format;
    options.schema = kSchema;
    options.complete = complete;
    options.truncate = truncate;
    return std::move(*make_sink(options, files, stream));
  }
};

Status write_numbers(Sink& sink, int64_t first, int64_t count) {
  columns::Batch batch = columns::make_batch(kSchema);
  for (int64_t i = 0; i < count; i++) batch.columns[0].append_int(first + i);
  batch.rows = static_cast<size_t>(count);
  std::vector<uint32_t> rows(batch.rows);
  std::iota(rows.begin(), rows.end(), 0U);
  return sink.write(batch, rows);
}

}  // namespace

TEST_CASE("rows wait for a flush or a commit, then go out in order") {
  Output out;
  const auto sink = out.sink("jsonl");
  CHECK(sink->begin_batch(0));
  CHECK(write_numbers(*sink, 1, 2));
  CHECK(sink->takes_formatted());
  CHECK(sink->write_formatted("{\"n\":3}\n", 1));
  CHECK(out.stream.text.empty());
  CHECK(sink->flush());
  CHECK(out.stream.text == "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
  CHECK(write_numbers(*sink, 4, 1));
  CHECK(*sink->commit_batch(0) == "");
  CHECK(out.stream.text.ends_with("{\"n\":4}\n"));
  CHECK(out.stream.writes == 2);
  CHECK(sink->rows_written() == 4);
  CHECK(sink->begin_batch(1));
  CHECK(sink->rows_written() == 0);
  CHECK(sink->description() == "standard output");
}

TEST_CASE("large output leaves in large pieces, formatted here or by workers") {
  Output out;
  const auto sink = out.sink("jsonl");
  CHECK(sink->begin_batch(0));
  CHECK(write_numbers(*sink, 10'000, 90'000));  // 12 bytes each
  const size_t written = out.stream.text.size();
  CHECK(written > 90'000 * 12 - LineSink::kDrainBytes);
  CHECK(out.stream.writes <= 9);
  const std::string large(1 << 20, 'x');
  CHECK(sink->write_formatted(large, 1));
  CHECK(out.stream.text.size() == 90'000 * 12 + large.size());
  CHECK(out.stream.text.ends_with("{\"n\":99999}\n" + large));
}

TEST_CASE("a header stands once, before all rows, also when there are none") {
  Output out;
  const auto sink = out.sink("csv");
  for (int64_t batch = 0; batch < 3; batch++) {
    CHECK(sink->begin_batch(batch));
    if (batch > 0) CHECK(write_numbers(*sink, batch, 1));
    CHECK(sink->commit_batch(batch));
    if (batch == 0) CHECK(out.stream.text == "n\n");
  }
  CHECK(sink->finish());
  CHECK(out.stream.text == "n\n1\n2\n");
}

TEST_CASE("an abandoned batch leaves nothing behind in the buffer") {
  Output out;
  const auto sink = out.sink("tsv");
  CHECK(sink->begin_batch(0));
  CHECK(write_numbers(*sink, 1, 1));
  CHECK(sink->begin_batch(0));
  CHECK(write_numbers(*sink, 2, 1));
  CHECK(sink->commit_batch(0));
  CHECK(out.stream.text == "n\n2\n");
}

TEST_CASE("a closed reader is told to the caller") {
  Output out;
  const auto sink = out.sink("jsonl");
  CHECK(sink->begin_batch(0));
  CHECK(write_numbers(*sink, 1, 1));
  out.stream.closed = true;
  const auto answer = sink->commit_batch(0);
  REQUIRE(!answer);
  CHECK(answer.error().kind == ErrorKind::kClosed);
}

TEST_CASE("console: a box a batch, drawn at its commit, also for an empty batch") {
  Output out;
  const auto sink = out.sink("console", false, false);
  const std::string dashes(43, '-');
  CHECK(!sink->takes_formatted());
  CHECK(sink->begin_batch(0));
  CHECK(write_numbers(*sink, 7, 1));
  CHECK(sink->flush());
  CHECK(out.stream.text.empty());
  CHECK(sink->commit_batch(0));
  CHECK(out.stream.text ==
        dashes + "\nBatch: 0\n" + dashes + "\n+---+\n|n  |\n+---+\n|7  |\n+---+\n\n");
  out.stream.text.clear();
  CHECK(sink->begin_batch(1));
  CHECK(sink->commit_batch(1));
  CHECK(out.stream.text == dashes + "\nBatch: 1\n" + dashes + "\n+---+\n|n  |\n+---+\n+---+\n\n");
}

TEST_CASE("table: one table over the batches of a run, one for each in complete mode") {
  for (const bool complete : {false, true}) {
    Output out;
    const auto sink = out.sink("table", complete);
    for (int64_t batch = 0; batch < 2; batch++) {
      CHECK(sink->begin_batch(batch));
      CHECK(write_numbers(*sink, 10 + batch, 1));
      CHECK(sink->commit_batch(batch));
    }
    CHECK(sink->finish());
    CHECK(out.stream.text == (complete ? " n\n10\n n\n11\n" : " n\n10\n11\n"));
  }
}

TEST_CASE("table: a run without rows prints its header at the end") {
  Output out;
  const auto sink = out.sink("table");
  CHECK(sink->begin_batch(0));
  CHECK(sink->commit_batch(0));
  CHECK(out.stream.text.empty());
  CHECK(sink->finish());
  CHECK(out.stream.text == "n\n");
}

TEST_CASE("what cannot be is a usage error") {
  Output out;
  SinkOptions options;
  options.format = "yaml";
  CHECK(make_sink(options, out.files, out.stream).error().kind == ErrorKind::kUsage);
  options = {};
  options.path = "/out";
  options.complete = options.append = true;
  CHECK(make_sink(options, out.files, out.stream).error().kind == ErrorKind::kUsage);
}

}  // namespace tailrace::sinks
