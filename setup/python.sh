#!/usr/bin/env bash
# Makes .venv with the packages of python-packages.txt; does nothing while that list is empty.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
list=$top/setup/python-packages.txt
grep -qv -e '^#' -e '^$' "$list" || exit 0
stamp=$top/.venv/packages.txt
cmp -s "$list" "$stamp" && exit 0
[ -x "$top/.venv/bin/pip" ] || python3 -m venv "$top/.venv"
"$top/.venv/bin/pip" install --quiet --requirement "$list"
cp "$list" "$stamp"
