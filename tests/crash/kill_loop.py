#!/usr/bin/env python3
"""kill -9 of the real binary at random moments: the answer is that of a run that nobody disturbed.

Usage: kill_loop.py TAILRACE [--seed N] [--long] [--only STORY] [--keep]
"""
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time

from stories import (SCHEMA, Counter, Tool, Wrong, clicks, expect_same, options, tell)

AGGREGATES = ("count, sum(ms), avg(ms), min(bytes), first(page), last(page), "
              "count_distinct(page) AS pages, collect_list(bytes) AS all_bytes")
WINDOWED = ["--schema", SCHEMA, "--time", "ts", "--watermark", "30s", "--window", "20s", "--by", "user",
            "--agg", AGGREGATES]


class Killer:
    """Starts the tool and kills it at a moment spread over how long a run takes."""

    def __init__(self, tool, rng):
        self.tool, self.rng = tool, rng
        self.hits = self.misses = 0
        self.seconds = 0.05  # of a run, measured

    def measure(self, seconds):
        """Takes the median of the runs that ended on their own."""
        self.times = getattr(self, "times", []) + [seconds]
        self.seconds = statistics.median(self.times)

    def kill_one(self, arguments, **more):
        process = self.tool.start(arguments, **more)
        time.sleep(self.rng.random() * self.seconds * 1.1)
        self.finish_off(process)

    def finish_off(self, process):
        process.send_signal(signal.SIGKILL)
        _, err = process.communicate()
        if process.returncode == -signal.SIGKILL:
            self.hits += 1
            return
        self.misses += 1
        if process.returncode != 0:
            raise Wrong("a run that was not hit: exit status %d: %s" %
                        (process.returncode, err.decode(errors="replace").strip()))

    def run(self, arguments):
        began = time.monotonic()
        self.tool.must(arguments)
        self.measure(time.monotonic() - began)

    def note(self, runs):
        return "%d runs of about %.0f ms, %d killed, %d ended first" % (
            runs, self.seconds * 1000, self.hits, self.misses)


def pieces(lines, count, rng):
    """The lines in pieces that end anywhere, also within a line."""
    text = b"".join(lines)
    cuts = sorted(rng.randrange(len(text)) for _ in range(count - 1))
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)])]


def append(path, text):
    with open(path, "ab") as file:
        file.write(text)


def arguments_for(directory, name, flags):
    return [*flags, "--available-now", "--checkpoint", directory / (name + ".ckpt"),
            "--to", directory / (name + ".out"), "--bad", directory / (name + ".ledger"),
            "--late", directory / (name + ".ledger")]


def growing_file(tool, chosen, flags, reference):
    """One file, appended to before each run; each run is killed several times and then let through.

    `reference`: "one run" over the whole file where cuts do not matter; "same steps" where they do.
    """
    def story(directory):
        rng = random.Random(chosen.seed)
        runs, kills, rows = (40, 8, 20_000) if chosen.long else (20, 2, 10_000)
        parts = pieces(clicks(rows, chosen.seed), runs, rng)
        log = directory / "app.log"
        killer = Killer(tool, rng)
        killed = arguments_for(directory, "killed", flags) + [log]
        whole = arguments_for(directory, "whole", flags) + [log]
        for number, part in enumerate(parts):
            append(log, part)
            end = ["--at-eof", "close"] if number + 1 == len(parts) else []
            if reference == "same steps":
                killer.run([*whole, *end])
            for _ in range(rng.randrange(1, kills + 1) if number else 0):
                killer.kill_one([*killed, *end])
            killer.run([*killed, *end])
        if reference == "one run":
            tool.must([*whole, "--at-eof", "close"])
        expect_same("the output", directory / "whole.out", directory / "killed.out")
        expect_same("the ledger", directory / "whole.ledger", directory / "killed.ledger")
        if (directory / "killed.out").stat().st_size < 1000:
            raise Wrong("the output is too short to prove anything")
        return killer.note(runs)
    return story


def growing_under_way(tool, chosen):
    """As above, in row mode, but the writer goes on while runs are under way and none is let through."""
    def story(directory):
        rng = random.Random(chosen.seed + 1)
        parts = pieces(clicks(10_000, chosen.seed + 1), 200 if chosen.long else 60, rng)
        log = directory / "app.log"
        append(log, parts[0])
        flags = [*WINDOWED, "--watermark-mode", "row", "--max-rows-per-trigger", "700"]
        killed = arguments_for(directory, "killed", flags) + [log]
        killer = Killer(tool, rng)
        killer.run(killed)
        for part in parts[1:]:
            process = tool.start(killed)
            time.sleep(rng.random() * killer.seconds * 0.5)
            append(log, part)
            time.sleep(rng.random() * killer.seconds * 0.6)
            killer.finish_off(process)
        tool.must([*killed, "--at-eof", "close"])
        whole = arguments_for(directory, "whole", [*WINDOWED, "--watermark-mode", "row"])
        tool.must([*whole, "--at-eof", "close", log])
        expect_same("the output", directory / "whole.out", directory / "killed.out")
        expect_same("the ledger", directory / "whole.ledger", directory / "killed.ledger")
        return killer.note(len(parts))
    return story


def rotation(tool, chosen, by_glob):
    """app.log becomes app.log.1 between runs, also while its end is not read yet."""
    def story(directory):
        rng = random.Random(chosen.seed + 2)
        lines = clicks(10_000, chosen.seed + 2)
        runs = 40 if chosen.long else 12
        size = len(lines) // runs + 1
        logs = directory / "logs"
        logs.mkdir()
        log = logs / "app.log"
        operand = str(logs / "app.log*") if by_glob else log
        flags = [*WINDOWED, "--watermark-mode", "row"]
        # Paths and offsets in the ledger are other ones, so it is not compared.
        killed = [*flags, "--available-now", "--checkpoint", directory / "ckpt",
                  "--to", directory / "killed.out", operand]
        killer = Killer(tool, rng)
        for number in range(runs):
            part = lines[number * size:(number + 1) * size]
            half = rng.randrange(len(part) + 1)
            append(log, b"".join(part[:half]))
            killer.kill_one(killed) if number else killer.run(killed)
            append(log, b"".join(part[half:]))
            if rng.random() < 0.5:
                killer.kill_one(killed)
            for old in sorted(range(1, runs), reverse=True):
                if (logs / ("app.log.%d" % old)).exists():
                    (logs / ("app.log.%d" % old)).rename(logs / ("app.log.%d" % (old + 1)))
            log.rename(logs / "app.log.1")
            log.touch()
            os.utime(log)
            killer.run(killed)
        tool.must([*killed, "--at-eof", "close"])
        whole = directory / "whole.log"
        whole.write_bytes(b"".join(lines))
        tool.must([*flags, "--available-now", "--checkpoint", directory / "whole.ckpt",
                   "--to", directory / "whole.out", "--at-eof", "close", whole])
        expect_same("the output", directory / "whole.out", directory / "killed.out")
        return killer.note(runs)
    return story


def pipe(tool, chosen, aggregates):
    """A producer and the tool die together; rows of a batch that was planned count once.

    Of each run's rows a beginning counts, in order, without a hole and nothing twice; of the last, all.
    """
    def story(directory):
        rng = random.Random(chosen.seed + 3)
        runs = 60 if chosen.long else 15
        out = directory / "rows.out"
        what = (["--by", "run", "--agg", "count, sum(n) AS total, max(n) AS greatest", "--mode", "complete"]
                if aggregates else ["--select", "run, n"])
        arguments = ["--schema", "run BIGINT, n BIGINT, pad STRING", *what, "--max-rows-per-trigger", "40",
                     "--checkpoint", directory / "ckpt", "--to", out]
        counts, killer = [], Killer(tool, rng)
        for run in range(runs):
            last = run + 1 == runs
            rows = rng.randrange(200, 900)
            counts.append(rows)
            process = tool.start(arguments, stdin=subprocess.PIPE)
            stop = threading.Event()
            producer = threading.Thread(target=produce, args=(process.stdin, run, rows, rng.random(), stop))
            producer.start()
            if not last:
                time.sleep(rng.random() * 0.12)
                stop.set()
                process.send_signal(signal.SIGKILL)
            producer.join()
            process.stdin = None  # the producer closed it
            _, err = process.communicate()
            killer.hits += process.returncode == -signal.SIGKILL
            if process.returncode not in (0, -signal.SIGKILL):
                raise Wrong("run %d: exit status %d: %s" % (run, process.returncode, err.decode()))
        counted = totals(out) if aggregates else beginnings(out)
        if counted.get(runs - 1) != counts[-1]:
            raise Wrong("the last run wrote %d rows, %s count" % (counts[-1], counted.get(runs - 1)))
        over = [run for run, count in counted.items() if count > counts[run]]
        if over:
            raise Wrong("more rows count than were written in runs %s" % over)
        return "%d runs, %d killed, %d of %d rows were planned" % (
            runs, killer.hits, sum(counted.values()), sum(counts))
    return story


def produce(stream, run, rows, pace, stop):
    try:
        for n in range(rows):
            if stop.is_set():
                break
            stream.write(b'{"run":%d,"n":%d,"pad":"%s"}\n' % (run, n, b"x" * (n % 90)))
            if n % 40 == 0:
                stream.flush()
                time.sleep(pace * 0.004)
        stream.close()
    except (BrokenPipeError, ValueError):
        pass
    finally:
        try:
            stream.close()
        except BrokenPipeError:
            pass


def beginnings(path):
    """Rows by run, where they are 0, 1, 2, ... and the runs follow each other."""
    seen, last = {}, -1
    for line in path.read_text().splitlines():
        run, n = map(int, re.fullmatch(r'\{"run":(\d+),"n":(\d+)\}', line).groups())
        if run < last or n != seen.get(run, 0):
            raise Wrong("row %d of run %d comes after row %d of run %d" % (n, run, seen.get(run, 0) - 1, last))
        seen[run], last = n + 1, run
    return seen


def totals(path):
    counted = {}
    for line in path.read_text().splitlines():
        run, count, total, greatest = map(int, re.findall(r"\d+", line))
        if count != greatest + 1 or total * 2 != greatest * (greatest + 1):
            raise Wrong("not each row once: " + line)
        counted[run] = count
    return counted


def pipes_in_order(tool, chosen):
    """Each run's pipe is a new stream, whose offsets begin at 0: rows are in the order of the runs all the same."""
    def story(directory):
        rng, n = random.Random(chosen.seed + 7), 0
        arguments = ["--schema", "k STRING, n BIGINT", "--by", "k", "--agg", "first(n), last(n), collect_list(n) AS ns",
                     "--mode", "complete", "--checkpoint", directory / "ckpt", "--to", directory / "out"]
        for run in range(6):
            process = tool.start(arguments, stdin=subprocess.PIPE)
            rows = rng.randrange(1, 30)
            text = "".join('{"k":"one","n":%d}\n' % (n + row) for row in range(rows))
            _, err = process.communicate(text.encode())
            if process.returncode != 0:
                raise Wrong("run %d: exit status %d: %s" % (run, process.returncode, err.decode()))
            n += rows
        expected = '{"k":"one","first_n":0,"last_n":%d,"ns":[%s]}\n' % (n - 1, ",".join(map(str, range(n))))
        got = (directory / "out").read_text()
        if got != expected:
            raise Wrong("expected %s, got %s" % (expected, got))
    return story


def full_disk(tool, chosen):
    """The disk fills up in the middle; the run says so, and goes on when there is room again."""
    def story(directory):
        mount = directory / "small"
        mount.mkdir()
        mounted = os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", mount], stderr=subprocess.DEVNULL).returncode == 0
        if not mounted:
            print("SKIP full disk on a tmpfs: cannot mount here", flush=True)
            return "skipped"
        try:
            return fill(mount, directory)
        finally:
            subprocess.run(["umount", "-l", mount], check=True)

    def fill(mount, directory):
        rng = random.Random(chosen.seed + 4)
        log = directory / "app.log"
        parts = pieces(clicks(5_000, chosen.seed + 4), 10, rng)
        flags = [*WINDOWED, "--watermark-mode", "row", "--max-rows-per-trigger", "200", log]
        killed = arguments_for(mount, "killed", flags)
        whole = arguments_for(directory, "whole", flags)
        full = 0
        for number, part in enumerate(parts):
            append(log, part)
            end = ["--at-eof", "close"] if number + 1 == len(parts) else []
            tool.must([*whole, *end])
            for _ in range(3 if number else 0):
                room = shutil.disk_usage(mount).free
                ballast = mount / "ballast"
                ballast.write_bytes(b"b" * max(0, room - 4096 * rng.randrange(0, 30)))
                status, _, err = tool.run([*killed, *end])
                ballast.unlink()
                if status == 0:
                    continue
                full += 1
                text = err.decode(errors="replace")
                if status != 1 or "No space left" not in text or str(mount) not in text:
                    raise Wrong("exit status %d without a path and why: %s" % (status, text))
            tool.must([*killed, *end])
        expect_same("the output", directory / "whole.out", mount / "killed.out")
        expect_same("the ledger", directory / "whole.ledger", mount / "killed.ledger")
        if full < 3:
            raise Wrong("the disk was full only %d times" % full)
        return "the disk was full %d times" % full
    return story


def size_limit(tool, chosen):
    """A limit on the size of files (ulimit -f) ends the run as a full disk does."""
    def story(directory):
        import resource
        log = directory / "app.log"
        log.write_bytes(b"".join(clicks(5_000, chosen.seed + 5)))
        flags = [*WINDOWED, "--watermark-mode", "row", "--max-rows-per-trigger", "500", "--at-eof", "close", log]
        killed = arguments_for(directory, "killed", flags)
        tool.must(arguments_for(directory, "whole", flags))

        def limited(size):
            return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        size = (directory / "whole.out").stat().st_size
        hits = 0
        for part in range(1, 8):
            # SIGXFSZ stays ignored, as Python has it; with its default the run dies, which is a kill.
            status, _, err = tool.run(killed, preexec_fn=limited(size * part // 8), restore_signals=part % 2 == 0)
            if status == 0:
                break
            hits += 1
            if part % 2 and (status != 1 or str(directory) not in err.decode()):
                raise Wrong("exit status %d without a path: %s" % (status, err.decode()))
        tool.must(killed)
        expect_same("the output", directory / "whole.out", directory / "killed.out")
        expect_same("the ledger", directory / "whole.ledger", directory / "killed.ledger")
        return "%d limits hit" % hits
    return story


CALLS = ("write", "fsync", "fdatasync", "rename", "ftruncate", "openat", "unlink")


def strace_works(directory):
    probe = directory / "probe"
    command = ["strace", "-f", "-qq", "-o", str(probe), "-e", "inject=openat:signal=SIGKILL:when=1", "true"]
    try:
        return subprocess.run(command, stderr=subprocess.DEVNULL, timeout=20).returncode != 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def at_system_calls(tool, chosen):
    """SIGKILL on the way into the n-th call that touches the disk."""
    def story(directory):
        if not strace_works(directory):
            print("SKIP kill at system calls: strace or ptrace does not work here", flush=True)
            return "skipped"
        rng = random.Random(chosen.seed + 6)
        log = directory / "app.log"
        log.write_bytes(b"".join(clicks(2_000, chosen.seed + 6)))
        flags = [*WINDOWED, "--watermark-mode", "row", "--threads", "1", "--max-rows-per-trigger", "400",
                 "--at-eof", "close", log]
        tool.must(arguments_for(directory, "whole", flags))
        trace = directory / "trace"
        command = tool.command(arguments_for(directory, "traced", flags))
        subprocess.run(["strace", "-f", "-qq", "-o", trace, "-e", "trace=" + ",".join(CALLS), *command],
                       check=True, stderr=subprocess.DEVNULL)
        made = {call: len(re.findall(r"^\d+ +%s\(" % call, trace.read_text(), re.M)) for call in CALLS}
        places = [(call, n) for call in CALLS for n in range(1, made[call] + 1)]
        if not chosen.long:
            places = rng.sample(places, min(40, len(places)))
        killed = 0
        for call, n in places:
            for path in directory.glob("killed.*"):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            arguments = arguments_for(directory, "killed", flags)
            again = rng.randrange(1, max(2, made[call]))
            for when in (n, again):
                status = subprocess.run(
                    ["strace", "-f", "-qq", "-o", "/dev/null", "-e",
                     "inject=%s:signal=SIGKILL:when=%d" % (call, when), *tool.command(arguments)],
                    stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
                killed += status.returncode != 0
            try:
                tool.must(arguments)
                expect_same("the output", directory / "whole.out", directory / "killed.out")
                expect_same("the ledger", directory / "whole.ledger", directory / "killed.ledger")
            except Wrong as error:
                raise Wrong("killed at %s number %d, then number %d: %s" % (call, n, again, error))
        return "%d places of %s, %d kills" % (len(places), made, killed)
    return story


def main():
    chosen = options(__doc__)
    tool, counter = Tool(chosen.tailrace), Counter()
    cut = ["--max-rows-per-trigger", "170"]
    stories = {
        "row mode": growing_file(tool, chosen, [*WINDOWED, "--watermark-mode", "row"], "one run"),
        "row mode, sliding": growing_file(
            tool, chosen, [*WINDOWED, "--slide", "5s", "--watermark-mode", "row", *cut], "one run"),
        "row mode, a writer that goes on": growing_under_way(tool, chosen),
        "batch mode": growing_file(tool, chosen, [*WINDOWED, "--watermark-mode", "batch", *cut], "same steps"),
        "update mode": growing_file(tool, chosen, [*WINDOWED, "--mode", "update", *cut], "same steps"),
        "complete mode": growing_file(
            tool, chosen, ["--schema", SCHEMA, "--by", "user", "--agg", AGGREGATES, "--mode", "complete"],
            "one run"),
        "a filter": growing_file(
            tool, chosen, ["--schema", SCHEMA, "--where", "bytes % 3 = 0", "--select", "ts, user, ms * 2 AS twice"],
            "one run"),
        "rotation, named": rotation(tool, chosen, False),
        "rotation, glob": rotation(tool, chosen, True),
        "a pipe": pipe(tool, chosen, False),
        "a pipe, totals": pipe(tool, chosen, True),
        "pipes in order": pipes_in_order(tool, chosen),
        "a full disk": full_disk(tool, chosen),
        "a limit on file sizes": size_limit(tool, chosen),
        "kill at system calls": at_system_calls(tool, chosen),
    }
    for name, story in stories.items():
        tell(chosen, counter, name, story)
    return counter.finish()


if __name__ == "__main__":
    sys.exit(main())
