#!/usr/bin/env bash
# Three pipelines over a small log that this writes itself. usage: setup/demo.sh TAILRACE
set -euo pipefail
tailrace=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
cat > shop.jsonl <<'LINES'
{"ts":"2024-01-01T10:00:03Z","user":"ada","event":"view","amount":0}
{"ts":"2024-01-01T10:01:40Z","user":"bob","event":"view","amount":0}
{"ts":"2024-01-01T10:02:10Z","user":"ada","event":"purchase","amount":30.5}
{"ts":"2024-01-01T10:06:00Z","user":"cyd","event":"view","amount":0}
{"ts":"2024-01-01T10:04:59Z","user":"bob","event":"purchase","amount":12}
{"ts":"2024-01-01T10:07:30Z","user":"cyd","event":"purchase","amount":7.25}
{"ts":"2024-01-01T10:09:12Z","user":
{"ts":"2024-01-01T10:11:00Z","user":"ada","event":"view","amount":0}
LINES

show() {  # show COMMENT COMMAND
  printf '\n# %s\n$ %s\n' "$1" "$2"
  PATH="$(dirname "$tailrace"):$PATH" bash -c "$2"
}

show "Five-minute windows, one row each when it is final" \
  "tailrace --time ts --window 5m --agg 'count, sum(amount) AS revenue, count_distinct(user) AS users' shop.jsonl"
show "The same thought in SQL, from a pipe; rows come while the input still flows" \
  "cat shop.jsonl | tailrace --time ts --watermark 1m --format csv --sql \"SELECT window(ts, '5 minutes').start AS at, event, count(*) AS n FROM input GROUP BY window(ts, '5 minutes'), event\""
show "Only what is new since the last run, each row counted once" \
  "for run in 1 2; do tailrace --available-now --checkpoint ck --time ts --watermark 1m --window 5m --to out.jsonl shop.jsonl; echo '{\"ts\":\"2024-01-01T10:20:00Z\",\"user\":\"bob\",\"event\":\"view\",\"amount\":0}' >> shop.jsonl; done; cat out.jsonl"
show "Where a line was left out, and why" \
  "tailrace -q --bad bad.jsonl --select user shop.jsonl > users.jsonl; cat bad.jsonl"
