#!/usr/bin/env bash
# Builds tests/fuzz/*_fuzz.cc with libFuzzer and runs each for SECONDS_EACH (60). New inputs stay in
# build-fuzz/corpus; one that crashes goes, minimised by hand, to testdata/corpus/<target>.
# usage: setup/fuzz.sh [TARGET...]
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
seconds=${SECONDS_EACH:-60}
cmake -S "$top" -B "$top/build-fuzz" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
  -DCMAKE_CXX_COMPILER=clang++-19 -DTAILRACE_SANITIZE=address,fuzzer-no-link -DTAILRACE_DCHECK=ON \
  -DTAILRACE_FUZZ=ON >/dev/null

targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for source in "$top"/tests/fuzz/*_fuzz.cc; do
    [ -e "$source" ] && targets+=("$(basename "$source" .cc)")
  done
fi
[ ${#targets[@]} -gt 0 ] || { echo "There is no tests/fuzz/*_fuzz.cc."; exit 0; }

for target in "${targets[@]}"; do
  cmake --build "$top/build-fuzz" --parallel "$(nproc)" --target "$target"
  found=$top/build-fuzz/corpus/$target
  known=$top/testdata/corpus/${target%_fuzz}
  mkdir -p "$found"
  corpora=("$found")
  [ -d "$known" ] && corpora+=("$known")
  echo "== $target, $seconds s"
  "$top/build-fuzz/tests/fuzz/$target" -max_total_time="$seconds" -max_len=65536 -timeout=10 \
    -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$top/build-fuzz/" "${corpora[@]}" \
    2>&1 | grep -vE '^#[0-9]+.*(NEW|REDUCE|pulse)' 
done
