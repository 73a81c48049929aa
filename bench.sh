#!/usr/bin/env bash
# Measures Weft beside the floor and Express on this machine: see bench/README.md, or ./bench.sh --help.
set -euo pipefail
caller=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$PWD

if [[ -x build.sh ]]; then ./build.sh; fi
for project in Weft.Bench.Floor:floor Weft.Bench:load; do
  dotnet publish "bench/${project%%:*}" --configuration Release --output "artifacts/bench/${project##*:}" \
    --verbosity quiet --nologo
done
if command -v npm >/dev/null &&
  [[ ! bench/peers/node_modules/.package-lock.json -nt bench/peers/package-lock.json ]]; then
  npm ci --prefix bench/peers --silent --no-audit --no-fund ||
    echo "bench: npm ci failed, so Express and pg-boss are left out" >&2
fi

# Back where the caller stands, so that --json FILE means what it says; exec, so that Ctrl+C reaches the bench alone.
cd "$caller"
exec "$root/artifacts/bench/load/weft-bench" "$@"
