#!/usr/bin/env python3
"""Runs every example of the documents, and compares what it prints with what the document says.

An example is a line that begins with `$ `, in a fenced block ```console of Markdown or in a literal
display (.Bd -literal) of a manual page. Lines after it belong to the command while it is not complete
(a `\\` at the end, an open quote, a here-document); what follows, up to the next `$ ` or the end of the
block, is its output, standard error included. A line `...` stands for any number of lines, `...` at the
end of a line for its rest. A command must end with status 0, unless its output shows a line that begins
with `tailrace: `.

The examples of one document run one after the other, in one fresh directory that looks like the top of
the repository: testdata/ and build/ are there, and tailrace is on the PATH.

  run_examples.py --binary PATH [--clickstream PATH] [--show] DOCUMENT...

--show prints each command with what it printed, to be pasted.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
SECONDS_MAX = 60
ESCAPES = {r"\e": "\\", r"\-": "-", r"\&": "", r"\(dq": '"', r"\(aq": "'", r"\(ga": "`", r"\(ti": "~",
           r"\(ha": "^", r"\(bs": "\\", r"\(rs": "\\"}
HERE_DOCUMENT = re.compile(r"<<\s*['\"]?(\w+)")


class Example:
    def __init__(self, place, command, output):
        self.place, self.command, self.output = place, command, output


def plain_text(line):
    """A line of a literal mdoc display as it is shown."""
    pattern = "|".join(re.escape(escape) for escape in sorted(ESCAPES, key=len, reverse=True))
    return re.sub(pattern, lambda match: ESCAPES[match.group()], line)


def blocks_of(path):
    """Yields lists of (line number, text), one a console block."""
    is_manual = path.suffix[1:].isdigit()
    begins, ends = (".Bd -literal", ".Ed") if is_manual else ("```console", "```")
    block = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if block is None:
            if line.startswith(begins):
                block = []
        elif line.strip() == ends:
            yield block
            block = None
        else:
            block.append((number, plain_text(line) if is_manual else line))
    if block is not None:
        sys.exit(f"{path}: a block does not end")


def is_complete(command):
    here = HERE_DOCUMENT.search(command)
    if here:
        return command.split("\n")[-1] == here.group(1)
    if command.endswith("\\"):
        return False
    return subprocess.run(["bash", "-n", "-c", command], capture_output=True).returncode == 0


def examples_of(path):
    for block in blocks_of(path):
        at = 0
        while at < len(block) and not block[at][1].startswith("$ "):
            at += 1
        while at < len(block):
            number, command = block[at][0], block[at][1][2:]
            at += 1
            while at < len(block) and not is_complete(command):
                command += "\n" + block[at][1]
                at += 1
            output = []
            while at < len(block) and not block[at][1].startswith("$ "):
                output.append(block[at][1])
                at += 1
            while output and not output[-1]:
                output.pop()
            yield Example(f"{path.relative_to(TOP) if path.is_relative_to(TOP) else path}:{number}",
                          command, output)


def is_line(expected, actual):
    if expected.endswith("..."):
        return actual.startswith(expected[:-3])
    return expected == actual


def matches(expected, actual):
    """Whether lines are the expected ones, where `...` stands for any."""
    if not expected:
        return not actual
    if expected[0] != "...":
        return bool(actual) and is_line(expected[0], actual[0]) and matches(expected[1:], actual[1:])
    return any(matches(expected[1:], actual[skipped:]) for skipped in range(len(actual) + 1))


def run(example, directory, environment):
    """Runs an example; returns what is wrong with it (empty: nothing) and what it printed."""
    try:
        done = subprocess.run(["bash", "-o", "pipefail", "-c", example.command], cwd=directory, env=environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=SECONDS_MAX)
    except subprocess.TimeoutExpired:
        return f"did not end within {SECONDS_MAX} s", []
    actual = done.stdout.decode("utf-8", "replace").splitlines()
    if not matches(example.output, actual):
        return "\n".join(["expected:", *("  " + line for line in example.output),
                          "printed:", *("  " + line for line in actual)]), actual
    error_shown = any(line.startswith("tailrace: ") for line in example.output)
    if done.returncode != 0 and not error_shown:
        return f"ended with status {done.returncode}", actual
    return "", actual


def prepare(directory, binary, clickstream):
    (directory / "testdata").symlink_to(TOP / "testdata")
    programs = directory / "build"
    (programs / "tests" / "bench").mkdir(parents=True)
    (programs / "tailrace").symlink_to(binary)
    if clickstream:
        (programs / "tests" / "bench" / "clickstream").symlink_to(clickstream)
    return {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(directory), "LC_ALL": "C.UTF-8"}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True, type=pathlib.Path)
    parser.add_argument("--clickstream", type=pathlib.Path)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("documents", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    clickstream = options.clickstream.resolve() if options.clickstream else None
    passed = failed = 0
    for path in options.documents:
        count = 0
        with tempfile.TemporaryDirectory() as place:
            directory = pathlib.Path(place)
            environment = prepare(directory, options.binary.resolve(), clickstream)
            for example in examples_of(path.resolve()):
                count += 1
                wrong, actual = run(example, directory, environment)
                if options.show:
                    print(f"$ {example.command}", *actual, sep="\n")
                if wrong:
                    print(f"{example.place}: {example.command}\n{wrong}\n")
                    failed += 1
                else:
                    passed += 1
        if count == 0:
            print(f"{path}: there is no example in it")
            failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
