#include "cli/schema_command.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "cli/checkpoint_command.h"
#include "cli/functions_command.h"
#include "cli/status_command.h"
#include "support/memory_filesystem.h"

namespace tailrace::cli {
namespace {

// Gives its bytes three at a time, so that lines are cut at every place.
class Input : public io::InputStream {
 public:
  explicit Input(std::string bytes) : bytes_(std::move(bytes)) {}
  Result<std::optional<size_t>> read(std::span<char> into, int64_t) override {
    const size_t size = std::min({size_t{3}, into.size(), bytes_.size()});
    std::copy_n(bytes_.begin(), size, into.begin());
    bytes_.erase(0, size);
    return size;
  }

 private:
  std::string bytes_;
};

void write(io::Filesystem& files, const std::string& path, std::string_view contents) {
  auto file = files.open(path, io::OpenMode::kTruncate);
  REQUIRE(file);
  REQUIRE((*file)->append(contents));
}

SchemaCommand of_files(std::vector<std::string> files) {
  SchemaCommand command;
  command.files = std::move(files);
  command.line_bytes_max = 40;
  return command;
}

TEST_CASE("schema tells each path, its types, how often and the first line") {
  test::MemoryFilesystem files;
  Input input("{\"a\":1}\nrubbish\n{\"a\":2.5,\"b\":{\"c\":\"x\"}}\n{\"a\":null}");
  const auto text = schema_text(of_files({}), files, input);
  REQUIRE(text);
  CHECK(text->find("PATH  TYPE") == 0);
  CHECK(text->find("\na     DOUBLE  BIGINT 1, DOUBLE 1, null 1") != std::string::npos);
  CHECK(text->find("\nb.c   STRING") != std::string::npos);
  CHECK(text->find("\n4 lines, 3 records, 1 bad\n") != std::string::npos);
  CHECK(text->ends_with("a DOUBLE, b STRUCT<c: STRING>\n"));
}

TEST_CASE("--ddl prints the DDL alone, --json a document, files before standard input") {
  test::MemoryFilesystem files;
  write(files, "/one.jsonl", "{\"a\":1}\n");
  SchemaCommand command = of_files({"-", "/one.jsonl"});
  command.ddl_only = true;
  Input input("{\"b\":true}");
  const auto ddl = schema_text(command, files, input);
  REQUIRE(ddl);
  CHECK(*ddl == "a BIGINT, b BOOLEAN\n");

  SchemaCommand json = of_files({"/one.jsonl"});
  json.json = true;
  Input nothing("");
  const auto document = schema_text(json, files, nothing);
  REQUIRE(document);
  CHECK(*document ==
        "{\"ddl\":\"a BIGINT\",\"lines\":1,\"records\":1,\"bad\":0,\"paths\":[{\"path\":\"a\","
        "\"type\":\"BIGINT\",\"types\":{\"BIGINT\":1},\"nulls\":0,\"firstLine\":1}]}\n");
}

TEST_CASE("a line over the limit counts as bad and is not kept") {
  test::MemoryFilesystem files;
  Input input("{\"long\":\"" + std::string(100, 'x') + "\"}\n{\"a\":1}\n");
  SchemaCommand command = of_files({});
  const auto text = schema_text(command, files, input);
  REQUIRE(text);
  CHECK(text->find("long") == std::string::npos);
  CHECK(text->find("2 lines, 1 records, 1 bad") != std::string::npos);
  CHECK(text->find("BIGINT 1  2\n") != std::string::npos);
}

TEST_CASE("missing files and input without an object are errors") {
  test::MemoryFilesystem files;
  Input input("rubbish\n");
  CHECK(!schema_text(of_files({"/none.jsonl"}), files, input));
  const auto none = schema_text(of_files({}), files, input);
  REQUIRE(!none);
  CHECK(none.error().message.starts_with("schema: none of the 1 lines is a JSON object"));
}

TEST_CASE("functions are listed by name, and the nearest is named for a slip") {
  const auto all = functions_text({});
  REQUIRE(all);
  CHECK(all->find("count") != std::string::npos);
  const auto one = functions_text({"LOWER"});
  REQUIRE(one);
  CHECK(one->starts_with("lower("));
  const auto slip = functions_text({"lowr"});
  REQUIRE(!slip);
  CHECK(slip.error().message == "--functions: there is no function lowr; did you mean lower?");
}

TEST_CASE("a directory that is no checkpoint is an error, and status goes on with the next") {
  test::MemoryFilesystem files;
  CHECK(!checkpoint_text({CheckpointCommand::Action::kShow, "/none", false}, files));
  CHECK(!checkpoint_text({CheckpointCommand::Action::kReset, "/none", false}, files));
  const StatusReport report = status_report({{"/none", "/other"}, false}, files);
  CHECK(report.errors.size() == 2);
  CHECK(report.text.empty());
}

}  // namespace
}  // namespace tailrace::cli
