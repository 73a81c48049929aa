#!/usr/bin/env python3
"""Rewrites a NuGet package so that its bytes depend on its contents alone: nupkg.py PACKAGE…

`dotnet pack` gives entries the time of the build, and its metadata a random name, or "nuget" by newer SDKs.
"""
import hashlib
import pathlib
import re
import sys
import zipfile

METADATA = re.compile(r"package/services/metadata/core-properties/\w+\.psmdcp")


def rewrite(path):
    with zipfile.ZipFile(path) as package:
        files = {name: package.read(name) for name in package.namelist()}
    metadata = next(name for name in files if METADATA.fullmatch(name))
    fixed = f"{metadata.rsplit('/', 1)[0]}/{hashlib.sha256(files[metadata]).hexdigest()[:32]}.psmdcp"
    relations = files["_rels/.rels"].decode("utf-8-sig").replace(metadata, fixed)
    # Ids of relations are random, too; nothing refers to them.
    numbers = iter(range(1, 100))
    files["_rels/.rels"] = re.sub(r'Id="R[0-9A-F]+"', lambda _: f'Id="R{next(numbers)}"', relations).encode()
    files[fixed] = files.pop(metadata)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name in sorted(files, key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr, entry.compress_type = 3, 0o644 << 16, zipfile.ZIP_DEFLATED
            package.writestr(entry, files[name])


if __name__ == "__main__":
    for each in sys.argv[1:]:
        rewrite(pathlib.Path(each))
