#!/usr/bin/env bash
# What tailrace does, in eight commands: over the web server log testdata/access.jsonl and a made
# clickstream, in a temporary directory. usage: setup/demo.sh TAILRACE [CLICKSTREAM]
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
programs=$(cd "$(dirname "$1")" && pwd)
clickstream=${2:-$programs/tests/bench/clickstream}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export PATH=$programs:$PATH
export HOME=$place  # nobody's own options
unset TAILRACE_OPTS
cp "$top/testdata/access.jsonl" "$place"
"$clickstream" 100000 5000 > "$place/clicks.jsonl"
cd "$place"

if [ -t 1 ]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; else bold="" dim="" plain=""; fi
say() {  # say LINE...
  echo
  printf "$dim# %s$plain\n" "$@"
}
run() {  # run COMMAND: shows it, then what it prints
  printf '%s$ %s%s\n' "$bold" "$1" "$plain"
  bash -o pipefail -c "$1" 2>&1
}

say "A web server's log, a JSON object a line. Visitors and errors of each day:"
run "tailrace --time timestamp --window 1d --agg 'count, count_distinct(remote) AS visitors, count(*) FILTER (WHERE status >= 400) AS errors' --format table access.jsonl"

say "The same thought in SQL, for jq to go on with: what was not found more than ten times in a day"
run "tailrace --time timestamp --sql \"SELECT window.start AS day, path, count(*) AS misses FROM input WHERE status = 404 GROUP BY window(timestamp, '1 day'), path HAVING misses > 10\" access.jsonl | jq -r '\"\\(.day[:10]) \\(.misses) \\(.path)\"'"

say "What a command line means, before it runs"
run "tailrace --explain --time timestamp --watermark 10m --window 1h --by status access.jsonl"

say "A clickstream through a pipe. A window's rows come out when the watermark passes its end; rows that" \
  "come after that do not vanish: they are in a ledger, each with its reason"
run "cat clicks.jsonl | tailrace --time timestamp --watermark 1m --window 30m --by device_type --agg 'count, count_distinct(user_id) AS users' --late late.jsonl | jq -c 'select(.device_type == \"tablet\")'"
run "head -n 3 late.jsonl | jq -c '{reason, detail, line}'"

say "From cron: only what is new since the last run, each line counted once. Half of the log, then nothing" \
  "new, then the rest; the last day stays open until later lines move the watermark past its end"
run "head -5000 access.jsonl > app.log"
job="tailrace --available-now --checkpoint state --time timestamp --watermark 10m --window 1d --to days.jsonl app.log"
run "$job && wc -l < days.jsonl"
run "$job && wc -l < days.jsonl"
run "tail -n +5001 access.jsonl >> app.log"
run "$job && cat days.jsonl"

say "The checkpoint is files that people can read"
run "tailrace checkpoint show state | grep -E '^(batches|offsets|counters|state) '"
echo
