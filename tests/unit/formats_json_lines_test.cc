#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "formats/record_decoder.h"
#include "support/decoded_rows.h"
#include "support/json_oracle.h"

using namespace tailrace;
using namespace tailrace::formats;
using columns::Kind;
using columns::Schema;
using columns::Type;
using testing::decode_lines;

namespace {

Type scalar(Kind kind) { return {kind, {}}; }
Schema one(std::string name, Kind kind) { return {{std::move(name), scalar(kind)}}; }

DecodeOptions options_for(Schema schema) {
  DecodeOptions options;
  options.schema = std::move(schema);
  return options;
}

struct Case {
  std::string_view line;
  std::string_view outcome;  // as testing::render_lines prints it
};

// Each line on its own, and then all of them in one chunk: neighbours must not change an outcome.
void check_cases(const DecodeOptions& options, const std::vector<Case>& cases) {
  std::string all;
  for (const Case& c : cases) {
    INFO(c.line);
    const auto lines = decode_lines(*json_lines_decoder(options), std::string(c.line));
    CHECK((lines.empty() ? "" : lines[0]) == c.outcome);
    all += std::string(c.line) + "\n";
  }
  const auto together = decode_lines(*json_lines_decoder(options), all);
  REQUIRE(together.size() == cases.size());
  for (size_t i = 0; i < cases.size(); i++) {
    INFO(cases[i].line);
    CHECK(together[i] == cases[i].outcome);
  }
}

using namespace std::string_view_literals;

}  // namespace

TEST_CASE("a good line is one complete object and nothing else") {
  check_cases(options_for({{"a", scalar(Kind::kLong)}, {"b", scalar(Kind::kString)}}),
              {{R"({"a":1,"b":"x"})", "1 | 'x'"},
               {R"({"b":"x","a":1})", "1 | 'x'"},
               {R"( { "a" : 1 , "b" : "x" } )", "1 | 'x'"},
               {"\t{\"a\":1,\r\"b\":\"x\"}\r", "1 | 'x'"},
               {R"({})", "null | null"},
               {R"({"c":[1,{"a":7}],"a":2})", "2 | null"},
               {R"({"c":{"a":7}})", "null | null"},
               {R"({"A":1})", "null | null"},
               {R"({"a":null,"b":null})", "null | null"},
               {"", ""},
               {" \t ", ""},
               {R"({"a":1,"b":"x")", "bad_json: byte 14: the line ends inside an object"},
               {R"({"a":1)", "bad_json: byte 6: the line ends inside an object"},
               {R"({)", "bad_json: byte 1: the line ends inside an object"},
               {R"({"a":1}})", "bad_json: byte 7: text after the object"},
               {R"({"a":1} x)", "bad_json: byte 8: text after the object"},
               {R"({"a":1}{"a":2})", "bad_json: byte 7: text after the object"},
               {R"({"a":1,})", "bad_json: byte 7: expected a key in double quotes"},
               {R"({,"a":1})", "bad_json: byte 1: expected a key in double quotes"},
               {R"({"a" 1})", "bad_json: byte 5: expected ':'"},
               {R"({"a":1 "b":"x"})", "bad_json: byte 7: expected ',' or '}'"},
               {R"({"a":})", "bad_json: byte 5: expected a value"},
               {R"({"a"})", "bad_json: byte 4: expected ':'"},
               {R"({a:1})", "bad_json: byte 1: expected a key in double quotes"},
               {R"({'a':1})", "bad_json: byte 1: expected a key in double quotes"},
               {R"([{"a":1}])", "bad_json: byte 0: expected '{'"},
               {R"(42)", "bad_json: byte 0: expected '{'"},
               {R"(null)", "bad_json: byte 0: expected '{'"},
               {R"("a")", "bad_json: byte 0: expected '{'"},
               {R"(})", "bad_json: byte 0: expected '{'"},
               {R"({"b":"x)", "bad_json: byte 7: the line ends inside a string"},
               {R"({"b":"x\")", "bad_json: byte 9: the line ends inside a string"},
               {"{\"b\":\"x\ty\"}", "bad_json: byte 7: control character in a string"},
               {"{\"b\":\"x\0y\"}"sv, "bad_json: byte 7: control character in a string"},
               {"{\"u\":\"\x01\"}", "bad_json: byte 6: control character in a string"},
               {"{\"a\":1}\0"sv, "bad_json: byte 7: text after the object"},
               {R"({"c":[1,2})", "bad_json: byte 9: expected ',' or ']'"},
               {R"({"c":[1,2}})", "bad_json: byte 9: expected ',' or ']'"},
               {R"({"c":{"d":1]})", "bad_json: byte 11: expected ',' or '}'"},
               {R"({"c":1]})", "bad_json: byte 6: expected ',' or '}'"},
               {R"({"c":"x"y})", "bad_json: byte 8: expected ',' or '}'"},
               {R"({"c":1 2})", "bad_json: byte 7: expected ',' or '}'"},
               {R"({"a":1,"a"})", "bad_json: byte 10: expected ':'"},
               {R"({"\q":1})", "bad_json: byte 3: unknown escape"}});
}

TEST_CASE("invalid UTF-8 is bad wherever it stands") {
  check_cases(options_for(one("a", Kind::kString)),
              {{"{\"a\":\"\xC3\xA9\"}", "'\xC3\xA9'"},
               {"{\"a\":\"\xC3\"}", "bad_json: byte 6: invalid UTF-8"},
               {"{\"u\":\"x\xFF\"}", "bad_json: byte 7: invalid UTF-8"},
               {"{\"u\xC0\x80\":1}", "bad_json: byte 3: invalid UTF-8"},
               {"{\"a\":\"\xED\xA0\x80\"}", "bad_json: byte 6: invalid UTF-8"},
               {"{\"a\":\"\xF4\x90\x80\x80\"}", "bad_json: byte 6: invalid UTF-8"},
               {"{\"a\":\"\xE0\x80\x80\"}", "bad_json: byte 6: invalid UTF-8"},
               {"{\"a\":\"x\"}\x80", "bad_json: byte 9: invalid UTF-8"},
               {"{\"a\":\"\xF0\x9F\x98\x80\"}", "'\xF0\x9F\x98\x80'"},
               {"{\"a\":\"\xF0\x9F\x98", "bad_json: byte 6: invalid UTF-8"}});
}

TEST_CASE("values that the query does not use are not looked into") {
  check_cases(options_for(one("a", Kind::kLong)),
              {{R"({"u":tru,"a":1})", "1"},
               {R"({"u":01,"a":1})", "1"},
               {R"({"u":NaN,"a":1})", "1"},
               {R"({"u":"\q","a":1})", "1"},
               {R"({"u":"\ud800","a":1})", "1"},
               {R"({"u":[1,,2],"a":1})", "1"},
               {R"({"u":{"x" 1},"a":1})", "1"},
               {R"({"u":{"a":[{}]},"a":1})", "1"},
               {R"({"u":tru})", "null"},
               {R"({"u":})", "bad_json: byte 5: expected a value"},
               {R"({"u":tru,"a":1)", "bad_json: byte 5: expected true"}});
}

TEST_CASE("the last of duplicate keys counts and an earlier one does no harm") {
  check_cases(options_for(one("a", Kind::kLong)),
              {{R"({"a":1,"a":2})", "2"},
               {R"({"a":"x","a":2})", "2"},
               {R"({"a":tru,"a":2})", "2"},
               {R"({"a":1,"\u0061":2})", "2"},
               {R"({"a":1,"a":null})", "null"},
               {R"({"a":1,"a":"x"})", "bad_type: a is not BIGINT: \"x\""}});
}

TEST_CASE("keys match exactly, with their escapes decoded") {
  check_cases(options_for({{"a b", scalar(Kind::kLong)},
                           {"", scalar(Kind::kLong)},
                           {"\"q\"", scalar(Kind::kLong)},
                           {"caf\xC3\xA9", scalar(Kind::kLong)},
                           {"a_long_key_of_more_than_16", scalar(Kind::kLong)}}),
              {{R"({"a b":1,"":2,"\"q\"":3,"caf\u00e9":4,"a_long_key_of_more_than_16":5})",
                "1 | 2 | 3 | 4 | 5"},
               {"{\"caf\xC3\xA9\":4}", "null | null | null | 4 | null"},
               {R"({"a_long_key_of_more_than_17":5,"a  b":1})", "null | null | null | null | null"},
               {R"({"\u0061\u0020b":9})", "9 | null | null | null | null"}});
}

TEST_CASE("strings decode their escapes") {
  check_cases(
      options_for(one("a", Kind::kString)),
      {{R"({"a":"\"\\\/\b\f\n\r\t"})", "'\"\\/\b\f\n\r\t'"},
       {R"({"a":"x\u00e9y\u20AC\ud83d\ude00z"})", "'x\xC3\xA9y\xE2\x82\xAC\xF0\x9F\x98\x80z'"},
       {R"({"a":"\u0000"})", "'\0'"sv},
       {R"({"a":"\u12"})", "bad_json: byte 10: expected four hexadecimal digits"},
       {R"({"a":"\u12g4"})", "bad_json: byte 10: expected four hexadecimal digits"},
       {R"({"a":"\x41"})", "bad_json: byte 7: unknown escape"},
       {R"({"a":"\ud83d"})", "bad_json: byte 6: unpaired surrogate"},
       {R"({"a":"\ude00"})", "bad_json: byte 6: unpaired surrogate"},
       {R"({"a":"\ud83d\u0041"})", "bad_json: byte 6: unpaired surrogate"},
       {R"({"a":"ends with \\"})", "'ends with \\'"},
       {R"({"a":""})", "''"}});
}

TEST_CASE("STRING takes other values as the exact bytes of the source") {
  check_cases(options_for(one("a", Kind::kString)),
              {{R"({"a":true})", "'true'"},
               {R"({"a":12 })", "'12'"},
               {R"({"a":1.50e3})", "'1.50e3'"},
               {R"({"a":{"white":    "space"} })", "'{\"white\":    \"space\"}'"},
               {R"({"a":[1, 2]})", "'[1, 2]'"},
               {R"({"a":-999.99999999999999999999999999999999995})",
                "'-999.99999999999999999999999999999999995'"},
               {R"({"a":tru})", "bad_json: byte 5: expected true"},
               {R"({"a":truex})", "bad_json: byte 9: expected ',' or '}'"},
               {R"({"a":01})", "bad_json: byte 6: a number may not begin with 0"},
               {R"({"a":[1 2]})", "bad_json: byte 8: expected ',' or ']'"},
               {R"({"a":{"b":tru}})", "bad_json: byte 10: expected true"}});
}

TEST_CASE("integers are integers in range, never 1.0 or text") {
  check_cases(options_for({{"b", scalar(Kind::kByte)},
                           {"s", scalar(Kind::kShort)},
                           {"i", scalar(Kind::kInt)},
                           {"l", scalar(Kind::kLong)}}),
              {{R"({"b":-128,"s":32767,"i":-2147483648,"l":9223372036854775807})",
                "-128 | 32767 | -2147483648 | 9223372036854775807"},
               {R"({"l":-9223372036854775808})", "null | null | null | -9223372036854775808"},
               {R"({"l":-0})", "null | null | null | 0"},
               {R"({"b":128})", "bad_type: b is not TINYINT: 128"},
               {R"({"s":-32769})", "bad_type: s is not SMALLINT: -32769"},
               {R"({"i":2147483648})", "bad_type: i is not INT: 2147483648"},
               {R"({"l":9223372036854775808})", "bad_type: l is not BIGINT: 9223372036854775808"},
               {R"({"l":1.0})", "bad_type: l is not BIGINT: 1.0"},
               {R"({"l":1e3})", "bad_type: l is not BIGINT: 1e3"},
               {R"({"l":"12"})", "bad_type: l is not BIGINT: \"12\""},
               {R"({"l":true})", "bad_type: l is not BIGINT: true"},
               {R"({"l":[1]})", "bad_type: l is not BIGINT: [1]"},
               {R"({"l":{"x":1}})", "bad_type: l is not BIGINT: {\"x\":1}"},
               {R"({"l":"0123456789012345678901234567890123456789"})",
                "bad_type: l is not BIGINT: \"012345678901234567890123456789012345678..."},
               {R"({"l":01})", "bad_json: byte 6: a number may not begin with 0"},
               {R"({"l":+1})", "bad_json: byte 5: expected a value"},
               {R"({"l":-})", "bad_json: byte 6: expected a digit"},
               {R"({"l":1"x"})", "bad_json: byte 6: expected ',' or '}'"},
               {R"({"b":"x","l":tru})", "bad_json: byte 13: expected true"}});
}

TEST_CASE("doubles and booleans") {
  check_cases(options_for({{"d", scalar(Kind::kDouble)},
                           {"f", scalar(Kind::kFloat)},
                           {"o", scalar(Kind::kBoolean)}}),
              {{R"({"d":1.5,"f":0.1,"o":true})", "1.5 | 0.10000000149011612 | true"},
               {R"({"d":12,"f":16777217,"o":false})", "12 | 16777216 | false"},
               {R"({"d":1e400,"f":1e39})", "inf | inf | null"},
               {R"({"d":-1e400,"f":-1e-60})", "-inf | -0 | null"},
               {R"({"d":-0.0})", "-0 | null | null"},
               {R"({"d":4.9e-324})", "5e-324 | null | null"},
               {R"({"d":"NaN","f":"-INF"})", "nan | -inf | null"},
               {R"({"d":"Infinity","f":"+INF"})", "inf | inf | null"},
               {R"({"d":"+Infinity","f":"-Infinity"})", "inf | -inf | null"},
               {R"({"d":"nan"})", "bad_type: d is not DOUBLE: \"nan\""},
               {R"({"d":"1.5"})", "bad_type: d is not DOUBLE: \"1.5\""},
               {R"({"d":""})", "bad_type: d is not DOUBLE: \"\""},
               {R"({"d":true})", "bad_type: d is not DOUBLE: true"},
               {R"({"d":NaN})", "bad_json: byte 5: expected a value"},
               {R"({"d":.5})", "bad_json: byte 5: expected a value"},
               {R"({"d":1.})", "bad_json: byte 7: expected a digit"},
               {R"({"d":1e})", "bad_json: byte 7: expected a digit"},
               {R"({"f":[]})", "bad_type: f is not FLOAT: []"},
               {R"({"o":1})", "bad_type: o is not BOOLEAN: 1"},
               {R"({"o":"true"})", "bad_type: o is not BOOLEAN: \"true\""}});
}

TEST_CASE("time stamps and dates") {
  DecodeOptions options = options_for({{"t", scalar(Kind::kTimestamp)},
                                       {"l", scalar(Kind::kTimestamp)},
                                       {"d", scalar(Kind::kDate)}});
  options.readings = {TimeReading::kSpark, TimeReading::kLenient, TimeReading::kSpark};
  check_cases(
      options,
      {{R"({"t":"2024-05-01T10:00:00.123Z"})", "1714557600123000 | null | null"},
       {R"({"t":"2024-05-01T10:00:00Z","d":"2024-05-01"})", "1714557600000000 | null | 19844"},
       {R"({"t":"2024\u002d05-01 10:00:00"})", "1714557600000000 | null | null"},
       {R"({"t":1714557600})", "1714557600000000 | null | null"},
       {R"({"l":1714557600})", "null | 1714557600000000 | null"},
       {R"({"l":1714557600123})", "null | 1714557600123000 | null"},
       {R"({"l":"1714557600"})", "null | 1714557600000000 | null"},
       {R"({"t":1.5})", "bad_type: t is not TIMESTAMP: 1.5"},
       {R"({"t":9223372036854775807})", "bad_type: t is not TIMESTAMP: 9223372036854775807"},
       {R"({"t":"soon"})", "bad_type: t is not TIMESTAMP: \"soon\""},
       {R"({"t":""})", "bad_type: t is not TIMESTAMP: \"\""},
       {R"({"t":true})", "bad_type: t is not TIMESTAMP: true"},
       {R"({"d":12})", "bad_type: d is not DATE: 12"},
       {R"({"t":"\x"})", "bad_json: byte 7: unknown escape"}});
}

TEST_CASE("a pattern of --time-format is tried beside the known forms") {
  DecodeOptions options = options_for(one("t", Kind::kTimestamp));
  options.time_format = "dd/MM/yyyy HH:mm:ss";
  check_cases(options, {{R"({"t":"01/05/2024 10:00:00"})", "1714557600000000"},
                        {R"({"t":"2024-05-01T10:00:00Z"})", "1714557600000000"},
                        {R"({"t":"01.05.2024"})", "bad_type: t is not TIMESTAMP: \"01.05.2024\""}});
}

TEST_CASE("structs and arrays nest, and a wrong value in them has a path") {
  const Type inner = columns::struct_of({{"c", scalar(Kind::kLong)}, {"s", scalar(Kind::kString)}});
  check_cases(
      options_for(
          {{"a", columns::struct_of({{"b", columns::array_of(inner)}, {"x", scalar(Kind::kLong)}})},
           {"n", columns::array_of(columns::array_of(scalar(Kind::kLong)))}}),
      {{R"({"a":{"b":[{"c":1,"s":"q"},{"s":"\n"},null],"x":5},"n":[[1,2],[],null,[3]]})",
        "{[{1, 'q'}, {null, '\n'}, null], 5} | [[1, 2], [], null, [3]]"},
       {R"({"a":{"b":[]},"n":[]})", "{[], null} | []"},
       {R"({"a":{"b":[ { "c" : 1 } ] },"n":[ [ ] ]})", "{[{1, null}], null} | [[]]"},
       {R"({"a":null})", "null | null"},
       {R"({"a":{}})", "{null, null} | null"},
       {R"({"a":{"b":[{"c":1},{"c":2},{"c":"x"}]}})", "bad_type: a.b[2].c is not BIGINT: \"x\""},
       {R"({"n":[[1],[2,2.5]]})", "bad_type: n[1][1] is not BIGINT: 2.5"},
       {R"({"n":{}})", "bad_type: n is not ARRAY<ARRAY<BIGINT>>: {}"},
       {R"({"a":[]})",
        "bad_type: a is not STRUCT<b: ARRAY<STRUCT<c: BIGINT, s: STRING>>, x: BIGINT>: []"},
       {R"({"a":{"b":[1]}})", "bad_type: a.b[0] is not STRUCT<c: BIGINT, s: STRING>: 1"},
       {R"({"n":[1 2]})", "bad_json: byte 8: expected ',' or ']'"},
       {R"({"n":[[1],]})", "bad_json: byte 10: expected a value"},
       {R"({"n":[,[1]]})", "bad_json: byte 6: expected a value"},
       {R"({"n":[[1]:[2]]})", "bad_json: byte 9: expected ',' or ']'"},
       {R"({"a":{"x" 1}})", "bad_json: byte 10: expected ':'"},
       {R"({"a":{"x":1,}})", "bad_json: byte 12: expected a key in double quotes"},
       {R"({"a":{"u":{"x":[tru]},"x":1}})", "{null, 1} | null"},
       {R"({"a":{"x":7},"a":{"b":[]}})", "{[], null} | null"},
       {R"({"n":[["x"],[tru]]})", "bad_json: byte 13: expected true"}});
}

TEST_CASE("a bad row leaves nothing behind for the row after it") {
  const Schema schema = {{"a", columns::struct_of({{"b", scalar(Kind::kLong)}})},
                         {"c", scalar(Kind::kString)},
                         {"d", scalar(Kind::kLong)}};
  const auto lines =
      decode_lines(*json_lines_decoder(options_for(schema)),
                   "{\"a\":{\"b\":1},\"c\":\"x\",\"d\":\"bad\"}\n{}\n{\"a\":{},\"d\":2}\n");
  CHECK(lines == std::vector<std::string>{"bad_type: d is not BIGINT: \"bad\"",
                                          "null | null | null", "{null} | null | 2"});
}

TEST_CASE("lines that are too long are not looked into, and their neighbours are") {
  DecodeOptions options = options_for(one("a", Kind::kString));
  options.line_bytes_max = 12;
  const auto lines =
      decode_lines(*json_lines_decoder(options),
                   "{\"a\":\"12345\"}\n{\"a\":\"1234\"}\r\n\"\xFF 3456789abc\n{\"a\":\"6\"}");
  CHECK(lines == std::vector<std::string>{"too_long: a line of 13 bytes; --max-line is 12",
                                          "'1234'",
                                          "too_long: a line of 13 bytes; --max-line is 12", "'6'"});
}

TEST_CASE("places of rows and bad lines are those of the text without its line end") {
  const testing::Bytes bytes("\xEF\xBB\xBF{\"a\":1}\r\n\n  {\"a\":}\r\n{\"a\":2}");
  Decoded out;
  json_lines_decoder(options_for(one("a", Kind::kLong)))->decode(bytes.chunk(), out);
  CHECK(out.lines == 4);
  CHECK(out.row_line == std::vector<uint32_t>{0, 3});
  CHECK(out.row_begin == std::vector<uint32_t>{3, 23});
  CHECK(out.row_size == std::vector<uint32_t>{7, 7});
  REQUIRE(out.bad.size() == 1);
  CHECK(bytes.chunk().bytes.substr(out.bad[0].begin, out.bad[0].size) == "  {\"a\":}");
}

TEST_CASE("a byte order mark counts only at the start of the partition") {
  auto decoder = json_lines_decoder(options_for(one("a", Kind::kLong)));
  const std::string text = "\xEF\xBB\xBF{\"a\":1}\n\xEF\xBB\xBF{\"a\":2}\n";
  CHECK(decode_lines(*decoder, text) ==
        std::vector<std::string>{"1", "bad_json: byte 0: expected '{'"});
  CHECK(decode_lines(*decoder, text, 100)[0] == "bad_json: byte 0: expected '{'");
}

TEST_CASE("an unfinished last line counts as a line") {
  auto decoder = json_lines_decoder(options_for(one("a", Kind::kLong)));
  CHECK(decode_lines(*decoder, "").empty());
  CHECK(decode_lines(*decoder, "\n").size() == 1);
  CHECK(decode_lines(*decoder, "{\"a\":1}\n{\"a\":2}").size() == 2);
}

TEST_CASE("nesting has a limit, in used and in unused values") {
  const auto nested = [](int depth) {
    return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  for (const char* name : {"a", "b"}) {
    auto decoder = json_lines_decoder(options_for(one(name, Kind::kString)));
    CHECK(decode_lines(*decoder, nested(1023))[0].starts_with("bad_json") == false);
    CHECK(decode_lines(*decoder, nested(1024))[0] ==
          "bad_json: byte 1028: nested deeper than 1024");
    CHECK(decode_lines(*decoder, nested(100000))[0] ==
          "bad_json: byte 1028: nested deeper than 1024");
  }
}

TEST_CASE("unknown fields are named once a chunk with their first good line") {
  DecodeOptions options = options_for(one("a", Kind::kLong));
  options.known = {{"a", scalar(Kind::kLong)}, {"k", scalar(Kind::kLong)}};
  options.report_unknown = true;
  auto decoder = json_lines_decoder(options);
  const testing::Bytes bytes(
      "{\"a\":1,\"k\":1}\n{\"x\":1,}\n{\"x\":1,\"y\\n\":2,\"x\":3}\n{\"z\":{\"w\":1},\"x\":1}\n");
  for (int round = 0; round < 2; round++) {
    Decoded out;
    decoder->decode(bytes.chunk(), out);
    REQUIRE(out.unknown.size() == 3);
    CHECK(out.unknown[0].name == "x");
    CHECK(out.unknown[0].line == 2);
    CHECK(out.unknown[1].name == "y\n");
    CHECK(out.unknown[2].name == "z");
    CHECK(out.unknown[2].line == 3);
  }
}

TEST_CASE("more keys than are learned change nothing but the speed") {
  DecodeOptions options = options_for(one("a", Kind::kLong));
  options.known = options.schema;
  options.report_unknown = true;
  std::string text;
  for (int i = 0; i < 6000; i++) text += fmt::format("{{\"k{}\":1,\"a\":{}}}\n", i, i);
  text += text;
  const testing::Bytes bytes(text);
  Decoded out;
  json_lines_decoder(options)->decode(bytes.chunk(), out);
  CHECK(out.batch.rows == 12000);
  CHECK(out.batch.columns[0].ints[11999] == 5999);
  CHECK(out.unknown.size() == 6000);
}

TEST_CASE("the permissive reader nulls what is wrong and keeps the record") {
  DecodeOptions options = options_for({{"a", scalar(Kind::kDouble)},
                                       {"b", columns::array_of(scalar(Kind::kInt))},
                                       {"c", scalar(Kind::kString)},
                                       {"_corrupt_record", scalar(Kind::kString)}});
  options.permissive = true;
  options.corrupt_record_column = "_corrupt_record";
  check_cases(
      options,
      {{R"({"a":"-","b":[0,1,2],"c":"abc"})",
        R"(null | [0, 1, 2] | 'abc' | '{"a":"-","b":[0,1,2],"c":"abc"}')"},
       {R"({"a":0.1,"b":{},"c":"def"})", R"(0.1 | null | 'def' | '{"a":0.1,"b":{},"c":"def"}')"},
       {R"({"b":[1,"x"],"c":"q"})", R"(null | null | 'q' | '{"b":[1,"x"],"c":"q"}')"},
       {R"({"a":1,"c":"x")", R"(null | null | null | '{"a":1,"c":"x"')"},
       {R"({"a":1,"u":tru})", R"(null | null | null | '{"a":1,"u":tru}')"},
       {"{\"c\":\"\xFF\"}", "null | null | null | '{\"c\":\"\xFF\"}'"},
       {"42", "null | null | null | '42'"},
       {"[1,2,3]", "null | null | null | '[1,2,3]'"},
       {"", ""},
       {R"({"c":"x"} trailing)", "null | null | 'x' | null"},
       {R"({'c':'it "is"', "a": NaN})", "nan | null | 'it \"is\"' | null"},
       {R"({"a":-Infinity})", "-inf | null | null | null"},
       {R"({"_corrupt_record":"no"})", "null | null | null | null"},
       {R"([{"c":"1"}, {"c":"2"}])", "null | null | '1' | null & null | null | '2' | null"},
       {"[]", ""},
       {R"([{"c":"1"}, null])", R"(null | null | null | '[{"c":"1"}, null]')"}});
}

TEST_CASE(
    "partial values of nested fields survive in the permissive reader, as in Spark's own tests") {
  const auto permissive = [](Schema schema) {
    DecodeOptions options = options_for(std::move(schema));
    options.permissive = true;
    return options;
  };
  const Type x = columns::struct_of({{"x", scalar(Kind::kInt)}});
  check_cases(
      permissive({{"a", columns::struct_of({{"x", scalar(Kind::kInt)}, {"y", x}})}, {"b", x}}),
      {{R"({"a":{"x":1,"y":true},"b":{"x":1}})", "{1, null} | {1}"}});
  const Type f = columns::struct_of({{"f1", scalar(Kind::kLong)}, {"f2", scalar(Kind::kString)}});
  check_cases(permissive({{"a1", scalar(Kind::kString)}, {"a2", columns::array_of(f)}}),
              {{R"({"a1":"AAA","a2":[{"f1":"","f2":""}]})", "'AAA' | [{null, ''}]"},
               {R"({"a1":"AAA","a2":[19]})", "'AAA' | null"}});
  check_cases(permissive({{"n", columns::array_of(columns::array_of(scalar(Kind::kLong)))}}),
              {{R"({"n":[[12,34],[""]]})", "null"}});
  check_cases(permissive(one("b", Kind::kByte)), {{R"({"b":128})", "-128"},
                                                  {R"({"b":255})", "-1"},
                                                  {R"({"b":256})", "null"},
                                                  {R"({"b":-129})", "null"}});
}

namespace {

// Random objects whose keys are all in use, so that a good line is exactly one that another strict
// parser takes too.
class RandomLines {
 public:
  explicit RandomLines(uint64_t seed) : random_(seed) {}

  std::string line() {
    std::string text = "{";
    const uint64_t count = below(6);
    for (uint64_t i = 0; i < count; i++) {
      if (i) text += blank() + ",";
      text += blank() + "\"" + static_cast<char>('a' + below(5)) + "\"" + blank() + ":" + blank() +
              value(3);
    }
    return text + blank() + "}" + blank();
  }

  void mutate(std::string& text) {
    static constexpr std::string_view kBytes = "{}[],:\"\\ue0-+.tfn \x01\x80\xC3\xFF";
    if (text.empty()) return;
    switch (below(5)) {
      case 0: text.resize(below(text.size())); break;
      case 1: text[below(text.size())] = kBytes[below(kBytes.size())]; break;
      case 2: text.insert(below(text.size()), 1, kBytes[below(kBytes.size())]); break;
      case 3: text.erase(below(text.size()), 1 + below(3)); break;
      default: text[below(text.size())] ^= static_cast<char>(1 << below(8)); break;
    }
    std::erase(text, '\n');
  }

  uint64_t below(uint64_t bound) { return random_() % bound; }

 private:
  std::string blank() { return below(8) ? "" : std::string(1 + below(2), ' '); }

  std::string value(int depth) {
    static constexpr std::string_view kScalars[] = {"null",
                                                    "true",
                                                    "false",
                                                    "0",
                                                    "-0",
                                                    "12",
                                                    "-7.5e-3",
                                                    "1E400",
                                                    "123456789012345678901",
                                                    "\"\"",
                                                    "\"abc\"",
                                                    R"("\u00e9\n\ud83d\ude00")",
                                                    "\"\xC3\xA9\xF0\x9F\x98\x80\"",
                                                    R"("a\\")",
                                                    R"("{\"[,:")"};
    if (depth == 0 || below(4)) return std::string(kScalars[below(std::size(kScalars))]);
    const bool array = below(2);
    std::string text = array ? "[" : "{";
    const uint64_t count = below(4);
    for (uint64_t i = 0; i < count; i++)
      text += (i ? "," : "") + (array ? "" : std::string("\"k\":")) + blank() + value(depth - 1);
    return text + (array ? "]" : "}");
  }

  std::mt19937_64 random_;
};

bool is_utf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t bytes = utf8_character_bytes(text, at);
    if (bytes == 0) return false;
    at += bytes;
  }
  return true;
}

// The other parser refuses 1E400, which is infinite here.
bool has_exponent(std::string_view text) {
  for (size_t i = 1; i < text.size(); i++)
    if ((text[i] | 0x20) == 'e' && text[i - 1] >= '0' && text[i - 1] <= '9') return true;
  return false;
}

bool is_blank(std::string_view text) { return std::ranges::all_of(text, is_json_blank); }

uint64_t fresh_seed() {
  if (const char* given = std::getenv("TAILRACE_SEED")) return std::stoull(given);
  return std::random_device{}();
}

constexpr std::string_view kKeys = "abcde";

}  // namespace

TEST_CASE("good and bad are those of another strict parser when every field is used") {
  const uint64_t seed = fresh_seed();
  INFO("TAILRACE_SEED=", seed);
  RandomLines random(seed);
  Schema schema;
  for (const char name : kKeys) schema.push_back({std::string(1, name), scalar(Kind::kString)});
  auto decoder = json_lines_decoder(options_for(schema));
  const testing::JsonOracle oracle(schema);
  for (int round = 0; round < 60; round++) {
    std::string text;
    std::vector<std::string> lines;
    for (int i = 0; i < 100; i++) {
      std::string line = random.line();
      for (uint64_t n = random.below(3); n > 0; n--) random.mutate(line);
      text += line + "\n";
      if (line.ends_with('\r')) line.pop_back();
      lines.push_back(line);
    }
    const testing::Bytes bytes(text);
    Decoded out;
    decoder->decode(bytes.chunk(1), out);
    REQUIRE(out.lines == lines.size());
    std::vector<char> good(lines.size(), 0);
    for (const uint32_t line : out.row_line) good[line] = 1;
    for (size_t i = 0; i < lines.size(); i++) {
      INFO(lines[i]);
      if (is_blank(lines[i])) {
        REQUIRE_FALSE(good[i]);
        continue;
      }
      REQUIRE(oracle.is_good_json(lines[i]) == (good[i] == 1));
      // To the other parser a NUL is the end of the text.
      if (lines[i].find('\0') != std::string::npos) continue;
      const nlohmann::json parsed = nlohmann::json::parse(lines[i], nullptr, false);
      const bool accepted = is_utf8(lines[i]) && parsed.is_object();
      // A key that a mutation renamed, or an earlier duplicate, is not in use: there we may be
      // kinder.
      if (accepted) REQUIRE(good[i]);
      if (good[i] && !accepted) {
        REQUIRE(is_utf8(lines[i]));
        if (!has_exponent(lines[i])) REQUIRE(find_object_fault(lines[i]));
      }
      if (!accepted) continue;
      const auto at =
          std::ranges::find(out.row_line, static_cast<uint32_t>(i)) - out.row_line.begin();
      for (size_t k = 0; k < kKeys.size(); k++) {
        const std::string key(1, kKeys[k]);
        const columns::Column& column = out.batch.columns[k];
        const bool is_null = !parsed.contains(key) || parsed[key].is_null();
        REQUIRE(column.is_null(at) == is_null);
        if (is_null) continue;
        if (parsed[key].is_string())
          REQUIRE(column.texts[at] == parsed[key].get<std::string>());
        else
          REQUIRE(nlohmann::json::parse(column.texts[at], nullptr, false) == parsed[key]);
      }
    }
  }
}

TEST_CASE("typed values are those of another parser") {
  const uint64_t seed = fresh_seed();
  INFO("TAILRACE_SEED=", seed);
  std::mt19937_64 random(seed);
  const Schema schema = {
      {"l", scalar(Kind::kLong)}, {"d", scalar(Kind::kDouble)}, {"b", scalar(Kind::kBoolean)}};
  std::string text;
  std::vector<nlohmann::json> expected;
  for (int i = 0; i < 2000; i++) {
    nlohmann::json object;
    object["l"] = static_cast<int64_t>(random()) >> (random() % 64);
    const uint64_t bits = random();
    double value;
    std::memcpy(&value, &bits, sizeof value);
    object["d"] = std::isfinite(value) ? value : 0.5;
    object["b"] = random() % 2 == 0;
    expected.push_back(object);
    text += object.dump() + "\n";
  }
  const testing::Bytes bytes(text);
  Decoded out;
  json_lines_decoder(options_for(schema))->decode(bytes.chunk(), out);
  REQUIRE(out.batch.rows == expected.size());
  for (size_t i = 0; i < expected.size(); i++) {
    INFO(expected[i].dump());
    REQUIRE(out.batch.columns[0].ints[i] == expected[i]["l"].get<int64_t>());
    REQUIRE(out.batch.columns[1].doubles[i] == expected[i]["d"].get<double>());
    REQUIRE(out.batch.columns[2].ints[i] == (expected[i]["b"].get<bool>() ? 1 : 0));
  }
}

TEST_CASE("outcomes do not depend on how lines are gathered in chunks") {
  const uint64_t seed = fresh_seed();
  INFO("TAILRACE_SEED=", seed);
  RandomLines random(seed);
  const Schema schema = {{"a", scalar(Kind::kLong)},
                         {"c", columns::array_of(scalar(Kind::kString))}};
  std::vector<std::string> lines;
  std::string all;
  for (int i = 0; i < 1500; i++) {
    std::string line = random.line();
    if (random.below(10) == 0) random.mutate(line);
    all += line + "\n";
    lines.push_back(line);
  }
  const auto together = decode_lines(*json_lines_decoder(options_for(schema)), all, 1);
  auto single = json_lines_decoder(options_for(schema));
  for (size_t i = 0; i < lines.size(); i++) {
    const auto alone = decode_lines(*single, lines[i], 1);
    INFO(lines[i]);
    REQUIRE(together[i] == (alone.empty() ? "" : alone[0]));
  }
}
