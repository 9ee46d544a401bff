#!/usr/bin/env python3
"""The same bytes out, whatever the threads, the blocks, and the way in.

Usage: same_bytes.py TAILRACE [--seed N] [--long] [--only QUERY] [--keep]
"""
import hashlib
import os
import random
import subprocess
import sys
import threading
import time

from stories import SCHEMA, Counter, Tool, Wrong, clicks, options, tell

TIMES = ["--schema", SCHEMA, "--time", "ts"]
LATE = ["--watermark", "1m", "--watermark-mode", "row"]
QUERIES = {
    "tumbling": [*TIMES, *LATE, "--window", "1m", "--by", "user", "--agg",
                 "count, sum(ms), avg(ms), min(ms), max(bytes), first(page), last(page), sum(bytes)"],
    "sliding": [*TIMES, *LATE, "--window", "5m", "--slide", "1m", "--by", "page", "--agg",
                "count, sum(ms), first(user), last(user)"],
    "distinct": [*TIMES, *LATE, "--window", "2m", "--by", "page", "--agg",
                 "count_distinct(user) AS users, count, sum(ms)"],
    "lists": [*TIMES, *LATE, "--window", "30s", "--by", "user", "--agg",
              "collect_list(bytes) AS all_bytes, collect_list(page) AS pages, count"],
    "stateless": [*TIMES, "--where", "bytes % 7 < 5", "--select", "ts, user, page, ms / 3 AS third, bytes"],
}


def ways(tool, log, parts, text, rng, directory, expected_ledger):
    """Each way in or through: its name, and what gives the output."""
    def run(*more):
        """Also the ledger: bad and late rows of one file, in order of lines."""
        def give(query):
            ledger = directory / "ledger"
            out = tool.must([*query, "--bad", ledger, "--late", ledger, *more])
            if more[-1] == log and ledger.read_bytes() != expected_ledger:
                raise Wrong("the ledger differs: " + where(expected_ledger, ledger.read_bytes()))
            return out
        return give

    for threads in range(2, 9):
        yield "%d threads" % threads, run("--threads", threads, log)
    for size in (64, 1000, 4096):
        for threads in (1, 4):
            yield "blocks of %d, %d threads" % (size, threads), run(
                "--block-bytes", size, "--threads", threads, log)

    def redirected(query):
        with open(log, "rb") as file:
            return tool.must(query, stdin=file)
    yield "redirected", redirected

    def through_cat(query):
        cat = subprocess.Popen(["cat", log], stdout=subprocess.PIPE)
        try:
            return tool.must(query, stdin=cat.stdout)
        finally:
            cat.stdout.close()
            cat.wait()
    yield "a pipe", through_cat

    def slowly(query):
        process = tool.start([*query, "--threads", "3"], stdin=subprocess.PIPE)
        feeder = threading.Thread(target=feed, args=(process.stdin, text, rng.randrange(1 << 30)))
        feeder.start()
        out = process.stdout.read()
        feeder.join()
        err = process.stderr.read()
        if process.wait() != 0:
            raise Wrong("exit status %d: %s" % (process.returncode, err.decode()))
        return out
    yield "a slow pipe", slowly

    pattern = str(parts[0].parent / "app.log*")
    yield "rotated parts", run(pattern)
    yield "rotated parts, 4 threads, blocks of 1000", run("--threads", 4, "--block-bytes", 1000, pattern)

    def checkpointed(query):
        number = rng.randrange(1 << 40)
        out = directory / ("ckpt-%d.out" % number)
        tool.must([*query, "--checkpoint", directory / ("ckpt-%d" % number), "--to", out, "--at-eof", "close",
                   "--max-rows-per-trigger", "3000", log])
        return out.read_bytes()
    yield "a checkpoint, batches of 3000 rows", checkpointed


def feed(stream, text, seed):
    rng, at = random.Random(seed), 0
    try:
        while at < len(text):
            size = rng.randrange(1, 20_000)
            stream.write(text[at:at + size])
            stream.flush()
            at += size
            time.sleep(rng.random() * 0.004)
        stream.close()
    except BrokenPipeError:
        pass


def rotate(directory, lines, rng):
    """app.log.2, app.log.1 and app.log: older parts have higher numbers and earlier times."""
    cuts = sorted(rng.sample(range(1, len(lines)), 2))
    logs = directory / "logs"
    logs.mkdir()
    paths = [logs / "app.log.2", logs / "app.log.1", logs / "app.log"]
    pieces = [lines[:cuts[0]], lines[cuts[0]:cuts[1]], lines[cuts[1]:]]
    now = time.time()
    for age, (path, piece) in enumerate(zip(reversed(paths), reversed(pieces))):
        path.write_bytes(b"".join(piece))
        os.utime(path, (now - 60 * age, now - 60 * age))
    return paths


def compare(tool, chosen, query, counter):
    def story(directory):
        rng = random.Random(chosen.seed)
        rows = 200_000 if chosen.long else 20_000
        lines = clicks(rows, chosen.seed)
        text = b"".join(lines)
        log = directory / "app.log"
        log.write_bytes(text)
        parts = rotate(directory, lines, rng)
        book = directory / "expected"
        expected = tool.must([*query, "--bad", book, "--late", book, "--threads", "1", log])
        if len(expected) < 10_000:
            raise Wrong("only %d bytes of output, which prove nothing" % len(expected))
        digest = hashlib.sha256(expected).hexdigest()
        wrong = []
        for way, give in ways(tool, log, parts, text, rng, directory, book.read_bytes()):
            try:
                got = give(query)
            except Wrong as error:
                wrong.append("%s: %s" % (way, error))
                continue
            if hashlib.sha256(got).hexdigest() != digest:
                wrong.append("%s: %s" % (way, where(expected, got)))
        if wrong:
            raise Wrong("%d ways differ:\n     " % len(wrong) + "\n     ".join(wrong))
        return digest[:16]
    return story


def where(expected, got):
    ours, theirs = expected.splitlines(), got.splitlines()
    for number, (a, b) in enumerate(zip(ours, theirs), 1):
        if a != b:
            return "line %d of %d (%d expected): expected %s, got %s" % (
                number, len(theirs), len(ours), a[:200], b[:200])
    return "%d lines expected, got %d" % (len(ours), len(theirs))


def main():
    chosen = options(__doc__)
    tool, counter = Tool(chosen.tailrace), Counter()
    for name, query in QUERIES.items():
        tell(chosen, counter, name, compare(tool, chosen, query, counter))
    return counter.finish()


if __name__ == "__main__":
    sys.exit(main())
