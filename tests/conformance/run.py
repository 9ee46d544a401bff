#!/usr/bin/env python3
"""Replays the answers of real Spark (testdata/conformance/, see its README.md) against the binary.

  run.py --binary PATH [--known FILE] [--option=OPTION]... [--show] [--list] [--jobs N] FOLDER [PATTERN...]

A streaming case becomes runs of tailrace over one checkpoint, one file a batch; --progress says which
rows of the output belong to which batch, and the watermark, state and dropped rows of each. With the
default trigger each file gets a run of its own, no-data batches included: the same batches as when the
query keeps running. A batch case is one run over finite input. PATTERN selects cases by name
(`watermark/*`); --option adds an option to every run (--option=--threads=4 --option=--block-bytes=64: the
answers are the same); --show prints how each differing case was called, --list what became of every case.

A case passes, or needs what this tailrace does not have yet (UNSUPPORTED below: said by the
error, or by the case and exit status 2), or is in the file of known differences with a reason, or differs: then the exit status is 1.
"""
import argparse
import collections
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import answers

HERE = pathlib.Path(__file__).resolve().parent
MODIFIED = 1704067200
SECONDS_MAX = 60
COUNTERS = {"rows_total": "numRowsTotal", "rows_updated": "numRowsUpdated",
            "rows_removed": "numRowsRemoved", "rows_dropped_by_watermark": "numRowsDroppedByWatermark"}

# Words of a case that this version may refuse (exit status 2): then it is `not yet`. If it runs all the
# same, its answer counts.
UNSUPPORTED_TYPES = re.compile(r"\b(decimal|dec|numeric|map|binary|timestamp_ntz|interval|variant|void|"
                               r"char|varchar)\b", re.I)
UNSUPPORTED_SQL = {
    "session_window": r"\bsession_window\b", "join": r"\bjoin\b", "union": r"\bunion\b",
    "lambda": r"->", "CTE": r"^\s*with\b", "lateral view": r"\blateral\b",
    "generator": r"\b(explode|posexplode|inline|stack)(_outer)?\s*\(",
    "subquery expression": r"\b(exists|in)\s*\(\s*select\b",
    "INTERVAL": r"\binterval\b", "BINARY": r"\bbinary\b|\bx'", "MAP": r"\bmap\w*\s*\(",
    "DECIMAL": r"\bdecimal\b|\b\d+\.\d+bd\b", "NTZ": r"\bntz\b|timestamp_ntz|localtimestamp",
    "OVER": r"\bover\s*\(", "grouping sets": r"\b(cube|rollup|grouping\s+sets)\b",
    "shift operator": r"<<|>>", "set operation": r"\b(except|intersect)\b", "collation": r"\bcollat(e|ion)\b",
}
# The same, told by the error.
UNSUPPORTED_ERRORS = re.compile(r"not supported yet|[Tt]here is no function|not in this version")
OPTIONS_KNOWN = {"mode"}
CONF_KNOWN = {"spark.sql.session.timeZone", "spark.sql.ansi.enabled"}


class Outcome:
    """What became of a case: passed, differs, not yet or known; why; and how to run it by hand."""

    def __init__(self, kind, why="", script=""):
        self.kind, self.why, self.script = kind, why, script


class Run:
    """One execution of the binary."""

    def __init__(self, command, stdout):
        result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if stdout else None,
                                stderr=subprocess.PIPE, timeout=SECONDS_MAX)
        self.status = result.returncode
        self.stdout = result.stdout.decode("utf-8", "surrogateescape")
        self.stderr = result.stderr.decode("utf-8", "replace").strip()


def not_driven(case):
    """The reason why this runner has no command line for the case; None if it has one."""
    for member in ("inputs", "static", "dedup"):
        if case.get(member):
            return member
    if isinstance(case.get("watermark"), list):
        return "several watermarks"
    for name in case.get("conf", {}):
        if name not in CONF_KNOWN:
            return f"conf {name}"
    for name in case.get("options") or {}:
        if name not in OPTIONS_KNOWN:
            return f"option {name}"
    return None


def unsupported(case):
    """What the case holds that this version may refuse; None if nothing."""
    types = [used_schema(case)] + [column["type"] for column in case["expected"].get("columns", [])]
    for text in types:
        found = UNSUPPORTED_TYPES.search(text)
        if found:
            return f"type {found.group(0).upper()}"
    sql = case["sql"] + " " + case.get("prepare", "")
    for name, pattern in UNSUPPORTED_SQL.items():
        if re.search(pattern, sql, re.I):
            return name
    return None


def used_schema(case):
    """The schema without columns of types not here yet that the query does not name."""
    schema, sql = case.get("schema", ""), case["sql"] + " " + case.get("prepare", "")
    if not schema or re.search(r"(select|distinct|,|\w\.)\s*\*", sql, re.I):
        return schema
    columns = [column.strip() for column in answers.split_type(f"struct<{schema}>")]
    kept = [column for column in columns if not UNSUPPORTED_TYPES.search(column.split(" ", 1)[1])
            or re.search(r"\b%s\b" % re.escape(column.split(" ", 1)[0]), sql, re.I)]
    return ", ".join(kept or columns)


def common_options(case):
    options = ["--no-config", "-q", "--bad", "null", "--sql", case["sql"]]
    if case.get("schema"):
        options += ["--schema", used_schema(case)]
    if case.get("prepare"):
        options += ["--prepare", case["prepare"]]
    conf = case.get("conf", {})
    if "spark.sql.session.timeZone" in conf:
        options += ["--tz", conf["spark.sql.session.timeZone"]]
    if conf.get("spark.sql.ansi.enabled") == "false":
        options += ["--ansi", "off"]
    if case.get("watermark"):
        options += ["--time", case["watermark"]["column"], "--watermark", case["watermark"]["delay"]]
    return options


def write_lines(path, lines, number=0):
    path.write_bytes("".join(line + "\n" for line in lines).encode("utf-8", "surrogatepass"))
    os.utime(path, (MODIFIED + 10 * number, MODIFIED + 10 * number))


def refusal(case, run):
    """How a run that failed compares with Spark's answer."""
    expected = case["expected"].get("error")
    named = re.search(r"\[([A-Z][A-Z_.]+)\]", run.stderr)
    if expected and named and named.group(1) == expected.get("class"):
        return Outcome("passed", run.stderr)
    if run.status == 2 and (UNSUPPORTED_ERRORS.search(run.stderr) or unsupported(case)):
        return Outcome("not yet", unsupported(case) or run.stderr.splitlines()[0])
    if not expected:
        return differing(case, f"exit {run.status}: {run.stderr}")
    early = expected["at"] in ("start", "conf", "analysis")
    right_class = not named or expected.get("class") is None
    if right_class and (run.status == 2 or (run.status == 1 and not early)):
        return Outcome("passed", run.stderr)
    return Outcome("differs", f"exit {run.status} where Spark fails at {expected['at']} with "
                              f"{expected.get('class')}: {run.stderr}")


def differing(case, why):
    """Wrong rows: excused where Spark's answer is of a type that this version does not have."""
    for column in case["expected"].get("columns", []):
        found = UNSUPPORTED_TYPES.search(column["type"])
        if found:
            return Outcome("not yet", f"type {found.group(0).upper()}")
    if "typeof" in case["sql"]:
        for row in case["expected"].get("rows", []):
            found = UNSUPPORTED_TYPES.search(" ".join(str(value) for value in row.values()))
            if found:
                return Outcome("not yet", f"type {found.group(0).upper()}")
    return Outcome("differs", why)


def spark_error(error):
    return f"no error where Spark fails at {error['at']} with {error.get('class')}: {error['message'][:200]}"


def run_batch_case(case, binary, folder):
    write_lines(folder / "in.jsonl", case["rows"])
    command = binary + common_options(case) + [str(folder / "in.jsonl")]
    script = shlex.join(command)
    run = Run(command, True)
    expected = case["expected"]
    if run.status != 0:
        outcome = refusal(case, run)
    elif "error" in expected:
        outcome = Outcome("differs", spark_error(expected["error"]))
    else:
        rows = [answers.parse_json(line) for line in run.stdout.split("\n") if line]
        grouped = re.search(r"\b(group\s+by|distinct)\b", case["sql"], re.I)
        sorted_ = re.search(r"\border\s+by\b", case["sql"], re.I)
        ordered = case.get("ordered", True) and bool(sorted_ or not grouped)
        why = answers.same_rows(expected["columns"], expected["rows"], rows, ordered)
        outcome = differing(case, why) if why else Outcome("passed")
    outcome.script = script
    return outcome


def planned_runs(case):
    """The files (indexes into batches) that are there before each run of the binary."""
    runs = case.get("runs", [list(range(len(case["batches"])))])
    trigger = case.get("trigger", "availableNow")
    if trigger == "default":
        runs = [[index] for run in runs for index in (run or [None])]
    return trigger, runs


def stream_command(case, binary, folder, trigger):
    options = common_options(case) + ["--mode", case["mode"], "--watermark-mode", "batch",
                                      "--at-eof", "keep", "--checkpoint", str(folder / "checkpoint"),
                                      "--progress", str(folder / "progress"), "--to", "-"]
    options += ["--once"] if trigger == "once" else ["--available-now"]
    files = case.get("max_files", 1)
    if files and trigger != "once":
        options += ["--max-files-per-trigger", str(files)]
    return binary + options + [str(folder / "in")]


def cut_output(folder, text, records_before):
    """The output lines of each batch that this run committed, and the lines left over."""
    path = folder / "progress"
    records = [answers.parse_json(line) for line in path.read_text().splitlines()] if path.exists() else []
    lines = [line for line in text.split("\n") if line]
    batches, at = [], 0
    for record in records[records_before:]:
        count = record["sink"]["numOutputRows"]
        batches.append((record, [answers.parse_json(line) for line in lines[at:at + count]]))
        at += count
    return batches, lines[at:]


def watermark_after(folder, batch_id):
    """Reads the commit, where the watermark of the next batch stands."""
    text = (folder / "checkpoint" / "commits" / str(batch_id)).read_text().splitlines()[1]
    return json.loads(text).get("nextWatermarkUs")


def compare_batch(case, expected, record, rows, after):
    """The first difference of one batch, None if there is none."""
    columns = case["expected"]["columns"]
    why = answers.same_rows(columns, expected["rows"], rows, case.get("ordered", False))
    if why:
        return "rows: " + why
    why = compare_times(expected.get("event_time") or {}, record.get("eventTime", {}))
    if why:
        return why
    if "watermark_after" in expected and after is not None \
            and answers.instant(expected["watermark_after"]) != after:
        return f"watermark after the batch: {after} where Spark has {expected['watermark_after']}"
    if not filters_early(case) and expected["num_input_rows"] != record["numInputRows"]:
        return f"input rows: {record['numInputRows']} where Spark has {expected['num_input_rows']}"
    return compare_state(expected.get("state", []), record.get("stateOperators", []))


def compare_times(expected, got):
    """Spark's mean is a running double, cut to milliseconds: off by one where the exact mean is not."""
    for name in ("watermark", "max", "min", "avg"):
        if name not in expected:
            continue
        one, other = answers.instant(expected[name]), answers.instant(got.get(name))
        if one != other and (name != "avg" or other is None or abs(one - other) > 1000):
            return f"event time {name}: {got.get(name)} where Spark has {expected[name]}"
    return None


def filters_early(case):
    """Whether Spark may filter in the scan, so that its input rows are fewer: WHERE, and the rows of
    time null that window() drops where no watermark is in between."""
    sql = case["sql"] + " " + case.get("prepare", "")
    return bool(re.search(r"\bwhere\b", sql, re.I)
                or (not case.get("watermark") and re.search(r"\bwindow\s*\(", sql, re.I)))


def compare_state(expected, got):
    if len(expected) != len(got):
        return f"state: {len(got)} operators where Spark has {len(expected)}"
    for one, other in zip(expected, got):
        for name, key in COUNTERS.items():
            if name in one and one[name] != other.get(key):
                return f"state {name}: {other.get(key)} where Spark has {one[name]}"
    return None


def compare_stream(case, folder, batches, last):
    """Batch by batch; last is the last run of the binary."""
    expected = case["expected"]
    for one, (record, rows) in zip(expected.get("batches", []), batches):
        after = watermark_after(folder, record["batchId"])
        if one["batch_id"] != record["batchId"]:
            return f"batch {record['batchId']} where Spark has batch {one['batch_id']}"
        why = compare_batch(case, one, record, rows, after)
        if why:
            return f"batch {one['batch_id']}: {why}"
    if len(batches) != len(expected.get("batches", [])):
        return (f"{len(batches)} batches where Spark has {len(expected.get('batches', []))}"
                + (f"; exit {last.status}: {last.stderr}" if last.status else ""))
    if "error" in expected and last.status == 0:
        return spark_error(expected["error"])
    return None


def run_stream_case(case, binary, folder):
    (folder / "in").mkdir()
    trigger, runs = planned_runs(case)
    command = stream_command(case, binary, folder, trigger)
    script, batches, run = shlex.join(command), [], None
    for indexes in runs:
        for index in indexes:
            if index is not None and case["batches"][index] is not None:
                write_lines(folder / "in" / f"f{index:03d}.json", case["batches"][index], index)
        run = Run(command, True)
        done, rest = cut_output(folder, run.stdout, len(batches))
        batches += done
        if rest and run.status == 0:
            return Outcome("differs", f"{len(rest)} lines that no progress record counts", script)
        if run.status != 0:
            break
    outcome = refusal(case, run) if run.status != 0 else Outcome("passed")
    if outcome.kind == "passed":
        why = compare_stream(case, folder, batches, run)
        outcome = differing(case, why) if why else outcome
    outcome.script = script
    return outcome


def run_case(case, binary, known):
    reason = not_driven(case)
    if reason:
        return Outcome("not yet", reason)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="conformance-", dir=memory_folder()))
    try:
        runner = run_stream_case if case["kind"] == "stream" else run_batch_case
        outcome = runner(case, binary, folder)
    except subprocess.TimeoutExpired as error:
        outcome = Outcome("differs", f"no end after {SECONDS_MAX} s", shlex.join(error.cmd))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for pattern, why in known:
        if outcome.kind == "differs" and fnmatch.fnmatch(case["name"], pattern):
            return Outcome("known", why, outcome.script)
    return outcome


def memory_folder():
    """Checkpoints sync every file; in memory that costs nothing."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def load_known(path):
    """Lines `pattern: reason`; empty lines and `#` are comments."""
    lines = path.read_text().splitlines() if path.exists() else []
    entries = [line.split(": ", 1) for line in lines if line.strip() and not line.startswith("#")]
    return [(pattern.strip(), reason.strip()) for pattern, reason in entries]


def load_cases(folder, patterns):
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        suite = json.loads(path.read_text(), parse_float=answers.decimal.Decimal)
        theme = path.stem.split("-")[0] + "-" + suite["theme"]
        for case in suite["cases"]:
            if not patterns or any(fnmatch.fnmatch(case["name"], pattern) for pattern in patterns):
                yield theme, case


def print_table(totals):
    print(f"{'theme':24}{'passed':>9}{'known':>9}{'differs':>9}{'not yet':>9}")
    for theme, counts in list(totals.items()) + [("all", sum(totals.values(), collections.Counter()))]:
        print(f"{theme:24}" + "".join(f"{counts[kind]:9}" for kind in
                                      ("passed", "known", "differs", "not yet")))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--known", type=pathlib.Path, default=HERE / "known_differences.txt")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--option", action="append", default=[])
    parser.add_argument("--show", action="store_true", help="the command lines of what differs")
    parser.add_argument("--list", action="store_true", help="every case with its outcome")
    parser.add_argument("folder")
    parser.add_argument("pattern", nargs="*")
    options = parser.parse_args()
    cases = list(load_cases(options.folder, options.pattern))
    known = load_known(options.known)
    totals = collections.defaultdict(collections.Counter)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        command = [options.binary] + options.option
        outcomes = pool.map(lambda item: run_case(item[1], command, known), cases)
        for (theme, case), outcome in zip(cases, outcomes):
            totals[theme][outcome.kind] += 1
            if outcome.kind == "differs" or options.list:
                print(f"{outcome.kind}: {case['name']}: {outcome.why}")
            if outcome.kind == "differs" and options.show:
                print(f"    {outcome.script}")
    print_table(totals)
    return 1 if not cases or any(counts["differs"] for counts in totals.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
