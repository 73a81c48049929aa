#!/usr/bin/env bash
# Starts the coordinator, and builds its native binary before when that is missing or older than the sources.
#
#   ./run-coordinator-native.sh [port] [option...]        default: 8080; options as for `weft serve`
#
# Without a native linker it runs the same program through the .NET runtime instead, and says so.

set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

port=8080
if (($# > 0)) && [[ $1 != -* ]]; then
  port=$1
  shift
fi

is_current() {
  [[ -x $here/dist/weft ]] || return
  local newer
  newer=$(cd "$here" && find src samples Directory.*.props global.json -newer dist/weft \
    -not -path '*/bin/*' -not -path '*/obj/*' -print -quit)
  [[ -z $newer ]]
}

if ! is_current; then
  code=0
  "$here/build.sh" || code=$?
  if ((code == 3)); then
    echo 'Running through the .NET runtime instead: slower to start, larger in memory, the same otherwise.' >&2
    dotnet build "$here/src/Weft" -c Release --nologo -v quiet
    "$here/src/Weft/python/fetch.sh" "$here/artifacts/bin/Weft/release/wwwroot" ||
      echo 'Without npm, or its package pyodide, browsers run no Python tasks; weft worker --python does.' >&2
    echo "Where the documents say dist/weft, run $here/artifacts/bin/Weft/release/weft" >&2
    # Not `dotnet run`: it would change to the project's folder, and the data would lie there.
    exec dotnet "$here/artifacts/bin/Weft/release/weft.dll" serve --port "$port" "$@"
  fi
  ((code == 0)) || exit "$code"
fi

exec "$here/dist/weft" serve --port "$port" "$@"
