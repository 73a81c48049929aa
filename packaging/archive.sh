#!/usr/bin/env bash
# Packs a folder into a .tar.gz whose bytes depend on its files' names and contents alone, and on SOURCE_DATE_EPOCH.
#
#   packaging/archive.sh FOLDER ARCHIVE [ENTRY…]
#
# The entries are paths in FOLDER; all that is there, where none is named. WEFT_GZIP is the command that compresses, by
# default gzip.

set -euo pipefail

folder=$1 archive=$2
shift 2
(($# > 0)) || mapfile -t entries < <(cd "$folder" && LC_ALL=C ls -A)
(($# == 0)) || entries=("$@")
LC_ALL=C tar --create --directory "$folder" --format=gnu --sort=name --mtime="@${SOURCE_DATE_EPOCH:?}" \
  --owner=0 --group=0 --numeric-owner --mode='u+rw,go+r,go-w,a+X' -- "${entries[@]}" |
  ${WEFT_GZIP:-gzip --best --no-name} >"$archive"
