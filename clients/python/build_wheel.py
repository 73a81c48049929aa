#!/usr/bin/env python3
"""Builds a wheel of weft.py, the same bytes each time: python3 clients/python/build_wheel.py [FOLDER]"""
import base64
import hashlib
import pathlib
import re
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent


def build(folder):
    source = (HERE / "weft.py").read_bytes()
    version = re.search(rb'^__version__ = "([0-9.]+)"$', source, re.M)[1].decode()
    info = f"weft_client-{version}.dist-info"
    files = {
        "weft.py": source,
        f"{info}/METADATA": (
            f"Metadata-Version: 2.1\nName: weft-client\nVersion: {version}\nRequires-Python: >=3.9\n"
            "Summary: The Python client of a Weft coordinator\n").encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: weft\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    path = pathlib.Path(folder) / f"weft_client-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, data in files.items():
            # Stored, with a fixed date: compressors and clocks differ.
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            wheel.writestr(entry, data)
    return path


def _digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    print(build(sys.argv[1] if len(sys.argv) > 1 else "."))
