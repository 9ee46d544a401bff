#include "formats/row_format.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "formats/number_text.h"
#include "formats/rfc3339_writer.h"
#include "formats/timestamp.h"

namespace tailrace::formats {
namespace {

using columns::Batch;
using columns::Column;
using columns::Kind;
using columns::Schema;
using columns::Type;

constexpr int64_t kNewYear2024 = 1'704'067'200 * kMicrosPerSecond;

std::vector<uint32_t> all_rows(const Batch& batch) {
  std::vector<uint32_t> rows(batch.rows);
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

std::string written(const RowFormat& format, const Batch& batch) {
  Buffer out;
  format.header(out);
  format.rows(batch, all_rows(batch), out);
  return std::string(out.view());
}

Type type_of(Kind kind) { return {kind, {}}; }

std::string json_of(std::string_view text) {
  Buffer out;
  append_json_string(text, out);
  return std::string(out.view());
}

std::string double_text(double value) {
  char text[kNumberBytesMax];
  return {text, write_double(value, text)};
}

std::string float_text(float value) {
  char text[kNumberBytesMax];
  return {text, write_float(value, text)};
}

// A column of each kind that text formats treat differently, with a full row, then a row of nulls.
Batch sample(Schema& schema) {
  const Type window = columns::struct_of(
      {{"start", type_of(Kind::kTimestamp)}, {"end", type_of(Kind::kTimestamp)}});
  schema = {{"w", window},
            {"s", type_of(Kind::kString)},
            {"n", type_of(Kind::kLong)},
            {"d", type_of(Kind::kDouble)},
            {"b", type_of(Kind::kBoolean)},
            {"day", type_of(Kind::kDate)},
            {"l", columns::array_of(type_of(Kind::kString))}};
  Batch batch = columns::make_batch(schema);
  for (Column& column : batch.columns) column.resize(2);
  const auto set = [&](size_t i) -> Column& {
    batch.columns[i].nulls[0] = 0;
    return batch.columns[i];
  };
  for (size_t i = 0; i < 2; i++) {
    set(0).children[i].nulls[0] = 0;
    batch.columns[0].children[i].ints[0] =
        kNewYear2024 + static_cast<int64_t>(i) * 5 * kMicrosPerMinute;
  }
  set(1).texts[0] = "a\"b";
  set(2).ints[0] = -42;
  set(3).doubles[0] = 1;
  set(4).ints[0] = 1;
  set(5).ints[0] = 19723;
  set(6).lists[0] = {1, 2};
  batch.columns[6].children[0].append_text("not of this row");
  batch.columns[6].children[0].append_text("x");
  batch.columns[6].children[0].append_null();
  batch.rows = 2;
  return batch;
}

}  // namespace

TEST_CASE("jsonl is compact, keeps the order of columns and writes nulls") {
  Schema schema;
  const Batch batch = sample(schema);
  CHECK(
      written(*jsonl_format(schema, {}), batch) ==
      R"({"w":{"start":"2024-01-01T00:00:00.000Z","end":"2024-01-01T00:05:00.000Z"},"s":"a\"b","n":-42,"d":1.0,"b":true,"day":"2024-01-01","l":["x",null]})"
      "\n"
      R"({"w":null,"s":null,"n":null,"d":null,"b":null,"day":null,"l":null})"
      "\n");
}

TEST_CASE("only the selected rows are written, in their order") {
  Batch batch = columns::make_batch({{"n", type_of(Kind::kLong)}});
  for (int64_t i = 0; i < 5; i++) batch.columns[0].append_int(i * 1000);
  batch.rows = 5;
  const std::vector<uint32_t> selected = {1, 4};
  Buffer out;
  out.append("before\n");
  jsonl_format({{"n", type_of(Kind::kLong)}}, {})->rows(batch, selected, out);
  CHECK(out.view() == "before\n{\"n\":1000}\n{\"n\":4000}\n");
}

TEST_CASE("keys are escaped as values are, and a row without columns is an empty object") {
  Batch batch = columns::make_batch({{"a\"\n", type_of(Kind::kLong)}});
  batch.columns[0].append_int(1);
  batch.rows = 1;
  CHECK(written(*jsonl_format({{"a\"\n", type_of(Kind::kLong)}}, {}), batch) ==
        "{\"a\\\"\\n\":1}\n");
  Batch none;
  none.rows = 1;
  CHECK(written(*jsonl_format({}, {}), none) == "{}\n");
}

TEST_CASE("csv has one header, empty nulls, quoted texts, and nested values as JSON") {
  Schema schema;
  const Batch batch = sample(schema);
  CHECK(
      written(*csv_format(schema, {}), batch) ==
      "w,s,n,d,b,day,l\n"
      R"("{""start"":""2024-01-01T00:00:00.000Z"",""end"":""2024-01-01T00:05:00.000Z""}","a""b",-42,1.0,true,2024-01-01,"[""x"",null]")"
      "\n,,,,,,\n");
}

TEST_CASE("texts in csv and tsv") {
  struct Case {
    const char* text;
    const char* csv;
    const char* tsv;
  };
  for (const Case& c : {Case{"", "\"\"", ""}, Case{"plain text", "plain text", "plain text"},
                        Case{"a,b", "\"a,b\"", "a,b"}, Case{"\"", "\"\"\"\"", "\""},
                        Case{"\"\"x", "\"\"\"\"\"x\"", "\"\"x"}, Case{"a\nb", "\"a\nb\"", "a\\nb"},
                        Case{"a\rb", "\"a\rb\"", "a\\rb"}, Case{"a\tb\\", "a\tb\\", "a\\tb\\\\"},
                        Case{"ü", "ü", "ü"}}) {
    Batch batch = columns::make_batch({{"s", type_of(Kind::kString)}});
    batch.columns[0].append_text(c.text);
    batch.rows = 1;
    CHECK(written(*csv_format({{"s", type_of(Kind::kString)}}, {}), batch) ==
          std::string("s\n") + c.csv + "\n");
    CHECK(written(*tsv_format({{"s", type_of(Kind::kString)}}, {}), batch) ==
          std::string("s\n") + c.tsv + "\n");
  }
}

TEST_CASE("JSON strings escape what they must and nothing else") {
  struct Case {
    std::string_view text;
    std::string_view json;
  };
  for (const Case& c :
       {Case{"", R"("")"}, Case{"a", R"("a")"}, Case{"/ü€😀", R"("/ü€😀")"},
        Case{"\"\\\b\f\n\r\t", R"("\"\\\b\f\n\r\t")"},
        Case{{"\0\x01\x1f\x7f", 4}, R"("\u0000\u0001\u001f\u007f")"},
        Case{"a\xff"
             "b",
             "\"a\xef\xbf\xbd"
             "b\""},                                                       // no UTF-8 byte at all
        Case{"\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\""},                  // cut off
        Case{"\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},                  // overlong
        Case{"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},  // a surrogate
        Case{"\xff\"\xc3\xa4", "\"\xef\xbf\xbd\\\"\xc3\xa4\""}})
    CHECK(json_of(c.text) == c.json);
}

TEST_CASE("an odd byte is seen at every place of a string of every length") {
  for (size_t size = 1; size <= 40; size++) {
    for (size_t at = 0; at < size; at++) {
      for (const char odd : {'\n', '"', '\\', '\x7f', '\xff'}) {
        std::string text(size,
                         '!');  // next to the quote, and 0x20 + 1: where arithmetic could slip
        text[at] = odd;
        const std::string json = json_of(text);
        CHECK(json.size() > size + 2);
        CHECK(json.substr(1, at) == text.substr(0, at));
        CHECK(json.substr(json.size() - 1 - (size - at - 1), size - at - 1) == text.substr(at + 1));
      }
    }
    CHECK(json_of(std::string(size, ' ')) == '"' + std::string(size, ' ') + '"');
  }
}

TEST_CASE("doubles are the shortest that read back, as Java writes them") {
  struct Case {
    double value;
    const char* text;
  };
  for (const Case& c : {Case{0, "0.0"},
                        Case{-0.0, "-0.0"},
                        Case{1, "1.0"},
                        Case{0.1, "0.1"},
                        Case{-2.5, "-2.5"},
                        Case{1234567, "1234567.0"},
                        Case{12345678, "1.2345678E7"},
                        Case{1e7, "1.0E7"},
                        Case{-1e7, "-1.0E7"},
                        Case{9999999, "9999999.0"},
                        Case{9999999.5, "9999999.5"},
                        Case{0.001, "0.001"},
                        Case{9e-4, "9.0E-4"},
                        Case{1e-5, "1.0E-5"},
                        Case{1e21, "1.0E21"},
                        Case{123456789.123, "1.23456789123E8"},
                        Case{1e100, "1.0E100"},
                        Case{1e-320, "1.0E-320"},
                        Case{0.30000000000000004, "0.30000000000000004"},
                        Case{4.35, "4.35"},
                        Case{1.7976931348623157e308, "1.7976931348623157E308"},
                        Case{4.9e-324, "4.9E-324"},
                        Case{-4.9e-324, "-4.9E-324"},
                        Case{9007199254740992.0, "9.007199254740992E15"},
                        Case{NAN, "NaN"},
                        Case{INFINITY, "Infinity"},
                        Case{-INFINITY, "-Infinity"}})
    CHECK(double_text(c.value) == c.text);
  CHECK(float_text(0.1F) == "0.1");
  CHECK(float_text(0.001F) == "0.001");
  CHECK(float_text(1e7F) == "1.0E7");
  CHECK(float_text(16777216.0F) == "1.6777216E7");
  CHECK(float_text(1.4e-45F) == "1.4E-45");
}

TEST_CASE("random doubles read back as themselves") {
  const unsigned seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20'000; i++) {
    const double value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    const std::string text = double_text(value);
    CHECK(text.find('.') != std::string::npos);
    CHECK(std::strtod(text.c_str(), nullptr) == value);
  }
}

TEST_CASE("NaN and the infinities are strings in JSON, and words in csv") {
  const Schema schema = {{"d", type_of(Kind::kDouble)}, {"f", type_of(Kind::kFloat)}};
  Batch batch = columns::make_batch(schema);
  batch.columns[0].append_double(NAN);
  batch.columns[1].append_double(-std::numeric_limits<double>::infinity());
  batch.rows = 1;
  CHECK(written(*jsonl_format(schema, {}), batch) == "{\"d\":\"NaN\",\"f\":\"-Infinity\"}\n");
  CHECK(written(*csv_format(schema, {}), batch) == "d,f\nNaN,-Infinity\n");
}

TEST_CASE("a float is written with a float's digits") {
  const Schema schema = {{"f", type_of(Kind::kFloat)}};
  Batch batch = columns::make_batch(schema);
  batch.columns[0].append_double(static_cast<double>(0.1F));
  batch.rows = 1;
  CHECK(written(*jsonl_format(schema, {}), batch) == "{\"f\":0.1}\n");
}

TEST_CASE("the fast writer of times says what format_rfc3339 says, in any zone and century") {
  const unsigned seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  for (const char* name :
       {"UTC", "+05:30", "America/New_York", "Africa/Monrovia", "Europe/Amsterdam"}) {
    const TimeZone zone = *TimeZone::from_name(name);
    Rfc3339Writer writer(zone);
    std::uniform_int_distribution<int64_t> any(-62'000'000'000, 253'402'300'799);
    std::uniform_int_distribution<int64_t> near(0, 100 * kMicrosPerMinute);
    for (int i = 0; i < 2000; i++) {
      const bool far = random() % 2 == 0;
      int64_t us = far ? any(random) * kMicrosPerSecond : kNewYear2024 + near(random);
      if (random() % 2 == 0) us -= us % kMicrosPerMilli;
      char expected[64], got[64];
      const std::string_view wanted(expected, format_rfc3339(us, zone, expected));
      CHECK(std::string_view(got, writer.write(us, got)) == wanted);
    }
  }
}

TEST_CASE("texts longer than any room made beforehand fit") {
  const Schema schema = {{"s", type_of(Kind::kString)}};
  Batch batch = columns::make_batch(schema);
  const std::string text(1 << 20, '\x01');
  batch.columns[0].append_text(text);
  batch.columns[0].append_text("after");
  batch.rows = 2;
  const std::string json = written(*jsonl_format(schema, {}), batch);
  CHECK(json.size() == 6 * text.size() + 9 + 14);
  CHECK(json.ends_with("\"}\n{\"s\":\"after\"}\n"));
}

TEST_CASE("one value as JSON") {
  Schema schema;
  const Batch batch = sample(schema);
  Buffer out;
  append_json_value(batch.columns[6], 0, {}, out);
  append_json_value(batch.columns[6], 1, {}, out);
  CHECK(out.view() == "[\"x\",null]null");
}

}  // namespace tailrace::formats
