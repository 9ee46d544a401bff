#!/usr/bin/env python3
"""Checks the completions: each shell's script has every flag of --help and, where the shell is
installed, its syntax is right; bash is asked to complete for real.

usage: completions.py TAILRACE
"""
import re
import shutil
import subprocess
import sys
import tempfile


def run(*command):
    return subprocess.run(command, capture_output=True, text=True)


def main():
    binary = sys.argv[1]
    failures = []
    names = re.findall(r"^ +(?:-\w, )?--([a-z][a-z-]*)", run(binary, "--help").stdout, re.M)
    if len(names) < 40:
        failures.append(f"--help lists only {len(names)} flags")
    for shell in ("bash", "zsh", "fish"):
        script = run(binary, "--completions", shell).stdout
        spelled = "-l {}" if shell == "fish" else "--{}"
        for name in names:
            if not re.search(re.escape(spelled.format(name)) + r"(?![a-z-])", script):
                failures.append(f"{shell}: no completion for --{name}")
        if shutil.which(shell):
            with tempfile.NamedTemporaryFile("w", suffix="." + shell) as file:
                file.write(script)
                file.flush()
                checked = run(shell, "-n", file.name)
                if checked.returncode != 0:
                    failures.append(f"{shell}: {checked.stderr.strip()}")
                if shell == "bash":
                    failures += bash_completes(file.name)
    print("\n".join(failures))
    return 1 if failures else 0


def bash_completes(script):
    failures = []
    for words, expected in ((["tailrace", "--water"], "--watermark --watermark-mode"),
                            (["tailrace", "--mode", "c"], "complete"),
                            (["tailrace", "checkpoint", "r"], "reset")):
        line = (f"source {script}; COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}; "
                '_tailrace; echo "${COMPREPLY[@]}"')
        found = run("bash", "-c", line).stdout.strip()
        if found != expected:
            failures.append(f"bash: {' '.join(words)} completes to {found!r}, expected {expected!r}")
    return failures


if __name__ == "__main__":
    sys.exit(main())
