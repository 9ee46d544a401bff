#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sql/parse/parse.h"
#include "sql/parse/printer.h"

namespace tailrace::sql {
namespace {

std::string canonical(const std::string& text) {
  Sources sources;
  const auto parsed = parse_expression(sources, sources.add("--where", text));
  return parsed ? print(*parsed) : parsed.error().message;
}

std::string canonical_query(const std::string& text) {
  Sources sources;
  const auto parsed = parse_query(sources, sources.add("--sql", text));
  return parsed ? print(*parsed) : parsed.error().message;
}

std::string spark_name(const std::string& text) {
  Sources sources;
  const auto parsed = parse_expression(sources, sources.add("--select", text));
  return parsed ? column_name(*parsed) : parsed.error().message;
}

struct Case {
  std::string text;
  std::string expected;
};

TEST_CASE("an expression is printed with no more parentheses than it needs") {
  const std::vector<Case> cases = {
      {"a+b*c", "a + b * c"},
      {"(a+b)*c", "(a + b) * c"},
      {"a-(b-c)", "a - (b - c)"},
      {"((a))", "a"},
      {"a = 1 or b <> 2 and not c == 3", "a = 1 OR b != 2 AND NOT c = 3"},
      {"(a or b) and c", "(a OR b) AND c"},
      {"not (a and b)", "NOT (a AND b)"},
      {"! a", "NOT a"},
      {"a in (1, 'x', NULL)", "a IN (1, 'x', NULL)"},
      {"a not in (1)", "a NOT IN (1)"},
      {"not a in (1)", "a NOT IN (1)"},
      {"a between 1 and 2 and b", "a BETWEEN 1 AND 2 AND b"},
      {"a not between 1 and 2", "a NOT BETWEEN 1 AND 2"},
      {"a like 'x%' escape '!'", "a LIKE 'x%' ESCAPE '!'"},
      {"a not ilike 'x' or a rlike '\\\\d'", "a NOT ILIKE 'x' OR a RLIKE '\\\\d'"},
      {"a is null and b is not null", "a IS NULL AND b IS NOT NULL"},
      {"a = b is null", "a = b IS NULL"},
      {"a = (b is null)", "a = (b IS NULL)"},
      {"a is true", "a <=> TRUE"},
      {"a is not false", "NOT a <=> FALSE"},
      {"a is distinct from b", "NOT a <=> b"},
      {"a is not distinct from b", "a <=> b"},
      {"-a", "-a"},
      {"- -1", "- -1"},
      {"-1", "-1"},
      {"2 -1", "2 - 1"},
      {"+a", "a"},
      {"a || b || 'c'", "a || b || 'c'"},
      {"10 div 3 % 2", "10 DIV 3 % 2"},
      {"case when a then 1 else 2 end", "CASE WHEN a THEN 1 ELSE 2 END"},
      {"CASE x WHEN 1 THEN 'a' WHEN 2 THEN 'b' END", "CASE x WHEN 1 THEN 'a' WHEN 2 THEN 'b' END"},
      {"cast(a as int)", "CAST(a AS INT)"},
      {"a::bigint + 1", "CAST(a AS BIGINT) + 1"},
      {"try_cast(a as array<struct<x: int, `y z` string>>)",
       "TRY_CAST(a AS ARRAY<STRUCT<x: INT, `y z`: STRING>>)"},
      {"COUNT(*)", "count(*)"},
      {"count(distinct a, b) filter (where c > 1)", "count(DISTINCT a, b) FILTER (WHERE c > 1)"},
      {"first(a ignore nulls)", "first(a IGNORE NULLS)"},
      {"first(a) ignore nulls", "first(a IGNORE NULLS)"},
      {"a.b.c[0]['k'].d", "a.b.c[0]['k'].d"},
      {"`a b`.`c``d`", "`a b`.`c``d`"},
      {"`select`", "`select`"},
      {"window.end", "window.`end`"},
      {"timestamp", "timestamp"},
      {"timestamp '2024-01-01'", "TIMESTAMP '2024-01-01'"},
      {"date\"2024-01-01\"", "DATE '2024-01-01'"},
      {"ts + interval 10 seconds", "ts + INTERVAL '10 seconds'"},
      {"interval '5' minute", "INTERVAL '5 minute'"},
      {"interval 1 hour 30 minutes", "INTERVAL '1 hour 30 minutes'"},
      {"interval '5 minutes'", "INTERVAL '5 minutes'"},
      {"current_timestamp", "current_timestamp()"},
      {"extract(year from ts)", "year(ts)"},
      {"extract(second from ts)", "date_part('SECOND', ts)"},
      {"trim(both from a)", "trim(a)"},
      {"trim(leading 'x' from a)", "ltrim('x', a)"},
      {"trim(TRAILING b FROM a)", "rtrim(b, a)"},
      {"trim('x' from a)", "trim('x', a)"},
      {"trim(both, a)", "trim(both, a)"},
      {"substring(a FROM 2 FOR 3)", "substring(a, 2, 3)"},
      {"substr(a from -2)", "substr(a, -2)"},
      {"position('x' || 'y' IN a)", "position('x' || 'y', a)"},
      {"position('x', a, 2)", "position('x', a, 2)"},
      {"~a & ~~b", "bit_not(a) & bit_not(bit_not(b))"},
      {"dateadd(day, 3, ts)", "timestampadd('DAY', 3, ts)"},
      {"datediff(Month, a, b)", "timestampdiff('MONTH', a, b)"},
      {"date_add(day, 3)", "date_add(day, 3)"},
      {"dateadd(`k`, 3, ts)", "dateadd(k, 3, ts)"},
      {"a -- comment\n + /* more */ b", "a + b"},
      {"1L + 2S + 3Y + 4D + 5.5F + .5 + 1e3 + 6BD", "1L + 2S + 3Y + 4D + 5.5F + .5 + 1e3 + 6D"},
      {"3000000000 + 3000000000L", "3000000000 + 3000000000"},
      {"1.x", "(1).x"},
      {"true and FALSE", "TRUE AND FALSE"},
  };
  for (const Case& test : cases) {
    CHECK_MESSAGE(canonical(test.text) == test.expected, test.text);
    CHECK_MESSAGE(canonical(test.expected) == test.expected, test.expected);  // and stays so
  }
}

TEST_CASE("strings take both quotes and Spark's escapes") {
  const std::vector<Case> cases = {
      {R"('it\'s')", R"('it\'s')"},  {R"("it's")", R"('it\'s')"},
      {R"('it''s')", R"('it\'s')"},  {R"('a\nb\tc')", R"('a\nb\tc')"},
      {R"('\\d')", R"('\\d')"},      {R"(r'\d')", R"('\\d')"},
      {R"('100\%')", R"('100\\%')"}, {R"('\u00e9\101')", "'\u00e9A'"},
      {R"('a' 'b')", "'ab'"},        {R"('')", R"('')"},
      {R"('\q')", R"('q')"},
  };
  for (const Case& test : cases) CHECK_MESSAGE(canonical(test.text) == test.expected, test.text);
}

TEST_CASE("an output column without AS has Spark's name") {
  const std::vector<Case> cases = {
      {"COUNT(*)", "count(1)"},
      {"count(DISTINCT a, b)", "count(DISTINCT a, b)"},
      {"sum(bytes)", "sum(bytes)"},
      {"a + 1", "(a + 1)"},
      {"upper(Name)", "upper(Name)"},
      {"concat(a, 'x')", "concat(a, x)"},
      {"a.b", "b"},
      {"upper(a.b)", "upper(a.b)"},
      {"a[0]", "a[0]"},
      {"CASE WHEN k = 'a' THEN 1 ELSE 0 END", "CASE WHEN (k = a) THEN 1 ELSE 0 END"},
      {"CASE k WHEN 'a' THEN 1 END", "CASE WHEN (k = a) THEN 1 END"},
      {"a AND NOT b", "(a AND (NOT b))"},
      {"a != 1", "(NOT (a = 1))"},
      {"a IN (1, 2)", "(a IN (1, 2))"},
      {"a IS NOT NULL", "(a IS NOT NULL)"},
      {"cast(a AS int)", "a"},
      {"cast(a + 1 AS int)", "CAST((a + 1) AS INT)"},
      {"-a", "(- a)"},
      {"a LIKE 'x%'", "a LIKE x%"},
      {"if(a, 1, 2)", "(IF(a, 1, 2))"},
      {"a || 'b'", "concat(a, b)"},
      {"window(ts, '5 minutes')", "window"},
      {"sum(a) FILTER (WHERE b)", "sum(a) FILTER (WHERE b)"},
      {"typeof(a)", "typeof(a)"},
      {"1", "1"},
      {"'x'", "x"},
      {"NULL", "NULL"},
  };
  for (const Case& test : cases) CHECK_MESSAGE(spark_name(test.text) == test.expected, test.text);
}

TEST_CASE("a SELECT is printed with its clauses in one canonical spelling") {
  const std::vector<Case> cases = {
      {"select a, b x, c as `y z` from input;", "SELECT a, b AS x, c AS `y z` FROM input"},
      {"select distinct * from input i where a > 1",
       "SELECT DISTINCT * FROM input AS i WHERE a > 1"},
      {"SELECT t.*, 1 FROM input AS t", "SELECT t.*, 1 FROM input AS t"},
      {"select k, count(*) n from input group by k, 2 having n > 1 order by n desc nulls last, k "
       "asc limit 5",
       "SELECT k, count(*) AS n FROM input GROUP BY k, 2 HAVING n > 1 ORDER BY n DESC NULLS LAST, "
       "k LIMIT 5"},
      {"select * from (select a from input where b) where a",
       "SELECT * FROM (SELECT a FROM input WHERE b) WHERE a"},
      {"select * from (select a from input) t", "SELECT * FROM (SELECT a FROM input) AS t"},
      {"select end from input", "SELECT `end` FROM input"},
  };
  for (const Case& test : cases) {
    CHECK_MESSAGE(canonical_query(test.text) == test.expected, test.text);
    CHECK(canonical_query(test.expected) == test.expected);
  }
}

TEST_CASE("the guide's query parses") {
  const std::string text = R"(
SELECT
    user_id, session_id, event_type, page_url, product_id, timestamp, device_type,
    window(timestamp, '5 minutes') AS time_window,
    COUNT(*) AS event_count
FROM clickstream_events
WHERE event_type IN ('click', 'page_view', 'purchase')
GROUP BY
    user_id, session_id, event_type, page_url, product_id, timestamp, device_type,
    window(timestamp, '5 minutes')
)";
  CHECK(canonical_query(text) ==
        "SELECT user_id, session_id, event_type, page_url, product_id, timestamp, device_type, "
        "window(timestamp, '5 minutes') AS time_window, count(*) AS event_count FROM "
        "clickstream_events "
        "WHERE event_type IN ('click', 'page_view', 'purchase') GROUP BY user_id, session_id, "
        "event_type, "
        "page_url, product_id, timestamp, device_type, window(timestamp, '5 minutes')");
}

TEST_CASE("a syntax error shows its line and a caret at the place") {
  CHECK(canonical("amount >  )") ==
        "--where:1:11: [PARSE_SYNTAX_ERROR] expected an expression, found ')'\n"
        "  amount >  )\n"
        "            ^");
  CHECK(canonical_query("SELECT a\nFROM input\nWHERE é = 'x' AND\tb =") ==
        "--sql:3:22: [PARSE_SYNTAX_ERROR] expected an expression, found the end\n"
        "  WHERE é = 'x' AND\tb =\n"
        "                   \t   ^");
}

TEST_CASE("what is wrong or not there yet is said by name") {
  const auto first_line = [](const std::string& message) {
    return message.substr(0, message.find('\n'));
  };
  const std::vector<Case> expressions = {
      {"", "--where:1:1: [PARSE_EMPTY_STATEMENT] there is nothing here"},
      {"a b", "--where:1:3: [PARSE_SYNTAX_ERROR] expected the end, found 'b'"},
      {"(a", "--where:1:3: [PARSE_SYNTAX_ERROR] expected ')', found the end"},
      {"a in ()", "--where:1:7: [PARSE_SYNTAX_ERROR] expected an expression, found ')'"},
      {"f(a b)", "--where:1:5: [PARSE_SYNTAX_ERROR] expected ',' or ')', found 'b'"},
      {"'abc", "--where:1:1: [PARSE_SYNTAX_ERROR] this string does not end"},
      {"`abc", "--where:1:1: [PARSE_SYNTAX_ERROR] this back-quoted name does not end"},
      {"a /* b", "--where:1:3: [PARSE_SYNTAX_ERROR] this comment does not end; add */"},
      {"a @ b",
       "--where:1:3: [PARSE_SYNTAX_ERROR] '@' has no meaning here; put back quotes around an "
       "unusual name"},
      {"1abc",
       "--where:1:1: [PARSE_SYNTAX_ERROR] '1abc' is neither a number nor a name; put back quotes "
       "around a "
       "name that begins with a digit"},
      {"300Y", "--where:1:1: 300Y is out of range"},
      {"99999999999999999999",
       "--where:1:1: 99999999999999999999 is beyond BIGINT; write 99999999999999999999.0 for "
       "a DOUBLE"},
      {"cast(a as decimal(3,1))", "--where:1:11: the type DECIMAL is not supported yet"},
      {"cast(a as nothing)", "--where:1:11: [UNSUPPORTED_DATATYPE] there is no type NOTHING"},
      {"transform(a, x -> x + 1)", "--where:1:16: a lambda function is not supported yet"},
      {"row_number() over (order by a)",
       "--where:1:14: a window function (OVER) is not supported yet"},
      {"a in (select b from c)", "--where:1:7: IN (SELECT ...) is not supported yet"},
      {"case a end", "--where:1:8: [PARSE_SYNTAX_ERROR] expected WHEN, found 'end'"},
  };
  for (const Case& test : expressions) CHECK(first_line(canonical(test.text)) == test.expected);
  const std::vector<Case> queries = {
      {"SELECT a", "--sql:1:9: [PARSE_SYNTAX_ERROR] expected FROM, found the end"},
      {"WITH x AS (SELECT 1) SELECT * FROM x",
       "--sql:1:1: WITH (a common table expression) is not supported yet"},
      {"SELECT a FROM b UNION ALL SELECT a FROM c", "--sql:1:17: UNION is not supported yet"},
      {"SELECT a FROM b JOIN c", "--sql:1:17: a join is not supported yet"},
      {"SELECT a FROM b, c", "--sql:1:16: a join is not supported yet"},
      {"SELECT a FROM b LATERAL VIEW explode(c) t",
       "--sql:1:17: LATERAL VIEW is not supported yet"},
      {"SELECT a FROM b GROUP BY ROLLUP(a)", "--sql:1:26: ROLLUP or CUBE is not supported yet"},
      {"SELECT a FROM b LIMIT x",
       "--sql:1:23: [PARSE_SYNTAX_ERROR] expected a number of rows, found 'x'"},
      {"SELECT FROM b", "--sql:1:8: [PARSE_SYNTAX_ERROR] expected an expression, found 'FROM'"},
      {"SELECT a FROM b GROUP BY",
       "--sql:1:25: [PARSE_SYNTAX_ERROR] expected an expression, found the end"},
      {"UPDATE b SET a = 1", "--sql:1:1: [PARSE_SYNTAX_ERROR] expected SELECT, found 'UPDATE'"},
  };
  for (const Case& test : queries) CHECK(first_line(canonical_query(test.text)) == test.expected);
}

TEST_CASE("nesting has a limit, chains have a far one") {
  const auto nested = [](int levels, const std::string& open, const std::string& close) {
    std::string text;
    for (int i = 0; i < levels; ++i) text += open;
    text += "a";
    for (int i = 0; i < levels; ++i) text += close;
    return text;
  };
  CHECK(canonical(nested(150, "(", ")")) == "a");
  CHECK(canonical(nested(150, "f(", ")")) == nested(150, "f(", ")"));
  for (const std::string_view open : {"(", "f(", "NOT ", "- ", "case when ", "a[", "(a+"}) {
    const std::string message = canonical(nested(100'000, std::string(open), ""));
    CHECK_MESSAGE(message.starts_with("--where:1:"), open);
  }
  CHECK(canonical("a" + nested(300, "", "::int")).find("nested more than 200") !=
        std::string::npos);
  std::string chain = "a = 0";
  for (int i = 1; i < 1000; ++i) chain += " OR a = " + std::to_string(i);
  CHECK(canonical(chain) == chain);
  for (int i = 0; i < 50'000; ++i) chain += " OR b";
  CHECK(canonical(chain).find("use IN (...)") != std::string::npos);
  CHECK(canonical_query(nested(1000, "SELECT * FROM (", ")")).find("more than 50 subqueries") !=
        std::string::npos);
}

TEST_CASE("--agg names its columns by the rules of the manual") {
  const auto names = [](const std::string& text) {
    Sources sources;
    const auto items = parse_aggregate_list(sources, sources.add("--agg", text));
    if (!items) return items.error().message.substr(0, items.error().message.find('\n'));
    std::string out;
    for (const SelectItem& item : *items) out += print(item.value) + " AS " + item.alias + "; ";
    return out;
  };
  CHECK(names("count") == "count(*) AS count; ");
  CHECK(names("Count, count(*) AS n, sum(bytes)") ==
        "count(*) AS count; count(*) AS n; sum(bytes) AS sum_bytes; ");
  CHECK(names("count_distinct(user_id), count(DISTINCT user_id)") ==
        "count_distinct(user_id) AS count_distinct_user_id; count(DISTINCT user_id) AS "
        "count_distinct_user_id; ");
  CHECK(names("sum(bytes) FILTER (WHERE status = 200)") ==
        "sum(bytes) FILTER (WHERE status = 200) AS sum_bytes; ");
  CHECK(names("max(a.b)") == "max(a.b) AS max_b; ");
  CHECK(names("sum(a + 1)") == "--agg:1:1: sum(a + 1) needs a name; write sum(a + 1) AS name");
  CHECK(names("sum") == "--agg:1:1: sum needs a name; write sum AS name");
}

TEST_CASE("--by names its columns, and expressions need AS") {
  const auto names = [](const std::string& text) {
    Sources sources;
    const auto items = parse_key_list(sources, sources.add("--by", text));
    if (!items) return items.error().message.substr(0, items.error().message.find('\n'));
    std::string out;
    for (const SelectItem& item : *items) out += print(item.value) + " AS " + item.alias + "; ";
    return out;
  };
  CHECK(names("user_id, a.b, upper(k) AS kk") == "user_id AS user_id; a.b AS b; upper(k) AS kk; ");
  CHECK(names("upper(k)") == "--by:1:1: upper(k) needs a name; write upper(k) AS name");
  CHECK(names("*") == "--by:1:1: name the columns to group by instead of *");
}

}  // namespace
}  // namespace tailrace::sql
