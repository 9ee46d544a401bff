#!/usr/bin/env python3
"""Runs the stories testdata/cases/<topic>/<what-it-shows>.case in every configuration.

A story is text; lines that begin with # outside of a batch are comments, blank lines part the
steps:

  query                       the flags, in shell quoting, on the lines up to a blank line
  --time ts --watermark 10s --window 5s

  batch [FILE]                lines of input up to a line `->` (FILE: of which partition; default rows.jsonl)
  {"ts":"2024-01-01T00:00:07Z"}
  ->                          the rows that come of it, up to a blank line
  {"window_start":...}
  progress numInputRows=1 lateRows=0

  batch b.jsonl               ended by `&`: it comes together with the next batch
  {"ts":"2024-01-01T00:00:08Z"}
  &

  restart                     the process ends and is started anew on its checkpoint
  end                         the input ends with --at-eof close; `->` and its rows follow

Where the query has no trigger and no --watermark-mode batch, a row's fate hangs on the rows
before it alone, so one expectation holds however the input is cut: `plain` sends the batches into
a pipe and waits for the rows of each, then reads the same lines from files in one run; `restart`
appends them to files and runs --available-now --checkpoint after each; `threads4` and `blocks64`
do as plain's second part and restart do. A query in batch mode (--watermark-mode batch, --mode
update or complete) is cut by its batches: each is a new file, --available-now --max-files-per-
trigger 1 reads all up to the next `restart` in one run, and the rows of a run are compared
together (a no-data batch has no step of its own).

Progress values: numInputRows, numOutputRows, badRows, lateRows, unknownFields and numRowsDropped
are sums over the step's (in batch mode the run's) progress lines, watermark and numRowsTotal the
last one's. Without restarts only the sums of numInputRows, badRows and lateRows are compared, and
only those that every batch states.

  run_cases.py --binary PATH [--configuration NAME] [--rewrite] [--jobs N] [NAME...]

--rewrite writes the rows and values that `restart` gives into the stories: read the diff before
you commit it.
"""
import argparse
import concurrent.futures
import difflib
import json
import os
import pathlib
import select
import shlex
import subprocess
import sys
import tempfile
import time

TESTDATA = pathlib.Path(__file__).resolve().parent.parent.parent / "testdata"
CONFIGURATIONS = {
    "plain": [],
    "threads4": ["--threads", "4"],
    "blocks64": ["--block-bytes", "64"],
    "restart": [],
}
MODIFIED = 1704067200
SECONDS_MAX = 30
SUMS = {
    "numInputRows": lambda p: p["numInputRows"],
    "numOutputRows": lambda p: p["sink"]["numOutputRows"],
    "badRows": lambda p: p["observed"]["badRows"],
    "lateRows": lambda p: p["observed"]["lateRows"],
    "unknownFields": lambda p: p["observed"]["unknownFields"],
    "numRowsDropped": lambda p: sum(s["numRowsDroppedByWatermark"] for s in p["stateOperators"]),
}
LAST = {
    "watermark": lambda p: p["eventTime"].get("watermark"),
    "numRowsTotal": lambda p: p["stateOperators"][0]["numRowsTotal"],
}
TOTALS = ("numInputRows", "badRows", "lateRows")


class Failure(Exception):
    pass


class Step:
    """One batch, restart or end, with the place of its expectation in the text."""

    def __init__(self, kind, file, number):
        self.kind, self.file, self.number = kind, file, number
        self.lines, self.rows, self.progress = [], [], {}
        self.with_next = False
        self.first_row = self.last_row = None  # line numbers of the expectation: [first, last)


class Story:
    def __init__(self, path):
        self.path = path
        self.text = path.read_text().splitlines()
        self.query, self.steps = [], []
        at = 0
        while at < len(self.text):
            at = self.read_step(at)
        if not self.query or not self.steps:
            raise Failure(f"{path}: a story needs a query and a batch")
        joined = " ".join(self.query)
        self.flags = shlex.split(joined)
        self.in_batches = any(
            flag in joined for flag in ("--watermark-mode batch", "--mode update", "--mode complete"))

    def read_step(self, at):
        line = self.text[at]
        word, _, rest = line.partition(" ")
        if not line.strip() or line.startswith("#"):
            return at + 1
        if line == "query":
            at += 1
            while at < len(self.text) and self.text[at].strip():
                self.query.append(self.text[at])
                at += 1
            return at
        if word not in ("batch", "restart", "end"):
            raise Failure(f"{self.path}:{at + 1}: {line!r} begins no step")
        step = Step(word, rest or "rows.jsonl", at)
        self.steps.append(step)
        if word == "restart":
            return at + 1
        at += 1
        while self.text[at] not in ("->", "&"):
            step.lines.append(self.text[at])
            at += 1
        step.with_next = self.text[at] == "&"
        at += 1
        step.first_row = at
        while at < len(self.text) and self.text[at].strip():
            if self.text[at].startswith("progress "):
                step.progress = dict(item.split("=", 1) for item in self.text[at].split()[1:])
            else:
                step.rows.append(self.text[at])
            at += 1
        step.last_row = at
        return at

    def arrow(self, step):
        """The whole story, with an arrow at the step that failed."""
        return "\n".join(("--> " if number == step.number else "    ") + line
                         for number, line in enumerate(self.text))


def lines_of(step):
    return "".join(line + "\n" for line in step.lines)


def values(progress, names):
    """Of the progress lines, the values as the story writes them."""
    found = {}
    for name in names:
        if name in SUMS:
            found[name] = str(sum(SUMS[name](record) for record in progress))
        elif name in LAST:
            found[name] = str(LAST[name](progress[-1])) if progress else "none"
        else:
            raise Failure(f"no progress value is named {name}")
    return found


class Run:
    """The files of one execution of a story."""

    def __init__(self, binary, story, extra, directory):
        self.binary, self.story, self.extra = binary, story, extra
        self.directory = pathlib.Path(directory)
        self.progress_file = self.directory / "progress"
        self.progress_read = 0
        self.clock = MODIFIED

    def command(self, *more):
        return [str(self.binary), "--no-config", "-q", *self.story.flags, *self.extra,
                "--progress", str(self.progress_file), *more]

    def progress(self):
        """The lines since the last call."""
        lines = self.progress_file.read_text().splitlines() if self.progress_file.exists() else []
        new = [json.loads(line) for line in lines[self.progress_read:]]
        self.progress_read = len(lines)
        return new

    def write(self, name, text, append):
        path = self.directory / name
        with open(path, "a" if append else "w") as file:
            file.write(text)
        self.clock += 10
        os.utime(path, (self.clock, self.clock))

    def finish(self, *more):
        done = subprocess.run(self.command(*more), cwd=self.directory, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=SECONDS_MAX)
        if done.returncode != 0:
            raise Failure(f"exit status {done.returncode}: {done.stderr.decode().strip()}\n"
                          f"  $ {shlex.join(self.command(*more))}")
        return done.stdout.decode().splitlines()


def compare(story, step, what, want, got):
    if want == got:
        return
    want, got = ([f"{k}={v}" for k, v in x.items()] if isinstance(x, dict) else x
                 for x in (want, got))
    raise Failure("\n".join([f"{what}, at the arrow:"] +
                            list(difflib.unified_diff(want, got, "expected", "got", lineterm="")) +
                            [story.arrow(step)]))


def at_eof(steps):
    return "close" if any(step.kind == "end" for step in steps) else "keep"


def run_whole(run):
    """One run over files that hold all batches."""
    story, files = run.story, []
    for step in story.steps:
        if step.kind == "batch":
            run.write(step.file, lines_of(step), append=True)
            files += [step.file] if step.file not in files else []
    got = run.finish("--at-eof", at_eof(story.steps), *files)
    compare(story, story.steps[-1], "all rows of one run over files",
            [row for step in story.steps for row in step.rows], got)
    compare_totals(run)


def compare_totals(run):
    story = run.story
    stated = [step.progress for step in story.steps if step.kind == "batch" and not step.with_next]
    want = {name: str(sum(int(each[name]) for each in stated))
            for name in TOTALS if all(name in each for each in stated)}
    compare(story, story.steps[-1], "totals", want, values(run.progress(), want))


def read_rows(process, buffer, count):
    """Waits for `count` rows, and a moment longer for one too many."""
    deadline = time.monotonic() + SECONDS_MAX
    while True:
        have = buffer.count(b"\n")
        wait = deadline - time.monotonic() if have < count else 0.02
        ready = wait > 0 and select.select([process.stdout], [], [], wait)[0]
        more = os.read(process.stdout.fileno(), 1 << 16) if ready else b""
        if not more:
            break
        buffer += more
    rows = bytes(buffer).decode().splitlines()
    del buffer[:]
    return rows


def run_pipe(run):
    """One process on a pipe; the rows of each batch come before the next is sent."""
    story = run.story
    process = subprocess.Popen(run.command("--at-eof", at_eof(story.steps)), cwd=run.directory,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    buffer = bytearray()
    try:
        for step in story.steps:
            if step.kind == "batch":
                process.stdin.write(lines_of(step).encode())
                process.stdin.flush()
            elif step.kind == "end":
                process.stdin.close()
            if step.kind != "restart":
                got = read_rows(process, buffer, len(step.rows))
                compare(story, step, "rows from a pipe", step.rows, got)
        process.stdin.close()
        rest = process.stdout.read().decode().splitlines()
        compare(story, story.steps[-1], "rows after the end of the pipe", [], rest)
        if process.wait(SECONDS_MAX) != 0:
            raise Failure(f"exit status {process.returncode}: {process.stderr.read().decode()}")
    except BrokenPipeError:
        raise Failure(f"it ended early: {process.stderr.read().decode()}")
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            try:
                stream.close()
            except BrokenPipeError:
                pass
    compare_totals(run)


def check(run, step, rows, want_rows, progress, results):
    got = values(progress, step.progress)
    if results is not None:
        results.append((step, rows, got))
        return
    compare(run.story, step, "rows", want_rows, rows)
    compare(run.story, step, "progress", step.progress, got)


def run_restart(run, results):
    """Row mode: files grow, and each batch is a run of its own on the checkpoint."""
    files = []
    for step in run.story.steps:
        if step.kind == "restart":
            continue
        if step.kind == "batch":
            run.write(step.file, lines_of(step), append=True)
            files += [step.file] if step.file not in files else []
        if step.with_next:
            continue
        rows = run.finish("--available-now", "--watermark-mode", "row", "--checkpoint", "checkpoint",
                          "--at-eof", "close" if step.kind == "end" else "keep", *files)
        check(run, step, rows, step.rows, run.progress(), results)


def run_batches(run, results):
    """Batch mode: each batch is a file, and a run reads what came since the restart before it."""
    (run.directory / "input").mkdir()
    pending = []
    for number, step in enumerate(run.story.steps + [Step("restart", "", -1)]):
        if step.kind == "batch":
            run.write(f"input/{number:03}.jsonl", lines_of(step), append=False)
        if step.kind != "restart":
            pending.append(step)
            continue
        if not pending:
            continue
        close = ["--at-eof", at_eof(pending)]
        rows = run.finish("--available-now", "--max-files-per-trigger", "1", "--checkpoint",
                          "checkpoint", *close, "input/")
        last = pending[-1]
        check(run, last, rows, [row for each in pending for row in each.rows], run.progress(), results)
        pending = []


def execute(binary, story, configuration, results=None):
    extra = CONFIGURATIONS[configuration]
    if story.in_batches:
        ways = [lambda run: run_batches(run, results)]
    elif results is not None or configuration == "restart":
        ways = [lambda run: run_restart(run, results)]
    elif configuration == "plain":
        ways = [run_pipe, run_whole]
        if len({step.file for step in story.steps if step.kind == "batch"}) > 1:
            ways = [run_whole]  # one pipe is one partition
    else:
        ways = [run_whole, lambda run: run_restart(run, None)]
    for way in ways:
        with tempfile.TemporaryDirectory(prefix="tailrace-case-") as directory:
            way(Run(binary, story, extra, directory))


def rewrite(story, results):
    text = list(story.text)
    for step, rows, progress in reversed(results):
        line = ["progress " + " ".join(f"{k}={v}" for k, v in progress.items())] if progress else []
        text[step.first_row:step.last_row] = rows + line
    story.path.write_text("\n".join(text) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, type=pathlib.Path)
    parser.add_argument("--configuration", choices=sorted(CONFIGURATIONS), default="plain")
    parser.add_argument("--rewrite", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("names", nargs="*", help="part of a path below testdata/cases")
    arguments = parser.parse_args()
    binary = arguments.binary.resolve()

    paths = [path for path in sorted((TESTDATA / "cases").rglob("*.case"))
             if not arguments.names or any(name in str(path) for name in arguments.names)]
    if not paths:
        sys.exit("no story of that name")

    def attempt(path):
        try:
            story = Story(path)
            if arguments.rewrite:
                results = []
                execute(binary, story, "restart", results)
                rewrite(story, results)
            else:
                execute(binary, story, arguments.configuration)
        except (Failure, subprocess.TimeoutExpired, json.JSONDecodeError, KeyError, IndexError) as error:
            return f"{type(error).__name__}: {error}" if not isinstance(error, Failure) else str(error)
        return None

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for path, error in zip(paths, pool.map(attempt, paths)):
            if error is not None:
                failed += 1
                print(f"FAILED {path.relative_to(TESTDATA)} ({arguments.configuration})\n{error}\n")
    print(f"{len(paths) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
