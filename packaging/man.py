#!/usr/bin/env python3
"""Writes the manual page weft(1) from what the binary's --help prints: man.py BINARY VERSION"""
import os
import re
import subprocess
import sys
import time

ROW = re.compile(r"^  (\S.*?)(?:\s{2,}(\S.*))?$")


def read_help(binary, path):
    """The description, and the sections with their rows (what stands left, what stands right)."""
    text = subprocess.run([binary, *path, "--help"], capture_output=True, text=True, check=True).stdout
    lines, sections, title = text.rstrip().split("\n"), {}, None
    description = []
    for line in lines:
        if line.endswith(":") and not line.startswith(" "):
            title = line[:-1]
            sections[title] = []
        elif title is None:
            description.append(line)
        elif row := ROW.match(line):
            sections[title].append((row[1], row[2] or ""))
    return " ".join(description).strip(), sections


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text


def rows(out, section):
    for left, right in section:
        out += [".TP", f".B {roff(left)}", roff(right) if right else "\\&"]


def write_command(out, binary, path):
    description, sections = read_help(binary, path)
    out += [f".SS weft {roff(' '.join(path))}", roff(description)]
    for usage, _ in sections.get("Usage", []):
        out += [".PP", f".B {roff(usage)}"]
    rows(out, sections.get("Arguments", []))
    rows(out, [row for row in sections.get("Options", []) if row[0] not in ("-h, --help", "--help", "--version")])
    if examples := sections.get("Examples"):
        out += [".PP", "Examples:", ".PP", ".nf"]
        out += [roff("    " + left + ("  " + right if right else "")) for left, right in examples]
        out += [".fi"]
    for name in names(sections):
        write_command(out, binary, [*path, name])


def names(sections):
    return [left.split()[0] for left, _ in sections.get("Commands", [])]


def main(binary, version):
    description, sections = read_help(binary, [])
    day = time.strftime("%Y-%m-%d", time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"])))
    out = [f'.TH WEFT 1 {day} "weft {version}" "User Commands"', ".SH NAME", "weft \\- durable task coordinator",
           ".SH SYNOPSIS", ".B weft", "[\\fIcommand\\fR] [\\fIoptions\\fR]", ".SH DESCRIPTION", roff(description)]
    out += [".SH COMMANDS"]
    for name in names(sections):
        write_command(out, binary, [name])
    out += [".SH FILES", ".TP", ".B weft\\-data/", "The default data folder, below the working folder.",
            ".TP", ".B weft.json", "Settings, in the working folder.",
            ".TP", ".B /etc/weft/weft.env", "Variables such as WEFT_PORT=8080, for the unit weft.service.",
            ".TP", ".B /var/lib/weft/data", "The data folder of that unit."]
    print("\n".join(out))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
