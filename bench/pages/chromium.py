"""A Chromium that a script drives: the DevTools protocol over pipes, by the standard library alone."""

import contextlib
import fcntl
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
ANSWER_SECONDS_MAX = 120
BINARY = os.path.abspath(os.environ.get("WEFT_BINARY", os.path.join(ROOT, "dist", "weft")))


class Chromium:
    """The browser, with a profile of its own that goes with it."""

    def __init__(self, *flags):
        self.profile = tempfile.mkdtemp(prefix="weft-chromium-")
        # It reads at descriptor 3 and writes at 4: ours are moved out of their way first.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (*os.pipe(), *os.pipe())]
        self._process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{ends[0]} 4>&{ends[3]}', "bash",
             os.environ.get("WEFT_CHROMIUM", "chromium"), *FLAGS, *flags, f"--user-data-dir={self.profile}",
             "--remote-debugging-pipe"],
            pass_fds=(ends[0], ends[3]), stderr=subprocess.DEVNULL)
        os.close(ends[0])
        os.close(ends[3])
        self._input, self._output = os.fdopen(ends[1], "wb", 0), os.fdopen(ends[2], "rb")
        self._answers, self._came, self._last = {}, threading.Condition(), 0
        # Sessions of what is attached to a page, such as its workers: the page's session to theirs.
        self.attached = {}
        threading.Thread(target=self._read, daemon=True).start()

    def close(self):
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, session=None, **params):
        with self._came:
            self._last += 1
            number = self._last
        message = {"id": number, "method": method, "params": params}
        if session is not None:
            message["sessionId"] = session
        self._input.write(json.dumps(message).encode() + b"\0")
        with self._came:
            if not self._came.wait_for(lambda: number in self._answers, ANSWER_SECONDS_MAX):
                raise TimeoutError(method)
            answer = self._answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def open(self, url, **params):
        """Opens a tab. Returns its session, and its target."""
        target = self.call("Target.createTarget", url=url, **params)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable", session)
        self.call("Target.setAutoAttach", session, autoAttach=True, waitForDebuggerOnStart=False, flatten=True)
        self.wait(session, "document.readyState === 'complete' && location.href !== 'about:blank'")
        return session, target

    def run(self, session, script):
        answer = self.call("Runtime.evaluate", session, expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait(self, session, script, seconds=60):
        end = time.monotonic() + seconds
        while True:
            # Between two pages there is nothing that a script could run in.
            with contextlib.suppress(RuntimeError):
                if self.run(session, script):
                    return
            if time.monotonic() > end:
                raise TimeoutError(script)
            time.sleep(0.1)

    def _read(self):
        buffer = b""
        while chunk := self._output.read1(1 << 16):
            *messages, buffer = (buffer + chunk).split(b"\0")
            for message in map(json.loads, messages):
                self._hear(message)

    def _hear(self, message):
        params = message.get("params", {})
        if message.get("method") == "Target.attachedToTarget":
            self.attached[params["sessionId"]] = (message.get("sessionId"), params["targetInfo"])
        elif message.get("method") == "Target.detachedFromTarget":
            self.attached.pop(params["sessionId"], None)
        elif "id" in message:
            with self._came:
                self._answers[message["id"]] = message
                self._came.notify_all()


@contextlib.contextmanager
def coordinator(*options):
    """A coordinator of the script's own, with a folder that goes with it. Gives its address."""
    with socket.socket() as free, tempfile.TemporaryDirectory(prefix="weft-pages-") as folder:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        process = subprocess.Popen([BINARY, "serve", "--port", str(port), *options], cwd=folder,
                                   stdout=subprocess.DEVNULL)
        address = f"http://localhost:{port}"
        try:
            end = time.monotonic() + 30
            while not is_there(address):
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError("the coordinator doesn't start")
                time.sleep(0.1)
            yield address
        finally:
            process.terminate()
            process.wait()


def is_there(address):
    try:
        return urllib.request.urlopen(f"{address}/health", timeout=5).status == 200
    except OSError:
        return False


def ask(address, method, path, body=None, kind="application/json"):
    """One request of the API, and its answer as JSON."""
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
    request = urllib.request.Request(f"{address}/api/v1/{path}", body, {"Content-Type": kind}, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())


def square(address):
    """Pushes the sample module, and returns its hash."""
    with tempfile.TemporaryDirectory() as folder:
        module = os.path.join(folder, "square.wasm")
        subprocess.run(["clang", "--target=wasm32-wasi", "-O2", os.path.join(ROOT, "samples/Modules/square.c"),
                        "-o", module], check=True)
        with open(module, "rb") as file:
            return ask(address, "PUT", "modules?name=square", file.read(), "application/wasm")["sha256"]
