#include "formats/ddl.h"

#include <string>

#include <doctest/doctest.h>

namespace tailrace::formats {
namespace {

// The schema as to_ddl writes it, or the error.
std::string reread(std::string_view text) {
  const auto schema = parse_ddl(text);
  return schema ? to_ddl(*schema) : schema.error().message;
}

TEST_CASE("schemas are read in every spelling of Spark and written in one") {
  const std::pair<const char*, const char*> cases[] = {
      {"ts timestamp, k string, v int", "ts TIMESTAMP, k STRING, v INT"},
      {"a tinyint, b byte, c smallint, d short", "a TINYINT, b TINYINT, c SMALLINT, d SMALLINT"},
      {"a INTEGER, b Long, c real, d FLOAT, e dOuBle",
       "a INT, b BIGINT, c FLOAT, d FLOAT, e DOUBLE"},
      {"a boolean, b date, c timestamp_ltz, d void", "a BOOLEAN, b DATE, c TIMESTAMP, d VOID"},
      {"s STRUCT<a: INT, b ARRAY<STRING>>", "s STRUCT<a: INT, b: ARRAY<STRING>>"},
      {"s struct<>", "s STRUCT<>"},
      {"s array<array<struct<x:int>>>", "s ARRAY<ARRAY<STRUCT<x: INT>>>"},
      {"a INT NOT NULL COMMENT 'it''s, a \"key\"', b STRING comment \"x\"", "a INT, b STRING"},
      {"s STRUCT<a: INT NOT NULL COMMENT 'x'>", "s STRUCT<a: INT>"},
      {"`a b` INT, `x.y` STRING, `q``t` DATE", "`a b` INT, `x.y` STRING, `q``t` DATE"},
      {"`plain` INT, `1st` INT, 2nd INT", "plain INT, `1st` INT, `2nd` INT"},
      {"s STRUCT<`a-b`: INT>", "s STRUCT<`a-b`: INT>"},
      {"stra\xC3\x9F"
       "e STRING",
       "`stra\xC3\x9F"
       "e` STRING"},
      {"a INT,\n  -- the name, as given\n\tb STRING -- last\n", "a INT, b STRING"},
      {"struct STRING, array INT, not INT, comment STRING, int INT",
       "struct STRING, array INT, not INT, comment STRING, int INT"},
      {"STRUCT<a: INT, b: STRING>", "a INT, b STRING"},
      {"STRUCT<>", ""},
  };
  for (const auto& [text, expected] : cases) {
    INFO(text);
    CHECK(reread(text) == expected);
    if (*expected != '\0') CHECK(reread(reread(text)) == expected);
  }
  const auto schema = parse_ddl("Name STRING, s STRUCT<a: INT>");
  REQUIRE(schema.has_value());
  CHECK((*schema)[0].name == "Name");
  CHECK((*schema)[1].type.fields[0].type.kind == columns::Kind::kInt);
}

TEST_CASE("a wrong schema is a usage error with its place and a caret") {
  const std::pair<const char*, const char*> cases[] = {
      {"a INT, b   INTT",
       "schema:1:12: expected a type, found 'INTT'; did you mean INT?\n"
       "  a INT, b   INTT\n             ^"},
      {"a INT,\n\tb banana, c INT",
       "schema:2:4: expected a type, found 'banana'\n  \tb banana, c INT\n  \t  ^"},
      {"`\xC3\xA4` X", "schema:1:5: expected a type, found 'X'\n  `\xC3\xA4` X\n      ^"},
      {"", "schema:1:1: the schema is empty; write NAME TYPE, ...\n  \n  ^"},
      {"a", "schema:1:2: expected a type, found the end\n  a\n   ^"},
      {"a: INT",
       "schema:1:2: a colon stands only inside STRUCT<...>; write NAME TYPE\n  a: INT\n   ^"},
      {"a-b INT", "schema:1:2: a name with '-' needs back quotes around it\n  a-b INT\n   ^"},
      {"a INT b INT", "schema:1:7: expected ',' or the end, found 'b'\n  a INT b INT\n        ^"},
      {"a INT,", "schema:1:7: expected the name of a field, found the end\n  a INT,\n        ^"},
      {"a ARRAY",
       "schema:1:8: expected '<' and the type of the elements, found the end\n  a ARRAY\n         "
       "^"},
      {"a ARRAY<INT", "schema:1:12: expected '>', found the end\n  a ARRAY<INT\n             ^"},
      {"a STRUCT<x INT",
       "schema:1:15: expected ',' or '>', found the end\n  a STRUCT<x INT\n                ^"},
      {"a INT NOT b", "schema:1:11: expected NULL, found 'b'\n  a INT NOT b\n            ^"},
      {"a INT COMMENT b",
       "schema:1:15: expected a comment in quotes, found 'b'\n  a INT COMMENT b\n                "
       "^"},
      {"`a INT", "schema:1:1: this ` is not closed\n  `a INT\n  ^"},
      {"`` INT", "schema:1:1: a name is empty\n  `` INT\n  ^"},
      {"a INT, a STRING",
       "schema:1:8: there are two fields 'a'; leave one out\n  a INT, a STRING\n         ^"},
      {"s STRUCT<id: INT, ID: INT>",
       "schema:1:19: fields 'id' and 'ID' differ only in case, which SQL "
       "ignores; rename one\n  s STRUCT<id: INT, ID: INT>\n                    ^"},
      {"1 INT",
       "schema:1:1: expected the name of a field (put odd names in back quotes), found '1'\n  1 "
       "INT\n  ^"},
  };
  for (const auto& [text, message] : cases) {
    INFO(text);
    CHECK(reread(text) == message);
    CHECK(parse_ddl(text).error().kind == ErrorKind::kUsage);
  }
}

TEST_CASE("a type of Spark's that tailrace lacks is refused with another to use") {
  const std::pair<const char*, const char*> cases[] = {
      {"a decimal(10,2)",
       "schema:1:3: tailrace does not have the type DECIMAL; use DOUBLE, or STRING to keep every "
       "digit"},
      {"a map<string,int>",
       "schema:1:3: tailrace does not have the type MAP; use STRUCT<key: TYPE> with the keys "
       "that you need, or STRING for the JSON text"},
      {"a timestamp_ntz",
       "schema:1:3: tailrace does not have the type TIMESTAMP_NTZ; use TIMESTAMP, read in the time "
       "zone of --tz"},
      {"a varchar(3)", "schema:1:3: tailrace does not have the type VARCHAR; use STRING"},
      {"a interval day to second",
       "schema:1:3: tailrace does not have the type INTERVAL; use BIGINT or STRING"},
      {"a binary", "schema:1:3: tailrace does not have the type BINARY; use STRING"},
      {"a variant",
       "schema:1:3: tailrace does not have the type VARIANT; use STRING for the JSON text"},
  };
  for (const auto& [text, begin] : cases)
    CHECK(reread(text).starts_with(std::string(begin) + "\n"));
}

TEST_CASE("a single type is read for CAST") {
  CHECK(to_ddl(*parse_type("bigint")) == "BIGINT");
  CHECK(to_ddl(*parse_type(" array<struct<a int, `b c`: string>> ")) ==
        "ARRAY<STRUCT<a: INT, `b c`: STRING>>");
  CHECK(parse_type("strin").error().message ==
        "type:1:1: expected a type, found 'strin'; did you mean STRING?\n  strin\n  ^");
  CHECK(parse_type("int x").error().message.starts_with("type:1:5: expected the end, found 'x'"));
  CHECK(parse_type("").error().message.starts_with("type:1:1: expected a type, found the end"));
}

TEST_CASE("a schema nested without end is refused, not followed") {
  std::string deep = "a ";
  for (int i = 0; i < 100'000; ++i) deep += "ARRAY<";
  CHECK(reread(deep).contains("types are nested more than 100 deep"));
  std::string structs = "a ";
  for (int i = 0; i < 100'000; ++i) structs += "STRUCT<a:";
  CHECK(reread(structs).contains("types are nested more than 100 deep"));
}

}  // namespace
}  // namespace tailrace::formats
