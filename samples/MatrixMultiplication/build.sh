#!/usr/bin/env bash
# Publishes both pages, ready to be served as static files: build.sh [FOLDER [OPTION…]], by default
# dist/wwwroot/samples/matrix, with these options of dotnet publish.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
target="$(realpath -m "${1:-$here/../../dist/wwwroot/samples/matrix}")"
options=("${@:2}")

for page in Main Worker; do
  folder="$target/${page,,}"
  publish="$(mktemp -d)"
  dotnet publish "$here/$page" --configuration Release --output "$publish" --verbosity quiet \
    "${options[@]}"
  rm -rf "$folder"
  mkdir -p "$target"
  mv "$publish/wwwroot" "$folder"
  rm -rf "$publish"
done
