#!/usr/bin/env bash
# `make bench`: the clickstream, the peers, one interleaved run. usage: tests/bench/run.sh TAILRACE [ROWS] [RUNS]
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
tailrace=$(readlink -f "$1")
rows=${2:-2000000}
runs=${3:-5}
data=$top/build/bench
mkdir -p "$data"
generator=$(dirname "$tailrace")/tests/bench/clickstream
file=$data/clickstream-$rows.jsonl
[ -s "$file" ] || "$generator" "$rows" > "$file"
for peer in jq mlr; do
  command -v "$peer" >/dev/null || echo "$peer is not here, so it is left out (apt-get install jq miller)" >&2
done
exec "$top/.venv/bin/python" "$top/tests/bench/bench.py" "$tailrace" "$file" --runs "$runs"
