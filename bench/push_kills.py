#!/usr/bin/env python3
"""Whether a large push survives kills: those of the coordinator and of `weft blob push`, in turns, at random moments.

    WEFT_BINARY=dist/weft bench/push_kills.py
    WEFT_BINARY=dist/weft bench/push_kills.py --store 'Host=/tmp;Port=5432;Database=weft'

Each line has what was killed with `kill -9`, and where the push went on: never before what a coordinator has answered
to anybody. At the end the file is fetched and compared by its hash, and `weft check` looks at the embedded store.
"""

import argparse
import hashlib
import os
import random
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BINARY = os.path.abspath(os.environ.get("WEFT_BINARY", os.path.join(ROOT, "dist", "weft")))
MIB = 1 << 20
START_SECONDS_MAX = 120


class Coordinator:
    """One that is started again where it was, on its port and its store."""

    def __init__(self, store):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.store = store
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        self.process = subprocess.Popen([BINARY, "serve", "--port", str(self.port), *self.store],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + START_SECONDS_MAX
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit("The coordinator doesn't start again.")
            time.sleep(0.05)

    def answers(self):
        try:
            return urllib.request.urlopen(f"{self.address}/health", timeout=5).status == 200
        except OSError:
            return False

    def kill(self):
        self.process.kill()
        self.process.wait()

    def offset(self, name, size):
        """Where the push goes on, by a request without bytes."""
        request = urllib.request.Request(f"{self.address}/api/v1/blobs/{name}?offset=0&size={size}", b"", method="PUT")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return size if answer.status in (200, 201) else 0
        except urllib.error.HTTPError as refused:
            import json
            return json.loads(refused.read())["offset"]


def make(path, size):
    whole = hashlib.sha256()
    with open(path, "wb") as file:
        for at in range(0, size, MIB):
            block = random.randbytes(min(MIB, size - at))
            whole.update(block)
            file.write(block)
    return whole.hexdigest()


def fetched(address, name):
    whole = hashlib.sha256()
    with urllib.request.urlopen(f"{address}/api/v1/blobs/{name}", timeout=60) as body:
        while block := body.read(MIB):
            whole.update(block)
    return whole.hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--store", help="an empty database of PostgreSQL, as in --store of weft serve")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    random.seed(options.seed)
    print(f"seed {options.seed}", flush=True)
    size = options.mib * MIB
    with tempfile.TemporaryDirectory(prefix="weft-kills-") as folder:
        source, data = os.path.join(folder, "file"), os.path.join(folder, "data")
        name = make(source, size)
        coordinator = Coordinator(["--store", options.store] if options.store else ["--data", data])
        try:
            run(coordinator, source, name, size, options.kills)
        finally:
            coordinator.process.terminate()
            coordinator.process.wait()
        if not options.store:
            subprocess.run([BINARY, "check", "--data", data], check=True)


def run(coordinator, source, name, size, kills):
    told, done = 0, 0
    while done < kills:
        push = subprocess.Popen([BINARY, "blob", "push", source, "--url", coordinator.address],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # Each a part of the file further.
        goal = told + random.randrange(size // (kills + 1) + 1)
        while push.poll() is None and (there := coordinator.offset(name, size)) < goal:
            told = max(told, there)
            time.sleep(random.random() / 20)
        if push.poll() is not None:
            raise SystemExit(f"The push ended before the kill number {done + 1}: {push.returncode}.")
        killed = "the coordinator" if done % 2 == 0 else "the client"
        if done % 2 == 0:
            coordinator.kill()
            coordinator.start()
        push.kill()
        push.wait()
        done += 1
        after = coordinator.offset(name, size)
        if after < told:
            raise SystemExit(f"The coordinator had answered {told} and goes on at {after}.")
        told = after
        print(f"{done:3}  {killed:16} {after / MIB:9.2f} MiB", flush=True)
    began = time.monotonic()
    subprocess.run([BINARY, "blob", "push", source, "--url", coordinator.address], check=True,
                   stdout=subprocess.DEVNULL)
    print(f"the rest in {time.monotonic() - began:.1f} s", flush=True)
    if fetched(coordinator.address, name) != name:
        raise SystemExit("Other bytes came back.")
    print("right", flush=True)


main()
