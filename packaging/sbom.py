#!/usr/bin/env python3
"""Writes a bill of materials, CycloneDX 1.5 as JSON, the same bytes each time: sbom.py VERSION RUNTIME"""
import datetime
import json
import os
import sys
import uuid

import components


def component(each):
    found = {"type": "library", "bom-ref": purl(each), "name": each["name"], "version": each["version"],
             "purl": purl(each)}
    if each["license"]:
        # An expression with an exception stands apart from a single identifier.
        found["licenses"] = [{"expression": each["license"]} if " " in each["license"]
                             else {"license": {"id": each["license"]}}]
    if each["sha512"]:
        # NuGet's own hash of the content; of a signed package it leaves the signature out.
        if each["kind"] == "nuget":
            found["properties"] = [{"name": "nuget:contentHash:sha512", "value": each["sha512"]}]
        else:
            found["hashes"] = [{"alg": "SHA-512", "content": each["sha512"]}]
    return found


def purl(each):
    return f"pkg:{each['kind']}/{each['name'].replace('@', '%40')}@{each['version']}"


def main(version, runtime):
    when = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    name = f"weft-{version}-{runtime}"
    parts = [component(each) for each in components.find(runtime)]
    root = f"pkg:generic/weft@{version}?platform={runtime}"
    print(json.dumps({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{root}#{int(when.timestamp())}')}",
        "version": 1,
        "metadata": {
            "timestamp": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {"type": "application", "bom-ref": root, "name": "weft", "version": version, "purl": root,
                          "description": name, "licenses": [{"license": {"id": "MIT"}}]},
        },
        "components": parts,
        "dependencies": [{"ref": root, "dependsOn": [part["bom-ref"] for part in parts]}],
    }, indent=2))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
