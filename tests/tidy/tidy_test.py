#!/usr/bin/env python3
"""tidy.py finds what it is for, and leaves alone what is right: each rule has a file that breaks it."""
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tidy  # noqa: E402

MAP = """
| may include | base | io | sql | cli |
|---|---|---|---|---|
| base | | | | |
| io, sql | x | | | |
| cli | x | x | x | |
"""
TOP = "// A contract.\n#pragma once\n"
# path, contents, a part of the message that must come (None: none may)
CASES = [
    ("src/sql/a.h", TOP + '#include "base/b.h"\n', None),
    ("src/sql/a.h", TOP + '#include "io/b.h"\n', "sql may not include io"),
    ("src/sql/a.h", TOP + '#include "a.h"\n', "include by path from src/"),
    ("src/net/a.h", TOP, "not in the include matrix"),
    ("src/sql/a.h", "#pragma once\n", "begin with the contract"),
    ("src/sql/a.h", "// A contract.\n", "add #pragma once"),
    ("src/sql/a.cc", "int f() { return ::open(0, 0); }\n", "outside io/"),
    ("src/sql/a.cc", "auto f = std::getenv(\"HOME\");\n", "outside io/"),
    ("src/sql/a.cc", "#include <unistd.h>\n", "outside io/"),
    ("src/sql/a.cc", "auto t = std::chrono::system_clock::now();\n", "outside io/"),
    ("src/sql/a.cc", "auto x = files.open(path); // ::open(path)\n", None),
    ("src/sql/a.cc", 'auto x = "::open(path)";\n', None),
    ("src/sql/a.cc", 'auto x = R"(\n::open(path)\n)";\n', None),
    ("src/io/a.cc", "int f() { return ::open(0, 0); }\n", None),
    ("src/sql/a.cc", "void f() { std::cout << 1; }\n", "outside cli/"),
    ("src/sql/a.cc", "void f() { fmt::print(\"a\"); }\n", "outside cli/"),
    ("src/sql/a.cc", "void f() { print(\"a\"); }\n", None),
    ("src/cli/a.cc", "void f() { fmt::print(\"a\"); }\n", None),
    ("src/sql/a.cc", "std::thread worker;\n", "only engine starts threads"),
    ("src/sql/a.cc", "// " + "x" * 98 + "\n", "101 columns"),
    ("src/sql/a.cc", "// " + "x" * 97 + "\n", None),
    ("src/sql/a.cc", "// TO" "DO: more\n", "a mark for later"),
    ("src/sql/text_utils.cc", "\n", "named for no concept"),
    ("testdata/logs/a.jsonl", "{}\n", "nothing in tests/ reads it"),
    ("testdata/corpus/json/1", "{}\n", "no tests/fuzz/json_fuzz.cc"),
    ("src/cli/flag_table/a.cc", '{.name = "where", .help = "", .man = ""}\n', "--where is missing"),
]


def main():
    failures = []
    for path, contents, expected in CASES:
        with tempfile.TemporaryDirectory() as root:
            files = {"src/README.md": MAP, "src/base/b.h": TOP, "src/io/b.h": TOP, "man/tailrace.1": "",
                     "tests/t.cc": "", path: contents}
            for name, text in files.items():
                os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
                with open(os.path.join(root, name), "w", encoding="utf-8") as file:
                    file.write(text)
            found = tidy.problems_in(root)
        right = any(expected in problem for problem in found) if expected else not found
        if not right:
            failures.append(f"{path}: {contents!r}: expected {expected!r}, found {found}")
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
