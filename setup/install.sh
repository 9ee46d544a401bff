#!/usr/bin/env bash
# Installs the Debian packages of a list that dpkg does not have yet; quick when nothing is missing.
# usage: setup/install.sh [LIST]
set -euo pipefail
list=${1:-$(dirname "$0")/packages.txt}
wanted=$(grep -v '^#' "$list" | tr '\n' ' ')

if ! command -v apt-get >/dev/null; then
  # Another system's packages have other names, so only what cannot be found at all is said.
  for tool in g++ cmake ninja pkg-config; do
    command -v "$tool" >/dev/null && continue
    echo "There is no apt-get here. Install what these Debian packages hold, then run make again:" >&2
    echo "  $wanted" >&2
    exit 1
  done
  exit 0
fi

missing=""
for package in $wanted; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "These packages are missing, and there is neither root nor sudo to install them:$missing" >&2
    exit 1
  fi
  as_root=sudo
fi
echo "Installing:$missing"
# A list of packages from last year names files that are gone; so one update, then one try.
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
