#!/bin/sh
# Installs Weft from a release's folder on a web server: checks what it downloads before it unpacks it.
#
#   curl -fsSLO URL/install.sh && sh install.sh --from URL [OPTION…]
#
#   --from URL           the folder with SHA256SUMS and the archives; or a folder of this machine
#   --with PART,…        adds python: Python for browsers; engine: of weft worker --modules; samples: the sample pages
#   --key PUBLIC_KEY     the release's public key, by which minisign then has to find SHA256SUMS signed
#   --version VERSION    the version that you want; else the folder's, unless an older one than is installed
#   --to FOLDER          where versions are kept, default ~/.local/share/weft
#   --bin FOLDER         where weft is linked, default ~/.local/bin
#
# The checksums come from where the archives come from: they show what was cut off or altered on the way, and only a
# signature shows who made it. It can't show that there is a newer release: whoever serves an old one, signed as it was,
# is noticed by the version. Versions lie beside each other; the link is changed last, at once.

set -eu

from=''

fail() {
  echo "install.sh: $1 Nothing was installed." >&2
  exit 1
}

# All of it in functions: of a script that arrived in part, nothing runs.
main() {
  with='' key='' wanted='' to="${HOME:?}/.local/share/weft" bin="$HOME/.local/bin"
  while [ $# -gt 0 ]; do
    [ $# -gt 1 ] || usage "$1 needs a value."
    case $1 in
      --from) from=$2 ;;
      --with) with=$2 ;;
      --key) key=$2 ;;
      --version) wanted=$2 ;;
      --to) to=$2 ;;
      --bin) bin=$2 ;;
      *) usage "Unknown option $1." ;;
    esac
    shift 2
  done
  [ -n "$from" ] || usage 'Name the release with --from URL.'
  from=${from%/}
  case $from in
    *://*) command -v curl >/dev/null || command -v wget >/dev/null || fail 'It needs curl or wget.' ;;
  esac
  command -v sha256sum >/dev/null || fail 'It needs sha256sum, to check what it downloads.'

  case $(uname -s)-$(uname -m) in
    Linux-x86_64) runtime=linux-x64 ;;
    Linux-aarch64) runtime=linux-arm64 ;;
    *) fail "There is no release for $(uname -s) on $(uname -m): build it from source, with the .NET SDK." ;;
  esac

  mkdir -p "$to" "$bin"
  # However they were spelt: the link is to say where its version lies.
  to=$(cd "$to" && pwd -P)
  bin=$(cd "$bin" && pwd -P)
  # On the same disk: what is complete takes its place at once.
  scratch=$(mktemp -d "$to/.install-XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  trap 'exit 1' HUP INT TERM

  fetch SHA256SUMS
  if [ -n "$key" ]; then
    command -v minisign >/dev/null || fail 'It needs minisign, to check the signature by --key.'
    fetch SHA256SUMS.minisig
    # What it prints is signed, too: of which version these are the checksums.
    signed=$(minisign -VQ -P "$key" -m "$scratch/SHA256SUMS" -x "$scratch/SHA256SUMS.minisig") ||
      fail 'SHA256SUMS is not signed by that key.'
  fi

  archive=$(awk '{ print $2 }' "$scratch/SHA256SUMS" | grep -E "^weft-[0-9][0-9A-Za-z.+-]*-$runtime\.tar\.gz$" || true)
  case $archive in
    '') fail "The release has no archive for $runtime." ;;
    *"
"*) fail 'SHA256SUMS names more than one version.' ;;
  esac
  version=${archive#weft-}
  version=${version%-"$runtime".tar.gz}
  [ -z "$key" ] || [ "$signed" = "weft $version" ] ||
    fail "SHA256SUMS names version $version, and its signature is for '$signed'."
  check_version
  archives=$archive
  for part in $(echo "$with" | tr , ' '); do
    case $part in
      python | samples) archives="$archives weft-$version-$part.tar.gz" ;;
      engine) archives="$archives weft-$version-$runtime-engine.tar.gz" ;;
      *) usage "--with knows python, engine and samples, not $part." ;;
    esac
  done

  for archive in $archives; do
    expected=$(awk -v name="$archive" '$2 == name { print $1 }' "$scratch/SHA256SUMS")
    [ -n "$expected" ] || fail "SHA256SUMS doesn't name $archive."
    fetch "$archive"
    check "$archive" "$expected"
  done
  # Only now: all of it is what the release says.
  mkdir "$scratch/tree"
  for archive in $archives; do
    tar -xzf "$scratch/$archive" -C "$scratch/tree" --no-same-owner || fail "$archive can't be unpacked."
  done
  [ -x "$scratch/tree/weft-$version/weft" ] || fail "The archive has no weft-$version/weft."
  said=$("$scratch/tree/weft-$version/weft" --version 2>&1) ||
    fail "weft doesn't run here: $(echo "$said" | head -n 1)"

  compress=$scratch/tree/weft-$version/compress-pages.sh
  if [ -x "$compress" ]; then "$compress" || fail "The pages can't be compressed."; fi

  if [ -e "$to/$version" ]; then mv "$to/$version" "$scratch/old"; fi
  mv "$scratch/tree/weft-$version" "$to/$version"
  ln -s "$to/$version/weft" "$scratch/weft"
  mv -f "$scratch/weft" "$bin/weft"

  echo "weft $version is in $to/$version, and linked as $bin/weft."
  case :$PATH: in
    *:"$bin":*) echo 'Start a coordinator: weft serve' ;;
    *) echo "Start a coordinator: $bin/weft serve      ($bin is not in the PATH)" ;;
  esac
}

usage() {
  echo "install.sh: $1 Usage: install.sh --from URL [--with python,engine,samples] [--key PUBLIC_KEY]" \
    "[--version VERSION] [--to FOLDER] [--bin FOLDER]" >&2
  exit 2
}

# Asked for by name, any version will do.
check_version() {
  if [ -n "$wanted" ]; then
    [ "$wanted" = "$version" ] || fail "The release is version $version, not $wanted."
    return
  fi

  installed=$(readlink -f "$bin/weft" || true)
  case $installed in
    "$to"/*/weft) installed=${installed#"$to"/} && installed=${installed%/weft} ;;
    *) return ;;
  esac
  # A tilde sorts before the end, as 1.0.0-rc.1 comes before 1.0.0.
  newest=$(printf '%s\n%s\n' "$installed" "$version" | tr - '~' | sort -V | tail -n 1 | tr '~' -)
  [ "$newest" = "$version" ] ||
    fail "The release is version $version, and $installed is installed. To go back, add --version $version."
}

fetch() { # name
  case $from in
    *://*)
      if command -v curl >/dev/null; then
        curl -fsSL --retry 3 -o "$scratch/$1" "$from/$1" || fail "$from/$1 can't be downloaded."
      else
        wget -q -O "$scratch/$1" "$from/$1" || fail "$from/$1 can't be downloaded."
      fi
      ;;
    *) cp "$from/$1" "$scratch/$1" 2>/dev/null || fail "$from/$1 can't be read." ;;
  esac
}

check() { # name sum
  found=$(sha256sum "$scratch/$1" | cut -d ' ' -f 1)
  [ "$found" = "$2" ] || fail "$1 is cut off or altered: its SHA-256 is $found, the release's is $2."
}

main "$@"
