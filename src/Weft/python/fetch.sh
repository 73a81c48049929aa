#!/usr/bin/env bash
# Lays Pyodide, CPython for browsers, into a web folder, so that the coordinator serves it itself: python/VERSION/ with
# its files, and python/served.json, which tells the worker page that they are there.
#
#   src/Weft/python/fetch.sh WWWROOT
#
# From the npm package, by npm as it is configured, and pinned by its SHA-512: unmodified files, under the MPL 2.0.
# Exit code: 0 they are there, 3 npm is missing or has no such package, another one when the package is not the pinned
# one.

set -euo pipefail

version=314.0.7
python=3.14
sha512=d18bd7c4485f11da4b7dbfd790cd8114078c44eab488c517d9bcf31fda4eb6dc8c716930abe1db139bb2b860fcd8b37bcb6abe48dbe2ffa579244b0e943d91d4
files=(pyodide.mjs pyodide.asm.mjs pyodide.asm.wasm python_stdlib.zip pyodide-lock.json)

folder=$(realpath -m "${1:?the web folder}")/python
cd "$(dirname "$0")/../../.."
package=$PWD/artifacts/pyodide/pyodide-$version.tgz

# Kept from build to build. Under its name only once it is whole.
if [[ ! -e $package ]]; then
  command -v npm >/dev/null || exit 3
  mkdir -p artifacts/pyodide
  fresh=$(mktemp -d artifacts/pyodide/fresh-XXXX)
  trap 'rm -rf "$fresh"' EXIT
  npm pack "pyodide@$version" --pack-destination "$fresh" --silent >/dev/null || exit 3
  mv "$fresh/pyodide-$version.tgz" "$package"
fi
if ! sha512sum --check --status <<<"$sha512  $package"; then
  rm -f "$package"
  echo "fetch.sh: npm's package pyodide $version has another SHA-512 than the pinned one" >&2
  exit 1
fi

mkdir -p "$folder/$version"
tar -xzf "$package" -C "$folder/$version" --strip-components=1 "${files[@]/#/package/}"
cd "$folder/$version"
touch "${files[@]}"
# A third of the bytes. The library is a zip already.
gzip --best --no-name --keep --force pyodide.mjs pyodide.asm.mjs pyodide.asm.wasm pyodide-lock.json
cat > NOTICE.txt <<END
These are files of Pyodide $version, as its npm package has them: https://pyodide.org. They are under the Mozilla Public
License 2.0, https://www.mozilla.org/MPL/2.0/, and contain CPython, under the Python Software Foundation License.
END
size() { cat "$@" | wc -c; }
printf '{"version":"%s","python":"%s","bytes":%d,"download":%d}\n' \
  "$version" "$python" "$(size "${files[@]}")" "$(size ./*.gz python_stdlib.zip)" > "$folder/served.json"
