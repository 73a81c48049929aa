#!/usr/bin/env bash
# Publishes the native coordinator and its web files to dist/.
#
#   ./build.sh                             into dist/
#   ./build.sh --into FOLDER [--pages FOLDER] [OPTION…]
#
# With --into it goes to a new folder instead, as release.sh wants it: built with these options of dotnet publish, and,
# with --pages, with the pages of another build.
#
# Exit code: 0 dist/weft is new, 3 no native linker is installed, another one when the build failed.
# A build that fails leaves dist/ as it was.

set -euo pipefail
cd "$(dirname "$0")"

fresh=artifacts/dist-fresh into='' pages='' options=()
while (($# > 0)); do
  case $1 in
    --into) into=${2:?the folder}; shift ;;
    --pages) pages=${2:?the folder}; shift ;;
    -*) options+=("$1") ;;
    *) echo "build.sh: unknown argument $1" >&2; exit 2 ;;
  esac
  shift
done

if ! command -v dotnet >/dev/null; then
  echo 'build.sh: needs the .NET SDK (10.0 or later): https://dotnet.microsoft.com/download' >&2
  exit 1
fi
if ! command -v clang >/dev/null && ! command -v gcc >/dev/null; then
  echo 'build.sh: needs a native linker, clang or gcc. On Debian or Ubuntu: apt-get install clang' >&2
  exit 3
fi

rm -rf "$fresh"
mkdir -p "$fresh" dist
touch artifacts/build-started

echo 'Publishing the native binary; this takes a minute.'
dotnet publish src/Weft -c Release -o "$fresh" --nologo -v quiet "${options[@]}"
rm -f "$fresh"/*.dbg "$fresh"/*.pdb "$fresh"/*.xml

make_pages() {
  echo 'Publishing the sample pages.'
  samples/MatrixMultiplication/build.sh "$fresh/wwwroot/samples/matrix" "${options[@]}"
  echo 'Fetching Python for browsers.'
  local python=0
  src/Weft/python/fetch.sh "$fresh/wwwroot" || python=$?
  case $python in
    0) ;;
    3)
      echo 'build.sh: without npm, or its package pyodide, browsers run no Python tasks; weft worker --python does.' >&2
      ;;
    *) exit "$python" ;;
  esac
  packaging/compress-pages.sh "$fresh/wwwroot"
}

if [[ -n $pages ]]; then
  rm -rf "$fresh/wwwroot"
  cp -r "$pages" "$fresh/wwwroot"
else
  make_pages
fi
if [[ -n $into ]]; then
  rm -rf "$into"
  mkdir -p "$(dirname "$into")"
  mv "$fresh" "$into"
  exit
fi

# Entry by entry, the binary last: dist/ may also hold what somebody's coordinator keeps there, such as its data.
move() {
  rm -rf "dist/$1.old"
  [[ ! -d dist/$1 ]] || mv "dist/$1" "dist/$1.old"
  mv -f "$fresh/$1" "dist/$1"
  rm -rf "dist/$1.old"
}
for path in "$fresh"/*; do
  name=$(basename "$path")
  [[ $name == weft ]] || move "$name"
done
# As old as the start of the build: a source that was changed meanwhile counts as newer.
touch -r artifacts/build-started "$fresh/weft"
move weft

echo "dist/weft $(dist/weft --version), $(du -h dist/weft | cut -f1)"
