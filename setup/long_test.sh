#!/usr/bin/env bash
# The long tests: everything again under AddressSanitizer + UBSan, what runs on several threads under
# ThreadSanitizer, then the crash loops against the ordinary binary. Under an hour on two cores.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
cores=$(nproc)

# sanitized DIRECTORY SANITIZERS TARGET [TESTS]: builds the target and runs the tests that match. Not the
# kill loop: it uses strace, under which LeakSanitizer refuses to run.
sanitized() {
  echo "== $2 in $1"
  cmake -S "$top" -B "$top/$1" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DTAILRACE_SANITIZE="$2" -DTAILRACE_DCHECK=ON >/dev/null
  cmake --build "$top/$1" --parallel "$cores" --target "$3"
  ctest --test-dir "$top/$1" --output-on-failure --parallel "$cores" --timeout 900 -R "${4:-.}" -E '^tidy|^docs|^crash.kill_loop$'
}

export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1
sanitized build-asan address,undefined all
# Only the binary starts threads.
sanitized build-tsan thread tailrace '^cli.threads4$|^cases.threads4$|^crash.same_bytes$'

# Other kills and other data in each round: the scripts print their seeds. tests/crash/long.sh goes on
# for as long as one likes.
for round in 1 2 3; do
  echo "== crash loops, round $round"
  python3 -B "$top/tests/crash/kill_loop.py" "$top/build/tailrace"
  python3 -B "$top/tests/crash/same_bytes.py" "$top/build/tailrace"
done
