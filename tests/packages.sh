#!/usr/bin/env bash
# Proves what release.sh makes, by hand, before a release: minutes each, as root, on Debian, with the network of its
# packages. ./test.sh tests the scripts themselves, with small files.
#
#   tests/packages.sh twice                    builds this commit in two folders, and compares every file
#   tests/packages.sh RELEASE PART…            of a folder that release.sh made:
#
#     contents   sizes, checksums, the C library that is asked for, the bill of materials
#     install    install.sh in a bare Debian with curl alone, from a server here: to the first right result, timed;
#                and archives that a server cuts off or alters
#     deb        lintian; installed, upgraded from an older version with a store, removed and purged, in a bare Debian
#     image      the image by podman, else by crun, else in its own root by chroot
#     clients    the NuGet package, the wheel and the npm package, installed and used
#     arm64      the demo of the other kind of machine, under qemu
#
# The last line of each part says that it passed, or NOT RUN, and what this machine lacks for it. The first failure ends
# the script. Exit code: 0 everything passed, 3 something did not run, 1 something failed.

set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/weft-packages-XXXXXX")
chmod 755 "$scratch"
pids=()
end() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for mount in $(awk -v at="$scratch/" 'index($2, at) == 1 { print $2 }' /proc/mounts | sort -r); do umount "$mount"; done
  rm -rf --one-file-system "$scratch"
}
trap end EXIT

passed() { echo "passed: $1"; }
fail() { echo "FAILED: $1" >&2; exit 1; }
missing() { # part
  local tool
  for tool in $(case $1 in
    install) echo debootstrap ;;
    deb) echo debootstrap lintian ;;
    clients) echo dotnet npm node ;;
    arm64) echo qemu-aarch64-static ;;
  esac); do command -v "$tool" >/dev/null || { echo "$tool"; return; }; done
  case $1 in install | deb | image) ((EUID == 0)) || echo root ;; esac
}
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
# A bare Debian with these packages, ready to be entered.
bare() { # suite folder [packages]
  # Made once: a minute or more, of which the measured installations are no part.
  local made=$PWD/artifacts/chroots/$1-${3:-bare}.tar
  if [[ ! -e $made ]]; then
    mkdir -p "$(dirname "$made")"
    debootstrap --variant=minbase ${3:+--include="$3"} "$1" "$2" "$mirror" >"$2.log" 2>&1 ||
      { tail -5 "$2.log"; return 1; }
    tar --one-file-system -cf "$made.fresh" -C "$2" .
    mv "$made.fresh" "$made"
  else
    mkdir -p "$2"
    tar -xf "$made" -C "$2"
  fi
  mount -t proc proc "$2/proc"
  cp /etc/resolv.conf "$2/etc/resolv.conf"
  # Nothing is started in there.
  printf '#!/bin/sh\nexit 101\n' >"$2/usr/sbin/policy-rc.d"
  chmod 755 "$2/usr/sbin/policy-rc.d"
}
# The command of a process in such a folder, so that $! is that process.
enter=(env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive
  chroot)
wait_healthy() { # port
  local i
  for ((i = 0; i < 300; i++)); do
    ! curl -fs "http://127.0.0.1:$1/health/ready" >/dev/null || return 0
    sleep 0.1
  done
  fail "nothing serves on port $1"
}
# A task, and its result by a worker of the machine that runs $weft…
first_result() { # port command…
  local id port=$1
  shift
  id=$(curl -fs -d '{"queue":"squares","payload":12}' "http://127.0.0.1:$port/api/v1/tasks" | tr -dc 0-9)
  timeout 60 "$@" worker --queue squares --exec 'read n; echo $((n * n))' --url "http://127.0.0.1:$port" >/dev/null 2>&1 &
  local worker=$!
  curl -fs "http://127.0.0.1:$port/api/v1/tasks/$id?wait=20" | grep -q '"result":144' || fail 'the result is not 144'
  kill "$worker"
  wait "$worker" || true
}

twice() {
  local name first=$scratch/first second="$scratch/second folder/deeper"
  for name in "$first" "$second"; do
    git clone -q . "$name"
    (cd "$name" && SECONDS=0 && ./release.sh "$@" >"$scratch/log" 2>&1 || { tail -20 "$scratch/log"; exit 1; }
      echo "$name: $SECONDS s")
  done
  diff -r "$first"/artifacts/release/weft-* "$second"/artifacts/release/weft-* || fail 'two builds differ'
  (cd "$first"/artifacts/release/weft-*/ && ls)
  passed 'two builds in two folders have the same bytes'
}

contents() {
  (cd "$release" && sha256sum --check --quiet SHA256SUMS)
  local archive bytes
  for archive in "$release"/weft-"$version"-linux-{x64,arm64}.tar.gz; do
    [[ -e $archive ]] || continue
    bytes=$(stat -c %s "$archive")
    echo "$(basename "$archive"): $bytes bytes"
    ((bytes <= 15000000)) || fail "$archive has more than 15 MB"
  done
  tar -xzf "$release/weft-$version-linux-x64.tar.gz" -C "$scratch"
  echo "glibc: $(packaging/glibc.sh "$scratch/weft-$version")"
  ldd "$scratch/weft-$version/weft"
  passed contents
}

install() {
  local root=$scratch/install port server
  bare bookworm "$root" curl,ca-certificates
  server=$(free_port)
  (cd "$release" && exec python3 -m http.server --bind 127.0.0.1 "$server" >/dev/null 2>&1) & pids+=($!)
  until curl -fs "http://127.0.0.1:$server/SHA256SUMS" >/dev/null; do sleep 0.1; done
  port=$(free_port)
  local begin
  begin=$(date +%s%3N)
  "${enter[@]}" "$root" sh -c "cd && curl -fsSLO http://127.0.0.1:$server/install.sh && sh install.sh --from http://127.0.0.1:$server"
  [[ -s $root/root/.local/share/weft/$version/wwwroot/worker/page.js.gz ]] || fail 'the pages are not compressed'
  "${enter[@]}" "$root" /root/.local/bin/weft serve --port "$port" --data /root/data >"$scratch/serve.log" 2>&1 & pids+=($!)
  local coordinator=$!
  wait_healthy "$port"
  first_result "$port" "${enter[@]}" "$root" /root/.local/bin/weft
  echo "from nothing to a first right result: $(($(date +%s%3N) - begin)) ms"
  kill "$coordinator"

  # A server that stops in the middle, and one that sends other bytes.
  local bad=$scratch/bad how
  for how in cut altered; do
    rm -rf "$bad"
    cp -r "$release" "$bad"
    local archive=$bad/weft-$version-linux-x64.tar.gz
    case $how in
      cut) truncate -s -1000000 "$archive" ;;
      altered) printf x | dd of="$archive" bs=1 seek=5000000 conv=notrunc status=none ;;
    esac
    server=$(free_port)
    (cd "$bad" && exec python3 -m http.server --bind 127.0.0.1 "$server" >/dev/null 2>&1) & pids+=($!)
    until curl -fs "http://127.0.0.1:$server/SHA256SUMS" >/dev/null; do sleep 0.1; done
    ! "${enter[@]}" "$root" sh -c "cd && curl -fsSLO http://127.0.0.1:$server/install.sh &&
      sh install.sh --from http://127.0.0.1:$server --to /root/other --bin /root/other-bin" || fail "$how was installed"
    [[ -z $(find "$root/root/other" "$root/root/other-bin" -mindepth 1) ]] || fail "$how left something"
  done
  passed install
}

deb() {
  local package=$release/weft_${version}_amd64.deb root=$scratch/deb port
  lintian --allow-root --fail-on error,warning "$package"
  # The same program as an older version: what is tried is the package.
  tar -xzf "$release/weft-$version-linux-x64.tar.gz" -C "$scratch"
  SOURCE_DATE_EPOCH=1700000000 WEFT_DEB_COMPRESSION=none packaging/deb.sh "$scratch/weft-$version" amd64 0.0.1 "$scratch"

  bare bookworm "$root" curl,ca-certificates
  cp "$package" "$scratch/weft_0.0.1_amd64.deb" "$root/root/"
  "${enter[@]}" "$root" apt-get -q=2 update
  # What it depends on comes from Debian.
  local begin
  begin=$(date +%s%3N)
  "${enter[@]}" "$root" apt-get -q=2 install --no-install-recommends systemd-standalone-sysusers "/root/weft_0.0.1_amd64.deb" >/dev/null
  echo "installed in $(($(date +%s%3N) - begin)) ms"
  [[ $("${enter[@]}" "$root" weft --version) == "$version"* ]] || fail 'weft is not in the PATH'
  "${enter[@]}" "$root" id weft
  # As its unit does.
  port=$(free_port)
  serve() {
    "${enter[@]}" "$root" setpriv --reuid weft --regid weft --clear-groups \
      /usr/lib/weft/weft serve --data /var/lib/weft/data --port "$port" >"$scratch/serve.log" 2>&1 & pids+=($!)
    coordinator=$!
    wait_healthy "$port"
  }
  "${enter[@]}" "$root" install -d -o weft -g weft -m 700 /var/lib/weft
  local coordinator
  serve
  first_result "$port" "${enter[@]}" "$root" weft
  kill "$coordinator"; wait "$coordinator" || true
  "${enter[@]}" "$root" apt-get -q=2 install "/root/$(basename "$package")" >/dev/null
  "${enter[@]}" "$root" dpkg-query -W weft
  serve
  curl -fs "http://127.0.0.1:$port/api/v1/tasks/1" | grep -q '"result":144' || fail 'the upgrade lost the store'
  grep "Address.*127.0.0.1:$port" "$scratch/serve.log"
  kill "$coordinator"; wait "$coordinator" || true
  "${enter[@]}" "$root" apt-get -q=2 remove weft >/dev/null
  [[ -e $root/var/lib/weft/data/weft.db ]] || fail 'a removal deleted the store'
  "${enter[@]}" "$root" apt-get -q=2 purge weft >/dev/null
  local left
  left=$(find "$root" -xdev -path "$root/proc" -prune -o -iname '*weft*' -not -path "$root/root/*" -print)
  [[ -z $left ]] || fail "a purge left $left"
  passed deb
}

image() {
  local file=$release/weft-$version-linux-x64.oci.tar port root=$scratch/image coordinator
  port=$(free_port)
  if command -v podman >/dev/null && podman load -q -i "$file" >"$scratch/podman.log" 2>&1 &&
    podman run -d --rm --name weft-packages --network host --read-only --cap-drop ALL --tmpfs /data:mode=0777 \
      -e WEFT_HOST=127.0.0.1 -e "WEFT_PORT=$port" -e WEFT_DATA=/data/weft "weft:$version" >>"$scratch/podman.log" 2>&1
  then
    wait_healthy "$port"
    tar -xzf "$release/weft-$version-linux-x64.tar.gz" -C "$scratch"
    first_result "$port" "$scratch/weft-$version/weft"
    podman stop -t 10 weft-packages >/dev/null
    passed 'image, by podman'
    return
  fi
  tail -3 "$scratch/podman.log" 2>/dev/null || true
  # Its layers, one over the other, as a root of its own.
  mkdir -p "$root"/{proc,dev} "$scratch/layout"
  tar -xf "$file" -C "$scratch/layout"
  python3 - "$scratch/layout" <<'END' | while read -r blob; do tar -xzf "$scratch/layout/blobs/sha256/$blob" -C "$root"; done
import json, sys
read = lambda name: json.load(open(f"{sys.argv[1]}/{name}"))
blob = lambda of: "blobs/sha256/" + of["digest"].split(":")[1]
for layer in read(blob(read("index.json")["manifests"][0]))["layers"]:
    print(layer["digest"].split(":")[1])
END
  local how=chroot
  local run=(chroot --userspec=1654:1654 "$root" /weft/weft serve)
  if command -v bwrap >/dev/null && bwrap --ro-bind "$root" / --proc /proc --dev /dev --unshare-pid \
    /weft/weft --version >/dev/null 2>&1; then
    how='bubblewrap, read-only, in namespaces of its own'
    run=(bwrap --ro-bind "$root" / --proc /proc --dev /dev --tmpfs /tmp --bind "$root/data" /data --unshare-pid
      --unshare-user --uid 1654 --gid 1654 --cap-drop ALL --die-with-parent /weft/weft serve)
    chmod 777 "$root/data"
  else
    mount -t proc proc "$root/proc"
  fi
  env -i PATH="$PATH" WEFT_HOST=127.0.0.1 WEFT_PORT="$port" WEFT_DATA=/data/weft "${run[@]}" >"$scratch/image.log" 2>&1 & pids+=($!)
  coordinator=$!
  wait_healthy "$port"
  tar -xzf "$release/weft-$version-linux-x64.tar.gz" -C "$scratch"
  first_result "$port" "$scratch/weft-$version/weft"
  kill "$coordinator"
  passed "image, by $how"
}

clients() {
  local program=$scratch/weft-$version/weft port folder=$scratch/clients
  tar -xzf "$release/weft-$version-linux-x64.tar.gz" -C "$scratch"
  port=$(free_port)
  "$program" serve --port "$port" --data "$scratch/clients-data" >"$scratch/serve.log" 2>&1 & pids+=($!)
  wait_healthy "$port"
  "$program" worker --queue squares --files --exec 'read n; echo $((n * n))' --url "http://127.0.0.1:$port" \
    >/dev/null 2>&1 & pids+=($!)
  mkdir -p "$folder/csharp" "$folder/python" "$folder/js"

  # A program that has the package from a folder, and nothing of this checkout.
  cat >"$folder/csharp/program.csproj" <<END
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageReference Include="Weft.Client" Version="$version" /></ItemGroup>
</Project>
END
  cat >"$folder/csharp/nuget.config" <<END
<configuration>
  <config><add key="globalPackagesFolder" value="packages" /></config>
  <packageSources><clear /><add key="release" value="$release" /></packageSources>
</configuration>
END
  cat >"$folder/csharp/Program.cs" <<END
using System.Text.Json.Serialization;
using Weft.Client;
using var http = new System.Net.Http.HttpClient { BaseAddress = new("http://127.0.0.1:$port") };
var weft = new WeftClient(http);
var id = await weft.SubmitAsync(12, Numbers.Default.Int32, new() { Queue = "squares" });
System.Console.WriteLine(await weft.WaitAsync(id, Numbers.Default.Int64));
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
internal sealed partial class Numbers : JsonSerializerContext;
END
  [[ $(cd "$folder/csharp" && dotnet run) == 144 ]] || fail 'the C# client'

  python3 -m zipfile -e "$release/weft_client-$version-py3-none-any.whl" "$folder/python"
  [[ $(cd "$folder/python" && python3 -c "
from weft import Weft
print(*Weft('http://127.0.0.1:$port').map([12], queue='squares'))") == 144 ]] || fail 'the Python client'

  (cd "$folder/js" && npm init -y >/dev/null && npm install --silent "$release/weft-client-$version.tgz" >/dev/null)
  [[ $(cd "$folder/js" && node --input-type=module -e "
import { Weft } from '@weft/client/files';
const weft = new Weft('http://127.0.0.1:$port');
console.log(await weft.wait(await weft.submit(12, {
  queue: 'squares', files: [{ path: 'a.txt', blob: new Blob(['a']) }],
})));") == 144 ]] || fail 'the JavaScript client'
  passed clients
}

arm64() {
  tar -xzf "$release/weft-$version-linux-arm64.tar.gz" -C "$scratch"
  local base=$scratch/arm64
  packaging/packages.sh bookworm arm64 "$base" libc6 libgcc-s1 libssl3
  file "$scratch/weft-$version/weft" 2>/dev/null || true
  qemu-aarch64-static -L "$base" "$scratch/weft-$version/weft" demo --tasks 20
  passed 'arm64, under qemu'
}

if [[ ${1:-} == twice ]]; then twice "${@:2}"; exit; fi
release=$(realpath "${1:?a folder that release.sh made, or twice}")
shift
version=$(basename "$(ls "$release"/weft-[0-9]*-linux-x64.tar.gz)" -linux-x64.tar.gz)
version=${version#weft-}
code=0
for part in "$@"; do
  case $part in contents | install | deb | image | clients | arm64) ;; *) fail "unknown part $part" ;; esac
  lacking=$(missing "$part")
  if [[ -n $lacking ]]; then
    echo "NOT RUN: $part needs $lacking"
    code=3
  else
    "$part"
  fi
done
exit "$code"
