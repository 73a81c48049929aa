#!/usr/bin/env python3
"""Lays out the documents of a release, for people who have no checkout.

    packaging/docs.py FOLDER          README.md, CHANGELOG.md, docs/ and deploy/README.md, below that folder
    packaging/docs.py - <TEXT         the text with no link but to web addresses, for a file on its own

A link to what isn't there, such as a picture, a decision or a source file, becomes its words. Commands are those of
an installed release, and what is between <!-- checkout --> and <!-- /checkout --> is left out.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# [words](address), or a picture; the words may hold a picture themselves.
LINK = re.compile(r"!?\[((?:!\[[^\]]*\]\([^)]*\)|[^\[\]])*)\]\(([^)\s]+)\)")
# As lines of their own, or within one.
CHECKOUT = re.compile(r"^<!-- checkout -->\n.*?^<!-- /checkout -->\n|<!-- checkout -->.*?<!-- /checkout -->",
                      re.DOTALL | re.MULTILINE)
# What a checkout runs, and a release instead.
COMMANDS = (("./run-coordinator-native.sh ", "weft serve --port "), ("dist/weft", "weft"))
BESIDE = {"LICENSE", "test-coordinator.sh"}


def documents():
    yield from map(pathlib.Path, ("README.md", "CHANGELOG.md", "deploy/README.md"))
    for path in sorted((ROOT / "docs").glob("*.md")):
        yield path.relative_to(ROOT)


def lay_out(folder):
    there = {str(document) for document in documents()} | BESIDE
    for document in documents():
        target = folder / document
        target.parent.mkdir(parents=True, exist_ok=True)
        text = of_release((ROOT / document).read_text("utf-8"))
        target.write_text(keep_links(text, lambda path: is_there(document.parent / path, there)), "utf-8")


def of_release(text):
    text = CHECKOUT.sub("", text)
    for ours, theirs in COMMANDS:
        text = text.replace(ours, theirs)
    return text


def is_there(path, there):
    target = (ROOT / path).resolve()
    name = str(target.relative_to(ROOT))
    # What deploy/ holds comes as a whole, but for what builds from a checkout.
    return name in there or name.startswith("deploy/") and target.is_dir()


def keep_links(text, is_kept):
    def replace(link):
        words, address = link.groups()
        path = address.split("#")[0]
        if "://" in address or not path or is_kept(path):
            return link[0].replace(link[1], LINK.sub(replace, words), 1)
        # Of a decision, only its number.
        return f"decision {words}" if words.isdigit() else words

    return LINK.sub(replace, text)


if __name__ == "__main__":
    if sys.argv[1] == "-":
        sys.stdout.write(keep_links(sys.stdin.read(), lambda path: False))
    else:
        lay_out(pathlib.Path(sys.argv[1]))
