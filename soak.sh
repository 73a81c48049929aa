#!/usr/bin/env bash
# Runs honest and hostile clients side by side against the published binary, and prints its memory and open files.
#
#   ./soak.sh [--minutes 30]
#
# Exit code: 0 when neither grew once the load was steady.
set -euo pipefail
cd "$(dirname "$0")"

export WEFT_SOAK_MINUTES=30
while (($# > 0)); do
  case $1 in
    --minutes) WEFT_SOAK_MINUTES=${2:?--minutes needs a number} ;;
    *) sed -n '2,6s/^# \{0,1\}//p' "$0"; [[ $1 == --help ]]; exit ;;
  esac
  shift 2
done

[[ -n ${WEFT_BINARY:-} || -x dist/weft ]] || ./build.sh
dotnet test --project tests/Weft.EndToEnd -c Release --filter-class '*SoakTests' --show-live-output on
