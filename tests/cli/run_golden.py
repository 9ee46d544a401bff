#!/usr/bin/env python3
"""Runs the golden folders testdata/cli/<name>/ against the binary, as a user's shell would.

A folder holds `cmd` (a shell text) and what must come of it: `stdout`, `stderr` (missing: empty)
and `status` (missing: 0). `stdin`, if there, comes through a pipe; else standard input is
/dev/null. All other files are copied, with one modification time, into a fresh directory in which
bash runs cmd. There, tailrace is the binary, $TESTDATA is testdata/, HOME is that directory, and
tests/cli/bin is on the PATH (`pick` chooses values of JSON lines). The directory's own path reads
$DIR in what is compared. The folders named after sections of the guide read
testdata/clickstream.jsonl with the types of testdata/clickstream.ddl.

  run_golden.py --binary PATH [--configuration NAME] [--rewrite] [--jobs N] [NAME...]

A configuration puts its flags before those of each main job; the same output must come in each.
--rewrite writes what came into the folders: read the diff before you commit it.
"""
import argparse
import concurrent.futures
import difflib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TESTDATA = HERE.parent.parent / "testdata"
CONFIGURATIONS = {
    "plain": "",
    "threads1": "--threads 1",
    "threads4": "--threads 4",
    "blocks64": "--block-bytes 64",
    "threads4-blocks64": "--threads 4 --block-bytes 64",
}
EXPECTATIONS = ("stdout", "stderr", "status")
MODIFIED = 1704067200  # 2024-01-01: equal times, so that files are taken by name
SECONDS_MAX = 30


def read(path, default=""):
    return path.read_bytes().decode("utf-8", "backslashreplace") if path.exists() else default


def prepare(folder, directory):
    for source in sorted(folder.rglob("*")):
        relative = source.relative_to(folder)
        if str(relative) in EXPECTATIONS + ("cmd", "stdin"):
            continue
        target = directory / relative
        if source.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            os.utime(target, (MODIFIED, MODIFIED))


def environment(tools, directory):
    kept = {key: os.environ[key] for key in ("ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS")
            if key in os.environ}
    return kept | {
        "PATH": f"{tools}:{HERE / 'bin'}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(directory),
        "TESTDATA": str(TESTDATA),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }


def install(binary, flags, tools):
    """Puts the binary on the PATH; with flags, behind a script that adds them to the main job."""
    path = pathlib.Path(tools) / "tailrace"
    if not flags:
        path.symlink_to(binary)
        return
    path.write_text(f"""#!/bin/sh
case "${{1-}}" in
  status|checkpoint|schema|spark) exec '{binary}' "$@" ;;
  *) exec '{binary}' {flags} "$@" ;;
esac
""")
    path.chmod(0o755)


def execute(folder, tools):
    """What came of the folder's command, in the shape of its expectations."""
    with tempfile.TemporaryDirectory(prefix="tailrace-golden-") as name:
        directory = pathlib.Path(name).resolve()
        prepare(folder, directory)
        stdin = folder / "stdin"
        try:
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", read(folder / "cmd")], cwd=directory,
                env=environment(tools, directory), capture_output=True,
                timeout=SECONDS_MAX,
                **({"input": stdin.read_bytes()} if stdin.exists() else {"stdin": subprocess.DEVNULL}))
            status = str(done.returncode)
            texts = (done.stdout, done.stderr)
        except subprocess.TimeoutExpired as expired:
            status = f"still running after {SECONDS_MAX} s"
            texts = (expired.stdout or b"", expired.stderr or b"")
        out, err = (text.decode("utf-8", "backslashreplace").replace(str(directory), "$DIR")
                    for text in texts)
        return {"stdout": out, "stderr": err, "status": status + "\n"}


def expected(folder):
    return {"stdout": read(folder / "stdout"), "stderr": read(folder / "stderr"),
            "status": read(folder / "status", "0\n")}


def rewrite(folder, got):
    for name, text in got.items():
        path = folder / name
        if text == ("0\n" if name == "status" else ""):
            path.unlink(missing_ok=True)
        else:
            path.write_text(text)


def difference(want, got):
    lines = []
    for name in EXPECTATIONS:
        if want[name] != got[name]:
            lines += difflib.unified_diff(want[name].splitlines(), got[name].splitlines(),
                                          f"{name} expected", f"{name} got", lineterm="")
    return lines or ["(they differ in the newline at the end)"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, type=pathlib.Path)
    parser.add_argument("--configuration", choices=sorted(CONFIGURATIONS), default="plain")
    parser.add_argument("--rewrite", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()

    root = TESTDATA / "cli"
    folders = sorted(path for path in root.iterdir()
                     if path.is_dir() and (not arguments.names or path.name in arguments.names))
    unknown = set(arguments.names) - {path.name for path in folders}
    if unknown or not folders:
        sys.exit(f"no golden folder in {root}: {', '.join(sorted(unknown)) or 'none at all'}")

    failed = 0
    with tempfile.TemporaryDirectory(prefix="tailrace-tools-") as tools:
        install(arguments.binary.resolve(), CONFIGURATIONS[arguments.configuration], tools)
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            results = pool.map(lambda folder: execute(folder, tools), folders)
            for folder, got in zip(folders, results):
                want = expected(folder)
                if got == want:
                    continue
                if arguments.rewrite:
                    rewrite(folder, got)
                    print(f"rewritten {folder.name}")
                    continue
                failed += 1
                command = read(folder / "cmd").rstrip().replace("\n", "\n    ")
                print(f"FAILED {folder.name} ({arguments.configuration})\n  $ {command}")
                print("\n".join("  " + line for line in difference(want, got)))
    print(f"{len(folders) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
