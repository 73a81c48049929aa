#!/usr/bin/env python3
"""Writes the licences of what others wrote and a release contains: notices.py RUNTIME"""
import re
import sys

import components

LINE = "=" * 100


def main(runtime):
    print("Weft contains the following. Their licences, as their packages have them, follow each other below.\n")
    found = components.find(runtime)
    texts = {}
    for each in found:
        print(f"  {each['name']} {each['version']}: {each['license'] or 'see below'}")
        for path in sorted((each["folder"] or components.ROOT / "none").glob("*"), key=lambda path: path.name.lower()):
            if path.is_file() and re.search(r"licen[sc]e|notice", path.name, re.I):
                texts.setdefault(path.read_text("utf-8-sig").replace("\r\n", "\n").strip(), []).append(
                    f"{each['name']} {each['version']}, {path.name}")
    for text, of in texts.items():
        print("", LINE, *of, LINE, "", text, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1])
