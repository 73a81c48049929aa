"""What the tests share: coordinators of their own, workers, and fronts that answer wrongly."""
import atexit
import http.client
import http.server
import itertools
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "clients" / "python"))

import weft as client  # noqa: E402

BINARY = os.environ.get("WEFT_BINARY") or str(ROOT / "dist" / "weft")
DEADLINE = 60.0
_queues = itertools.count()


def eventually(condition, what="the condition"):
    """Polls until it holds."""
    end = time.monotonic() + DEADLINE
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come true within {DEADLINE} s.")
        time.sleep(0.01)
    return value


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Coordinator:
    """The binary on a free port, with a data folder that goes with it."""

    def __init__(self, *options, **variables):
        self.folder = tempfile.mkdtemp(prefix="weft-python-")
        self.port, self.options, self.variables = free_port(), options, variables
        self.url = f"http://127.0.0.1:{self.port}"
        atexit.register(self.close)
        self.start()

    def start(self):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WEFT_")}
        self.output = open(os.path.join(self.folder, "output.txt"), "a+")
        self.process = subprocess.Popen(
            [BINARY, "serve", "--port", str(self.port), "--data", os.path.join(self.folder, "data"), *self.options],
            stdout=self.output, stderr=self.output, stdin=subprocess.DEVNULL, cwd=self.folder,
            env={**environment, **self.variables})
        eventually(self._answers, f"{BINARY} serving on {self.port}")

    def _answers(self):
        if self.process.poll() is not None:
            raise AssertionError(pathlib.Path(self.output.name).read_text())
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except OSError:
            return False

    def kill(self):
        """kill -9."""
        self.process.kill()
        self.process.wait()
        self.output.close()

    def close(self):
        if self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def first_token(self):
        return self.cli("token", "create", "--scope", "admin", "--data", os.path.join(self.folder, "data"))

    def cli(self, *arguments, **variables):
        done = subprocess.run([BINARY, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              env={**os.environ, "WEFT_URL": self.url, **variables}, timeout=DEADLINE)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


_shared = None


def shared():
    """One coordinator for all tests that leave it as it is."""
    global _shared
    if _shared is None:
        _shared = Coordinator()
    return _shared


class WeftTest(unittest.TestCase):
    """A test with a client, and a queue of its own."""

    def setUp(self):
        self.coordinator = shared()
        self.weft = client.Weft(self.coordinator.url)
        self.addCleanup(self.weft.close)
        self.queue = f"q{os.getpid()}-{next(_queues)}"
        self.gates = []

    def work(self, handler, concurrency=4, weft=None, **options):
        worker = (weft or self.weft).start_worker(self.queue, handler, concurrency=concurrency,
                                                  worker_id=f"w-{self.queue}", **options)
        self.addCleanup(worker.close, 5)
        self.addCleanup(lambda: [each.opened.set() for each in self.gates])
        return worker

    def gate(self):
        """A handler that is let go at the end of the test at the latest."""
        self.gates.append(Gate())
        return self.gates[-1]

    def executor(self, **options):
        pool = self.weft.executor(queue=self.queue, **options)
        self.addCleanup(pool.shutdown, cancel_futures=True)
        return pool


class Gate:
    """A handler whose tasks wait until the test lets them go."""

    def __init__(self):
        self.opened, self.begun = threading.Event(), []

    def __call__(self, payload, task):
        self.begun.append(payload)
        while not self.opened.wait(0.02):
            task.check()
        return payload


class Front:
    """Answers in a coordinator's place, always the same bytes."""

    def __init__(self, test, answer):
        self._answer, self.requests = answer, 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()
        test.addCleanup(self._socket.close)

    @staticmethod
    def page(status, body=b"<html>default backend</html>", type="text/html", missing=0, more=""):
        head = f"HTTP/1.1 {status} Front\r\nContent-Type: {type}\r\nContent-Length: {len(body) + missing}\r\n" \
               f"Connection: close\r\n{more}\r\n"
        return head.encode() + body

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.requests += 1
            with connection:
                connection.settimeout(5)
                try:
                    data = b""
                    while b"\r\n\r\n" not in data:
                        data += connection.recv(65536)
                    head, _, body = data.partition(b"\r\n\r\n")
                    for line in head.split(b"\r\n"):
                        if line.lower().startswith(b"content-length:"):
                            left = int(line.split(b":")[1]) - len(body)
                            while left > 0:
                                left -= len(connection.recv(65536))
                    connection.sendall(self._answer)
                    connection.shutdown(socket.SHUT_WR)
                except OSError:
                    pass


class Passing:
    """A front that passes on to a coordinator what it doesn't refuse.

    refuses(body): the status and the answer's body, as JSON of a problem or as text; None: it passes on.
    """

    def __init__(self, test, coordinator, refuses):
        class Handler(http.server.BaseHTTPRequestHandler):
            def forward(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                refusal = refuses(body)
                if refusal is not None:
                    self.refuse(*refusal)
                    return
                upstream = http.client.HTTPConnection("127.0.0.1", coordinator.port, timeout=DEADLINE)
                names = [name for name in ("Content-Type", "Idempotency-Key") if name in self.headers]
                try:
                    headers = {name: self.headers[name] for name in names}
                    upstream.request(self.command, self.path, body or None, headers)
                    answer = upstream.getresponse()
                    self.send_response(answer.status)
                    self.send_header("Content-Type", answer.headers.get("Content-Type", "text/plain"))
                    self.end_headers()
                    while part := answer.read1(1 << 16):
                        self.wfile.write(part)
                except OSError:
                    pass
                finally:
                    upstream.close()

            def refuse(self, status, text):
                self.send_response(status)
                self.send_header("Content-Type", "application/problem+json" if text else "text/html")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST = do_PUT = forward

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        test.addCleanup(self._server.server_close)
        test.addCleanup(self._server.shutdown)


class NarrowFront(Passing):
    """A proxy in front of a coordinator that takes no body of more bytes than these, as nginx's of 1 MB by default."""

    def __init__(self, test, coordinator, bytes_max):
        self.refused = []
        super().__init__(test, coordinator, lambda body: self._refuse(body) if len(body) > bytes_max else None)

    def _refuse(self, body):
        self.refused.append(len(body))
        return 413, ""


class OldFront(Passing):
    """A coordinator of before a member was known, which refuses each request that has it."""

    def __init__(self, test, coordinator, member):
        self.seen, self.refused, self._member = [], 0, member
        super().__init__(test, coordinator, self._judge)

    def _judge(self, body):
        self.seen.append(body)
        if f'"{self._member}"'.encode() not in body:
            return None
        self.refused += 1
        detail = f"An object has an unknown member, {self._member}."
        return 400, json.dumps({"type": "urn:weft:problem:invalid_request", "title": "Invalid request", "status": 400,
                                "code": "invalid_request", "detail": detail})


def interrupt(process):
    process.send_signal(signal.SIGINT)
