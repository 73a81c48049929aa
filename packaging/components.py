"""What a release contains that others wrote, read from the lock files, the runtime's packages and the pages."""
import base64
import glob
import json
import os
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGES = pathlib.Path(os.environ.get("NUGET_PACKAGES") or pathlib.Path.home() / ".nuget/packages")
# Of the build alone: nothing of them is in a release.
BUILD_ONLY = re.compile(r"^(Microsoft\.CodeAnalysis\.|Microsoft\.NET\.(ILLink|Sdk)|.*ILCompiler$|Microsoft\.DotNet\.)")
# What the compiler takes into the binary, with the version of the compiler that the lock file has.
RUNTIME = ["Microsoft.NETCore.App.Runtime.NativeAOT.{0}", "Microsoft.AspNetCore.App.Runtime.{0}"]
PAGES_RUNTIME = "Microsoft.NETCore.App.Runtime.Mono.browser-wasm"


def find(runtime):
    """Components as dictionaries: name, version, kind (nuget, npm), license, sha512, folder."""
    lock = _read_lock(ROOT / "src/Weft" / (
        "packages.lock.json" if runtime == "linux-x64" else f"packages.{runtime}.lock.json"))
    found = {}
    for framework in lock.values():
        for name, entry in framework.items():
            if entry["type"] == "Project" or BUILD_ONLY.match(name):
                continue
            found[name] = _nuget(name, entry["resolved"], entry["contentHash"])
    compiler = lock["net10.0"]["Microsoft.DotNet.ILCompiler"]["resolved"]
    for name in [*(name.format(runtime) for name in RUNTIME), PAGES_RUNTIME]:
        found[name] = _nuget(name, compiler, None)
    return sorted([*found.values(), _pyodide(), *_vendored()], key=lambda each: (each["kind"], each["name"].lower()))


def _read_lock(path):
    return json.loads(path.read_text("utf-8"))["dependencies"]


def _nuget(name, version, digest):
    folder = PACKAGES / name.lower() / version
    specification = next(iter(glob.glob(str(folder / "*.nuspec"))), None)
    text = pathlib.Path(specification).read_text("utf-8-sig") if specification else ""
    license_ = re.search(r'<license type="expression">([^<]+)</license>', text)
    return {"kind": "nuget", "name": name, "version": version, "folder": folder,
            "license": license_[1] if license_ else None,
            "sha512": base64.b64decode(digest).hex() if digest else None}


def _pyodide():
    script = (ROOT / "src/Weft/python/fetch.sh").read_text("utf-8")
    return {"kind": "npm", "name": "pyodide", "version": re.search(r"^version=(.+)$", script, re.M)[1],
            "license": "MPL-2.0", "sha512": re.search(r"^sha512=(.+)$", script, re.M)[1], "folder": None}


def _vendored():
    """Of the tables in the pages' VENDORED.md: "name version, address"."""
    for table in sorted(ROOT.glob("src/Weft/wwwroot/*/vendor/VENDORED.md")):
        for name, version in dict(re.findall(r"^\| `[^`]+` \| ([\w.@/-]+) ([0-9][\w.-]*),", table.read_text("utf-8"),
                                             re.M)).items():
            yield {"kind": "npm", "name": name, "version": version, "license": "MIT", "sha512": None,
                   "folder": table.parent}
