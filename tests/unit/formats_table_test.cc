#include "formats/table.h"

#include <doctest/doctest.h>

#include <numeric>

#include "base/time.h"
#include "formats/visible_text.h"

namespace tailrace::formats {
namespace {

using columns::Batch;
using columns::Kind;
using columns::Schema;
using columns::Type;

const Schema kNamesAndNumbers = {{"user", Type{Kind::kString, {}}}, {"n", Type{Kind::kLong, {}}}};

Batch names_and_numbers(std::initializer_list<std::pair<const char*, int64_t>> rows) {
  Batch batch = columns::make_batch(kNamesAndNumbers);
  for (const auto& [name, number] : rows) {
    name ? batch.columns[0].append_text(name) : batch.columns[0].append_null();
    batch.columns[1].append_int(number);
    batch.rows++;
  }
  return batch;
}

std::vector<uint32_t> all_rows(const Batch& batch) {
  std::vector<uint32_t> rows(batch.rows);
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

std::string boxed(const Schema& schema, const Batch& batch, bool truncate, int64_t number = 0) {
  ConsoleBatch box(schema, {}, truncate);
  box.add(batch, all_rows(batch));
  std::string out;
  box.draw(number, out);
  return out;
}

std::string heading(int number) {
  const std::string dashes(43, '-');
  return dashes + "\nBatch: " + std::to_string(number) + "\n" + dashes + "\n";
}

}  // namespace

TEST_CASE("the console's box without truncation is what Spark printed for the seed") {
  const Type window = columns::struct_of(
      {{"start", Type{Kind::kTimestamp, {}}}, {"end", Type{Kind::kTimestamp, {}}}});
  const Schema schema = {
      {"user_id", Type{Kind::kString, {}}}, {"window", window}, {"n", Type{Kind::kLong, {}}}};
  Batch batch = columns::make_batch(schema);
  CHECK(boxed(schema, batch, false, 1) == heading(1) +
                                              "+-------+------+---+\n"
                                              "|user_id|window|n  |\n"
                                              "+-------+------+---+\n"
                                              "+-------+------+---+\n\n");
  batch.columns[0].append_text("u1");
  batch.columns[1].resize(1);
  batch.columns[1].nulls[0] = 0;
  for (size_t i = 0; i < 2; i++) {
    batch.columns[1].children[i].nulls[0] = 0;
    batch.columns[1].children[i].ints[0] =
        (1'704'110'400 + static_cast<int64_t>(i) * 300) * kMicrosPerSecond;
  }
  batch.columns[2].append_int(1);
  batch.rows = 1;
  CHECK(boxed(schema, batch, false) ==
        heading(0) +
            "+-------+------------------------------------------+---+\n"
            "|user_id|window                                    |n  |\n"
            "+-------+------------------------------------------+---+\n"
            "|u1     |{2024-01-01 12:00:00, 2024-01-01 12:05:00}|1  |\n"
            "+-------+------------------------------------------+---+\n\n");
}

TEST_CASE("truncating puts cells to the right and cuts them at twenty characters") {
  const Batch batch =
      names_and_numbers({{"123456789012345678901", 1}, {"12345678901234567890", 2}, {nullptr, 3}});
  CHECK(boxed(kNamesAndNumbers, batch, true) == heading(0) +
                                                    "+--------------------+---+\n"
                                                    "|                user|  n|\n"
                                                    "+--------------------+---+\n"
                                                    "|12345678901234567...|  1|\n"
                                                    "|12345678901234567890|  2|\n"
                                                    "|                NULL|  3|\n"
                                                    "+--------------------+---+\n\n");
}

TEST_CASE("more than twenty rows: the first twenty and a line that says so") {
  Batch batch = columns::make_batch({{"n", Type{Kind::kLong, {}}}});
  for (int64_t i = 0; i < 20; i++) batch.columns[0].append_int(i);
  batch.rows = 20;
  const Schema schema = {{"n", Type{Kind::kLong, {}}}};
  CHECK(boxed(schema, batch, true).ends_with("| 19|\n+---+\n\n"));
  batch.columns[0].append_int(20);
  batch.rows = 21;
  CHECK(boxed(schema, batch, true).ends_with("| 19|\n+---+\nonly showing top 20 rows\n"));
  CHECK(boxed(schema, batch, false).ends_with("|19 |\n+---+\nonly showing top 20 rows\n"));
}

TEST_CASE("a new batch begins with an empty box") {
  ConsoleBatch box(kNamesAndNumbers, {}, true);
  const Batch batch = names_and_numbers({{"a", 1}});
  box.add(batch, all_rows(batch));
  box.begin();
  std::string out;
  box.draw(7, out);
  CHECK(out == heading(7) + "+----+---+\n|user|  n|\n+----+---+\n+----+---+\n\n");
}

TEST_CASE("full-width characters take two columns, in the box as Spark counts them") {
  const Batch batch = names_and_numbers({{"日本", 1}, {"üü", 2}, {"😀", 3}});
  CHECK(
      boxed(kNamesAndNumbers, batch, false) ==
      heading(0) +
          "+----+---+\n|user|n  |\n+----+---+\n|日本|1  |\n|üü  |2  |\n|😀  |3  |\n+----+---+\n\n");
  CHECK(display_width("日本x") == 5);
  CHECK(display_width("e\xcc\x81") == 1);
  CHECK(spark_truncate("日日日日日日日日日日日日日日日日日日日日日", 20) ==
        "日日日日日日日日日日日日日日日日日...");
  CHECK(spark_truncate("1234567890123456😀😀😀", 20) ==
        "1234567890123456...");  // never half a character
}

TEST_CASE("text that could steer a terminal comes out as visible escapes") {
  struct Case {
    std::string_view text;
    std::string_view visible;
  };
  for (const Case& c :
       {Case{"plain ü 日", "plain ü 日"}, Case{"a\x1b[31mred", "a\\x1b[31mred"},
        Case{"\n\t\r\a\b\v\f", "\\n\\t\\r\\a\\b\\v\\f"}, Case{{"\0\x7f", 2}, "\\x00\\x7f"},
        Case{"\xc2\x9b"
             "31m",
             "\\u{009b}31m"},
        Case{"\xe2\x80\xae"
             "exe",
             "\\u{202e}exe"},
        Case{"\xe2\x81\xa6", "\\u{2066}"}, Case{"\xff\xc3", "\\xff\\xc3"}, Case{"\\n", "\\n"}})
    CHECK(visible_text(c.text) == c.visible);
}

TEST_CASE("the aligned table: header, numbers to the right, nulls, no blanks at line ends") {
  const Schema schema = {{"n", Type{Kind::kLong, {}}},
                         {"d", Type{Kind::kDouble, {}}},
                         {"t", Type{Kind::kTimestamp, {}}},
                         {"s", Type{Kind::kString, {}}}};
  Batch batch = columns::make_batch(schema);
  batch.columns[0].append_int(1);
  batch.columns[0].append_int(12345);
  batch.columns[1].append_double(0.5);
  batch.columns[1].append_null();
  batch.columns[2].append_int(0);
  batch.columns[2].append_null();
  batch.columns[3].append_text("a\x1b");
  batch.columns[3].append_text("");
  batch.rows = 2;
  AlignedTable table(schema, {});
  std::string out;
  table.add(batch, all_rows(batch), out);
  CHECK(out.empty());
  table.draw(out);
  CHECK(out ==
        "    n     d  t                         s\n"
        "    1   0.5  1970-01-01T00:00:00.000Z  a\\x1b\n"
        "12345  NULL  NULL\n");
  out.clear();
  table.draw(out);
  table.finish(out);
  CHECK(out.empty());
}

TEST_CASE("after the first rows the widths stay, and wider cells push") {
  AlignedTable table(kNamesAndNumbers, {});
  std::string out;
  const Batch first = names_and_numbers({{"abcdef", 1}});
  table.draw(out);
  CHECK(out.empty());  // no row yet: the widths would come from the header alone
  table.add(first, all_rows(first), out);
  table.draw(out);
  const Batch second = names_and_numbers({{"abcdefgh", 2}, {"x", 3}});
  table.add(second, all_rows(second), out);
  CHECK(out == "user    n\nabcdef  1\nabcdefgh  2\nx       3\n");
}

TEST_CASE("a sample that is full is drawn by itself; an empty table is its header") {
  AlignedTable table(kNamesAndNumbers, {});
  std::string out;
  const Batch batch = names_and_numbers({{"a", 1}});
  for (size_t i = 0; i + 1 < AlignedTable::kSampleRows; i++) table.add(batch, all_rows(batch), out);
  CHECK(out.empty());
  table.add(batch, all_rows(batch), out);
  CHECK(out.size() == 8 * (AlignedTable::kSampleRows + 1));
  AlignedTable empty(kNamesAndNumbers, {});
  out.clear();
  empty.finish(out);
  CHECK(out == "user  n\n");
}

}  // namespace tailrace::formats
