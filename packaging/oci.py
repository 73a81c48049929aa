#!/usr/bin/env python3
"""Makes an OCI image, as a tar of its layout, without a container engine: oci.py PUBLISHED BASE ARCHITECTURE VERSION FILE

BASE is a folder with the C library, OpenSSL and certificates as Debian's packages have them (packages.sh). The image is
that of deploy/Containerfile: the binary and its pages in /weft, no shell, the user 1654.
"""
import gzip
import hashlib
import io
import json
import os
import pathlib
import sys
import tarfile
import time

USER = 1654
EPOCH = int(os.environ["SOURCE_DATE_EPOCH"])
# Of the C library: conversions between encodings, which nothing here does.
LEFT_OUT = ("gconv", "audit")
FILES = {
    "etc/passwd": f"root:x:0:0:root:/root:/sbin/nologin\nweft:x:{USER}:{USER}:weft:/data:/sbin/nologin\n",
    "etc/group": f"root:x:0:\nweft:x:{USER}:\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}


class Layer:
    """A tar in which everything is root's, of the release's date, in the order of names."""

    def __init__(self):
        self._entries = {}

    def folder(self, name, mode=0o755, owner=0):
        entry = self._entry(name, mode, owner)
        entry.type = tarfile.DIRTYPE
        self._entries[name] = (entry, None)

    def file(self, name, data, mode=0o644):
        self._above(name)
        entry = self._entry(name, mode, 0)
        entry.size = len(data)
        self._entries[name] = (entry, data)

    def tree(self, source, target, wanted=lambda path: True):
        for path in sorted(source.rglob("*")):
            name = f"{target}/{path.relative_to(source).as_posix()}".lstrip("/")
            if not wanted(path.relative_to(source)):
                continue
            if path.is_symlink():
                self._above(name)
                entry = self._entry(name, 0o777, 0)
                entry.type, entry.linkname = tarfile.SYMTYPE, os.readlink(path)
                self._entries[name] = (entry, None)
            elif path.is_dir():
                self.folder(name)
            else:
                self.file(name, path.read_bytes(), 0o755 if os.access(path, os.X_OK) else 0o644)

    def _above(self, name):
        for folder in pathlib.PurePosixPath(name).parents:
            if str(folder) != "." and str(folder) not in self._entries:
                self.folder(str(folder))

    @staticmethod
    def _entry(name, mode, owner):
        entry = tarfile.TarInfo(name)
        entry.mode, entry.uid, entry.gid, entry.mtime = mode, owner, owner, EPOCH
        return entry

    def bytes(self):
        return tar(self._entries[name] for name in sorted(self._entries))


def tar(entries):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for entry, data in entries:
            archive.addfile(entry, io.BytesIO(data) if data is not None else None)
    return buffer.getvalue()


def base_layer(base):
    layer = Layer()

    def is_wanted(path):
        parts = path.parts
        if parts[0] in ("lib", "lib64"):
            return not set(parts) & set(LEFT_OUT)
        if parts[:2] == ("usr", "lib"):
            return len(parts) > 2 and "linux-gnu" in parts[2] and not set(parts) & set(LEFT_OUT)
        # The licences, which go wherever the files go.
        return parts[:3] == ("usr", "share", "doc") and (len(parts) < 5 or parts[4] == "copyright")

    layer.tree(base, "", is_wanted)
    # What the package's script would make of them.
    authorities = sorted((base / "usr/share/ca-certificates/mozilla").glob("*.crt"), key=lambda path: path.name)
    layer.file("etc/ssl/certs/ca-certificates.crt", b"".join(path.read_bytes() for path in authorities))
    for name, text in FILES.items():
        layer.file(name, text.encode())
    layer.folder("tmp", 0o1777)
    layer.folder("data", 0o700, USER)
    return layer


def program_layers(published):
    """What changes seldom first: each is shared with the releases that have the same."""
    engine, python, rest = Layer(), Layer(), Layer()
    engine.tree(published / "engine", "weft/engine")
    python.tree(published / "wwwroot/python", "weft/wwwroot/python")
    rest.tree(published, "weft", lambda path: path.parts[0] != "engine" and path.parts[:2] != ("wwwroot", "python"))
    return [engine, python, rest]


def main(published, base, architecture, version, file):
    blobs = {}

    def blob(data, media_type):
        digest = hashlib.sha256(data).hexdigest()
        blobs[digest] = data
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(data)}

    layers, plain = [], []
    for layer in [base_layer(base), *program_layers(published)]:
        data = layer.bytes()
        plain.append(f"sha256:{hashlib.sha256(data).hexdigest()}")
        layers.append(blob(gzip.compress(data, 9, mtime=0), "application/vnd.oci.image.layer.v1.tar+gzip"))
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(EPOCH))
    config = blob(dump({
        "created": created, "architecture": architecture, "os": "linux",
        "config": {
            "User": f"{USER}:{USER}", "WorkingDir": "/weft", "StopSignal": "SIGTERM",
            "Entrypoint": ["/weft/weft"], "Cmd": ["serve"], "ExposedPorts": {"8080/tcp": {}},
            "Env": ["PATH=/weft", "WEFT_HOST=0.0.0.0", "WEFT_PORT=8080"],
            "Labels": {"org.opencontainers.image.title": "weft", "org.opencontainers.image.version": version,
                       "org.opencontainers.image.licenses": "MIT"},
        },
        "rootfs": {"type": "layers", "diff_ids": plain},
        "history": [{"created": created, "created_by": f"packaging/oci.py, layer {number}"}
                    for number in range(len(plain))],
    }), "application/vnd.oci.image.config.v1+json")
    manifest = blob(dump({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                          "config": config, "layers": layers}), "application/vnd.oci.image.manifest.v1+json")
    index = dump({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [{
        **manifest, "platform": {"architecture": architecture, "os": "linux"},
        "annotations": {"org.opencontainers.image.ref.name": f"weft:{version}"}}]})
    layout = Layer()
    layout.file("oci-layout", dump({"imageLayoutVersion": "1.0.0"}))
    layout.file("index.json", index)
    for digest, data in blobs.items():
        layout.file(f"blobs/sha256/{digest}", data)
    pathlib.Path(file).write_bytes(layout.bytes())


def dump(value):
    return json.dumps(value, separators=(",", ":")).encode()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), *sys.argv[3:6])
