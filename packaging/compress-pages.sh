#!/bin/sh
# Compresses the coordinator's pages, each in a file beside it, which browsers get in its place: a third of the bytes.
#
#   ./compress-pages.sh [FOLDER]
#
#   FOLDER     the pages; by default wwwroot beside this script, as in an archive of a release that was unpacked by
#              hand: it has them once alone, and install.sh runs this.

set -eu
pages=${1:-"$(dirname "$0")/wwwroot"}
# The samples and Python bring their own.
find "$pages" -path "$pages/samples" -prune -o -path "$pages/python/*/*" -prune -o \
  -type f -size +1k \( -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.json' -o -name '*.py' \) \
  -exec gzip --best --no-name --keep --force {} +
