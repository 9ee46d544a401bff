#!/usr/bin/env python3
"""Checks that tailrace-sql(7) lists the functions that `tailrace --functions` does; --rewrite puts them there.

usage: sql_functions.py TAILRACE MAN_PAGE [--rewrite]

--functions shows a function's further names as repetitions of its row, so they are named in ALSO below;
each is looked up, and none may be missing.
"""
import collections
import difflib
import subprocess
import sys

BEGIN = '.\\" BEGIN FUNCTIONS'
END = '.\\" END FUNCTIONS\n'
ALSO = {
    "if": ["iff"], "nvl": ["ifnull"], "ceil": ["ceiling"], "pow": ["power"], "sign": ["signum"],
    "size": ["cardinality", "array_size"], "rlike": ["regexp", "regexp_like"], "upper": ["ucase"],
    "lower": ["lcase"], "locate": ["position"], "length": ["char_length", "character_length", "len"],
    "substring": ["substr"], "chr": ["char"], "day": ["dayofmonth"], "date_part": ["datepart"],
    "date_add": ["dateadd"], "datediff": ["date_diff"], "current_timestamp": ["now"],
    "current_date": ["curdate"],
}


def rows_of(binary, *name):
    """(signature, description) of each function that --functions shows, in its order."""
    text = subprocess.run([binary, "--no-config", "--functions", *name], capture_output=True, text=True,
                          check=True).stdout
    lines = text.splitlines()
    return [(lines[i], lines[i + 1].strip()) for i in range(0, len(lines), 2)]


def name_of(signature):
    return signature.split("(")[0]


def wrong_names(binary, rows):
    """Sentences about ALSO that do not hold."""
    repeated = collections.Counter(rows)
    for row, count in repeated.items():
        names = ALSO.get(name_of(row[0]), [])
        if count - 1 != len(names):
            yield f"{row[0]} has {count - 1} further names, ALSO has {len(names)}"
        for name in names:
            if rows_of(binary, name) != [row]:
                yield f"{name} is not {row[0]}"


def section(title, rows):
    yield f".Ss {title}\n.Bl -tag -width Ds -compact\n"
    for signature, description in rows:
        also = ALSO.get(name_of(signature), [])
        yield '.It Ic "%s"\n' % signature.replace(" (aggregate)", "").rstrip()
        yield "%s%s\n" % (description.replace("\\", "\\e").replace("'", "\\(aq"),
                          f" (also {', '.join(also)})" if also else "")
    yield ".El\n"


def made_from(rows):
    unique = sorted(set(rows), key=lambda row: name_of(row[0]))
    aggregates = [row for row in unique if row[0].endswith("(aggregate)")]
    scalars = [row for row in unique if row not in aggregates]
    return "".join([*section("Aggregates", aggregates), *section("Of a row", scalars)])


def main():
    binary, page = sys.argv[1:3]
    rows = rows_of(binary)
    wrong = list(wrong_names(binary, rows))
    for sentence in wrong:
        print(sentence)
    made = made_from(rows)
    with open(page, encoding="utf-8") as file:
        text = file.read()
    before, rest = text.split(BEGIN)
    note, rest = rest.split("\n", 1)
    present, after = rest.split(END)
    if "--rewrite" in sys.argv[3:]:
        with open(page, "w", encoding="utf-8") as file:
            file.write(before + BEGIN + note + "\n" + made + END + after)
        return 1 if wrong else 0
    for line in difflib.unified_diff(present.splitlines(), made.splitlines(), page, "--functions", lineterm=""):
        print(line)
    if made != present:
        print(f"run: python3 {sys.argv[0]} {binary} {page} --rewrite")
    return 1 if wrong or made != present else 0


if __name__ == "__main__":
    sys.exit(main())
