#!/usr/bin/env bash
# The oldest C library that a published folder's binary and its database library run with: packaging/glibc.sh PUBLISHED
set -euo pipefail
grep --no-filename --text --only-matching 'GLIBC_[0-9][0-9.]*' "$1/weft" "$1/libe_sqlite3.so" |
  cut -d_ -f2 | sort --version-sort | tail -1
