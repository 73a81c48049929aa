#!/usr/bin/env python3
"""Many tasks that read one large file, in a tab of each of two browsers and in a native worker.

    WEFT_BINARY=dist/weft bench/pages/files.py
    WEFT_BINARY=dist/weft bench/pages/files.py --mib 1 --tasks 20000 --no-native    # tasks/s of the worker page

Each task reads a block of the file and answers the sum of its bytes, which is compared. Printed are how many bytes the
coordinator sent to each browser and to the native worker (each has a way of its own to it, which counts), its memory
before and at the highest, and that of the tabs. Needs chromium, clang with wasi-libc, and the engine of
`weft worker --modules`.
"""

import argparse
import contextlib
import hashlib
import json
import os
import random
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request

from chromium import ask, BINARY, Chromium, coordinator

MIB = 1 << 20
BLOCK_BYTES = 64 << 10
BATCH = 1_000
PROGRAM = f"""
#include <stdio.h>
static unsigned char block[{BLOCK_BYTES}];
int main(void) {{
  long n, sum = 0;
  FILE *file = fopen("data/table.bin", "rb");
  if (!file || scanf("%ld", &n) != 1 || fseek(file, n * {BLOCK_BYTES}L, SEEK_SET)) return 1;
  size_t read = fread(block, 1, sizeof block, file);
  for (size_t i = 0; i < read; i++) sum += block[i];
  printf("%ld\\n", sum);
}}
"""


class Way:
    """A port of its own that leads to the coordinator, and counts what comes back."""

    def __init__(self, address):
        self._target = ("127.0.0.1", int(address.rsplit(":", 1)[1]))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://localhost:{self._listener.getsockname()[1]}"
        self.bytes = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            near, _ = self._listener.accept()
            far = socket.create_connection(self._target)
            for source, target, counts in ((near, far, False), (far, near, True)):
                source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._pass, args=(source, target, counts), daemon=True).start()

    def _pass(self, source, target, counts):
        with contextlib.suppress(OSError):
            while piece := source.recv(MIB):
                if counts:
                    self.bytes += len(piece)
                target.sendall(piece)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)


def resident(process_ids):
    """MB of processes; what several share is divided among them."""
    total = 0
    for process_id in process_ids:
        with contextlib.suppress(OSError), open(f"/proc/{process_id}/smaps_rollup", encoding="ascii") as file:
            total += next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    return total / 1e6


def renderers(browser):
    return [process["id"] for process in browser.call("SystemInfo.getProcessInfo")["processInfo"]
            if process["type"] == "renderer"]


def push(address, data, kind="data"):
    name = hashlib.sha256(data).hexdigest()
    if kind == "module":
        return ask(address, "PUT", "modules?name=table", data, "application/wasm")["sha256"]
    request = urllib.request.Request(f"{address}/api/v1/blobs/{name}", data, method="PUT")
    urllib.request.urlopen(request, timeout=120).read()
    return name


def compiled():
    with tempfile.TemporaryDirectory() as folder:
        source, module = os.path.join(folder, "table.c"), os.path.join(folder, "table.wasm")
        with open(source, "w", encoding="ascii") as file:
            file.write(PROGRAM)
        subprocess.run(["clang", "--target=wasm32-wasi", "-O2", source, "-o", module], check=True)
        with open(module, "rb") as file:
            return file.read()


def submit(address, module, blob, tasks, blocks):
    group = ask(address, "POST", "groups", {})["id"]
    wanted = {}
    for first in range(0, tasks, BATCH):
        numbers = [n % blocks for n in range(first, min(first + BATCH, tasks))]
        ids = ask(address, "POST", "tasks/batch", {"tasks": [
            {"queue": "table", "group": group, "module": module, "payload": number,
             "run": {"files": [{"path": "data/table.bin", "blob": blob}]}} for number in numbers]})
        wanted |= dict(zip((each["id"] for each in ids["outcomes"]), numbers))
    return group, wanted


def finished(address, group, wanted, sums):
    right = wrong = 0
    after = ""
    while True:
        with urllib.request.urlopen(f"{address}/api/v1/groups/{group}/results?{after}wait=0", timeout=60) as lines:
            for line in map(json.loads, lines):
                after = f"after={line['cursor']}&"
                if "id" not in line:
                    continue
                if line.get("result") == sums[wanted[line["id"]]]:
                    right += 1
                else:
                    wrong += 1
        yield right, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=100)
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--browsers", type=int, default=2)
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--no-native", action="store_true")
    options = parser.parse_args()
    data = random.Random(7).randbytes(options.mib * MIB)
    blocks = len(data) // BLOCK_BYTES
    sums = [sum(data[n * BLOCK_BYTES:(n + 1) * BLOCK_BYTES]) for n in range(blocks)]
    with coordinator() as address, tempfile.TemporaryDirectory() as cache:
        server = int(subprocess.run(["ss", "-Hltnp", f"sport = :{address.rsplit(':', 1)[1]}"], check=True,
                                    capture_output=True, text=True).stdout.split("pid=")[1].split(",")[0])
        blob, module = push(address, data), push(address, compiled(), "module")
        # The database's pages that the push has left in memory are none of the tasks'.
        time.sleep(5)
        group, wanted = submit(address, module, blob, options.tasks, blocks)
        before = resident([server])
        ways, to_native = [Way(address) for _ in range(options.browsers)], Way(address)
        native = None if options.no_native else subprocess.Popen(
            [BINARY, "worker", "--modules", "--concurrency", "1", "--queue", "table", "--url", to_native.address],
            env={**os.environ, "XDG_CACHE_HOME": cache}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        browsers = [Chromium() for _ in ways]
        try:
            began = time.monotonic()
            for browser, way in zip(browsers, ways):
                browser.open(f"{way.address}/worker/?queue=table&cores={options.cores}&start=1")
            idle = max(resident(renderers(browser)) for browser in browsers)
            highest = tabs = 0
            for right, wrong in finished(address, group, wanted, sums):
                highest = max(highest, resident([server]))
                tabs = max(tabs, *(resident(renderers(browser)) for browser in browsers))
                if right + wrong >= options.tasks:
                    break
                time.sleep(0.2)
            seconds = time.monotonic() - began
        finally:
            for browser in browsers:
                browser.close()
            if native:
                native.terminate()
                native.wait()
        print(f"{options.tasks:,} tasks with a file of {options.mib} MiB: {right:,} right, {wrong:,} wrong, "
              f"{seconds:.1f} s, {options.tasks / seconds:,.0f}/s")
        print(f"sent to the browsers {', '.join(f'{way.bytes / MIB:.1f}' for way in ways)} MiB, to the native worker "
              f"{to_native.bytes / MIB:.1f} MiB")
        print(f"coordinator {before:.0f} MB before, {highest:.0f} MB at most; "
              f"a browser's tab {idle:.0f} MB at its start, {tabs:.0f} MB at most")
        if wrong:
            raise SystemExit(1)


main()
