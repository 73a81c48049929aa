#!/usr/bin/env bash
# Makes a release: archives, Debian packages, images, the clients' packages, bills of materials, checksums, notes.
#
#   ./release.sh [--runtime linux-x64|linux-arm64]... [--into FOLDER] [--key FILE] [--url URL] [--dirty]
#
#   --runtime    for which machines; both, where nothing is named. The first must be this machine's own kind
#   --into       where it goes: a new folder, by default artifacts/release/weft-VERSION
#   --key        a secret key of minisign, by which the checksums are signed
#   --url        where the release will be downloaded from: install.sh then needs no --from
#   --dirty      though the checkout has changes that are not committed
#
# The same commit gives the same bytes in any folder, with the same tools and packages of Debian; SOURCE_DATE_EPOCH
# is the commit's time unless it is set. It needs the .NET SDK, clang, lld, llvm, libdeflate-tools, npm, python3, and
# Debian or Ubuntu with debian-archive-keyring: the binary is linked against an older Debian's C library, which apt
# fetches.

set -euo pipefail
cd "$(dirname "$0")"
umask 022
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 LC_ALL=C
# 3 % less than gzip.
export WEFT_GZIP='libdeflate-gzip -12'

fail() { echo "release.sh: $1" >&2; exit 1; }

runtimes=() into='' key='' url='' dirty=false
while (($# > 0)); do
  case $1 in
    --runtime) runtimes+=("${2:?the runtime}"); shift ;;
    --into) into=${2:?the folder}; shift ;;
    --key) key=$(realpath "${2:?the file}"); shift ;;
    --url) url=${2:?the address}; shift ;;
    --dirty) dirty=true ;;
    *) echo "release.sh: unknown argument $1" >&2; exit 2 ;;
  esac
  shift
done
((${#runtimes[@]} > 0)) || runtimes=(linux-x64 linux-arm64)

for tool in dotnet clang ld.lld llvm-objcopy libdeflate-gzip npm python3 apt-get dpkg-deb git; do
  command -v "$tool" >/dev/null || fail "needs $tool: see the first lines of this script"
done
[[ -z $key ]] || command -v minisign >/dev/null || fail 'needs minisign, to sign with --key'
$dirty || [[ -z $(git status --porcelain --untracked-files=no) ]] ||
  fail 'the checkout has changes that are not committed: commit them, or pass --dirty'

version=$(sed -n 's|.*<Version>\(.*\)</Version>.*|\1|p' Directory.Build.props)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
work=$PWD/artifacts/release
into=$(realpath -m "${into:-$work/weft-$version}")
fresh=$into.fresh
rm -rf "$fresh"
mkdir -p "$fresh"

debian_of() { case $1 in linux-x64) echo amd64 ;; linux-arm64) echo arm64 ;; *) fail "unknown runtime $1" ;; esac; }

publish() { # runtime
  local options=(-p:WeftRelease=true -p:RestoreLockedMode=true) sysroot=$work/sysroot-$1
  packaging/sysroot.sh "$(debian_of "$1")" "$sysroot"
  # lld takes the objects of either kind of machine, and reads the older library's scripts as they are.
  options+=("-p:SysRoot=$sysroot" -p:LinkerFlavor=lld)
  if [[ $1 != "${runtimes[0]}" ]]; then
    options+=("-p:WeftRuntime=$1")
    ./build.sh --into "$work/$1" --pages "$work/${runtimes[0]}/wwwroot" "${options[@]}"
  else
    ./build.sh --into "$work/$1" "${options[@]}"
  fi
  [[ -e $work/$1/wwwroot/python/served.json ]] || fail 'Python for browsers is missing: npm has no package pyodide'
  python3 packaging/notices.py "$1" >"$work/$1/NOTICES.txt"
  cp LICENSE test-coordinator.sh "$work/$1/"
}

# Laid out as they are unpacked, one over the other: the optional ones add to weft-VERSION/.
pack() { # runtime
  local tree=$work/pack name=weft-$version
  rm -rf "$tree"
  mkdir -p "$tree/main" "$tree/python/$name/wwwroot/python" "$tree/engine/$name" "$tree/samples/$name/wwwroot"
  cp -r "$work/$1" "$tree/main/$name"
  # For proxies, services and dashboards, where nobody has a checkout.
  mkdir "$tree/main/$name/deploy"
  (cd deploy && cp -r caddy grafana kubernetes nginx prometheus systemd "$tree/main/$name/deploy/")
  python3 packaging/docs.py "$tree/main/$name"
  mv "$tree/main/$name/engine" "$tree/engine/$name/engine"
  (cd "$tree/main/$name/wwwroot/python" && mv [0-9]* served.json* "$tree/python/$name/wwwroot/python/")
  mv "$tree/main/$name/wwwroot/samples" "$tree/samples/$name/wwwroot/samples"
  local page
  for page in main worker; do
    # The pages' menus lead there. The samples' own page takes its place.
    install -D -m 644 packaging/samples.html "$tree/main/$name/wwwroot/samples/matrix/$page/index.html"
  done
  # Each page once, which keeps the archive below 15 MB: install.sh compresses them again.
  find "$tree/main/$name/wwwroot" -name '*.gz' -delete
  install -m 755 packaging/compress-pages.sh "$tree/main/$name/"
  packaging/archive.sh "$tree/main" "$fresh/$name-$1.tar.gz"
  packaging/archive.sh "$tree/engine" "$fresh/$name-$1-engine.tar.gz"
  [[ $1 == "${runtimes[0]}" ]] || return 0
  # The same for all.
  packaging/archive.sh "$tree/python" "$fresh/$name-python.tar.gz"
  packaging/archive.sh "$tree/samples" "$fresh/$name-samples.tar.gz"
}

package() { # runtime
  local debian base=$work/base-$1
  debian=$(debian_of "$1")
  WEFT_RUN=$work/${runtimes[0]}/weft packaging/deb.sh "$work/$1" "$debian" "$version" "$fresh"
  [[ -e $base/packages.txt ]] ||
    packaging/packages.sh bookworm-security "$debian" "$base" libc6 libgcc-s1 libssl3 ca-certificates
  python3 packaging/oci.py "$work/$1" "$base" "$debian" "$version" "$fresh/weft-$version-$1.oci.tar"
  cp "$base/packages.txt" "$fresh/weft-$version-$1.oci.packages.txt"
  python3 packaging/sbom.py "$version" "$1" >"$fresh/weft-$version-$1.cdx.json"
}

clients() {
  local project
  for project in Weft.Contracts Weft.Client; do
    dotnet pack "src/$project" -c Release -o "$fresh" --nologo -v quiet -p:WeftRelease=true
  done
  python3 packaging/nupkg.py "$fresh"/*.nupkg
  python3 clients/python/build_wheel.py "$fresh" >/dev/null
  rm -rf "$work/npm"
  mkdir -p "$work/npm/package"
  cp clients/js/{package.json,weft.js,weft.d.ts,weft-files.js,weft-files.d.ts} LICENSE "$work/npm/package/"
  packaging/archive.sh "$work/npm" "$fresh/weft-client-$version.tgz"
}

# The version's own section; of the newest, while it is not released.
notes() {
  awk -v version="$version" '
    /^## / { if (found) exit; found = $2 == version || $2 == "Unreleased"; next }
    found' CHANGELOG.md | sed -e '/./,$!d'
}

for runtime in "${runtimes[@]}"; do
  publish "$runtime"
  pack "$runtime"
  package "$runtime"
done
clients
{ printf '# Weft %s\n\n' "$version"; notes | python3 packaging/docs.py -; } >"$fresh/RELEASE-NOTES.md"
sed "s|^from=''\$|from='$url'|" install.sh >"$fresh/install.sh"
chmod 755 "$fresh/install.sh"
(cd "$fresh" && sha256sum -- * >SHA256SUMS.fresh && mv SHA256SUMS.fresh SHA256SUMS)
# Said in full: by default it has the time of the signature.
[[ -z $key ]] || minisign -S -s "$key" -m "$fresh/SHA256SUMS" -x "$fresh/SHA256SUMS.minisig" -t "weft $version"
rm -rf "$into"
mv "$fresh" "$into"
echo "$into: weft $version of $(git rev-parse --short HEAD), for glibc $(packaging/glibc.sh "$work/${runtimes[0]}") or newer"
(cd "$into" && du --apparent-size -h -- *)
