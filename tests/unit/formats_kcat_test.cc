#include <doctest/doctest.h>

#include "formats/record_decoder.h"
#include "support/decoded_rows.h"

using namespace tailrace;
using namespace tailrace::formats;
using columns::Kind;
using columns::Type;
using testing::decode_lines;

namespace {

Type scalar(Kind kind) { return {kind, {}}; }

Type headers_type() {
  return columns::array_of(
      columns::struct_of({{"key", scalar(Kind::kString)}, {"value", scalar(Kind::kString)}}));
}

DecodeOptions metadata_options() {
  DecodeOptions options;
  options.schema = {{"_topic", scalar(Kind::kString)},        {"_partition", scalar(Kind::kInt)},
                    {"user", scalar(Kind::kString)},          {"_offset", scalar(Kind::kLong)},
                    {"_timestamp", scalar(Kind::kTimestamp)}, {"_key", scalar(Kind::kString)},
                    {"amount", scalar(Kind::kDouble)},        {"_headers", headers_type()}};
  return options;
}

DecodeOptions user_options() {
  DecodeOptions options;
  options.schema = {{"user", scalar(Kind::kString)}, {"amount", scalar(Kind::kLong)}};
  return options;
}

}  // namespace

TEST_CASE("an envelope becomes its payload's row with what Kafka knows of it") {
  struct Case {
    std::string_view line;
    std::string_view outcome;
  };
  // Lines of shared/kafka/kcat-envelope.jsonl, as kcat 1.7.1 wrote them.
  const std::vector<Case> cases = {
      {R"({"topic":"orders","partition":0,"offset":0,"tstype":"create","ts":1795350001000,"broker":1,"key":"ann","payload":"{\"user\":\"ann\",\"amount\":12.5,\"ts\":\"2026-11-22T12:00:01Z\"}"})",
       "'orders' | 0 | 'ann' | 0 | 1795350001000000 | 'ann' | 12.5 | null"},
      {R"({"topic":"orders","partition":0,"offset":1,"tstype":"create","ts":1795350002000,"broker":1,"key":null,"payload":"{\"user\":\"bob\",\"amount\":3}"})",
       "'orders' | 0 | 'bob' | 1 | 1795350002000000 | null | 3 | null"},
      {R"({"topic":"orders","partition":0,"offset":2,"ts":1795350003000,"broker":1,"key":"","payload":"{\"user\":\"cid\",\"amount\":7}"})",
       "'orders' | 0 | 'cid' | 2 | 1795350003000000 | '' | 7 | null"},
      {R"({"topic":"orders","partition":0,"offset":3,"tstype":"create","ts":1795350004000,"broker":1,"key":"ann","payload":null})",
       "bad_json: the payload is null"},
      {R"({"topic":"orders","partition":0,"offset":4,"payload":""})",
       "bad_json: payload: byte 0: expected '{'"},
      {R"({"topic":"orders","partition":0,"offset":5,"ts":1795350006000,"headers":["trace","t-1","src","web"],"key":"dee","payload":"{\"user\":\"dee\"}"})",
       "'orders' | 0 | 'dee' | 5 | 1795350006000000 | 'dee' | null | [{'trace', 't-1'}, {'src', "
       "'web'}]"},
      {R"({"headers":["dup","1","dup","2","nil",null,"","noname"],"payload":"{\"user\":\"eve\"}"})",
       "null | null | 'eve' | null | null | null | null | [{'dup', '1'}, {'dup', '2'}, {'nil', "
       "null}, {'', 'noname'}]"},
      {R"({"topic":"orders","key":"esc\"\\\t\n\u0001/","payload":"{\"user\":\"tab\\t quote\\\" \\u0041 / \\/\"}"})",
       "'orders' | null | 'tab\t quote\" A / /' | null | null | 'esc\"\\\t\n\x01/' | null | null"},
      {R"({"payload":"{\n  \"user\" : \"pretty\"\r\n}\n"})",
       "null | null | 'pretty' | null | null | null | null | null"},
      {R"({"payload":"not json at all"})", "bad_json: payload: byte 0: expected '{'"},
      {R"({"payload":"[1,2,3]"})", "bad_json: payload: byte 0: expected '{'"},
      {R"({"payload":"null"})", "bad_json: payload: byte 0: expected '{'"},
      {R"({"payload":"{\"user\":\"a\"} {\"user\":\"b\"}"})",
       "bad_json: payload: byte 13: text after the object"},
      {R"({"payload":"\ufeff{\"user\":\"a\"}"})", "bad_json: payload: byte 0: expected '{'"},
      {R"({"payload":"{\"user\":\"a\",\"user\":\"b\"}"})",
       "null | null | 'b' | null | null | null | null | null"},
      {R"({"payload":"{\"amount\":\"x\"}"})", "bad_type: amount is not DOUBLE: \"x\""},
      {R"({"partition":"0","payload":"{}"})", "bad_type: partition is not INT: \"0\""},
      {R"({"payload":"{\"_topic\":\"mine\"}","topic":"t"})",
       "'t' | null | null | null | null | null | null | null"},
      {"{\"key\":\"\xFF\",\"payload\":\"{}\"}", "bad_json: byte 8: invalid UTF-8"},
      {R"({"topic":"t"})", "bad_json: the payload is null"},
      {"", ""},
  };
  auto decoder = kcat_decoder(metadata_options());
  std::string all;
  for (const Case& c : cases) {
    INFO(c.line);
    const auto lines = decode_lines(*decoder, c.line);
    CHECK((lines.empty() ? "" : lines[0]) == c.outcome);
    all += std::string(c.line) + "\n";
  }
  const auto together = decode_lines(*decoder, all);
  for (size_t i = 0; i < cases.size(); i++) CHECK(together[i] == cases[i].outcome);
}

TEST_CASE("envelopes that follow each other on a line are rows of their own") {
  auto decoder = kcat_decoder(user_options());
  CHECK(
      decode_lines(
          *decoder,
          R"({"payload":"{\"user\":\"a\"}"}{"payload":null} {"payload":"{\"user\":\"b\"}"}{"payload":"{}")") ==
      std::vector<std::string>{"'a' | null & 'b' | null & bad_json: the payload is null & "
                               "bad_json: byte 15: the line ends inside an object"});
}

TEST_CASE("the place of a row is that of its envelope") {
  const std::string text = R"({"payload":"{}"} {"payload":"{\"user\":1,\"amount\":2}"})";
  const testing::Bytes bytes(text);
  Decoded out;
  kcat_decoder(user_options())->decode(bytes.chunk(), out);
  CHECK(out.row_begin == std::vector<uint32_t>{0, 17});
  CHECK(out.row_size == std::vector<uint32_t>{16, 39});
  CHECK(out.row_line == std::vector<uint32_t>{0, 0});
}

TEST_CASE("the permissive reader makes a row of every envelope") {
  DecodeOptions options = user_options();
  options.schema.push_back({"_offset", scalar(Kind::kLong)});
  options.schema.push_back({"_corrupt_record", scalar(Kind::kString)});
  options.permissive = true;
  options.corrupt_record_column = "_corrupt_record";
  auto decoder = kcat_decoder(options);
  struct Case {
    std::string_view line;
    std::string_view outcome;
  };
  for (const Case& c : std::vector<Case>{
           {R"({"offset":1,"payload":"{\"user\":\"a\",\"amount\":1}"})", "'a' | 1 | 1 | null"},
           {R"({"offset":2,"payload":"{\"user\":\"a\",\"amount\":\"x\"}"})",
            R"('a' | null | 2 | '{"user":"a","amount":"x"}')"},
           {R"({"offset":3,"payload":"rubbish"})", "null | null | 3 | 'rubbish'"},
           {R"({"offset":4,"payload":null})", R"(null | null | 4 | '{"offset":4,"payload":null}')"},
           {R"({"offset":)", R"(null | null | null | '{"offset":')"}}) {
    INFO(c.line);
    CHECK(decode_lines(*decoder, c.line) == std::vector<std::string>{std::string(c.outcome)});
  }
}
