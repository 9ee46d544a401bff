#!/usr/bin/env python3
"""Answers of another engine: DuckDB computes what tailrace is asked over testdata/access.jsonl.

  access_by_hour.py compare TAILRACE     runs tailrace, compares its rows with the committed answer
  access_by_hour.py check                computes the answer anew, compares it with the committed one
  access_by_hour.py --rewrite            computes the answer anew, and writes it

`compare` is the test and needs no DuckDB; the others do (PyPI `duckdb`, in .venv: .venv/bin/python
tests/answers/access_by_hour.py check). tailrace orders a window's rows by their first line in the
input, so DuckDB is asked for that order too: rows are compared one by one.
"""
import json
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
LOG = TOP / "testdata/access.jsonl"
ANSWER = TOP / "testdata/answers/access_by_hour.jsonl"
COMMAND = ["--no-config", "--time", "timestamp", "--window", "1h", "--by", "status",
           "--agg", "count, sum(bytes) AS bytes", str(LOG)]
# Text in, text out: the window is cut with DuckDB's own time functions and printed with strftime.
QUERY = """
WITH lines AS (
  SELECT row_number() OVER () AS line, CAST("timestamp" AS TIMESTAMP) AS instant, status, bytes
  FROM read_json(?, format = 'newline_delimited', columns = {
    "timestamp": 'VARCHAR', status: 'BIGINT', bytes: 'BIGINT'}))
SELECT strftime(date_trunc('hour', instant), '%Y-%m-%dT%H:%M:%S.000Z') AS window_start,
       strftime(date_trunc('hour', instant) + INTERVAL 1 HOUR, '%Y-%m-%dT%H:%M:%S.000Z') AS window_end,
       status, count(*) AS "count", CAST(sum(bytes) AS BIGINT) AS bytes
FROM lines GROUP BY 1, 2, 3 ORDER BY 1, min(line)
"""


def computed():
    import duckdb
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET preserve_insertion_order = true")
    result = connection.execute(QUERY, [str(LOG)])
    names = [column[0] for column in result.description]
    return [json.dumps(dict(zip(names, row)), separators=(",", ":")) for row in result.fetchall()]


def difference(expected, actual, whose):
    """Prints the first row that differs; returns the exit status."""
    for number in range(max(len(expected), len(actual))):
        pair = [rows[number] if number < len(rows) else "no such row" for rows in (expected, actual)]
        if pair[0] != pair[1]:
            print(f"row {number + 1}\n  {ANSWER.relative_to(TOP)}: {pair[0]}\n  {whose}: {pair[1]}")
            return 1
    print(f"{len(expected)} rows agree")
    return 0


def main():
    arguments = sys.argv[1:]
    if arguments == ["--rewrite"]:
        ANSWER.parent.mkdir(exist_ok=True)
        ANSWER.write_text("".join(row + "\n" for row in computed()), encoding="utf-8")
        return 0
    expected = ANSWER.read_text(encoding="utf-8").splitlines()
    if arguments == ["check"]:
        return difference(expected, computed(), "DuckDB")
    if len(arguments) == 2 and arguments[0] == "compare":
        done = subprocess.run([arguments[1], *COMMAND], stdout=subprocess.PIPE, text=True, check=True)
        return difference(expected, done.stdout.splitlines(), "tailrace")
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main())
