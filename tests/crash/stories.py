"""What the crash scripts share: generated input, running the tool, counting what passed.

Standard library only. Everything is made from a seed, which is printed, so that a failure can be told
again with --seed.
"""
import argparse
import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

START = 1_700_000_000
SCHEMA = "ts TIMESTAMP, user STRING, page STRING, ms DOUBLE, bytes BIGINT"


def timestamp(second):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))


def clicks(rows, seed):
    """Lines of a click stream: out of order, some late, some bad, sums of doubles that hang on order."""
    rng = random.Random(seed)
    lines, now = [], START
    for number in range(rows):
        now += rng.choice((0, 0, 0, 1, 1, 2))
        dice = rng.random()
        if dice < 0.005:
            lines.append('{"ts":"2023-11-14T22:13:2')
            continue
        if dice < 0.010:
            lines.append('{"ts":"%s","user":"u1","page":"/","ms":"fast","bytes":1}' % timestamp(now))
            continue
        if dice < 0.013:
            lines.append('{"user":"u1","page":"/","ms":1.5,"bytes":%d}' % number)
            continue
        behind = rng.randrange(90, 400) if rng.random() < 0.02 else rng.randrange(0, 20)
        lines.append(json.dumps({
            "ts": timestamp(now - behind),
            "user": "u%d" % int(rng.paretovariate(0.8) % 500),
            "page": rng.choice(("/", "/cart", "/näh \"e\"", "/buy", "/a\\b")),
            "ms": rng.choice((rng.random() * 1000, 0.1, 1e16, -1e16, None)),
            "bytes": rng.randrange(1 << 40),
        }, separators=(",", ":"), ensure_ascii=rng.random() < 0.5))
    return [line.encode() + b"\n" for line in lines]


def sha(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def first_difference(expected, got):
    """Where two files part, for a person."""
    ours, theirs = (pathlib.Path(p).read_bytes().splitlines() for p in (expected, got))
    for number, (a, b) in enumerate(zip(ours, theirs), 1):
        if a != b:
            return "line %d: expected %s, got %s" % (number, a[:160], b[:160])
    return "expected %d lines, got %d; the shorter is the longer's beginning" % (len(ours), len(theirs))


class Counter:
    """Counts and prints; the last line of every script is its answer."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, wrong):
        """`wrong`: what went wrong, empty if nothing."""
        if wrong:
            self.failed += 1
            print("FAIL %s: %s" % (name, wrong), flush=True)
        else:
            self.passed += 1
            print("ok   %s" % name, flush=True)

    def finish(self):
        print("%d passed, %d failed" % (self.passed, self.failed), flush=True)
        return 1 if self.failed else 0


class Tool:
    """The binary under test."""

    def __init__(self, path):
        self.path = str(pathlib.Path(path).resolve())
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("TAILRACE")}

    def command(self, arguments):
        return [self.path, "--no-config", "-q", *map(str, arguments)]

    def start(self, arguments, **more):
        more.setdefault("stdin", subprocess.DEVNULL)
        more.setdefault("stdout", subprocess.PIPE)
        return subprocess.Popen(self.command(arguments), stderr=subprocess.PIPE, env=self.environment,
                                **more)

    def run(self, arguments, timeout=120, **more):
        """Runs to the end; the answer is (exit status, standard output, standard error)."""
        process = self.start(arguments, **more)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return -1, b"", b"did not end in %d s" % timeout
        return process.returncode, out, err

    def must(self, arguments, **more):
        status, out, err = self.run(arguments, **more)
        if status != 0:
            raise Wrong("exit status %d: %s" % (status, err.decode(errors="replace").strip()[-600:]))
        return out


class Wrong(Exception):
    """A story went wrong; the text says how."""


def options(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("tailrace")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("TAILRACE_SEED", 0)))
    parser.add_argument("--long", action="store_true", default=bool(os.environ.get("TAILRACE_LONG")))
    parser.add_argument("--only", help="stories whose name contains this")
    parser.add_argument("--keep", action="store_true", help="leave the files of stories that failed")
    chosen = parser.parse_args()
    chosen.seed = chosen.seed or random.SystemRandom().randrange(1, 1 << 31)
    print("seed %d" % chosen.seed, flush=True)
    return chosen


def tell(chosen, counter, name, story):
    """Runs a story in a directory of its own."""
    if chosen.only and chosen.only not in name:
        return
    directory = pathlib.Path(tempfile.mkdtemp(prefix="tailrace-crash-"))
    began = time.monotonic()
    try:
        note = story(directory) or ""
        wrong = ""
    except Wrong as error:
        note, wrong = "", str(error)
    if wrong and chosen.keep:
        wrong += " (files in %s)" % directory
    else:
        shutil.rmtree(directory, ignore_errors=True)
    counter.check("%s%s [%.1f s]" % (name, note and ": " + note, time.monotonic() - began), wrong)


def expect_same(what, expected, got):
    if sha(expected) != sha(got):
        raise Wrong("%s differs: %s" % (what, first_difference(expected, got)))
