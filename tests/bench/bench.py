"""Times tailrace beside its peers on one file, interleaved, and checks that the answers agree.

usage: bench.py TAILRACE FILE [--runs N] [--keep NAME]

DuckDB runs in process, warm, with its columns declared and CREATE TEMP TABLE as its output; tailrace is
timed as a whole process that writes JSON lines to /dev/null. jq and Miller get the first tenth of
the file and their time is multiplied. --keep writes the figures to tests/bench/runs/NAME.json.
"""
import argparse
import datetime
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time

import duckdb

COLUMNS = "{user_id:'VARCHAR',event_type:'VARCHAR',timestamp:'TIMESTAMP'}"
WINDOW = "time_bucket(INTERVAL 5 MINUTE, timestamp)"
Q1_AGG = ("count, sum(CASE WHEN event_type = 'click' THEN 1 ELSE 0 END) AS clicks, "
          "sum(CASE WHEN event_type = 'purchase' THEN 1 ELSE 0 END) AS purchases, "
          "min(timestamp) AS first_seen, max(timestamp) AS last_seen")
Q1_SQL = (f"SELECT {WINDOW} w, user_id, count(*) n, sum((event_type='click')::INT) a, "
          "sum((event_type='purchase')::INT) b, min(timestamp) lo, max(timestamp) hi FROM {source} "
          "{where} GROUP BY 1, 2")
SCHEMA = "user_id STRING, event_type STRING, timestamp TIMESTAMP"

# name -> (tailrace's flags, DuckDB's query)
QUERIES = {
    "Q1 window x user, 5 aggregates": (["--window", "5m", "--by", "user_id", "--agg", Q1_AGG],
                                       Q1_SQL.replace("{where}", "")),
    "Q2 window x event_type, count": (["--window", "5m", "--by", "event_type", "--agg", "count"],
                                      f"SELECT {WINDOW} w, event_type, count(*) n FROM {{source}} GROUP BY 1, 2"),
    "Q1 where 2 % pass": (["--where", "event_type = 'purchase' AND user_id LIKE '%7'", "--window", "5m", "--by",
                           "user_id", "--agg", Q1_AGG],
                          Q1_SQL.replace("{where}", "WHERE event_type = 'purchase' AND user_id LIKE '%7'")),
}


def run_shell(command):
    started = time.perf_counter()
    subprocess.run(["bash", "-c", "set -o pipefail; " + command], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def quoted(arguments):
    return " ".join("'" + a.replace("'", "'\\''") + "'" for a in arguments)


class Bench:
    def __init__(self, tailrace, file, runs):
        self.tailrace, self.file, self.runs = tailrace, file, runs
        self.threads = os.cpu_count()
        self.duck = duckdb.connect()
        self.duck.execute(f"SET threads={self.threads}; SET TimeZone='UTC'")
        self.source = f"read_ndjson('{file}', columns={COLUMNS})"
        self.figures = {}

    def command(self, flags, file=None):
        return quoted([self.tailrace, "-q", "--time", "timestamp", "--schema", SCHEMA] + flags +
                      [file or self.file])

    def duck_time(self, query):
        started = time.perf_counter()
        self.duck.execute("CREATE OR REPLACE TEMP TABLE r AS " + query.format(source=self.source))
        return time.perf_counter() - started

    def check(self, name, flags, query):
        """The two answers are the same multiset of rows."""
        out = subprocess.run(["bash", "-c", self.command(flags)], check=True, capture_output=True).stdout
        path = self.file + ".answer"
        with open(path, "wb") as answer:
            answer.write(out)
        self.duck.execute("CREATE OR REPLACE TEMP TABLE theirs AS " + query.format(source=self.source))
        types = [row[1] for row in self.duck.execute("DESCRIBE theirs").fetchall()]
        names = [n for n in json.loads(out.split(b"\n", 1)[0]) if n != "window_end"]
        declared = ", ".join(f"{n}: '{t}'" for n, t in zip(names, types, strict=True))
        self.duck.execute(f"CREATE OR REPLACE TEMP TABLE ours AS SELECT * FROM read_ndjson('{path}', "
                          f"columns={{{declared}}})")
        os.unlink(path)
        counts = [self.duck.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("ours", "theirs")]
        differing = self.duck.execute(
            "SELECT count(*) FROM (SELECT * FROM theirs EXCEPT ALL SELECT * FROM ours)").fetchone()[0]
        if counts[0] != counts[1] or differing:
            sys.exit(f"{name}: the answers differ: {counts[0]} and {counts[1]} rows, {differing} of them not the same")
        print(f"{name}: {counts[0]} rows, the answers agree", flush=True)

    def compare(self):
        times = {name: ([], []) for name in QUERIES}
        pipe = []
        for flags, query in QUERIES.values():
            self.duck_time(query)  # warm
        for _ in range(self.runs):
            for name, (flags, query) in QUERIES.items():
                times[name][0].append(run_shell(self.command(flags)))
                times[name][1].append(self.duck_time(query))
            first = next(iter(QUERIES.values()))[0]
            pipe.append(run_shell(f"cat '{self.file}' | {self.command(first, '-')}"))
        for name, (ours, theirs) in times.items():
            self.report(name, ours, "DuckDB", theirs)
        self.report("Q1 from a pipe (DuckDB reads the file)", pipe, "DuckDB",
                    times["Q1 window x user, 5 aggregates"][1])

    def report(self, name, ours, peer, theirs):
        a, b = statistics.median(ours) * 1e3, statistics.median(theirs) * 1e3
        self.figures[f"{name} / {peer}"] = {"tailrace_ms": round(a, 1), "peer_ms": round(b, 1), "ratio": round(b / a, 2)}
        print(f"{name:42} tailrace {a:8.1f} ms   {peer:8} {b:10.1f} ms   {b / a:7.2f}x", flush=True)

    def slow_peers(self):
        """A tenth of the file; the time is multiplied by ten."""
        small = self.file + ".tenth"
        lines = sum(1 for _ in open(self.file, "rb")) // 10
        with open(small, "wb") as out:
            subprocess.run(["head", "-n", str(lines), self.file], check=True, stdout=out)
        name, (flags, _) = list(QUERIES.items())[1]
        ours = [run_shell(self.command(flags)) for _ in range(3)]
        commands = {
            "jq": f"jq -c . '{small}'",
            "Miller": ("mlr --ijsonl --ojsonl put -q '@c[substr($timestamp,0,14).string(int(substr($timestamp,14,15))//5)]"
                       f"[$event_type] += 1; end{{emit @c,\"w\",\"t\"}}' '{small}'"),
        }
        for peer, command in commands.items():
            if shutil.which({"jq": "jq", "Miller": "mlr"}[peer]):
                self.report(name, ours, peer, [run_shell(command) * 10])
        os.unlink(small)

    def memory_and_start(self):
        def peak(command):
            text = subprocess.run(["bash", "-c", command + " --stats >/dev/null"], check=True, capture_output=True,
                                  text=True).stderr
            return text.split("peak memory ")[1].split(" MB")[0]
        first = next(iter(QUERIES.values()))[0]
        self.figures["peak memory, Q1, MB"] = float(peak(self.command(first)))
        self.figures["peak memory, Q1 streaming with --watermark 10m, MB"] = float(
            peak(self.command(first + ["--watermark", "10m"])))
        starts = [run_shell(f"'{self.tailrace}' --version") for _ in range(20)]
        empty = [run_shell("true") for _ in range(20)]
        self.figures["start-up, ms"] = round((statistics.median(starts) - statistics.median(empty)) * 1e3, 1)
        for name in list(self.figures)[-3:]:
            print(f"{name}: {self.figures[name]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tailrace")
    parser.add_argument("file")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--keep")
    options = parser.parse_args()
    bench = Bench(options.tailrace, options.file, options.runs)
    print(f"{options.file}: {os.path.getsize(options.file) / 1e6:.0f} MB, {bench.threads} threads, "
          f"DuckDB {duckdb.__version__}, medians of {options.runs}")
    for name, (flags, query) in QUERIES.items():
        bench.check(name, flags, query)
    bench.compare()
    bench.slow_peers()
    bench.memory_and_start()
    if options.keep:
        record = {"date": datetime.date.today().isoformat(), "machine": platform.machine(),
                  "processor": processor(), "threads": bench.threads, "duckdb": duckdb.__version__,
                  "bytes": os.path.getsize(options.file), "runs": options.runs, "figures": bench.figures}
        path = os.path.join(os.path.dirname(__file__), "runs", options.keep + ".json")
        with open(path, "w") as out:
            json.dump(record, out, indent=1)
            out.write("\n")


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


if __name__ == "__main__":
    main()
