#!/usr/bin/env bash
# Tells which lines of the code end past column 120, as errors that a build shows. Lines with a raw string literal may:
# JSON in one line reads better than in pieces. So may what others wrote (vendor).
#
#   tests/lines.sh
#
# Exit code: 0 when there are none. Weft.Core's build runs this.

set -uo pipefail
cd "$(dirname "$0")/.."

export LC_ALL=C.UTF-8
if find src tests bench samples clients -type f -regex '.*\.\(cs\|js\|css\|ts\|py\)' \
  -not -path '*/vendor/*' -not -path '*/node_modules/*' -not -path '*/bin/*' -not -path '*/obj/*' -print0 |
  xargs -0 grep -HnE '^.{121}' | grep -v '"""' |
  sed -E 's/^([^:]+):([0-9]+):.*/\1(\2,121): error WEFT0120: The line ends past column 120/' | grep .
then exit 1; fi
