#!/bin/sh
# The long way: more input, more kills, every system call, until a seed fails or the rounds are over.
# Usage: tests/crash/long.sh BUILD-DIRECTORY [ROUNDS]
set -eu
build=${1:?usage: tests/crash/long.sh BUILD-DIRECTORY [ROUNDS]}
rounds=${2:-3}
here=$(dirname "$0")
export TAILRACE_LONG=1
for round in $(seq "$rounds"); do
  echo "round $round of $rounds"
  "$build/tests/crash/crash_sweep_test"
  python3 -B "$here/kill_loop.py" "$build/tailrace" --long
  python3 -B "$here/same_bytes.py" "$build/tailrace" --long
done
