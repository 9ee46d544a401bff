#!/usr/bin/env python3
"""Checks that the man page's OPTIONS are those of the flag table; --rewrite puts them there.

usage: man_options.py TAILRACE MAN_PAGE [--rewrite]
"""
import difflib
import subprocess
import sys

BEGIN = '.\\" BEGIN OPTIONS: made from the flag table by `make man`, do not edit here\n'
END = '.\\" END OPTIONS\n'


def main():
    binary, page = sys.argv[1:3]
    made = subprocess.run([binary, "--man-options", "--no-config"], capture_output=True, text=True,
                          check=True).stdout
    with open(page, encoding="utf-8") as file:
        text = file.read()
    before, rest = text.split(BEGIN)
    present, after = rest.split(END)
    if "--rewrite" in sys.argv[3:]:
        if made != present:
            with open(page, "w", encoding="utf-8") as file:
                file.write(before + BEGIN + made + END + after)
        return 0
    for line in difflib.unified_diff(present.splitlines(), made.splitlines(), page, "flag table",
                                     lineterm=""):
        print(line)
    if made != present:
        print(f"{page}: OPTIONS differ from the flag table; run `make man` and look at the diff")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
