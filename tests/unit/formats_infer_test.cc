#include <doctest/doctest.h>

#include "formats/infer.h"

#include <fmt/format.h>

using namespace tailrace;
using namespace tailrace::formats;

namespace {

std::string schema_of(const std::vector<std::string_view>& lines,
                      SampleFormat format = SampleFormat::kJsonLines) {
  SchemaInference inference(format);
  for (const std::string_view line : lines) inference.add_line(line);
  std::string text;
  for (const columns::Field& field : inference.schema())
    text += (text.empty() ? "" : ", ") + field.name + " " + type_name(field.type);
  return text;
}

}  // namespace

TEST_CASE("a type is what all values of a field have in common") {
  struct Case {
    std::vector<std::string_view> lines;
    std::string_view schema;
  };
  const std::vector<Case> cases = {
      {{R"({"a":1})"}, "a BIGINT"},
      {{R"({"a":-9223372036854775808})"}, "a BIGINT"},
      {{R"({"a":9223372036854775808})"}, "a DOUBLE"},
      {{R"({"a":1.0})"}, "a DOUBLE"},
      {{R"({"a":1e3})"}, "a DOUBLE"},
      {{R"({"a":true})"}, "a BOOLEAN"},
      {{R"({"a":"2024-01-01T00:00:00Z"})"}, "a STRING"},
      {{R"({"a":null})"}, "a STRING"},
      {{R"({"a":""})"}, "a STRING"},
      {{R"({"a":1})", R"({"a":2.5})"}, "a DOUBLE"},
      {{R"({"a":1})", R"({"a":null})"}, "a BIGINT"},
      {{R"({"a":1})", R"({"a":""})"}, "a BIGINT"},
      {{R"({"a":1})", R"({"a":"x"})"}, "a STRING"},
      {{R"({"a":1})", R"({"a":true})"}, "a STRING"},
      {{R"({"a":1})", R"({"a":{"b":1}})"}, "a STRING"},
      {{R"({"a":[1]})", R"({"a":{"b":1}})"}, "a STRING"},
      {{R"({"a":[1]})", R"({"a":1})"}, "a STRING"},
      {{R"({"a":{"c":1,"b":2}})", R"({"a":{"a":"x"}})"},
       "a STRUCT<c: BIGINT, b: BIGINT, a: STRING>"},
      {{R"({"a":{}})"}, ""},
      {{R"({"a":{"b":{}},"c":1})"}, "c BIGINT"},
      {{R"({"a":[{}]})"}, ""},
      {{R"({"a":[]})"}, "a ARRAY<STRING>"},
      {{R"({"a":[null]})", R"({"a":[1]})"}, "a ARRAY<BIGINT>"},
      {{R"({"a":[1,2.5]})"}, "a ARRAY<DOUBLE>"},
      {{R"({"a":[1,"x"]})"}, "a ARRAY<STRING>"},
      {{R"({"a":[[1],[]]})"}, "a ARRAY<ARRAY<BIGINT>>"},
      {{R"({"a":[{"x":1},{"y":true}]})"}, "a ARRAY<STRUCT<x: BIGINT, y: BOOLEAN>>"},
      {{R"({"a":"x","a":1})"}, "a BIGINT"},
      {{R"({"\u0061":1})", R"({"a":2.0})"}, "a DOUBLE"},
      {{R"({"b":1,"a":1})", R"({"c":1,"a":1})"}, "b BIGINT, a BIGINT, c BIGINT"},
      {{R"({ "a" : [ 1 , { } ] , "b" : 1 } )"}, "a ARRAY<STRING>, b BIGINT"},
      {{}, ""},
      {{"{}", ""}, ""},
  };
  for (const Case& c : cases) {
    INFO((c.lines.empty() ? "" : std::string(c.lines[0])));
    CHECK(schema_of(c.lines) == c.schema);
  }
}

TEST_CASE("bad lines are counted and leave no trace") {
  SchemaInference inference;
  for (const char* line : {"\xEF\xBB\xBF{\"a\":1}\r\n", "{\"b\":1", "", "  \n", "[1]",
                           "{\"c\":\"\xFF\"}", "{\"a\":2}"})
    inference.add_line(line);
  CHECK(inference.lines() == 7);
  CHECK(inference.records() == 2);
  CHECK(inference.bad() == 3);
  CHECK(inference.schema().size() == 1);
}

TEST_CASE("every path is reported with its types, nulls and first line") {
  SchemaInference inference;
  inference.add_line(R"({"a":{"b":1},"n":null})");
  inference.add_line(R"({"a":{"b":"x","c":[]},"l":[{"c":1},{"c":null}]})");
  inference.add_line(R"({"a":null,"l":[{"c":2.5},null]})");
  std::vector<std::string> lines;
  for (const PathReport& report : inference.paths()) {
    std::string types;
    for (const auto& [name, count] : report.types) types += fmt::format(" {}*{}", name, count);
    lines.push_back(fmt::format("{} {}:{} null*{} line {}", report.path, type_name(report.type),
                                types, report.nulls, report.first_line));
  }
  const std::vector<std::string> expected = {
      "a STRUCT<b: STRING, c: ARRAY<STRING>>: STRUCT*2 null*1 line 1",
      "a.b STRING: BIGINT*1 STRING*1 null*0 line 1",
      "a.c ARRAY<STRING>: ARRAY*1 null*0 line 2",
      "a.c[] STRING: null*0 line 2",
      "n STRING: null*1 line 1",
      "l ARRAY<STRUCT<c: DOUBLE>>: ARRAY*2 null*0 line 2",
      "l[] STRUCT<c: DOUBLE>: STRUCT*3 null*1 line 2",
      "l[].c DOUBLE: BIGINT*1 DOUBLE*1 null*1 line 2",
  };
  CHECK(lines == expected);
}

TEST_CASE("the payloads of kcat envelopes are looked into, several a line") {
  CHECK(schema_of({R"({"topic":"t","payload":"{\"a\":1}"}{"payload":"{\"b\":\"x\"}"})",
                   R"({"payload":null})", R"({"payload":"[1]"})",
                   R"({"payload":"{\"c\":true}"} {"payload":)"},
                  SampleFormat::kKcat) == "a BIGINT, b STRING, c BOOLEAN");
}
