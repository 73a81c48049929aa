#!/usr/bin/env bash
# Sends valid and spoilt requests for every operation of the OpenAPI document to the published binary, by a seed.
#
#   ./fuzz.sh [--minutes 10] [--seed 1]
#
# Exit code: 0 when every answer was as documented, and the coordinator's memory was back where it was.
set -euo pipefail
cd "$(dirname "$0")"

export WEFT_FUZZ_MINUTES=10 WEFT_FUZZ_SEED=1
while (($# > 0)); do
  case $1 in
    --minutes) WEFT_FUZZ_MINUTES=${2:?--minutes needs a number} ;;
    --seed) WEFT_FUZZ_SEED=${2:?--seed needs a number} ;;
    *) sed -n '2,6s/^# \{0,1\}//p' "$0"; [[ $1 == --help ]]; exit ;;
  esac
  shift 2
done

[[ -n ${WEFT_BINARY:-} || -x dist/weft ]] || ./build.sh
dotnet test --project tests/Weft.EndToEnd -c Release --filter-class '*FuzzTests' --show-live-output on
