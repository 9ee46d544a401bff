#include "sql_expr_fixture.h"

using namespace tailrace;
using namespace tailrace::sql;

namespace {

void check(const Batch& t, ExprPtr expr, const Texts& expected) {
  CHECK(eval(expr, t) == expected);
}

Batch words() {
  return table(texts(
      {"Hello World", "", "äöü ß", "日本語テキスト", "  pad  ", "a,b,,c,", "😀x", std::nullopt}));
}

}  // namespace

TEST_CASE("texts are counted and cut in code points") {
  const Batch t = words();
  check(t, f("length", c(t, 0)), {"11", "0", "5", "7", "7", "7", "2", "null"});
  check(t, f("octet_length", c(t, 0)), {"11", "0", "9", "21", "7", "7", "5", "null"});
  check(t, f("substring", c(t, 0), i(0), i(2)),
        {"He", "", "äö", "日本", "  ", "a,", "😀x", "null"});
  check(t, f("substring", c(t, 0), i(2)),
        {"ello World", "", "öü ß", "本語テキスト", " pad  ", ",b,,c,", "x", "null"});
  check(t, f("substring", c(t, 0), i(-100), i(102)),
        {"Hello World", "", "äöü ß", "日本語テキスト", "  pad  ", "a,b,,c,", "😀x", "null"});
  check(t, f("substring", c(t, 0), i(-2), i(1)), {"l", "", " ", "ス", " ", "c", "😀", "null"});
  check(t, f("left", c(t, 0), i(3)), {"Hel", "", "äöü", "日本語", "  p", "a,b", "😀x", "null"});
  check(t, f("right", c(t, 0), i(3)), {"rld", "", "ü ß", "キスト", "d  ", ",c,", "😀x", "null"});
  check(t, f("reverse", c(t, 0)),
        {"dlroW olleH", "", "ß üöä", "トスキテ語本日", "  dap  ", ",c,,b,a", "x😀", "null"});
  CHECK(value(f("substring", s("abc"), i(1), i(-1))) == "");
  CHECK(value(f("substring", s("hello"), d(2.7))) == "ello");
}

TEST_CASE("case is Unicode's") {
  const Batch t = words();
  check(t, f("upper", c(t, 0)),
        {"HELLO WORLD", "", "ÄÖÜ SS", "日本語テキスト", "  PAD  ", "A,B,,C,", "😀X", "null"});
  check(t, f("lower", f("upper", c(t, 0))),
        {"hello world", "", "äöü ss", "日本語テキスト", "  pad  ", "a,b,,c,", "😀x", "null"});
  check(t, f("initcap", c(t, 0)),
        {"Hello World", "", "Äöü Ss", "日本語テキスト", "  Pad  ", "A,b,,c,", "😀x", "null"});
  CHECK(value(f("initcap", s("o'neil mac-donald"))) == "O'neil Mac-donald");
}

TEST_CASE("trimming takes blanks, or the letters of a set, and nothing else") {
  CHECK(value(f("trim", s("\t x \n"))) == "\t x \n");
  CHECK(value(f("trim", s("  x y "))) == "x y");
  CHECK(value(f("ltrim", s("  x "))) == "x ");
  CHECK(value(f("rtrim", s("  x "))) == "  x");
  CHECK(value(f("trim", s("Hä"), s("äHxäH"))) == "x");
  CHECK(value(f("btrim", s("xxaxx"), s("x"))) == "a");
}

TEST_CASE("padding fills up or cuts") {
  const Batch t = words();
  check(t, f("lpad", c(t, 0), i(9), s("*")),
        {"Hello Wor", "*********", "****äöü ß", "**日本語テキスト", "**  pad  ", "**a,b,,c,",
         "*******😀x", "null"});
  check(t, f("rpad", c(t, 0), i(3), s("ab")),
        {"Hel", "aba", "äöü", "日本語", "  p", "a,b", "😀xa", "null"});
  CHECK(value(f("lpad", s("x"), i(3))) == "  x");
  CHECK(value(f("rpad", s("x"), i(3), s(""))) == "x");
  CHECK(value(f("repeat", s("ab"), i(3))) == "ababab");
  CHECK(value(f("repeat", s("ab"), i(-1))) == "");
  CHECK(value(f("repeat", s("ab"), i(2'000'000'000))) == "!TOO_LONG_TEXT");
}

TEST_CASE("searching and replacing") {
  CHECK(value(f("instr", s("äbc"), s("c"))) == "3");
  CHECK(value(f("locate", s("o"), s("foo bo"))) == "2");
  CHECK(value(f("locate", s("o"), s("foo bo"), i(4))) == "6");
  CHECK(value(f("locate", s(""), s("abc"))) == "1");
  CHECK(value(f("locate", s("x"), s("abc"))) == "0");
  CHECK(value(f("replace", s("Hello"), s("l"), s("LL"))) == "HeLLLLo");
  CHECK(value(f("replace", s("Hello"), s("l"))) == "Heo");
  CHECK(value(f("replace", s("Hello"), s(""), s("x"))) == "Hello");
  CHECK(value(f("replace", i(123), s("2"), s("x"))) == "1x3");
  CHECK(value(f("translate", s("hello"), s("lo"), s("L"))) == "heLL");
  CHECK(value(f("contains", s("Hello World"), s("o W"))) == "true");
  CHECK(value(f("startswith", s("abc"), s("ab"))) == "true");
  CHECK(value(f("endswith", s("abc"), s("ab"))) == "false");
  CHECK(value(f("substring_index", s("a,b,,c"), s(","), i(2))) == "a,b");
  CHECK(value(f("substring_index", s("a,b,,c"), s(","), i(-2))) == ",c");
  CHECK(value(f("substring_index", s("abc"), s(","), i(1))) == "abc");
  CHECK(value(f("split_part", s("a.b.c"), s("."), i(-1))) == "c");
  CHECK(value(f("split_part", s("a.b.c"), s("."), i(9))) == "");
  CHECK(value(f("split_part", s("a.b.c"), s("."), i(0))) == "!INVALID_INDEX_OF_ZERO");
  CHECK(value(f("chr", i(256 + 65))) == "A");
}

TEST_CASE("joining") {
  const Batch t = table(texts({"x", std::nullopt}), ints({1, 2}));
  check(t, f("concat", c(t, 0), s("-"), c(t, 1)), {"x-1", "null"});
  check(t, f("||", c(t, 1), c(t, 1)), {"11", "22"});
  check(t, f("concat_ws", s(","), f("array", c(t, 0), s("b")), s("c"), null(), c(t, 1)),
        {"x,b,c,1", "b,c,2"});
  check(t, f("concat_ws", c(t, 0), s("a"), s("b")), {"axb", "null"});
  CHECK(value(f("concat")) == "");
}

TEST_CASE("LIKE matches the whole text, by code points") {
  struct {
    std::string_view text, pattern;
    bool matches;
  } const cases[] = {{"Hello", "H%", true},
                     {"Hello", "%o", true},
                     {"Hello", "%ell%", true},
                     {"Hello", "hello", false},
                     {"Hello", "_ello", true},
                     {"äx", "_x", true},
                     {"😀", "_", true},
                     {"😀", "__", false},
                     {"", "", true},
                     {"", "%", true},
                     {"", "_", false},
                     {"a%b", "a\\%b", true},
                     {"axb", "a\\%b", false},
                     {"a\\b", "a\\\\b", true},
                     {"abcabc", "%a_c", true},
                     {"aab", "%ab", true},
                     {"abab", "ab%ab", true},
                     {"ab", "ab%ab", false},
                     {"mississippi", "m%si%pi", true},
                     {"a\nb", "a%b", true},
                     {"aXbXc", "a%X_%", true},
                     {"ab", "a%%b", true}};
  for (const auto& one : cases) {
    CAPTURE(one.text);
    CAPTURE(one.pattern);
    Column column({Kind::kString, {}}), pattern({Kind::kString, {}});
    column.append_text(one.text);
    pattern.append_text(one.pattern);
    const Batch t = table(column, pattern);
    const std::string expected = one.matches ? "true" : "false";
    CHECK(eval(f("like", c(t, 0), s(std::string(one.pattern))), t)[0] == expected);
    CHECK(eval(f("like", c(t, 0), c(t, 1)), t)[0] == expected);
  }
  CHECK(value(f("ilike", s("ÄB"), s("ä%"))) == "true");
  CHECK(value(f("like", s("a_c"), s("a#_c"), s("#"))) == "true");
  CHECK(refusal(try_f({}, "like", s("a"), s("a\\"))) == "INVALID_FORMAT.ESC_AT_THE_END");
  CHECK(refusal(try_f({}, "like", s("a"), s("\\a"))) == "INVALID_FORMAT.ESC_IN_THE_MIDDLE");
  const Batch t = table(texts({"a\\"}));
  CHECK(eval(f("like", s("a"), c(t, 0)), t)[0] == "!INVALID_FORMAT.ESC_AT_THE_END");
}

TEST_CASE("regular expressions find, extract, replace and split as Java's do") {
  CHECK(value(f("rlike", s("Hello"), s("l+o$"))) == "true");
  CHECK(value(f("rlike", s("Hello"), s("^l"))) == "false");
  CHECK(value(f("regexp_extract", s("user@example.com"), s("([a-z]+)@([a-z]+)"), i(2))) ==
        "example");
  CHECK(value(f("regexp_extract", s("none"), s("(x)"))) == "");
  CHECK(value(f("regexp_extract", s("x"), s("x"), i(1))) ==
        "!INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX");
  CHECK(value(f("regexp_extract_all", s("a1b22"), s("(\\d+)"))) == "[1, 22]");
  CHECK(value(f("regexp_replace", s("banana"), s("a"), s("#"))) == "b#n#n#");
  CHECK(value(f("regexp_replace", s("x12"), s("(?<y>\\d)"), s("<${y}$1>"))) == "x<11><22>");
  CHECK(value(f("regexp_replace", s("a.b"), s("\\."), s("\\$"))) == "a$b");
  CHECK(value(f("regexp_replace", s("ab"), s("x*"), s("-"))) == "-a-b-");
  CHECK(value(f("regexp_replace", s("ab"), s("a"), s("$3"))) ==
        "!INVALID_PARAMETER_VALUE.REPLACEMENT");
  CHECK(value(f("regexp_count", s("a1b22"), s("\\d"))) == "3");
  CHECK(value(f("regexp_substr", s("a1"), s("x"))) == "null");
  CHECK(value(f("regexp_instr", s("ä1"), s("\\d"))) == "2");
  CHECK(refusal(try_f({}, "rlike", s("x"), s("["))) == "INVALID_PARAMETER_VALUE.PATTERN");
  const Batch t = table(texts({"a", "["}));
  CHECK(eval(f("rlike", s("a"), c(t, 0)), t) == Texts{"true", "!INVALID_PARAMETER_VALUE.PATTERN"});
}

TEST_CASE("split keeps empty parts, except before an empty match at the start") {
  const Batch t = table(texts({"a,b,,c,", "", "x", std::nullopt}));
  check(t, f("split", c(t, 0), s(",")), {"[a, b, , c, ]", "[]", "[x]", "null"});
  check(t, f("size", f("split", c(t, 0), s(","))), {"5", "1", "1", "null"});
  check(t, f("split", c(t, 0), s(","), i(2)), {"[a, b,,c,]", "[]", "[x]", "null"});
  CHECK(value(f("split", s("a|b"), s("|"))) == "[a, |, b, ]");
  CHECK(value(f("split", s("a.b"), s("."), i(-1))) == "[, , , ]");
}
