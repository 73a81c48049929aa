#!/usr/bin/env bash
# Lays an older Debian's C library and its headers to link against, so that the binary runs on systems of that age:
# a binary asks for the C library that it was linked with, or a newer one.
#
#   packaging/sysroot.sh amd64|arm64 FOLDER
#
# From Debian's packages, by apt with a state of its own, verified by Debian's key; the machine's packages are not
# touched. Needs Debian or Ubuntu with debian-archive-keyring. Without security updates: nothing of it is shipped, and
# they are taken away one architecture after the other once a Debian is old.

set -euo pipefail

# Debian 11: glibc 2.31.
suite=bullseye
packages=(libc6 libc6-dev linux-libc-dev libgcc-s1 libgcc-10-dev)

arch=${1:?amd64 or arm64} folder=$(realpath -m "${2:?the folder}")
if [[ -e $folder/complete ]]; then exit; fi
"$(dirname "$0")/packages.sh" "$suite" "$arch" "$folder.fresh" "${packages[@]}"
# Links to absolute paths would lead out of it, to this machine's own libraries or to nowhere.
find "$folder.fresh" -type l -lname '/*' -printf '%P\n' | while IFS= read -r link; do
  ln -sfn "$(dirname "$link" | sed 's|[^/]*|..|g')$(readlink "$folder.fresh/$link")" "$folder.fresh/$link"
done
rm -rf "$folder"
mv "$folder.fresh" "$folder"
touch "$folder/complete"
