#!/usr/bin/env bash
# Fills a store of each engine through a coordinator's API, with something of every kind, and keeps it beside this
# script for ReleasedStoreTests: once for each release, with its binary, before the schema goes on.
#
#   tests/Weft.Storage.Tests/Upgrades/make.sh BINARY
#
# Needs curl, jq, python3 and PostgreSQL's server programs. Files: sqlite-SCHEMA.db.gz, postgres-SCHEMA.sql.gz.

set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
weft=$(realpath "${1:?the binary}")
scratch=$(mktemp -d)
chmod 711 "$scratch"
bin=$(dirname "$(ls -d /usr/lib/postgresql/*/bin/initdb | sort --version-sort | tail -1)")
as_postgres() { if ((EUID == 0)); then (cd / && su postgres -c "$1"); else bash -c "$1"; fi; }
running=''
end() {
  [[ -z $running ]] || kill "$running" 2>/dev/null || true
  [[ ! -e $scratch/pg/data ]] || as_postgres "$bin/pg_ctl -D $scratch/pg/data -m immediate stop" >/dev/null || true
  rm -rf "$scratch"
}
trap end EXIT

fill() { # name option...
  local name=$1 port url admin alice
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  url=http://127.0.0.1:$port
  mkdir -p "$scratch/$name-state"
  XDG_STATE_HOME=$scratch/$name-state "$weft" serve --port "$port" --access tokens --allow-python-modules "${@:2}" \
    >"$scratch/$name.log" 2>&1 &
  running=$!
  until curl -fs "$url/health" >/dev/null; do kill -0 "$running"; sleep 0.1; done
  until grep -qs 'Press Ctrl' "$scratch/$name.log"; do sleep 0.1; done
  admin=$(grep -ho 'weft_[A-Za-z0-9_-]*' "$(grep -o '/.*first-tokens.txt' "$scratch/$name.log")" | head -1)
  api() { curl -fsS -H "Authorization: Bearer ${as:-$admin}" "$url/api/v1/$1" "${@:2}"; }

  alice=$(api tokens -d '{"scopes":["submit"],"name":"alice"}' | jq -r .token)
  as=$alice api groups -d '{"name":"run"}' >/dev/null
  submit() { as=$alice api tasks "${@:2}" -d "{\"queue\":\"squares\",\"group\":1,$1}" >/dev/null; }
  claim() { api tasks/claim -d '{"workerId":"w","queues":["squares"]}' | jq -r '.tasks[0].leaseToken'; }
  # One in each state, in this order: completed, dead, leased, cancelled, scheduled, ready.
  submit '"payload":{"n":1}'
  api tasks/1/complete -d "{\"leaseToken\":\"$(claim)\",\"result\":1}" >/dev/null
  submit '"payload":{"n":2}'
  api tasks/2/fail -d "{\"leaseToken\":\"$(claim)\",\"error\":\"no\",\"retry\":false}" >/dev/null
  submit '"payload":{"n":3}' -H 'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  api tasks/3/heartbeat -d "{\"leaseToken\":\"$(claim)\",\"checkpoint\":{\"row\":7}}" >/dev/null
  submit '"payload":{"n":4}'
  api tasks/4/cancel -X POST >/dev/null
  submit '"payload":{"n":5},"delaySeconds":31536000'
  submit '"payload":{"n":6},"requires":["simd"]' -H 'Idempotency-Key: key-6'

  api queues/paused/pause -X POST >/dev/null
  printf 'def task(n):\n    return n * n\n' >"$scratch/square.py"
  WEFT_TOKEN=$admin "$weft" module push "$scratch/square.py" --url "$url" >/dev/null
  head -c 300000 /dev/zero >"$scratch/zeros.bin"
  WEFT_TOKEN=$admin "$weft" blob push "$scratch/zeros.bin" --url "$url" >/dev/null
  api webhooks -d '{"url":"https://hook.example.org/","events":["group.finished"],"name":"hook"}' >/dev/null
  api operations -d '{"action":"priority","priority":5,"ids":[6]}' >/dev/null
  until [[ $(api operations/1 | jq -r .state) == finished ]]; do sleep 0.1; done

  kill "$running"
  wait "$running"
  running=''
}

fill sqlite --data "$scratch/data"
schema=$(python3 - "$scratch/data/weft.db" <<'END'
import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("PRAGMA user_version").fetchone()[0])
END
)
gzip --best --no-name <"$scratch/data/weft.db" >"$here/sqlite-$(printf %03d "$schema").db.gz"

mkdir "$scratch/pg"
((EUID != 0)) || chown postgres "$scratch/pg"
as_postgres "$bin/initdb -D $scratch/pg/data --auth trust --username weft --no-sync" >/dev/null
as_postgres "$bin/pg_ctl -D $scratch/pg/data -l $scratch/pg/log -w -o '-c listen_addresses= -k $scratch/pg' start" \
  >/dev/null
chmod 755 "$scratch/pg"
fill postgres --store "Host=$scratch/pg;Database=postgres;Username=weft"
dump() { "$bin/$1" --host "$scratch/pg" --username weft "${@:2}" postgres; }
schema=$(dump psql --tuples-only --no-align --command 'SELECT max(version) FROM weft_schema')
# What only psql understands is left out, and what differs from dump to dump.
dump pg_dump --inserts --no-owner --no-privileges | grep -v -e '^\\' -e '^--' | cat --squeeze-blank |
  gzip --best --no-name >"$here/postgres-$(printf %03d "$schema").sql.gz"
ls -l "$here"
