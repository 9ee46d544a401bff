#!/usr/bin/env python3
"""The rules that no compiler checks. Each message names the place, the rule and what to do instead.

usage: tidy.py ROOT
"""
import os
import re
import sys

SOURCE = (".h", ".cc")
LINE_COLUMNS_MAX = 100
FUNCTION_LINES_MAX = 70  # reported only
FILE_COMMENT_LINES_MAX = 6

NO_CONCEPT = re.compile(r"(^|[_/])(utils?|helpers?|common|misc)([_./]|$)")
LEFT_OPEN = re.compile(r"\b(TO" r"DO|FIX" r"ME|HA" r"CK)\b")

# What reaches the machine belongs to src/io, behind Filesystem, Clock, streams and process.h. Names
# that our own functions may have too (open, read) count with a leading :: only; without one of the
# headers they cannot be the system's.
SYSTEM_CALLS = re.compile(
    r"(?<![\w>])::(?!std|tailrace|crc32|memrchr)[a-z_0-9]+\s*\("
    r"|(?<![\w.>:])(?:::|std::)?(fopen|fread|fwrite|fclose|getenv|setenv|getpid|isatty|fork|execvp|mmap"
    r"|clock_gettime|gettimeofday|nanosleep|usleep|getrandom|sigaction|raise)\s*\("
    r"|std::(time|remove|rename|system|exit|quick_exit|_Exit)\s*\((?!\w+\.begin)")
SYSTEM_TYPES = re.compile(
    r"std::(?:chrono::\w*clock|filesystem::(?!path\b)|[io]?fstream|random_device|this_thread::sleep)"
    r"|::environ\b")
SYSTEM_HEADERS = re.compile(r"#include <(unistd\.h|fcntl\.h|poll\.h|dirent\.h|signal\.h|csignal|fstream"
                            r"|sys/(?!types)\w+\.h)>")
PRINTS = re.compile(r"std::(cout|cerr|clog)\b|(?:std|fmt)::(print|println)\s*\("
                    r"|(?<![\w.>:])(?:std::)?(f?printf|puts|fputs|putchar|perror)\s*\(")
THREADS = re.compile(r"std::(j?thread|async)\b(?!::)")
# check.cc says a broken invariant on the way down; nothing of the tool can be trusted to do it then.
SYSTEM_EXCEPTIONS = {"base/check.cc"}


def files_under(root, folder, endings=None):
    for directory, folders, names in os.walk(os.path.join(root, folder)):
        folders.sort()
        for name in sorted(names):
            if endings is None or name.endswith(endings):
                yield os.path.relpath(os.path.join(directory, name), root)


def text_of(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def code_only(line, state):
    """The line without comments and with its texts emptied; state holds what runs on from before."""
    if state.get("raw"):
        if state["raw"] not in line:
            return ""
        line = line.split(state["raw"], 1)[1]
        state["raw"] = None
    raw = re.search(r'R"([^(\s]*)\(', line)
    if raw:
        end = ")" + raw.group(1) + '"'
        rest = line[raw.end():]
        if end not in rest:
            state["raw"] = end
            return line[:raw.start()]
        return line[:raw.start()] + code_only(rest.split(end, 1)[1], state)
    line = re.sub(r"'(\\.|[^'\\])'", "''", line)
    line = re.sub(r'"(\\.|[^"\\])*"', '""', line)
    return line.split("//", 1)[0]


def read_matrix(root):
    """src/README.md's table: folder -> folders that it may include (itself too)."""
    allowed, columns = {}, []
    for line in text_of(root, "src/README.md").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|") or set(line) <= set("|- "):
            continue
        if cells[0] == "may include":
            columns = cells[1:]
        elif columns:
            for folder in re.split(r",\s*", cells[0]):
                marked = {name for name, cell in zip(columns, cells[1:]) if cell == "x"}
                allowed[folder] = marked | {folder}
    return allowed


def check_includes(root, problems):
    allowed = read_matrix(root)
    if not allowed:
        problems.append("src/README.md: the include matrix is gone; tidy reads it from there")
    folders = {name for name in os.listdir(os.path.join(root, "src"))
               if os.path.isdir(os.path.join(root, "src", name))}
    for folder in sorted(folders - set(allowed)):
        problems.append(f"src/{folder}: not in the include matrix of src/README.md; add its row")
    for path in files_under(root, "src", SOURCE):
        folder = path.split(os.sep)[1]
        for number, line in enumerate(text_of(root, path).splitlines(), 1):
            found = re.match(r'#include "([^"]+)"', line)
            if not found or folder not in allowed:
                continue
            target = found.group(1).split("/")[0]
            if "/" not in found.group(1) or target not in folders:
                problems.append(f'{path}:{number}: include by path from src/, as "folder/file.h"')
            elif target not in allowed[folder]:
                problems.append(f"{path}:{number}: {folder} may not include {target} (src/README.md); "
                                "move the code, or pass what it needs as a parameter")


def check_lines(root, problems):
    for folder in ("src", "tests"):
        for path in files_under(root, folder, SOURCE + (".py", ".sh", ".txt")):
            for number, line in enumerate(text_of(root, path).splitlines(), 1):
                # A test's data, a line of JSON say, is one string that cannot be broken.
                is_data = folder == "tests" and '"' in line
                if len(line) > LINE_COLUMNS_MAX and path.endswith(SOURCE) and not is_data:
                    problems.append(f"{path}:{number}: {len(line)} columns; break the line at "
                                    f"{LINE_COLUMNS_MAX}")
                if LEFT_OPEN.search(line):
                    problems.append(f"{path}:{number}: a mark for later; do it, or open an issue")
            if NO_CONCEPT.search(path):
                problems.append(f"{path}: named for no concept; name what it is about")


def check_rooms(root, problems):
    for path in files_under(root, "src", SOURCE):
        inside = path.split(os.sep, 1)[1]
        folder = inside.split(os.sep)[0]
        if inside in SYSTEM_EXCEPTIONS:
            continue
        state = {}
        for number, line in enumerate(text_of(root, path).splitlines(), 1):
            header = SYSTEM_HEADERS.search(line)
            code = code_only(line, state)
            place = f"{path}:{number}"
            call = SYSTEM_CALLS.search(code) or SYSTEM_TYPES.search(code) or header
            if folder != "io" and call:
                problems.append(f"{place}: {call.group(0).strip()} outside io/; use io::Filesystem, "
                                "io::Clock, the streams or io/process.h")
            printed = PRINTS.search(code)
            if folder not in ("cli", "io") and printed:
                problems.append(f"{place}: {printed.group(0).strip()} outside cli/; return a Result or "
                                "the text, and let cli print it")
            if folder not in ("engine", "io") and THREADS.search(code):
                problems.append(f"{place}: only engine starts threads; write this for one thread")


def check_headers(root, problems):
    for path in files_under(root, "src", SOURCE):
        lines = text_of(root, path).splitlines()
        if not path.endswith(".h"):
            continue
        comment = 0
        while comment < len(lines) and lines[comment].startswith("//"):
            comment += 1
        if comment == 0:
            problems.append(f"{path}:1: begin with the contract: what it is, who owns it, which "
                            "threads, how it fails")
        if "#pragma once" not in lines:
            problems.append(f"{path}: add #pragma once")


def check_testdata(root, problems):
    """Every file under testdata is named, or stands in a folder that is named, by some test."""
    readers = ""
    for folder in ("tests", "setup"):
        for path in files_under(root, folder):
            readers += text_of(root, path)
    for path in ("README.md", "Makefile", "man/tailrace.1"):
        if os.path.exists(os.path.join(root, path)):
            readers += text_of(root, path)
    # testdata/corpus/<target> is replayed by tests/fuzz/<target>_fuzz.cc.
    targets = {os.path.basename(path)[:-len("_fuzz.cc")] for path in files_under(root, "tests/fuzz")
               if path.endswith("_fuzz.cc")}
    for path in files_under(root, "testdata"):
        parts = path.split(os.sep)
        if parts[1] == "corpus":
            if len(parts) > 2 and parts[2] not in targets:
                problems.append(f"{path}: no tests/fuzz/{parts[2]}_fuzz.cc replays it; add it, or "
                                "remove the data")
            continue
        names = ["/".join(parts[:depth]) for depth in range(2, len(parts) + 1)]
        if not any(name in readers for name in names) and parts[-1] != "README.md":
            problems.append(f"{path}: nothing in tests/ reads it; add a test, or remove it")


def check_flags(root, problems):
    """Every long flag of the table is in the man page (the OPTIONS are compared by man_options.py)."""
    page = os.path.join(root, "man/tailrace.1")
    if not os.path.exists(page):
        problems.append("man/tailrace.1: missing; write it and run `make man`")
        return
    man = text_of(root, "man/tailrace.1").replace("\\", "")
    for path in files_under(root, "src/cli/flag_table", SOURCE):
        rows = text_of(root, path).split('{.name = "')[1:]
        for row in rows:
            name = row.split('"', 1)[0]
            if ".hidden = true" in row:
                continue
            if not re.search(r"--" + name + r"(?![\w-])", man):
                problems.append(f"man/tailrace.1: --{name} is missing; run `make man`")
            if ".help" not in row or ".man" not in row:
                problems.append(f"{path}: --{name} has no help or no man text; write both")


def long_functions(root):
    """Functions over 70 lines, for a person to look at."""
    found = []
    for path in files_under(root, "src", (".cc",)):
        begin = None
        for number, line in enumerate(text_of(root, path).splitlines(), 1):
            if re.match(r"[\w:<].*\{$", line) and not re.match(
                    r"(namespace|class|struct|enum|union|constexpr|const|static const|extern)\b", line):
                begin = number
            elif line.startswith("}") and begin is not None:
                if number - begin > FUNCTION_LINES_MAX:
                    found.append(f"note: {path}:{begin}: a function of {number - begin} lines; can it "
                                 "be seen whole?")
                begin = None
    return found


def problems_in(root):
    problems = []
    for check in (check_includes, check_lines, check_rooms, check_headers, check_testdata,
                  check_flags):
        check(root, problems)
    return problems


def main():
    root = sys.argv[1]
    problems = problems_in(root)
    print("\n".join(long_functions(root) + problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
