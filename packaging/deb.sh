#!/usr/bin/env bash
# Makes the Debian package of a published folder: the binary with its pages, units, its user, a manual page, completion.
# It starts nothing: that is the administrator's own act.
#
#   packaging/deb.sh PUBLISHED amd64|arm64 VERSION FOLDER
#
# PUBLISHED is what build.sh makes. WEFT_RUN names a binary of this machine's own kind, where the published one is of
# another: the manual page and the completion come from it. WEFT_DEB_COMPRESSION is one of dpkg-deb's, by default xz.

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
published=$1 arch=$2 version=$3 folder=$4
: "${SOURCE_DATE_EPOCH:?}"
umask 022

weft=${WEFT_RUN:-$published/weft}
maintainer=${WEFT_MAINTAINER:-The Weft authors <weft@weft.invalid>}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"

lay() { install -D -m "$1" "$2" "$root/$3"; }

mkdir -p "$root/usr/lib/weft" "$root/usr/bin"
lay 755 "$published/weft" usr/lib/weft/weft
lay 644 "$published/libe_sqlite3.so" usr/lib/weft/libe_sqlite3.so
# What doesn't depend on the machine.
mkdir -p "$root/usr/share/weft"
cp -r "$published/wwwroot" "$root/usr/share/weft/wwwroot"
ln -s ../../share/weft/wwwroot "$root/usr/lib/weft/wwwroot"
ln -s ../lib/weft/weft "$root/usr/bin/weft"
[[ ! -d $published/engine ]] || cp -r "$published/engine" "$root/usr/lib/weft/engine"

# The units of deploy/ with a user that stays, so that an administrator can use the store as that user.
for unit in weft.service weft@.service; do
  sed -e 's|/opt/weft/weft|/usr/lib/weft/weft|' -e 's|^DynamicUser=yes$|User=weft\nGroup=weft|' \
    "$here/../deploy/systemd/$unit" >"$root/$unit"
  lay 644 "$root/$unit" "usr/lib/systemd/system/$unit"
  rm "$root/$unit"
done
lay 644 "$here/debian/sysusers.conf" usr/lib/sysusers.d/weft.conf

mkdir -p "$root/usr/share/man/man1" "$root/usr/share/bash-completion/completions" \
  "$root/usr/share/fish/vendor_completions.d" "$root/usr/share/doc/weft"
python3 "$here/man.py" "$weft" "$version" | gzip --best --no-name >"$root/usr/share/man/man1/weft.1.gz"
"$weft" completion bash >"$root/usr/share/bash-completion/completions/weft"
"$weft" completion fish >"$root/usr/share/fish/vendor_completions.d/weft.fish"

python3 "$here/docs.py" "$root/usr/share/doc/weft"
(cd "$here/../deploy" && cp -r caddy grafana nginx prometheus "$root/usr/share/doc/weft/deploy/")
ln -s deploy "$root/usr/share/doc/weft/examples"

{
  cat "$here/debian/copyright"
  [[ ! -e $published/NOTICES.txt ]] || printf '\n%s\n' \
    'The licences of what it contains are in NOTICES.txt.gz beside this file.'
} >"$root/usr/share/doc/weft/copyright"
[[ ! -e $published/NOTICES.txt ]] ||
  gzip --best --no-name <"$published/NOTICES.txt" >"$root/usr/share/doc/weft/NOTICES.txt.gz"
cat <<END | gzip --best --no-name >"$root/usr/share/doc/weft/changelog.gz"
weft ($version) stable; urgency=medium

  * Release $version. What is new: CHANGELOG.md.

 -- $maintainer  $(LC_ALL=C date --utc --date "@$SOURCE_DATE_EPOCH" '+%a, %d %b %Y %H:%M:%S +0000')
END
lay 644 "$here/debian/lintian-overrides" usr/share/lintian/overrides/weft

find "$root" -type d -exec chmod 755 {} +
find "$root/usr/share/weft" -type f -exec chmod 644 {} +
[[ ! -d $root/usr/lib/weft/engine ]] || find "$root/usr/lib/weft/engine" -type f -exec chmod 644 {} +

mkdir "$root/DEBIAN"
glibc=$("$here/glibc.sh" "$published")
cat >"$root/DEBIAN/control" <<END
Package: weft
Version: $version
Architecture: $arch
Maintainer: $maintainer
Installed-Size: $(du --apparent-size -ks "$root" | cut -f1)
Depends: libc6 (>= $glibc), libssl3t64 | libssl3 | libssl1.1, systemd | systemd-standalone-sysusers | systemd-sysusers
Recommends: ca-certificates
Section: net
Priority: optional
Description: durable task coordinator
 Weft runs a computation on many computers. A main program submits tasks over
 HTTP; workers, which are browser tabs, any programs, or anything that speaks
 HTTP, claim and compute them. What the coordinator has acknowledged is on disk.
 .
 The package starts nothing: "systemctl enable --now weft" starts a coordinator
 on this machine's own address, 127.0.0.1:8080.
END
(cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums)
for script in postinst prerm postrm; do install -m 755 "$here/debian/$script" "$root/DEBIAN/$script"; done
chmod 644 "$root/DEBIAN/control" "$root/DEBIAN/md5sums"
find "$root" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$folder"
dpkg-deb --root-owner-group "-Z${WEFT_DEB_COMPRESSION:-xz}" --build "$root" "$folder/weft_${version}_$arch.deb" >/dev/null
