#!/usr/bin/env bash
# Unpacks packages of a Debian into a folder, without their scripts and without what they depend on.
#
#   packaging/packages.sh SUITE[-security] ARCHITECTURE FOLDER PACKAGE…
#
# FOLDER/packages.txt then has a line for each: name, version and SHA-256. They are the newest that Debian has of that
# suite, with its security updates where they are asked for; apt verifies them by Debian's key.

set -euo pipefail

suite=${1%-security} arch=$2 folder=$3
secured=false
[[ $1 == "$suite" ]] || secured=true
shift 3
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
security=${DEBIAN_SECURITY_MIRROR:-http://deb.debian.org/debian-security}
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
mkdir -p "$state"/{lists/partial,cache/archives/partial,etc/none,downloads}
chmod -R a+rX "$state"
{
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main"
  if $secured; then
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $security $suite-security main"
  fi
} >"$state/etc/sources.list"
: >"$state/status"
options=(
  -o "Dir::State=$state" -o "Dir::State::lists=$state/lists" -o "Dir::State::status=$state/status"
  -o "Dir::Cache=$state/cache" -o "Dir::Etc::sourcelist=$state/etc/sources.list"
  -o "Dir::Etc::sourceparts=$state/etc/none" -o Dir::Etc::preferences=/dev/null
  -o "Dir::Etc::preferencesparts=$state/etc/none"
  -o "APT::Architecture=$arch" -o "APT::Architectures=$arch" -o APT::Sandbox::User=root
  -o Acquire::Languages=none -q=2)
apt-get "${options[@]}" update
(cd "$state/downloads" && apt-get "${options[@]}" download "$@" >/dev/null)

rm -rf "$folder"
mkdir -p "$folder"
for package in "$state"/downloads/*.deb; do
  dpkg-deb --extract "$package" "$folder"
  printf '%s %s %s\n' "$(dpkg-deb --field "$package" Package)" "$(dpkg-deb --field "$package" Version)" \
    "$(sha256sum "$package" | cut -d' ' -f1)"
done | LC_ALL=C sort >"$folder/packages.txt"
