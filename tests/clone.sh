#!/usr/bin/env bash
# Builds a copy of this checkout in a folder as people have them, "my dir/src/weft", and runs one test project there:
# nothing may depend on where the checkout lies.
#
#   tests/clone.sh            the product and the tests of its core and its front: all kinds of projects that there are
#   tests/clone.sh --native   everything, the sample pages and the native binary as well, which takes minutes
#
# Exit code: 0 when all of it was built and the tests passed.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
clone="$scratch/my dir/src/weft"
mkdir -p "$clone"
# The files as they are, not the last commit: what is tried before it is committed counts.
git ls-files -z --cached --others --exclude-standard --deduplicate |
  while IFS= read -r -d '' file; do [[ ! -e $file ]] || printf '%s\0' "$file"; done |
  tar --null --files-from=- --create | tar --extract --directory="$clone"

cd "$clone"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
[[ ${1:-} == --native ]] && what=(Weft.slnx) || what=(tests/Weft.Tests tests/Weft.Core.Tests)
for project in "${what[@]}"; do dotnet build "$project" -c Release -warnaserror --nologo -v quiet; done
dotnet test --project tests/Weft.Core.Tests -c Release --no-build
[[ ${1:-} != --native ]] || { ./build.sh && dist/weft demo --tasks 20; }
