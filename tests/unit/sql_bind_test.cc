#include <algorithm>
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sql/bind/bind.h"
#include "sql/parse/printer.h"

namespace tailrace::sql {
namespace {

using columns::Kind;
using columns::Schema;
using columns::Type;

Type type_of(Kind kind) { return {kind, {}}; }

const Type kText = type_of(Kind::kString);
const Type kBigint = type_of(Kind::kLong);
const Type kTime = type_of(Kind::kTimestamp);

// ts TIMESTAMP, k STRING, v BIGINT, d DOUBLE, a STRUCT<x: BIGINT, y: STRUCT<z: STRING, q: BIGINT>>,
// l ARRAY<BIGINT>
Schema fields() {
  return {{"ts", kTime},
          {"k", kText},
          {"v", kBigint},
          {"d", type_of(Kind::kDouble)},
          {"a", columns::struct_of(
                    {{"x", kBigint}, {"y", columns::struct_of({{"z", kText}, {"q", kBigint}})}})},
          {"l", columns::array_of(kBigint)}};
}

std::string schema_text(const Schema& schema) {
  std::string out;
  for (const columns::Field& field : schema) {
    out += (out.empty() ? "" : ", ") + print_name(field.name) + " " + print_type(field.type);
  }
  return out;
}

// Not inlined: g++ 12 takes the empty optionals of a fresh request for uninitialised strings.
[[gnu::noinline]] QueryRequest no_flags() { return {}; }

std::string first_line(const std::string& message) { return message.substr(0, message.find('\n')); }

Result<Query> bound(const QueryRequest& request, const InputSchema& input) {
  const auto parsed = TRY(parse_request(request));
  return bind(*parsed, input, ExprSettings{});
}

Result<Query> bound_sql(const std::string& sql) {
  QueryRequest request = no_flags();
  request.sql = sql;
  request.time = "ts";
  return bound(request, {fields(), false});
}

std::string error_of(const std::string& sql) {
  const Result<Query> query = bound_sql(sql);
  return query ? "no error" : first_line(query.error().message);
}

std::string columns_of(const std::string& sql) {
  const Result<Query> query = bound_sql(sql);
  return query ? schema_text(query->schema) : query.error().message;
}

struct Case {
  std::string text;
  std::string expected;
};

TEST_CASE("the output has Spark's names and types") {
  const std::vector<Case> cases = {
      {"SELECT k, V, a.x, a.y.z AS zz FROM input", "k STRING, V BIGINT, x BIGINT, zz STRING"},
      {"SELECT i.k, i.k AS k2 FROM input i", "k STRING, k2 STRING"},
      {"SELECT v + 1 FROM input", "`(v + 1)` BIGINT"},
      {"SELECT struct(k, a.x, 1) AS s FROM input", "s STRUCT<k: STRING, x: BIGINT, col3: INT>"},
      {"SELECT CAST(v AS STRING) FROM input", "v STRING"},
      {"SELECT a.* FROM input", "x BIGINT, y STRUCT<z: STRING, q: BIGINT>"},
      {"SELECT window(ts,'10 seconds'), count(*) FROM input GROUP BY window(ts,'10 seconds')",
       "window STRUCT<start: TIMESTAMP, `end`: TIMESTAMP>, `count(1)` BIGINT"},
      {"SELECT k, sum(v), avg(d) AS m FROM input GROUP BY k",
       "k STRING, `sum(v)` BIGINT, m DOUBLE"},
      {"SELECT k, max(v) - min(v) AS r FROM input GROUP BY 1", "k STRING, r BIGINT"},
      {"SELECT collect_list(k) AS c FROM input", "c ARRAY<STRING>"},
      {"SELECT DISTINCT k, v FROM input", "k STRING, v BIGINT"},
      {"SELECT x FROM (SELECT a.x, k FROM input) WHERE k = 'b'", "x BIGINT"},
      {"SELECT w.start AS s FROM (SELECT window(ts, '1 minute') AS w FROM input)", "s TIMESTAMP"},
  };
  for (const Case& test : cases) {
    CHECK_MESSAGE(columns_of(test.text) == test.expected, test.text);
  }
}

TEST_CASE("only the fields and members that are used are read") {
  const auto read = [](const std::string& sql) {
    const Result<Query> query = bound_sql(sql);
    return query ? schema_text(query->fields) : query.error().message;
  };
  CHECK(read("SELECT k FROM input") == "ts TIMESTAMP, k STRING");
  CHECK(read("SELECT a.y.z FROM input") == "ts TIMESTAMP, a STRUCT<y: STRUCT<z: STRING>>");
  CHECK(read("SELECT a.y.z, a.y FROM input") ==
        "ts TIMESTAMP, a STRUCT<y: STRUCT<z: STRING, q: BIGINT>>");
  CHECK(read("SELECT b.q FROM (SELECT a.y AS b, d FROM input)") ==
        "ts TIMESTAMP, a STRUCT<y: STRUCT<q: BIGINT>>");
  CHECK(read("SELECT count(*) FROM input") == "ts TIMESTAMP");
  CHECK(schema_text(bound_sql("SELECT * FROM input")->fields) == schema_text(fields()));
}

TEST_CASE("WHERE is split: what does not name the event time runs before the watermark") {
  const Result<Query> query = bound_sql(
      "SELECT k FROM input WHERE k = 'a' AND ts > timestamp'2024-01-01' AND v > 1 AND (k = 'b' OR "
      "ts IS NULL)");
  REQUIRE(query);
  REQUIRE(query->before_watermark.size() == 2);
  CHECK(query->before_watermark[0].text == "k = 'a'");
  CHECK(query->before_watermark[1].text == "v > 1");
  REQUIRE(query->after_watermark.size() == 3);
  CHECK(query->after_watermark[0].text == "ts > TIMESTAMP '2024-01-01'");
  CHECK(query->after_watermark[1].text == "k = 'b' OR ts IS NULL");
  CHECK(query->after_watermark[2].columns.size() == 1);
  CHECK(query->event_time == 0);
}

TEST_CASE("a subquery without aggregation costs no step of its own") {
  const Result<Query> query = bound_sql(
      "SELECT w, count(*) AS n FROM (SELECT window(ts,'10 seconds') AS w, v + 1 AS u FROM input) "
      "WHERE u > 2 AND w.start >= timestamp'2024-01-01 12:00:30' GROUP BY w");
  REQUIRE_MESSAGE(query, query.error().message);
  CHECK(query->before_watermark.size() == 1);
  CHECK(query->after_watermark.size() == 2);  // the time is not null, and the window's start
  REQUIRE(query->aggregation);
  REQUIRE(query->aggregation->window);
  CHECK(query->aggregation->window->size_us == 10'000'000);
  CHECK(query->aggregation->window_on_event_time);
  CHECK(query->aggregation->keys.empty());
}

TEST_CASE(
    "aggregates inside expressions, in HAVING and above an aggregating subquery become steps") {
  const Result<Query> query = bound_sql(
      "SELECT u, r FROM (SELECT upper(k) AS u, sum(v) / count(*) AS r FROM input GROUP BY upper(K) "
      "HAVING max(v) > 1 AND r > 0) WHERE r < 10");
  REQUIRE_MESSAGE(query, query.error().message);
  REQUIRE(query->aggregation);
  CHECK(query->aggregation->keys.size() == 1);
  CHECK(query->aggregation->aggregates.size() == 3);
  CHECK(schema_text(query->aggregation->schema) ==
        "`upper(K)` STRING, `sum(v)` BIGINT, `count(1)` BIGINT, `max(v)` BIGINT");
  REQUIRE(query->output.size() == 4);
  CHECK(query->output[0].text == "max(v) > 1");
  CHECK(query->output[1].text == "r > 0");
  CHECK(query->output[2].text == "r < 10");
  CHECK(query->output[3].columns.size() == 2);
  CHECK(schema_text(query->schema) == "u STRING, r DOUBLE");
}

TEST_CASE("GROUP BY takes expressions, aliases and ordinals, and finds the event time") {
  const auto shape = [](const std::string& sql) {
    const Result<Query> query = bound_sql(sql);
    if (!query) return query.error().message;
    const Aggregation& aggregation = *query->aggregation;
    return std::string(aggregation.window ? "window " : "") +
           std::to_string(aggregation.keys.size()) + " keys, time " +
           std::to_string(aggregation.event_time_key) +
           (aggregation.window_on_event_time ? ", on time" : "");
  };
  CHECK(shape("SELECT ts, k, count(*) FROM input GROUP BY k, ts") == "2 keys, time 1");
  CHECK(shape("SELECT window(ts,'5 minutes') AS w, k, count(*) FROM input GROUP BY k, w") ==
        "window 1 keys, time -1, on time");
  CHECK(shape("SELECT k, window(ts,'5 minutes'), ts, count(*) FROM input GROUP BY 1, 2, 3") ==
        "window 2 keys, time 1, on time");
  CHECK(
      shape(
          "SELECT window(CAST(k AS TIMESTAMP), 300000000) AS w, count(*) FROM input GROUP BY 1") ==
      "window 0 keys, time -1");
  CHECK(shape("SELECT v % 2 AS odd, count(*) FROM input GROUP BY odd") == "1 keys, time -1");
  CHECK(shape("SELECT k FROM input GROUP BY k, K, input.k") == "1 keys, time -1");
  CHECK(shape("SELECT DISTINCT window(ts, '1 minute') AS w, k FROM input") ==
        "window 1 keys, time -1, on time");
}

TEST_CASE("ORDER BY is over the output") {
  const Result<Query> query = bound_sql(
      "SELECT k, count(*) AS n, window(ts, '1 minute') AS w FROM input GROUP BY k, w "
      "ORDER BY n DESC, K, count(*) + 1, w.start NULLS LAST, 1 LIMIT 3");
  REQUIRE_MESSAGE(query, query.error().message);
  REQUIRE(query->order_by.size() == 5);
  CHECK(query->order_by[0].value->column_index() == 1);
  CHECK(query->order_by[0].descending);
  CHECK_FALSE(query->order_by[0].nulls_first);
  CHECK(query->order_by[1].value->column_index() == 0);
  CHECK(query->order_by[1].nulls_first);
  CHECK(query->order_by[4].value->column_index() == 0);
  CHECK(query->limit == 3);
}

TEST_CASE("ORDER BY may name what SELECT leaves out") {
  const Result<Query> plain = bound_sql("SELECT k FROM input ORDER BY v DESC, upper(k), v");
  REQUIRE_MESSAGE(plain, plain.error().message);
  CHECK(plain->schema.size() == 1);
  REQUIRE(plain->order_columns.size() == 1);
  CHECK(plain->order_by[0].value->column_index() == 1);
  CHECK(plain->order_by[2].value->column_index() == 1);
  CHECK(plain->after_watermark.back().columns.size() == 2);

  const Result<Query> grouped =
      bound_sql("SELECT k FROM input GROUP BY k ORDER BY sum(v) DESC, count(*)");
  REQUIRE_MESSAGE(grouped, grouped.error().message);
  CHECK(grouped->schema.size() == 1);
  CHECK(grouped->order_columns.size() == 2);
  REQUIRE(grouped->aggregation);
  CHECK(grouped->aggregation->aggregates.size() == 2);
  CHECK(grouped->aggregation->schema.size() == 3);
}

TEST_CASE("a condition on grouping keys alone goes below the aggregation and the watermark") {
  const auto places = [](const std::string& sql) {
    const Result<Query> query = bound_sql(sql);
    if (!query) return query.error().message;
    const auto filters = [](const std::vector<Step>& steps) {
      return std::to_string(
          std::ranges::count_if(steps, [](const Step& step) { return step.filter != nullptr; }));
    };
    return filters(query->before_watermark) + filters(query->after_watermark) +
           filters(query->output);
  };
  const std::string groups =
      "SELECT upper(k) AS u, count(*) AS n FROM input GROUP BY upper(k) HAVING ";
  CHECK(places(groups + "u = 'A' AND n > 1 AND upper(k) <> 'B'") == "201");
  CHECK(places(groups + "u = 'A' OR n > 1") == "001");
  CHECK(places(groups + "1 = 1") == "001");
  CHECK(places("SELECT ts, count(*) FROM input GROUP BY ts HAVING ts > TIMESTAMP '2024-01-01'") ==
        "010");
  const std::string windows =
      "SELECT window(ts, '1 minute') AS w, k, count(*) AS n FROM input GROUP BY 1, 2";
  CHECK(places(windows + " HAVING k = 'a' AND window.start > ts") != "101");  // ts is not grouped
  CHECK(places(windows + " HAVING k = 'a' AND w.start IS NOT NULL") == "101");
  CHECK(places("SELECT * FROM (" + windows + ") WHERE k = 'a' AND n > 1 AND w.start IS NOT NULL") ==
        "102");
  CHECK(places("SELECT x FROM (SELECT k || 'x' AS x, count(*) FROM (SELECT k FROM input) GROUP BY "
               "k) WHERE x = 'ax'") == "100");
}

TEST_CASE("a DATE and an interval of days or months stay a DATE, hours make a TIMESTAMP") {
  const auto type_of = [](const std::string& expression) {
    const Result<Query> query = bound_sql("SELECT " + expression + " AS r FROM input");
    return query ? columns::type_name(query->schema[0].type) : query.error().message;
  };
  CHECK(type_of("DATE '2024-01-01' - INTERVAL 1 DAY") == "DATE");
  CHECK(type_of("DATE '2024-01-01' + INTERVAL '2 weeks 1 day'") == "DATE");
  CHECK(type_of("DATE '2024-01-01' + INTERVAL 1 MONTH") == "DATE");
  CHECK(type_of("DATE '2024-01-01' + INTERVAL 24 HOURS") == "TIMESTAMP");
  CHECK(type_of("ts + INTERVAL '1 year 2 months'") == "TIMESTAMP");
  CHECK(type_of("DATE '2024-02-30'") ==
        "--sql:1:8: [INVALID_TYPED_LITERAL] '2024-02-30' is no DATE\n"
        "  SELECT DATE '2024-02-30' AS r FROM input\n         ^");
}

TEST_CASE("wrong names and wrong aggregates are said with Spark's error class") {
  const std::vector<Case> cases = {
      {"SELECT kk FROM input",
       "--sql:1:8: [UNRESOLVED_COLUMN.WITH_SUGGESTION] there is no column `kk`; did you mean `k`?"},
      {"SELECT k FROM inputs",
       "--sql:1:15: [TABLE_OR_VIEW_NOT_FOUND] there is no view `inputs`; the input is `input` "
       "(--view names it)"},
      {"SELECT k, v FROM input GROUP BY k",
       "--sql:1:11: [MISSING_AGGREGATION] v is neither grouped nor aggregated; add it to GROUP BY, "
       "or use any_value(v)"},
      {"SELECT k FROM input WHERE count(*) > 1",
       "--sql:1:27: [INVALID_WHERE_CONDITION] the aggregate count(*) cannot stand here; filter "
       "groups with HAVING"},
      {"SELECT sum(count(*)) FROM input",
       "--sql:1:12: [NESTED_AGGREGATE_FUNCTION] an aggregate cannot stand inside another"},
      {"SELECT count(*) FROM input GROUP BY 1",
       "--sql:1:37: [GROUP_BY_AGGREGATE] an aggregate cannot be grouped by"},
      {"SELECT k FROM input GROUP BY 3",
       "--sql:1:30: [GROUP_BY_POS_OUT_OF_RANGE] GROUP BY 3 is not in the SELECT list of 1 columns"},
      {"SELECT k, v AS K FROM input",
       "--sql:1:11: [COLUMN_ALREADY_EXISTS] two output columns are named `K`; give one another "
       "name with AS"},
      {"SELECT k FROM input WHERE k",
       "--sql:1:27: [DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN] WHERE needs a condition; k is STRING"},
      {"SELECT k, count(*) FROM input GROUP BY k ORDER BY v",
       "--sql:1:51: [MISSING_AGGREGATION] v is neither grouped nor aggregated; add it to GROUP BY, "
       "or use any_value(v)"},
      {"SELECT n, count(*) FROM (SELECT count(*) AS n FROM input) GROUP BY n",
       "--sql:1:1: two levels of aggregation are not supported yet"},
      {"SELECT k FROM (SELECT k FROM input LIMIT 3)",
       "--sql:1:16: ORDER BY and LIMIT inside a subquery are not supported yet"},
      {"SELECT window(ts, '5 seconds', '10 seconds') AS w, count(*) AS n FROM input GROUP BY 1",
       "--sql:1:8: window: [DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION] the slide (10 "
       "seconds) must not be greater "
       "than the size (5 seconds)"},
      {"SELECT window(ts, '-5 seconds') AS w, count(*) AS n FROM input GROUP BY 1",
       "--sql:1:8: window: [DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE] the size must be greater than 0"},
      {"SELECT window(ts) AS w, count(*) AS n FROM input GROUP BY 1",
       "--sql:1:8: [WRONG_NUM_ARGS.WITHOUT_SUGGESTION] window takes a time, a size and maybe a "
       "slide and a start"},
      {"SELECT window(ts, k) AS w, count(*) AS n FROM input GROUP BY 1",
       "--sql:1:19: a window's lengths are written as text ('5 minutes') or integer micros"},
      {"SELECT window(v, '5 seconds') AS w, count(*) AS n FROM input GROUP BY 1",
       "--sql:1:8: [DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE] window needs a TIMESTAMP; v is "
       "BIGINT"},
      {"SELECT count(*) FROM input GROUP BY window(ts, '1 minute'), window(ts, '2 minutes')",
       "--sql:1:61: a query can group by one window only"},
  };
  for (const Case& test : cases) CHECK(error_of(test.text) == test.expected);
  CHECK(error_of("SELECT nosuch(k) FROM input").find("[UNRESOLVED_ROUTINE]") != std::string::npos);
  CHECK(error_of("SELECT nosuch(v) FROM input GROUP BY k").find("[UNRESOLVED_ROUTINE]") !=
        std::string::npos);
  CHECK(error_of("SELECT l + 1 FROM input").find("[DATATYPE_MISMATCH") != std::string::npos);
}

QueryRequest flags() {
  QueryRequest request = no_flags();
  request.time = "ts";
  return request;
}

std::string sql_of(const QueryRequest& request) {
  const auto parsed = parse_request(request);
  return parsed ? explain_sql(**parsed) : first_line(parsed.error().message);
}

TEST_CASE("flags mean the SQL that they are sugar for") {
  QueryRequest request = flags();
  CHECK(sql_of(request) == "SELECT *\nFROM input");
  request.where = "v > 1";
  request.select = "k, upper(k) AS u";
  request.limit = 3;
  CHECK(sql_of(request) == "SELECT k, upper(k) AS u\nFROM input\nWHERE v > 1\nLIMIT 3");
  request = flags();
  request.window = "5m";
  CHECK(sql_of(request) ==
        "SELECT window.start AS window_start, window.`end` AS window_end, count(*) AS count\nFROM "
        "input\n"
        "GROUP BY window(ts, '5 minutes')");
  request.slide = "90s";
  request.window_start = "-30s";
  request.by = "k, a.x, v % 2 AS odd";
  request.aggregates = "count, sum(v), count_distinct(k) AS u";
  request.having = "count > 1";
  request.order_by = "u DESC";
  CHECK(sql_of(request) ==
        "SELECT window.start AS window_start, window.`end` AS window_end, k AS k, a.x AS x, v % 2 "
        "AS odd, "
        "count(*) AS count, sum(v) AS sum_v, count_distinct(k) AS u\nFROM input\n"
        "GROUP BY window(ts, '5 minutes', '90 seconds', '-30 seconds'), k, a.x, v % 2\nHAVING "
        "count > 1\nORDER BY u DESC");
  const Result<Query> query = bound(request, {fields(), false});
  REQUIRE_MESSAGE(query, query.error().message);
  CHECK(schema_text(query->schema) ==
        "window_start TIMESTAMP, window_end TIMESTAMP, k STRING, x BIGINT, odd BIGINT, count "
        "BIGINT, sum_v BIGINT, u BIGINT");
}

TEST_CASE("flags that do not go together are refused before anything is read") {
  const auto message = [](const auto& set) {
    QueryRequest request = no_flags();
    set(request);
    return sql_of(request);
  };
  CHECK(message([](QueryRequest& r) { r.slide = "1m"; }) == "--slide: needs --window SIZE");
  CHECK(message([](QueryRequest& r) { r.window_start = "1m"; }) ==
        "--window-start: needs --window SIZE");
  CHECK(message([](QueryRequest& r) {
          r.window = "5m";
          r.slide = "6m";
        }) ==
        "--window: [DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION] the slide (6 minutes) must "
        "not be greater than the "
        "size (5 minutes)");
  CHECK(message([](QueryRequest& r) {
          r.window = "5m";
          r.window_start = "5m";
        }) ==
        "--window: [DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION] the start (5 minutes) must "
        "be less than the slide "
        "(5 minutes)");
  CHECK(message([](QueryRequest& r) {
          r.sql = "SELECT 1 FROM input";
          r.where = "a";
        }) == "--where: cannot stand beside --sql; write it into the SQL text");
  CHECK(message([](QueryRequest& r) {
          r.select = "a";
          r.by = "b";
        }) == "--select: is for a query without aggregates; name the output with --by and --agg");
  CHECK(message([](QueryRequest& r) { r.having = "a"; }) ==
        "--having: needs --agg, --by or --window; use --where to filter rows");
  CHECK(message([](QueryRequest& r) { r.select = "count(*)"; }) ==
        "--select:1:1: --select has no aggregates; use --agg, and --by for its keys");
  CHECK(message([](QueryRequest& r) {
          r.aggregates = "upper(k)";
          r.by = "k";
        }) ==
        "--agg:1:1: [UNRESOLVED_ROUTINE] upper(k) is not an aggregate; `tailrace --functions` "
        "lists them");
  CHECK(message([](QueryRequest& r) { r.aggregates = "smu(v)"; }) ==
        "--agg:1:1: [UNRESOLVED_ROUTINE] smu(v) is not an aggregate; did you mean `sum`?");
  CHECK(message([](QueryRequest& r) { r.mode = OutputMode::kComplete; }) ==
        "--mode: [STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION] complete needs an aggregation; "
        "leave --mode out");
  CHECK(message([](QueryRequest& r) { r.prepare = "SELECT count(*) FROM raw"; }) ==
        "--prepare:1:1: --prepare looks at one row at a time: no GROUP BY, DISTINCT, aggregate, "
        "ORDER BY or LIMIT here");
  CHECK(message([](QueryRequest& r) { r.window = "1 month"; }).starts_with("--window: "));
}

std::string time_error(const std::string& time, const Schema& schema, bool inferred = false) {
  QueryRequest request = no_flags();
  request.time = time;
  const Result<Query> query = bound(request, {schema, inferred});
  return query ? "no error" : first_line(query.error().message);
}

TEST_CASE("--time is an exact key, a path or an expression, and becomes TIMESTAMP") {
  QueryRequest request = no_flags();
  request.time = "@timestamp";
  request.window = "1m";
  const Schema odd = {{"@timestamp", kText},
                      {"a.b", kBigint},
                      {"a", columns::struct_of({{"b", kText}, {"c", kText}})}};
  Result<Query> query = bound(request, {odd, true});
  REQUIRE_MESSAGE(query, query.error().message);
  CHECK(schema_text(query->fields) == "`@timestamp` TIMESTAMP");
  CHECK(query->readings[0] == formats::TimeReading::kLenient);
  CHECK(query->sql.ends_with("GROUP BY window(`@timestamp`, '1 minute')"));

  request.time = "a.b";  // the key, not the path
  query = bound(request, {odd, true});
  REQUIRE_MESSAGE(query, query.error().message);
  CHECK(schema_text(query->fields) == "`a.b` TIMESTAMP");

  request.time = "a.c";
  query = bound(request, {odd, true});
  REQUIRE_MESSAGE(query, query.error().message);
  CHECK(schema_text(query->fields) == "a STRUCT<c: TIMESTAMP>");
  CHECK(query->prepare.size() == 1);
  CHECK(query->event_time == 0);
  CHECK(query->aggregation->window_on_event_time);

  request = no_flags();
  request.time = "CAST(`@timestamp` AS TIMESTAMP) AS t";
  request.select = "t, `a.b` AS ab";
  query = bound(request, {odd, true});
  REQUIRE_MESSAGE(query, query.error().message);
  CHECK(schema_text(query->schema) == "t TIMESTAMP, ab BIGINT");
  CHECK(schema_text(query->fields) == "`@timestamp` STRING, `a.b` BIGINT");
  CHECK(query->prepare.back().columns.size() == 2);
  CHECK(query->event_time == 1);

  CHECK(time_error("ts", fields()) == "no error");
  CHECK(time_error("tss", fields()) ==
        "--time:1:1: [UNRESOLVED_COLUMN.WITH_SUGGESTION] there is no column `tss`; did you mean "
        "`ts`?");
  CHECK(time_error("l", fields()) ==
        "--time:1:1: [EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE] the event time `l` is ARRAY<BIGINT>; it "
        "must be TIMESTAMP, STRING, "
        "BIGINT or DOUBLE");
  CHECK(time_error("late", {{"k", kText}}, true) == "no error");
}

TEST_CASE("--time may be left out where exactly one column is TIMESTAMP") {
  QueryRequest request = no_flags();
  request.window = "1m";
  Result<Query> query = bound(request, {fields(), false});
  REQUIRE_MESSAGE(query, query.error().message);
  CHECK(query->event_time == 0);
  CHECK(query->readings[0] == formats::TimeReading::kSpark);
  Schema two = fields();
  two.push_back({"t2", kTime});
  CHECK(bound(request, {two, false}).error().message ==
        "--time: name the event time's column; TIMESTAMP are ts, t2");
  CHECK(bound(request, {{{"k", kText}}, true}).error().message ==
        "--time: name the event time's column; the schema has no TIMESTAMP");
}

TEST_CASE("--prepare sees the view raw, and everything else its result") {
  QueryRequest request = no_flags();
  request.prepare =
      "SELECT timestamp_millis(v) AS t, upper(k) AS kk, d FROM raw WHERE k IS NOT NULL";
  request.time = "t";
  request.window = "1m";
  request.by = "kk";
  const Result<Query> query = bound(request, {fields(), false});
  REQUIRE_MESSAGE(query, query.error().message);
  CHECK(schema_text(query->fields) == "k STRING, v BIGINT");
  REQUIRE(query->prepare.size() == 2);
  CHECK(query->prepare[0].text == "k IS NOT NULL");
  CHECK(query->prepare[1].columns.size() == 2);
  CHECK(query->event_time == 0);
  request.by = "kkk";
  CHECK(
      first_line(bound(request, {fields(), false}).error().message) ==
      "--by:1:1: [UNRESOLVED_COLUMN.WITH_SUGGESTION] there is no column `kkk`; did you mean `kk`?");
  request.by = "kk";
  request.time = "d";
  CHECK(first_line(bound(request, {fields(), false}).error().message)
            .find("[EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE]") != std::string::npos);
}

TEST_CASE("fields that an inferred schema lacks get their type from their use") {
  QueryRequest request = no_flags();
  request.sql =
      "SELECT sum(n) AS s, first(other) AS o, count(p.q) AS c FROM input WHERE code >= 500 AND "
      "ratio < 0.5 AND input.flag = true "
      "AND same = v AND t > timestamp'2024-01-01' GROUP BY k HAVING s > 1";
  const Result<Query> query = bound(request, {fields(), true});
  REQUIRE_MESSAGE(query, query.error().message);
  CHECK(schema_text(query->fields) ==
        "k STRING, v BIGINT, n DOUBLE, other STRING, p STRUCT<q: STRING>, code BIGINT, ratio "
        "DOUBLE, flag BOOLEAN, same BIGINT, "
        "t TIMESTAMP");
  CHECK(query->notices.size() == 8);
  CHECK(query->notices[0] == "the sample has no field n; it is taken as DOUBLE");
}

TEST_CASE("the guide's queries bind, as SQL and as flags") {
  const InputSchema clicks = {{{"user_id", kText},
                               {"session_id", kText},
                               {"event_type", kText},
                               {"page_url", kText},
                               {"product_id", kText},
                               {"timestamp", kTime},
                               {"device_type", kText},
                               {"ip_address", kText}},
                              false};
  QueryRequest request = no_flags();
  request.view = "clickstream_events";
  request.sql =
      "SELECT user_id, session_id, event_type, page_url, product_id, timestamp, device_type, "
      "window(timestamp, '5 minutes') AS time_window, COUNT(*) AS event_count FROM "
      "clickstream_events "
      "WHERE event_type IN ('click', 'page_view', 'purchase') GROUP BY user_id, session_id, "
      "event_type, "
      "page_url, product_id, timestamp, device_type, window(timestamp, '5 minutes')";
  Result<Query> query = bound(request, clicks);
  REQUIRE_MESSAGE(query, query.error().message);
  CHECK(query->aggregation->event_time_key == 5);
  CHECK(query->aggregation->window_on_event_time);
  CHECK(query->before_watermark.size() == 1);
  CHECK(query->fields.size() == 7);

  request = no_flags();
  request.sql =
      "SELECT session_id, user_id, min(timestamp) AS session_start, collect_list(event_type) AS "
      "event_sequence, "
      "(unix_timestamp(max(timestamp)) - unix_timestamp(min(timestamp))) / 60 AS "
      "session_duration_minutes "
      "FROM input GROUP BY session_id, user_id";
  query = bound(request, clicks);
  REQUIRE_MESSAGE(query, query.error().message);
  CHECK(schema_text(query->schema) ==
        "session_id STRING, user_id STRING, session_start TIMESTAMP, "
        "event_sequence ARRAY<STRING>, session_duration_minutes DOUBLE");

  request = no_flags();
  request.window = "5m";
  request.by = "user_id,session_id";
  request.aggregates =
      "count AS total_events, count_distinct(page_url) AS unique_pages, sum(CASE WHEN event_type = "
      "\"click\" "
      "THEN 1 ELSE 0 END) AS click_count, first(device_type) AS device_type";
  query = bound(request, clicks);
  REQUIRE_MESSAGE(query, query.error().message);
  CHECK(schema_text(query->schema) ==
        "window_start TIMESTAMP, window_end TIMESTAMP, user_id STRING, session_id STRING, "
        "total_events BIGINT, unique_pages BIGINT, click_count BIGINT, device_type STRING");
}

TEST_CASE("fields that differ only in case are refused") {
  QueryRequest request = no_flags();
  CHECK(bound(request, {{{"k", kText}, {"K", kText}}, true}).error().message ==
        "[COLUMN_ALREADY_EXISTS] the fields `k` and `K` differ only in case, which SQL does not "
        "see; leave one out of --schema");
}

TEST_CASE("the plan reads from the top down") {
  const Result<Query> query = bound_sql(
      "SELECT window(ts, '5 minutes', '1 minute') AS w, k, sum(v) AS s FROM input WHERE v > 0 AND "
      "ts IS NOT NULL "
      "GROUP BY w, k HAVING s > 1 ORDER BY s DESC LIMIT 2");
  REQUIRE_MESSAGE(query, query.error().message);
  CHECK(explain_plan(*query) ==
        "plan\n"
        "  read ts TIMESTAMP, k STRING, v BIGINT\n"
        "  filter v > 0\n"
        "  event time: ts\n"
        "  filter ts IS NOT NULL\n"
        "  aggregate\n"
        "    window of 5 minutes every 1 minute, on the event time\n"
        "    key k\n"
        "    sum(v)\n"
        "  filter s > 1\n"
        "  project window(ts, '5 minutes', '1 minute') AS w, k, sum(v) AS s\n"
        "  order by s DESC\n"
        "  limit 2\n"
        "  output w STRUCT<start: TIMESTAMP, `end`: TIMESTAMP>, k STRING, s BIGINT\n");
}

}  // namespace
}  // namespace tailrace::sql
