#!/usr/bin/env bash
# Lets the published coordinator crash, lose its power and its disk under load, and checks that it kept every promise.
#
#   ./torture.sh                                     a few rounds of everything, in about a minute
#   ./torture.sh --rounds 1000 --power-loss 100 --every-call 1
#   ./torture.sh --store postgres --rounds 100 --failovers 20
#   ./torture.sh --table 1000                        how many results of strangers are told wrong, in a quarter of an hour
#
# ./torture.sh --help names the options; docs/reliability.md says what is checked, and what came out. Power cuts need
# root, failing calls a C compiler; what can't run is reported as not run.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# A build of these sources: build.sh leaves dist/weft as old as its own start.
if [[ ! -x dist/weft || -n $(find src -newer dist/weft -name '*.cs' -print -quit) ]]; then ./build.sh; fi
dotnet build tests/Weft.Torture -c Release --nologo -v quiet
exec artifacts/bin/Weft.Torture/release/weft-torture "$@"
