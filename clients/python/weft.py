"""The Python client of a Weft coordinator: one file, the standard library only, Python 3.9 or newer.

    import weft

    client = weft.Weft("http://127.0.0.1:8080")
    for square in client.map(range(1000), queue="squares"):
        print(square)

The documentation is docs/python-client.md. Workers' results are untrusted: they are only parsed as JSON,
and their control characters are never printed.
"""
from __future__ import annotations

import ast
import atexit
import collections
import concurrent.futures
import contextlib
import dis
import hashlib
import html
import http.client
import inspect
import io
import itertools
import json
import keyword
import logging
import math
import os
import queue as queues
import random
import re
import select
import signal
import socket
import ssl
import sys
import sysconfig
import textwrap
import threading
import time
import traceback
import types
import unicodedata
import uuid
import weakref
import zipfile
from concurrent.futures import Future
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Sequence, Tuple, Union
from urllib.parse import quote, urlencode, urlsplit

__version__ = "0.1.0"
__all__ = ["AttemptFailed", "AttemptReleased", "NotSendable", "RemoteTraceback", "TaskFailed", "TaskFunction", "Weft",
           "WeftError", "WeftExecutor", "Worker", "WorkerTask", "run_python_module", "script_of", "task"]

Json = Any

_log = logging.getLogger("weft")

# The coordinator's own limits, and those for data from a server that may not be a coordinator.
ANSWER_BYTES_MAX = 256 << 20
LINE_BYTES_MAX = 64 << 20
PROBLEM_BYTES_MAX = 64 << 10
BATCH_TASKS_MAX = 100
DURABLE_BATCH_TASKS = 50
BATCH_BYTES_MAX = 16 << 20
SETTLE_ITEMS_MAX = 250
SETTLE_SHARED_BYTES_MAX = 1 << 20
ERROR_CHARS_MAX = 4096
EARLY_LINES_MAX = 10_000
CONSTANT_CHARS_MAX = 64 << 10
INTEGER_DIGITS_MAX = 4300
JSON_DEPTH_MAX = 1000
WAIT_SECONDS = 20
# A multiple of the coordinator's chunk size, and smaller than the limits of common proxies.
BLOB_PIECE_BYTES = 8 << 20
# The default limit of files that each task of a map may write.
OUT_MB = 64
WHEEL_TYPE = "application/x-wheel+zip"
SOCKET_SECONDS = 60
RETRY_AFTER_MAX = 60.0
RETRY_DELAY_MIN = 0.1
RETRY_DELAY_MAX = 5.0
HEARTBEAT_SECONDS_MAX = 10.0

_AGAIN = frozenset(("internal_error", "outcome_unknown", "overloaded", "rate_limited", "request_timeout", "store_full",
                    "store_unavailable", "too_many_unfinished", "too_many_workers"))
_NEVER = frozenset(("cross_site", "forbidden", "method_not_allowed", "not_found", "unauthorized", "unknown_host",
                    "unsupported_encoding"))
# A request that the coordinator doesn't understand may come from another version.
_MISUNDERSTOOD = frozenset(("invalid_request", "method_not_allowed", "not_found"))
_NOT_THIS = frozenset((
    "blob_in_use", "blob_not_found", "group_not_found", "group_sealed", "hash_mismatch", "idempotency_mismatch",
    "invalid_module", "invalid_request",
    "javascript_not_allowed", "python_not_allowed", "module_in_use", "module_not_found", "packages_unresolved",
    "payload_too_large", "stale_lease",
    "task_cancelled", "task_finished", "task_not_dead", "task_not_found", "token_not_found", "too_many_blobs",
    "too_many_groups",
    "too_many_modules", "too_many_queues", "too_many_requirements", "too_many_tokens", "too_much_stored",
    "unsupported_media_type", "wrong_offset"))


# ---------------------------------------------------------------------------------------------------------- errors

class WeftError(Exception):
    """The coordinator refused a request, or could not be reached.

    code: the coordinator's problem code, None if the coordinator itself didn't answer.
    status: the HTTP status, None without an answer.
    trouble: "refused", "unreachable", "disturbed" (a proxy answered, or the response was incomplete) or "not weft".
    rule: "again" (the same may succeed later), "not this" (this request never will) or "never" (nor will others).
    offset: with the code wrong_offset, how many bytes of the blob the coordinator has.
    """

    def __init__(self, message: str, *, trouble: str, rule: str, status: Optional[int] = None,
                 code: Optional[str] = None, retry_after: Optional[float] = None, nothing_done: bool = False,
                 offset: Optional[int] = None):
        super().__init__(message)
        self.trouble, self.rule, self.status, self.code = trouble, rule, status, code
        self.retry_after, self.nothing_done, self.offset = retry_after, nothing_done, offset

    @property
    def is_transient(self) -> bool:
        return self.rule == "again"

    @property
    def is_too_large(self) -> bool:
        return self.status == 413


class RemoteTraceback(Exception):
    """The traceback of the worker that failed a task: untrusted text, with control characters removed."""

    def __str__(self) -> str:
        return "\n" + self.args[0] if self.args else ""


class TaskFailed(Exception):
    """A task is dead or cancelled, or its result is gone. Its cause is the remote traceback, if there is one.

    id, state ("dead", "cancelled", "refused", "gone"), error (what the worker said), input (of map and executors).
    """

    def __init__(self, id: Optional[int], state: str, error: str, input: Any = None, client: Optional[Weft] = None):
        self.id, self.state, self.error, self.input = id, state, _printable(error), input
        self._client, self._attempts = client, None
        line, trace = _split_traceback(self.error)
        name = "The task" if id is None else f"Task {id}"
        super().__init__(f"{name} is {state}: {line}" if line else f"{name} is {state}.")
        if trace:
            self.__cause__ = RemoteTraceback(trace)

    @property
    def attempts(self) -> List[Dict[str, Any]]:
        """The outcome of each attempt, requested from the coordinator on first use."""
        if self._attempts is None:
            known = self._client is not None and self.id is not None
            self._attempts = self._client.attempts(self.id) if known else []
        return self._attempts

    def __reduce__(self):
        return TaskFailed, (self.id, self.state, self.error, self.input)


class NotSendable(TypeError):
    """A function that can't be sent by its source. The message says which name is the problem, and what to do."""


class AttemptFailed(Exception):
    """Raised by a worker's handler: this attempt failed. retry=False: no other attempt can succeed."""

    def __init__(self, message: str, retry: bool = True):
        super().__init__(message)
        self.retry = retry


class AttemptReleased(Exception):
    """Raised by a worker's handler: this worker can't run the task now. It is released, not failed."""

    def __init__(self, message: str = "", delay: Optional[float] = None):
        super().__init__(message)
        if delay is not None and not 0 <= delay < math.inf:
            raise ValueError("The delay must be a finite, non-negative number of seconds.")
        self.delay = delay


def _printable(text: str) -> str:
    """Untrusted text made safe to print: control and bidirectional characters are escaped."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
        else char.encode("unicode_escape").decode() for char in text.replace("\r\n", "\n"))


def _split_traceback(error: str) -> Tuple[str, Optional[str]]:
    """The one line that says what happened, and the traceback if there is one."""
    lines = [line for line in error.splitlines() if line.strip()]
    if not lines:
        return "", None
    if "Traceback (most recent call last)" not in error:
        return lines[0].strip(), None if len(lines) == 1 else error
    is_first = "Traceback (most recent call last)" not in lines[0]
    return (lines[0] if is_first else lines[-1]).strip(), error


# ------------------------------------------------------------------------------------------------------------ JSON

def _integer(text: str) -> Union[int, float]:
    # Quadratic for long numbers: a result of ten million digits must not block the program that reads it.
    return int(text) if len(text) <= INTEGER_DIGITS_MAX else float(text)


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not JSON.")


_decoder = json.JSONDecoder(parse_int=_integer, parse_constant=_no_constant)
_recursion_limit = threading.Lock()


def _read_json(data: Union[bytes, str]) -> Json:
    text = data.decode("utf-8") if isinstance(data, bytes) else data
    try:
        return _decoder.decode(text)
    except RecursionError:
        return _read_deep_json(text)


def _read_deep_json(text: str) -> Json:
    # A coordinator hands out JSON_DEPTH_MAX levels, which up to Python 3.11 count as calls. One task that can't be read
    # would take those down that came with it.
    with _recursion_limit:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(limit + 4 * JSON_DEPTH_MAX)
        try:
            return _decoder.decode(text)
        except RecursionError:
            raise ValueError("The JSON is nested too deeply.") from None
        finally:
            sys.setrecursionlimit(limit)


def _plain(value: Any) -> Any:
    # numpy's scalars and arrays, without importing it.
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(type(value).__name__)


def _fault_in(value: Any, where: str, depth: int = 0) -> Optional[str]:
    if isinstance(value, float) and not math.isfinite(value):
        return f"{where} is {value}"
    if value is None or isinstance(value, (str, int, float, bool)):
        return None
    if depth > 64:
        return f"{where} is nested more than 64 levels deep"
    if isinstance(value, dict):
        for key, item in value.items():
            if not (key is None or isinstance(key, (str, int, float, bool))):
                return f"a key of {where} is {_kind_of(key)}"
            fault = _fault_in(item, f"{where}[{key!r}]", depth + 1)
            if fault:
                return fault
        return None
    if isinstance(value, (list, tuple)):
        return next(filter(None, (_fault_in(item, f"{where}[{i}]", depth + 1) for i, item in enumerate(value))), None)
    if hasattr(value, "tolist"):
        return _fault_in(value.tolist(), where, depth + 1)
    return f"{where} is {_kind_of(value)}"


def _kind_of(value: Any) -> str:
    name = type(value).__name__
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"


def _json_bytes(value: Any, what: str = "the payload") -> bytes:
    """The value as JSON. An error names the invalid part: the payload['a'][3] is a set."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain)
    except (TypeError, ValueError, RecursionError) as error:
        raise TypeError(f"{_fault_in(value, what) or f'{what}: {error}'}, which is not JSON.") from None
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, allow_nan=False, separators=(",", ":"), default=_plain).encode("ascii")


# ------------------------------------------------------------------------------------------------------------ HTTP

class _Answer:
    """The head of a response, and its body as it arrives."""

    def __init__(self, http: "_Http", connection: http.client.HTTPConnection, response: http.client.HTTPResponse):
        self._http, self._connection, self._response = http, connection, response
        self.status, self.reason = response.status, response.reason
        self.type = (response.headers.get_content_type() if response.headers.get("Content-Type") else "")
        self._left = response.length

    def header(self, name: str) -> Optional[str]:
        return self._response.headers.get(name)

    def read(self, limit: int) -> bytes:
        parts, size = [], 0
        for part in self.parts():
            size += len(part)
            if size > limit:
                raise ValueError(f"The body is over {limit} bytes.")
            parts.append(part)
        return b"".join(parts)

    def parts(self) -> Iterator[bytes]:
        while True:
            part = self._response.read1(64 << 10)
            if not part:
                break
            if self._left is not None:
                self._left -= len(part)
            yield part
        if self._left:
            raise http.client.IncompleteRead(b"")
        # read1 leaves a response open whose length it has read: the connection would take no other request.
        self._response.close()
        self._http.give_back(self._connection, self._response)
        self._connection = None

    def lines(self) -> Iterator[bytes]:
        rest = b""
        for part in self.parts():
            first, *others = part.split(b"\n")
            rest += first
            if len(rest) > LINE_BYTES_MAX:
                raise ValueError(f"A line is over {LINE_BYTES_MAX} bytes.")
            for other in others:
                yield rest
                rest = other
        if rest:
            yield rest

    def close(self) -> None:
        if self._connection is not None:
            self._response.close()
            self._connection.close()


class _Http:
    """Persistent connections to one coordinator. Sends a request once; every failure is a WeftError."""

    def __init__(self, url: str, token: Optional[str], ssl_context: Optional[ssl.SSLContext]):
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise ValueError("The coordinator's address must look like http://host:8080.")
        if token is not None and not re.fullmatch(r"[\x21-\x7e]+", token):
            raise ValueError("A token must be one word, weft_…, without spaces or line ends.")
        self._tls = (ssl_context or ssl.create_default_context()) if parts.scheme == "https" else None
        self._host, self._port = parts.hostname, parts.port
        self._path = parts.path.rstrip("/") + "/api/v1/"
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        self.url = f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path.rstrip('/')}/"
        self._headers = {"User-Agent": f"weft-python/{__version__}"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._idle: List[http.client.HTTPConnection] = []
        self._gate = threading.Lock()
        self._is_closed = False
        self._was_reached = self._has_told = False
        self._version: Optional[str] = None
        self.opened = 0

    def close(self) -> None:
        with self._gate:
            self._is_closed, idle, self._idle = True, self._idle, []
        for connection in idle:
            connection.close()

    def give_back(self, connection: http.client.HTTPConnection, response: http.client.HTTPResponse) -> None:
        with self._gate:
            if not self._is_closed and not response.will_close and len(self._idle) < 8:
                self._idle.append(connection)
                return
        connection.close()

    def _take(self, fresh: bool) -> http.client.HTTPConnection:
        while not fresh:
            with self._gate:
                if not self._idle:
                    break
                connection = self._idle.pop()
            # Readable without a request: the coordinator has closed it.
            if connection.sock is not None and not select.select([connection.sock], [], [], 0)[0]:
                return connection
            connection.close()
        if self._tls is None:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=SOCKET_SECONDS)
        else:
            connection = http.client.HTTPSConnection(self._host, self._port, timeout=SOCKET_SECONDS, context=self._tls)
        try:
            connection.connect()
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise WeftError(f"No coordinator answers at {self.url}: {reason.rstrip('.')}.", trouble="unreachable",
                            rule="again", nothing_done=True) from None
        self.opened += 1
        return connection

    def begin(self, method: str, path: str, body: Optional[bytes], headers: Dict[str, str], *, fresh: bool,
              held: Optional[list] = None) -> _Answer:
        """Sends a request and reads the head of its response. held: receives the connection, to be closed by others."""
        connection = self._take(fresh)
        if held is not None:
            held[:] = [connection]
        try:
            connection.request(method, self._path + path, body=body, headers={**self._headers, **headers})
            return _Answer(self, connection, connection.getresponse())
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise self.broken(error) from None

    def tell_waiting(self, failure: WeftError, seconds: float) -> None:
        """Somebody at a terminal sees at once why nothing happens yet, the first time."""
        if self._was_reached or self._has_told or not failure.nothing_done or seconds < 1:
            return
        self._has_told = True
        if sys.stderr is not None and sys.stderr.isatty():
            print(f"weft: no coordinator answers at {self.url} yet; trying for {seconds:.0f} s", file=sys.stderr)

    def broken(self, error: BaseException) -> WeftError:
        if isinstance(error, http.client.BadStatusLine) and not isinstance(error, http.client.RemoteDisconnected):
            return WeftError(f"The server at {self.url} does not speak HTTP.", trouble="not weft", rule="never")
        if isinstance(error, (socket.timeout, TimeoutError)):
            message = f"{self.url} did not answer within {SOCKET_SECONDS} s."
        else:
            message = f"The coordinator at {self.url} closed the connection early."
        return WeftError(message, trouble="unreachable", rule="again")

    def ask(self, method: str, path: str, body: Optional[bytes] = None, headers: Optional[Dict[str, str]] = None, *,
            fresh: bool = False, held: Optional[list] = None, whole: Callable[[Json], bool] = bool) -> Json:
        """Sends a request and reads its response, which must be JSON that whole() accepts."""
        answer = self.begin(method, path, body, headers or {}, fresh=fresh, held=held)
        try:
            if not 200 <= answer.status < 300:
                raise self.explain(answer, body is not None)
            if answer.status == 204:
                answer.read(0)
                return None
            if answer.type != "application/json":
                raise ValueError("The body is not JSON.")
            value = _read_json(answer.read(ANSWER_BYTES_MAX))
            if not whole(value):
                raise ValueError("The body lacks members that a coordinator's response has.")
            self._was_reached = True
            return value
        except (OSError, http.client.HTTPException) as error:
            raise self.disturbed(answer, body is not None) if isinstance(error, http.client.IncompleteRead) \
                else self.broken(error) from error
        except ValueError as error:
            raise self.disturbed(answer, body is not None) from error
        finally:
            answer.close()

    def explain(self, answer: _Answer, had_body: bool) -> WeftError:
        """Converts a response other than success to an error."""
        if answer.type == "application/problem+json":
            try:
                problem = _read_json(answer.read(PROBLEM_BYTES_MAX))
            except (ValueError, OSError, http.client.HTTPException):
                problem = None
            if isinstance(problem, dict) and str(problem.get("type", "")).startswith("urn:weft:problem:") \
                    and isinstance(problem.get("code"), str) and isinstance(problem.get("detail"), str):
                self._was_reached = True
                code, retry_after = problem["code"], _retry_after(answer)
                detail = _printable(" ".join(problem["detail"].split()))
                if code in _MISUNDERSTOOD:
                    detail += self._versions()
                return WeftError(detail, trouble="refused",
                                 rule=retry_rule(code, retry_after is not None), status=answer.status, code=code,
                                 retry_after=retry_after,
                                 nothing_done=code not in ("outcome_unknown", "internal_error"),
                                 offset=problem.get("offset"))
        return self.disturbed(answer, had_body)

    def _versions(self) -> str:
        """A note if the coordinator's version differs from this client's."""
        if self._version is None:
            # Query only once, whatever the outcome.
            self._version = ""
            try:
                version = self.ask("GET", "access").get("version")
            except (WeftError, AttributeError):
                version = None
            if isinstance(version, str) and re.fullmatch(r"[0-9A-Za-z.-]{1,40}", version):
                self._version = version
        return "" if self._version in ("", __version__) else \
            f" (This client is version {__version__} and the coordinator is version {self._version}; its client is " \
            f"at {self.url}client/weft.py.)"

    def disturbed(self, answer: _Answer, had_body: bool) -> WeftError:
        """A proxy's page, another server's, or a truncated response: its status says nothing about the coordinator."""
        status, target = answer.status, ""
        if 300 <= status < 400:
            parts = urlsplit(answer.header("Location") or "")
            if parts.scheme in ("http", "https") and parts.hostname:
                target = f"{parts.scheme}://{_printable(parts.netloc.rpartition('@')[2])}"
        if status in (408, 413, 429) or status >= 500 or self._was_reached:
            redirect = f", a redirect to {target}, which is not followed" if target else ""
            reason = _printable(answer.reason or "")[:100]
            message = f"A proxy in front of the coordinator at {self.url} answered {status} {reason}".rstrip()
            return WeftError(f"{message}{redirect}.", trouble="disturbed", status=status,
                             rule="not this" if had_body and status == 413 else "again",
                             retry_after=_retry_after(answer))
        redirect = f": it redirects to {target}, which is not followed" if target else ""
        return WeftError(f"The server at {self.url} is not a Weft coordinator{redirect}.", trouble="not weft",
                         rule="never", status=status)


def _retry_after(answer: _Answer) -> Optional[float]:
    text = answer.header("Retry-After")
    return float(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else None


def retry_rule(code: str, says_when: bool) -> str:
    """"again", "not this" or "never", by the problem's code: the status isn't enough."""
    if code in _AGAIN:
        return "again"
    if code in _NEVER:
        return "never"
    return "again" if says_when and code not in _NOT_THIS else "not this"


class _Retries:
    """The delays between the attempts of one request."""

    def __init__(self, seconds: float, stop: Optional[threading.Event] = None):
        self.seconds = seconds
        self._end, self._delay = time.monotonic() + seconds, RETRY_DELAY_MIN
        self._stranger_end = time.monotonic() + min(seconds, 30.0)
        self._stop = stop or threading.Event()

    def wait(self, failure: WeftError) -> None:
        # Jitter: clients that lost the coordinator together must not reconnect together.
        pause = self._delay * random.uniform(0.5, 1.5)
        if failure.retry_after is not None and failure.retry_after > pause:
            pause = min(failure.retry_after, RETRY_AFTER_MAX) + self._delay * random.random()
        end = self._end if failure.is_transient else self._stranger_end
        if time.monotonic() + pause > end:
            raise failure
        if self._stop.wait(pause):
            raise failure
        self._delay = min(self._delay * 2, RETRY_DELAY_MAX)


def _has(*names: str) -> Callable[[Json], bool]:
    return lambda value: isinstance(value, dict) and all(value.get(name) is not None for name in names)


def _is_claim(value: Json) -> bool:
    return isinstance(value, dict) and isinstance(value.get("tasks", []), list) and all(
        isinstance(task, dict) and isinstance(task.get("id"), int) and isinstance(task.get("leaseToken"), str)
        for task in value.get("tasks", []))


# ---------------------------------------------------------------------------------------------------------- client

class Weft:
    """A coordinator, by its address. Safe for use by many threads.

    url: None: $WEFT_URL, or http://127.0.0.1:8080. token: None: $WEFT_TOKEN, or none.
    retry_seconds: how long a request that is safe to repeat is retried.
    """

    def __init__(self, url: Optional[str] = None, token: Optional[str] = None, *, retry_seconds: float = 30.0,
                 ssl_context: Optional[ssl.SSLContext] = None):
        self._http = _Http(url or os.environ.get("WEFT_URL") or "http://127.0.0.1:8080",
                           token or os.environ.get("WEFT_TOKEN") or None, ssl_context)
        self.retry_seconds = retry_seconds
        self._modules: Dict[str, str] = {}
        self._executors: Dict[Tuple[Optional[str], Optional[str]], WeftExecutor] = {}

    # Neither contains the token.
    def __repr__(self) -> str:
        return f"Weft({self._http.url!r})"

    @property
    def url(self) -> str:
        return self._http.url

    def __enter__(self) -> "Weft":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def close(self) -> None:
        """Waits for the futures of functions that were submitted, and closes the connections."""
        for executor in list(self._executors.values()):
            executor.shutdown()
        self._executors.clear()
        self._http.close()

    def call(self, method: str, path: str, body: Any = None, *, key: Optional[str] = None, repeatable: bool = True,
             retry_seconds: Optional[float] = None, data: Optional[bytes] = None, type: str = "application/json",
             whole: Callable[[Json], bool] = lambda value: value is not None,
             stop: Optional[threading.Event] = None, gives_up: Callable[[WeftError], bool] = lambda _: False) -> Json:
        """Any request below /api/v1/, retried if that is safe. Returns the response's JSON."""
        if data is None and body is not None:
            data = _json_bytes(body, "the request")
        headers = {} if data is None else {"Content-Type": type}
        if key is not None:
            if not re.fullmatch(r"[\x20-\x7e]{1,128}", key):
                raise ValueError("An idempotency key must have 1 to 128 printable ASCII characters.")
            headers["Idempotency-Key"] = key
        if method == "POST" and path in ("tasks", "tasks/batch"):
            headers.update(_trace_headers())
        retries = _Retries(self.retry_seconds if retry_seconds is None else retry_seconds, stop)
        while True:
            try:
                return self._http.ask(method, path, data, headers, fresh=not repeatable, whole=whole)
            except WeftError as error:
                may_repeat = error.is_transient and (repeatable or error.nothing_done)
                if not may_repeat or gives_up(error):
                    raise
                failure = error
            self._http.tell_waiting(failure, retries.seconds)
            retries.wait(failure)

    # ---- tasks

    def submit(self, payload: Json, *, queue: Optional[str] = None, key: Optional[str] = None,
               module: Optional[str] = None, **options: Any) -> int:
        """Submits a task and returns its id; the task is on disk. The same key and task return the same id.

        options: the members of docs/api.md in Python's spelling: type, priority, delay_seconds, run_at, max_attempts,
        lease_seconds, expires_in_seconds, group, requires, verify; of a task with a module, also timeout_seconds,
        memory_mb, args, env, fixed. files: {"data/table.bin": "/tmp/t7.bin", "more/": "./folder"}: what tasks find
        at these paths, pushed if needed; a blob's hash may stand for a file. out_mb: the megabytes of files that
        a task may write below out; save_outputs fetches them.
        """
        body = self._task_bytes(payload, self._options(queue, module, options))
        return self.call("POST", "tasks", data=body, key=key or uuid.uuid4().hex, whole=_has("id"))["id"]

    def submit_many(self, payloads: Iterable[Json], *, queue: Optional[str] = None, key: Optional[str] = None,
                    module: Optional[str] = None, **options: Any) -> List[int]:
        """Submits a task for each payload, in batches, and returns their ids in order.

        A task that is refused raises TaskFailed (state "refused"); those before it are stored.
        """
        members, key, ids = self._options(queue, module, options), key or uuid.uuid4().hex, []
        for batch in _batches(self._task_bytes(payload, members) for payload in payloads):
            ids += [_id_of(outcome) for outcome in self._submit_batch(batch, f"{key}/{len(ids)}")]
        return ids

    def get(self, id: int) -> Dict[str, Any]:
        """The current record of a task."""
        return self.call("GET", f"tasks/{int(id)}", whole=_has("id", "state"))

    def wait(self, id: int, timeout: Optional[float] = None) -> Json:
        """Waits for a task's result. Raises TaskFailed if it is dead or cancelled, TimeoutError after timeout."""
        end = math.inf if timeout is None else time.monotonic() + timeout
        while True:
            wait = max(0.0, min(WAIT_SECONDS, end - time.monotonic()))
            found = self.call("GET", f"tasks/{int(id)}?wait={wait:.3f}", whole=_has("id", "state"))
            if found["state"] == "completed":
                return found.get("result")
            if found["state"] in ("dead", "cancelled"):
                raise TaskFailed(id, found["state"], found.get("error") or "", found.get("payload"), self)
            if time.monotonic() >= end:
                raise concurrent.futures.TimeoutError(f"Task {id} is {found['state']} after {timeout} s.")

    def cancel(self, id: int) -> Dict[str, Any]:
        """Cancels an unfinished task; a worker that is running it finds out at its next heartbeat."""
        return self.call("POST", f"tasks/{int(id)}/cancel", repeatable=False, whole=_has("id"))

    def retry(self, id: int) -> Dict[str, Any]:
        """Makes a dead task ready again, with all its attempts."""
        return self.call("POST", f"tasks/{int(id)}/retry", repeatable=False, whole=_has("id"))

    def attempts(self, id: int) -> List[Dict[str, Any]]:
        """The attempts of a task, first to last."""
        return self.call("GET", f"tasks/{int(id)}/attempts", whole=_has("attempts"))["attempts"]

    def queues(self) -> List[Dict[str, Any]]:
        """All queues with their counts, and whether a worker serves them."""
        return self.call("GET", "queues", whole=_has("queues"))["queues"]

    def stats(self) -> Dict[str, int]:
        """The number of tasks in each state, over all queues that this token may see."""
        totals: Dict[str, int] = collections.Counter()
        for each in self.queues():
            totals.update(each.get("counts", {}))
        return dict(totals)

    # ---- groups

    def create_group(self, name: Optional[str] = None) -> int:
        """Creates a group, for tasks whose results are followed together."""
        return self.call("POST", "groups", {"name": name} if name else {}, whole=_has("id"))["id"]

    def cancel_group(self, group: int) -> int:
        """Cancels all unfinished tasks of a group; returns how many."""
        return self.call("POST", f"groups/{int(group)}/cancel", whole=_has("cancelled"))["cancelled"]

    def results(self, group: int, *, ordered: bool = False, after: Optional[str] = None) -> Iterator[Dict[str, Any]]:
        """Follows the results of a group over one connection until all its tasks are finished.

        Yields {"cursor", "id", "state", "result"?, "error"?}; after: the cursor of the last one seen.
        """
        order, retries = "submitted" if ordered else "finished", _Retries(self.retry_seconds)
        while True:
            try:
                for line in self._results_once(group, order, after):
                    retries = _Retries(self.retry_seconds)
                    if line.get("done"):
                        return
                    after = line["cursor"]
                    if "id" in line:
                        yield line
                continue
            except WeftError as error:
                if not error.is_transient:
                    raise
                failure = error
            retries.wait(failure)

    def _results_once(self, group: int, order: str, after: Optional[str],
                      held: Optional[list] = None) -> Iterator[Dict[str, Any]]:
        """One response's lines; the last has "done". A truncated one raises."""
        query = urlencode({"order": order, "wait": WAIT_SECONDS, **({"after": after} if after else {})})
        answer = self._http.begin("GET", f"groups/{group}/results?{query}", None, {}, fresh=False, held=held)
        line: Json = None
        try:
            if answer.status != 200 or answer.type != "application/x-ndjson":
                raise self._http.explain(answer, had_body=False)
            for text in answer.lines():
                line = _read_json(text)
                if not isinstance(line, dict) or not isinstance(line.get("cursor"), str) or not (
                        isinstance(line.get("done"), bool)
                        or isinstance(line.get("id"), int) and isinstance(line.get("state"), str)):
                    raise ValueError("The line is not from a coordinator.")
                self._http._was_reached = True
                yield line
            if line is None or "done" not in line:
                raise http.client.IncompleteRead(b"")
        except ValueError as error:
            raise self._http.disturbed(answer, had_body=False) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._http.broken(error) from error
        finally:
            answer.close()

    # ---- modules

    def push(self, module: Union[str, bytes], name: Optional[str] = None, type: Optional[str] = None) -> str:
        """Stores a module, by its path or its bytes, and returns its hash. .wasm, .js, .py and .zip are known.

        A folder is a Python module whose task.py is the script. A wheel, .whl, is a package for such scripts.
        """
        files = None
        if isinstance(module, str):
            name = name or os.path.basename(os.path.normpath(module))
            if os.path.isdir(module):
                files = _files_in(module)
            else:
                with open(module, "rb") as file:
                    data = file.read()
        else:
            data = module
        if type is None:
            type = {".py": "text/x-python", ".js": "text/javascript", ".mjs": "text/javascript",
                    ".zip": "application/zip",
                    ".whl": WHEEL_TYPE}.get(os.path.splitext(name or "")[1].lower(), "application/wasm")
        if type == "text/x-python":
            compile(data, name or "module.py", "exec", dont_inherit=True)
        if files is not None:
            data, type = _zipped(files), "application/zip"
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 not in self._modules:
            query = f"?name={quote(name[:128])}" if name else ""
            self.call("PUT", f"modules{query}", data=data, type=type,
                      whole=_has("sha256"))
            self._modules[sha256] = name or ""
        return sha256

    def fetch_module(self, sha256: str) -> bytes:
        """The bytes of a module, verified against the hash."""
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise ValueError("A module's hash must be 64 hexadecimal digits.")
        answer = self._http.begin("GET", f"modules/{sha256}", None, {}, fresh=False)
        try:
            if answer.status != 200:
                raise self._http.explain(answer, had_body=False)
            data = answer.read(ANSWER_BYTES_MAX)
            if hashlib.sha256(data).hexdigest() != sha256:
                raise self._http.disturbed(answer, had_body=False)
            return data
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._http.broken(error) from error
        finally:
            answer.close()

    # ---- files

    def push_file(self, path: str, progress: Optional[Callable[[int, int], None]] = None) -> str:
        """Stores a file as a blob and returns its hash. Bytes that the coordinator already has aren't sent again.

        progress: called with the bytes transferred and the total.
        """
        with open(path, "rb") as file:
            size, hashed = os.fstat(file.fileno()).st_size, hashlib.sha256()
            for part in iter(lambda: file.read(1 << 20), b""):
                hashed.update(part)
            # Without a body: asks where to begin.
            sha256, offset, piece = hashed.hexdigest(), 0, b""
            while True:
                answer = self._push_piece(f"blobs/{sha256}?offset={offset}&size={size}", piece)
                if "sha256" in answer:
                    return sha256
                offset = answer["offset"]
                if progress is not None:
                    progress(offset, size)
                file.seek(offset)
                piece = file.read(BLOB_PIECE_BYTES)

    def _push_piece(self, path: str, piece: bytes) -> Dict[str, Any]:
        try:
            return self.call("PUT", path, data=piece, type="application/octet-stream",
                             whole=lambda value: _has("sha256")(value) or _has("offset")(value))
        except WeftError as error:
            if error.code != "wrong_offset" or not isinstance(error.offset, int):
                raise
            return {"offset": error.offset}

    def _files(self, files: Dict[str, str]) -> List[Dict[str, str]]:
        """The files of a run: by the paths where tasks find them, each a file, a folder, or a blob's hash."""
        found = {}
        for path, source in files.items():
            if re.fullmatch(r"[0-9a-f]{64}", source):
                found[path] = source
            elif os.path.isdir(source):
                for folder, _, names in os.walk(source):
                    for name in names:
                        full = os.path.join(folder, name)
                        inner = os.path.relpath(full, source).replace(os.sep, "/")
                        found[f"{path.rstrip('/')}/{inner}"] = self.push_file(full)
            else:
                found[path + os.path.basename(source) if path.endswith("/") else path] = self.push_file(source)
        return [{"path": path, "blob": blob} for path, blob in sorted(found.items())]

    def save_outputs(self, outputs: Union[int, Iterable[Dict[str, Any]]], folder: str) -> List[str]:
        """Saves the files that a task wrote below a folder, and returns their paths.

        outputs: a task's id, or the outputs of its record or future. A path that leads out of the folder, or
        through a link in it, raises OSError. A file that already exists with the same bytes isn't downloaded again.
        """
        if isinstance(outputs, int):
            outputs = self.get(outputs).get("outputs", [])
        saved = []
        for output in outputs:
            place = _place_of(folder, output["path"])
            if _sha256_of(place) != output["blob"]:
                part = os.path.join(folder, f".{uuid.uuid4().hex}.part")
                try:
                    with open(part, "xb") as file:
                        self._download(output["blob"], file)
                    # An existing link is replaced, not followed.
                    os.replace(part, place)
                finally:
                    if os.path.exists(part):
                        os.remove(part)
            saved.append(place)
        return saved

    def _download(self, sha256: str, file: Any) -> None:
        retries, hashed, size = _Retries(self.retry_seconds), hashlib.sha256(), 0
        while True:
            answer = None
            try:
                answer = self._http.begin("GET", f"blobs/{sha256}", None, {"Range": f"bytes={size}-"} if size else {},
                                          fresh=False)
                if answer.status != (206 if size else 200):
                    raise self._http.explain(answer, had_body=False)
                for part in answer.parts():
                    file.write(part)
                    hashed.update(part)
                    size += len(part)
                if hashed.hexdigest() != sha256:
                    raise self._http.disturbed(answer, had_body=False)
                return
            except (http.client.HTTPException, socket.timeout, ConnectionError) as error:
                retries.wait(self._http.broken(error))
            except WeftError as error:
                if not error.is_transient:
                    raise
                retries.wait(error)
            finally:
                if answer is not None:
                    answer.close()

    # ---- maps and executors

    def executor(self, *, queue: Optional[str] = None, module: Optional[str] = None, in_flight: int = 10_000,
                 name: Optional[str] = None, **options: Any) -> "WeftExecutor":
        """A concurrent.futures.Executor whose workers are the coordinator's.

        in_flight: tasks at the coordinator at once; further ones wait here. name: its group's name.
        """
        return WeftExecutor(self, queue=queue, module=module, in_flight=in_flight, name=name, **options)

    def map(self, inputs: Iterable[Json], *, fn: Optional[Callable[..., Any]] = None, queue: Optional[str] = None,
            module: Optional[str] = None, ordered: bool = True, ahead: int = 1000, run: Optional[str] = None,
            pairs: bool = False, failures: str = "raise", progress: Optional[bool] = None, out: Optional[str] = None,
            **options: Any) -> Iterator[Any]:
        """Submits a task for each input and yields the results, in order or as they finish.

        At most ahead inputs are in flight, so that inputs are read no faster than results.
        fn: sent by its source; without it, the queue's workers, or the module, do the work.
        run: the name of a durable run. It continues after Ctrl+C or a restart: run the same line to get its results.
        Its inputs are sent in batches of 50, and ahead is 100 or more.
        Without a name, unfinished tasks are cancelled if you stop reading.
        pairs: yields (input, result). failures: "raise", or "return": TaskFailed in place of the result.
        progress: one line on stderr, or a line in a notebook; None: if the output is a terminal or a notebook.
        out: a folder for the files that tasks write below out, with a folder for each input: 1, 2, 3. Each task may
        write 64 MiB, or as many as out_mb says.
        """
        if failures not in ("raise", "return"):
            raise ValueError('failures must be "raise" or "return".')
        if ahead < 1:
            raise ValueError("ahead must be 1 or more.")
        if run is not None and not isinstance(run, str):
            raise TypeError("run must be the name of a durable run. A task's time limit is timeout_seconds=5, "
                            "its memory memory_mb=512.")
        return _map(self, inputs, fn, queue, module, ordered, ahead, run, pairs, failures, progress, out,
                    options)

    def task(self, fn: Optional[Callable[..., Any]] = None, *, queue: Optional[str] = None, **options: Any) -> Any:
        """A decorator: the function can be sent by its source. See the function task."""
        return task(fn, client=self, queue=queue, **options)

    # ---- workers

    def start_worker(self, queue: Union[str, Sequence[str]], handler: Callable[..., Any], *, concurrency: int = 1,
                     **options: Any) -> "Worker":
        """Starts a worker in the background; close() ends it. options: see Worker."""
        worker = Worker(self, queue, handler, concurrency=concurrency, **options)
        worker.start()
        return worker

    def worker(self, queue: Union[str, Sequence[str]], handler: Callable[..., Any], *, concurrency: int = 1,
               **options: Any) -> None:
        """Works until Ctrl+C or SIGTERM; then the claimed tasks are finished. A second one releases them.

        handler(payload) or handler(payload, task) returns the result; an exception fails the attempt.
        """
        self.start_worker(queue, handler, concurrency=concurrency, **options).run()

    # ---- how a task is written

    def _options(self, queue: Optional[str], module: Optional[str], options: Dict[str, Any]) -> Dict[str, Any]:
        members, options = {}, dict(options)
        files, packages = options.pop("files", None), options.pop("packages", None) or ()
        run = options.pop("run", None)
        if run is not None and not isinstance(run, dict):
            raise TypeError(f"run of a task must be a dict, such as {{'timeoutSeconds': 5}}, not {run!r:.40}.")
        run = dict(run or {})
        for name, value in {"queue": queue, **options}.items():
            if name not in _TASK_OPTIONS and name not in _RUN_OPTIONS:
                known = ", ".join(sorted([*_TASK_OPTIONS, *_RUN_OPTIONS, "files", "packages", "run"]))
                raise TypeError(f"{name} is not an option of a task; there are {known}.")
            if value is not None and name in _RUN_OPTIONS:
                run[_RUN_OPTIONS[name]] = value
            elif value is not None:
                members[_TASK_OPTIONS[name]] = value
        if module is not None:
            members["module"] = module if re.fullmatch(r"[0-9a-f]{64}", module) else self.push(module)
        elif packages:
            raise TypeError("packages belong to a function, or to a module that is a Python script or folder.")
        if files:
            run["files"] = self._files(files)
        if packages:
            run["packages"] = self._packages(packages)
        return {**members, "run": run} if run else members

    def _packages(self, packages: Iterable[str]) -> List[str]:
        """The packages of a run: by their names, or wheels of this machine, which are pushed, by their hashes."""
        return [self.push(str(each)) if str(each).endswith(".whl") else str(each) for each in _listed(packages)]

    @staticmethod
    def _task_bytes(payload: Json, members: Dict[str, Any]) -> bytes:
        head = _json_bytes(members, "the options")[1:]
        return b'{"payload":' + _json_bytes(payload) + (b"," if len(head) > 1 else b"") + head

    def _submit_batch(self, batch: List[bytes], key: str, stop: Optional[threading.Event] = None,
                      retry_seconds: Optional[float] = None) -> List[Dict[str, Any]]:
        data = b'{"tasks":[' + b",".join(batch) + b"]}"
        try:
            outcomes = self.call("POST", "tasks/batch", data=data, key=key, stop=stop, retry_seconds=retry_seconds,
                                 whole=_has("outcomes"))["outcomes"]
        except WeftError as error:
            if not error.is_too_large:
                raise
            if len(batch) == 1:
                return [{"status": 413, "code": error.code or "payload_too_large", "detail": str(error)}]
            half = len(batch) // 2
            return self._submit_batch(batch[:half], f"{key}a", stop, retry_seconds) + \
                self._submit_batch(batch[half:], f"{key}b", stop, retry_seconds)
        if not isinstance(outcomes, list) or len(outcomes) != len(batch):
            raise WeftError(f"The server at {self.url} did not return an outcome for each task.", trouble="disturbed",
                            rule="again", status=200)
        return outcomes


def _trace_headers() -> Dict[str, str]:
    """The trace that tasks are submitted in: the current span's, where the program uses OpenTelemetry, or else the one
    that the program was started in, as by weft worker --exec."""
    found: Dict[str, str] = {}
    telemetry = sys.modules.get("opentelemetry.propagate")
    if telemetry is not None:
        telemetry.inject(found)
    if "traceparent" not in found:
        found = {name: os.environ[name.upper()] for name in _TRACE_HEADERS if name.upper() in os.environ}
    # What can't stand in a header is no trace; the coordinator ignores what else isn't one.
    return {name: found[name] for name in _TRACE_HEADERS if re.fullmatch(r"[\x21-\x7e ]{1,512}", found.get(name, ""))}


@contextlib.contextmanager
def _traced(trace: Any) -> Iterator[None]:
    """Around a handler: spans of its own are below the submitter's, where the program uses OpenTelemetry."""
    propagate, context = sys.modules.get("opentelemetry.propagate"), sys.modules.get("opentelemetry.context")
    if not isinstance(trace, dict) or propagate is None or context is None:
        yield
        return
    token = context.attach(propagate.extract(
        {"traceparent": str(trace.get("parent", "")), "tracestate": str(trace.get("state", ""))}))
    try:
        yield
    finally:
        context.detach(token)


_TRACE_HEADERS = ("traceparent", "tracestate")
_TASK_OPTIONS = {
    "queue": "queue", "type": "type", "priority": "priority", "delay_seconds": "delaySeconds", "run_at": "runAt",
    "max_attempts": "maxAttempts", "lease_seconds": "leaseSeconds", "expires_in_seconds": "expiresInSeconds",
    "group": "group", "requires": "requires", "verify": "verify"}
# Members of a task's run.
_RUN_OPTIONS = {"timeout_seconds": "timeoutSeconds", "memory_mb": "memoryMb", "out_mb": "outMb", "args": "args",
                "env": "env", "fixed": "fixed"}


def _place_of(folder: str, path: str) -> str:
    """Where an output goes: its path came from a stranger's program. Makes the folders, none of which is a link."""
    names = path.split("/")
    if len(path) > 255 or any(name in ("", ".", "..") or re.search(r"[\x00-\x1f\x7f-\x9f\\\\:]", name)
                              for name in names):
        raise OSError(f"The task named an output by a path that can't be: {_printable(path)}.")
    place = folder
    os.makedirs(place, exist_ok=True)
    for name in names[:-1]:
        place = os.path.join(place, name)
        if os.path.islink(place):
            raise OSError(f"{place} is a link: outputs are not written through links.")
        os.makedirs(place, exist_ok=True)
    return os.path.join(place, names[-1])


def _sha256_of(path: str) -> Optional[str]:
    """The hash of a file; None where there is none."""
    if os.path.islink(path) or not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        hashed = hashlib.sha256()
        for part in iter(lambda: file.read(1 << 20), b""):
            hashed.update(part)
    return hashed.hexdigest()


def _batches(tasks: Iterable[bytes]) -> Iterator[List[bytes]]:
    batch, size = [], 0
    for each in tasks:
        batch.append(each)
        size += len(each)
        if len(batch) >= BATCH_TASKS_MAX or size >= BATCH_BYTES_MAX:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _id_of(outcome: Dict[str, Any]) -> int:
    if isinstance(outcome.get("id"), int):
        return outcome["id"]
    raise TaskFailed(None, "refused", str(outcome.get("detail") or outcome.get("code") or ""))


# -------------------------------------------------------------------------------------------------------- following

class _Thread:
    """A daemon thread whose end can be waited for. Thread.join takes an interrupted thread for ended (bpo-45274)."""

    def __init__(self, work: Callable[[], None]):
        self._work, self._ended = work, threading.Event()
        threading.Thread(target=self._run, name=f"weft {work.__name__.strip('_')}", daemon=True).start()

    def _run(self) -> None:
        try:
            self._work()
        finally:
            self._ended.set()

    def join(self, timeout: Optional[float] = None) -> None:
        self._ended.wait(timeout)

    def is_alive(self) -> bool:
        return not self._ended.is_set()


class WeftFuture(Future):
    """A task as a Future. cancel() cancels the task, also while a worker runs it.

    It stays pending until the task is finished: the coordinator isn't asked who runs it.
    """

    def __init__(self, run: "_Run", input: Any):
        super().__init__()
        self._run: Optional[_Run] = run
        self.input = input
        self.task_id: Optional[int] = None
        # The files that the task has written, once it has its result: see Weft.save_outputs.
        self.outputs: List[Dict[str, Any]] = []

    def cancel(self) -> bool:
        run = self._run
        # Without one it has its result, or is about to.
        if run is not None and self._cancel_here(run):
            run.forget(self)
        return self.cancelled()

    def _cancel_here(self, run: "_Run") -> bool:
        with run.cancelling:
            if self._run is None or self.cancelled() or not super().cancel():
                return False
            # Those that wait for it are told at once.
            self.set_running_or_notify_cancel()
            return True


class _Run:
    """The tasks of an executor or a map: one thread submits and cancels, one follows the group's results.

    It is apart from the executor so that its threads don't keep the executor alive.
    """

    def __init__(self, client: Weft, members: Dict[str, Any], in_flight: int, name: Optional[str],
                 durable: Optional[str] = None, is_map: bool = False):
        self.client, self.members, self.name, self.durable = client, members, name, durable
        self.is_map = is_map
        self.in_flight = in_flight
        self.group: Optional[int] = None
        # Callbacks of cancelled futures may cancel others.
        self.cancelling = threading.RLock()
        self.failure: Optional[BaseException] = None
        self.stop = threading.Event()
        self.submitted = self.finished = self.failed = 0
        self._changed = threading.Condition()
        self._waiting: "collections.deque[Tuple[WeftFuture, bytes]]" = collections.deque()
        # Taken to be sent, and not answered yet.
        self._sending: List[WeftFuture] = []
        self._running: Dict[int, WeftFuture] = {}
        self._early: "collections.OrderedDict[int, Dict[str, Any]]" = collections.OrderedDict()
        self._cancels: "collections.deque[int]" = collections.deque()
        self._threads: List[_Thread] = []
        self._held: list = []
        self._is_closing = self._has_all = False
        self._batches_sent = 0

    # ---- from any thread

    def add(self, payload: Json, input: Any, members: Optional[Dict[str, Any]] = None) -> WeftFuture:
        future = WeftFuture(self, input)
        data = (payload, self.members if members is None else members)
        # Written here, so that what isn't JSON is the caller's own exception.
        Weft._task_bytes(*data)
        with self._changed:
            if _has_ended:
                raise RuntimeError("cannot schedule new futures after interpreter shutdown")
            if self.failure is not None:
                raise self.failure
            self._waiting.append((future, data))
            self.submitted += 1
            if not self._threads:
                self._threads = [_Thread(self._submit), _Thread(self._follow)]
                _open_runs.add(self)
            self._changed.notify_all()
        return future

    @property
    def unfinished(self) -> int:
        with self._changed:
            return len(self._waiting) + len(self._sending) + len(self._running)

    def forget(self, future: WeftFuture) -> None:
        """Nobody waits for it any more: its task is cancelled."""
        with self._changed:
            self.finished += 1
            if future.task_id is not None and self._running.pop(future.task_id, None) is not None:
                self._cancels.append(future.task_id)
            self._changed.notify_all()

    def flush(self) -> None:
        """There are no more inputs: a durable run's last batch may have fewer."""
        with self._changed:
            self._has_all = True
            self._changed.notify_all()

    def close(self) -> None:
        """Lets the threads end when everything is done."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def leave(self) -> None:
        """Ends the threads at once; the tasks continue."""
        self.close()
        self.stop.set()
        with self._changed:
            self._changed.notify_all()
        self.cut()

    def cut(self) -> None:
        for connection in list(self._held):
            try:
                connection.sock.shutdown(socket.SHUT_RDWR)
            except (OSError, AttributeError):
                pass

    def cancel_all(self) -> None:
        """Cancels all unfinished tasks, in one request if there is a group."""
        with self._changed:
            futures = self._take_all()
        cancelled = [future for future in futures if future._cancel_here(self)]
        with self._changed:
            self.finished += len(cancelled)
        if self.group is not None and futures:
            try:
                self.client.call("POST", f"groups/{self.group}/cancel", retry_seconds=5)
            except WeftError as error:
                _log.warning("The unfinished tasks of group %d could not be cancelled: %s", self.group, error)
        with self._changed:
            self._changed.notify_all()

    def _take_all(self) -> List[WeftFuture]:
        futures = [future for future, _ in self._waiting] + self._sending + list(self._running.values())
        self._waiting.clear()
        self._running.clear()
        return futures

    # ---- the thread that submits

    def _submit(self) -> None:
        try:
            while True:
                batch, cancels = self._next()
                if batch is None:
                    return
                for id in cancels:
                    self._cancel(id)
                if batch:
                    self._send(batch)
                # This thread waits, and must not keep futures alive that nothing else references.
                del batch
        except BaseException as error:
            self._fail(error)

    def _next(self) -> Tuple[Optional[list], List[int]]:
        with self._changed:
            while not self.stop.is_set():
                cancels = list(self._cancels)
                self._cancels.clear()
                batch, size = [], 0
                room = min(BATCH_TASKS_MAX, self.in_flight - len(self._running))
                bytes_max = BATCH_BYTES_MAX
                if self.durable is not None:
                    # Always the same batches, so that a second start is recognized by their keys.
                    is_whole = len(self._waiting) >= DURABLE_BATCH_TASKS or self._has_all
                    room, bytes_max = DURABLE_BATCH_TASKS if is_whole else 0, math.inf
                while self._waiting and len(batch) < room and size < bytes_max:
                    future, (payload, members) = self._waiting.popleft()
                    if future.cancelled():
                        continue
                    self._sending.append(future)
                    if self.group is None:
                        self._changed.release()
                        try:
                            self.group = self._open_group()
                        finally:
                            self._changed.acquire()
                    data = Weft._task_bytes(payload, {**members, "group": self.group})
                    batch.append((future, data))
                    size += len(data)
                future = payload = None
                if batch or cancels:
                    return batch, cancels
                if self._is_closing and not self._waiting and not self._running:
                    self._changed.notify_all()
                    return None, []
                self._changed.wait()
        return None, []

    def _open_group(self) -> int:
        if self.durable is not None:
            after = ""
            while True:
                page = self.client.call("GET", f"groups?limit=1000{after}", whole=_has("groups"), stop=self.stop)
                for group in page["groups"]:
                    if group.get("name") == self.name and not group.get("sealedAt"):
                        return group["id"]
                if not page.get("next"):
                    break
                after = f"&after={quote(str(page['next']))}"
        return self.client.create_group(self.name)

    def _send(self, batch: List[Tuple[WeftFuture, bytes]]) -> None:
        if self.durable is None:
            key = uuid.uuid4().hex
        else:
            content = hashlib.sha256(b"\n".join(data for _, data in batch)).hexdigest()
            name = hashlib.sha256(self.durable.encode()).hexdigest()[:16]
            key = f"{name}/{self._batches_sent}/{content}"
            self._batches_sent += 1
        outcomes = self._outcomes([data for _, data in batch], key)
        late = []
        with self._changed:
            self._sending = []
            for (future, _), outcome in zip(batch, outcomes):
                id = outcome.get("id")
                if not isinstance(id, int):
                    late.append((future, {"state": "refused", "error": outcome.get("detail") or outcome.get("code")}))
                elif future.cancelled():
                    self._cancels.append(id)
                else:
                    future.task_id = id
                    line = self._early.pop(id, None)
                    if line is None:
                        self._running[id] = future
                    else:
                        late.append((future, line))
            if self.durable is None:
                self._early.clear()
            self._changed.notify_all()
        for future, line in late:
            self._settle(future, line)

    def _outcomes(self, batch: List[bytes], key: str) -> List[Dict[str, Any]]:
        while True:
            try:
                return self.client._submit_batch(batch, key, self.stop)
            except WeftError as error:
                # Other tasks of this run have to finish first: not an error.
                if error.code != "too_many_unfinished" or not self._running:
                    raise

    def _cancel(self, id: int) -> None:
        try:
            self.client.call("POST", f"tasks/{id}/cancel", stop=self.stop)
        except WeftError as error:
            # It had finished, or was cancelled by a request whose response was lost.
            if error.code not in ("task_cancelled", "task_finished", "task_not_found"):
                _log.warning("Task %d could not be cancelled: %s", id, error)

    # ---- the thread that follows

    def _follow(self) -> None:
        cursor, retries = None, _Retries(self.client.retry_seconds, self.stop)
        try:
            while True:
                with self._changed:
                    while not self._running and not self.stop.is_set():
                        if self._is_closing and not self._waiting and not self._sending:
                            return
                        self._changed.wait()
                    if self.stop.is_set():
                        return
                    asked = list(self._running)
                try:
                    for line in self.client._results_once(self.group, "finished", cursor, self._held):
                        retries = _Retries(self.client.retry_seconds, self.stop)
                        cursor = line["cursor"] or cursor
                        if "id" in line:
                            self._take(line)
                        elif line["done"]:
                            self._find_lost(asked)
                    continue
                except WeftError as error:
                    if self.stop.is_set():
                        return
                    if not error.is_transient:
                        raise
                    failure = error
                retries.wait(failure)
        except BaseException as error:
            self._fail(error)
        finally:
            with self._changed:
                _open_runs.discard(self)

    def _take(self, line: Dict[str, Any]) -> None:
        with self._changed:
            future = self._running.pop(line["id"], None)
            if future is None:
                # It finished before the response to its own submit arrived; or it belongs to this run's first start.
                if self._sending or self.durable is not None:
                    self._early[line["id"]] = line
                    if len(self._early) > EARLY_LINES_MAX:
                        self._early.popitem(last=False)
                return
            self._changed.notify_all()
        self._settle(future, line)

    def _find_lost(self, asked: List[int]) -> None:
        """Everything is delivered: missing results were deleted by the coordinator's retention, or came too early."""
        for id in asked:
            with self._changed:
                future = self._running.get(id)
            if future is None:
                continue
            try:
                found = self.client.get(id)
                if found["state"] not in ("completed", "dead", "cancelled"):
                    continue
            except WeftError as error:
                if error.code != "task_not_found":
                    raise
                found = {"state": "gone", "error": "Retention deleted the result before it was read."}
            with self._changed:
                self._running.pop(id, None)
                self._changed.notify_all()
            self._settle(future, found)

    def _settle(self, future: WeftFuture, line: Dict[str, Any]) -> None:
        is_success = line["state"] == "completed"
        with self.cancelling:
            if future.cancelled():
                return
            future._run = None
        with self._changed:
            self.finished += 1
            self.failed += not is_success
        if is_success:
            future.outputs = line.get("outputs") or []
            future.set_result(line.get("result"))
        else:
            future.set_exception(TaskFailed(future.task_id, line["state"], str(line.get("error") or ""), future.input,
                                            self.client))

    def _fail(self, error: BaseException) -> None:
        """Nothing works any more: each future gets the reason."""
        with self._changed:
            if self.stop.is_set() or self.failure is not None:
                return
            self.failure = error
            self.stop.set()
            futures = self._take_all()
            self._changed.notify_all()
        self.cut()
        for future in futures:
            with self.cancelling:
                if future.cancelled():
                    continue
                future._run = None
            future.set_exception(error)


_open_runs: "weakref.WeakSet[_Run]" = weakref.WeakSet()
_has_ended = False


@atexit.register
def _finish_runs() -> None:
    # Like the standard library's executors: the end of the program waits for the submitted tasks.
    global _has_ended
    _has_ended = True
    for run in list(_open_runs):
        if run.is_map:
            # Its results are no longer read.
            if run.durable is None:
                run.cancel_all()
            run.leave()
            continue
        run.close()
        run.join()


class WeftExecutor(concurrent.futures.Executor):
    """A concurrent.futures.Executor over a coordinator. All its results come over one connection.

    submit(fn, *args): fn is sent by its source. submit(None, payload): workers of the queue, or the module, do it.
    """

    def __init__(self, client: Optional[Weft] = None, *, queue: Optional[str] = None, module: Optional[str] = None,
                 in_flight: int = 10_000, name: Optional[str] = None, **options: Any):
        if not isinstance(client, Weft):
            raise TypeError("An executor belongs to a client: weft.Weft().executor(queue=…).")
        if in_flight < 1:
            raise ValueError("in_flight must be 1 or more.")
        self._client, self._module = client, module
        self._packages = () if module is not None else options.pop("packages", None) or ()
        self._members = client._options(queue, module, options)
        self._run = _Run(client, self._members, in_flight, name)
        self._gate = threading.Lock()
        self._is_shut = False
        self._scripts: Dict[Any, Dict[str, Any]] = {}
        # Dropped without a shutdown: its threads end with its last task.
        self._finalizer = weakref.finalize(self, _Run.close, self._run)
        self._finalizer.atexit = False

    @property
    def group(self) -> Optional[int]:
        """The id of its group, once a task was submitted."""
        return self._run.group

    def submit(self, fn: Optional[Callable[..., Any]], /, *args: Any, **kwargs: Any) -> Future:
        """Submits a task, and returns its Future. Returns at once: the tasks are sent in the background."""
        if fn is not None:
            return self._add({"args": list(args), "kwargs": kwargs}, args[0] if len(args) == 1 else args, fn)
        if len(args) != 1 or kwargs:
            raise TypeError("Without a function, a task has one argument: its payload.")
        return self._add(args[0], args[0], None)

    def map(self, fn: Optional[Callable[..., Any]], *iterables: Iterable[Any], timeout: Optional[float] = None,
            chunksize: int = 1, **kwargs: Any) -> Iterator[Any]:
        """As Executor.map. chunksize: calls of a function that are one task; without a function it has no effect."""
        if chunksize < 1:
            raise ValueError("chunksize must be >= 1.")
        if fn is None or chunksize == 1:
            return super().map(fn, *iterables, timeout=timeout, **kwargs)
        end = None if timeout is None else time.monotonic() + timeout
        rows, futures = zip(*iterables), []
        while True:
            chunk = [list(row) for row in itertools.islice(rows, chunksize)]
            if not chunk:
                break
            futures.append(self._add({"chunk": chunk}, chunk, fn))

        def results() -> Iterator[Any]:
            try:
                futures.reverse()
                while futures:
                    left = None if end is None else end - time.monotonic()
                    yield from futures.pop().result(left)
            finally:
                for future in futures:
                    future.cancel()
        return results()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Accepts no more tasks. wait: until all are finished. cancel_futures: cancels the unfinished ones first."""
        with self._gate:
            self._is_shut = True
        if cancel_futures:
            self._run.cancel_all()
        self._run.close()
        if wait:
            self._run.join()

    def __exit__(self, kind: Any, value: Any, trace: Any) -> bool:
        # After an interrupt, don't wait for the tasks.
        self.shutdown(wait=True, cancel_futures=kind is not None and issubclass(kind, KeyboardInterrupt))
        return False

    def __repr__(self) -> str:
        return f"<WeftExecutor on {self._client.url}, {self._run.finished} of {self._run.submitted} tasks finished>"

    def _add(self, payload: Json, input: Any, fn: Optional[Callable[..., Any]]) -> Future:
        with self._gate:
            if self._is_shut:
                raise RuntimeError("cannot schedule new futures after shutdown")
            return self._run.add(payload, input, None if fn is None else self._members_of(fn))

    def _members_of(self, fn: Callable[..., Any]) -> Dict[str, Any]:
        if self._module is not None:
            raise TypeError("This executor runs a module: submit(None, payload).")
        if fn not in self._scripts:
            self._scripts[fn] = _with(self._members, _pushed(self._client, fn, self._packages))
        return self._scripts[fn]


def _pushed(client: Weft, fn: Callable[..., Any], packages: Iterable[str] = ()) -> Dict[str, Any]:
    """The members of a task that runs a function: its script is stored as a module, with its packages."""
    sent = fn if isinstance(fn, TaskFunction) else task(fn)
    options = dict(sent.options)
    packages = [*_listed(packages), *_listed(options.pop("packages", None) or ())]
    try:
        module = client.push(sent.script().encode(), f"{sent.__name__}.py", "text/x-python")
        packages = client._packages(packages)
    except WeftError as error:
        if error.code not in ("unsupported_media_type", "python_not_allowed"):
            raise
        raise WeftError(f"This coordinator doesn't accept functions: {error}", trouble=error.trouble, rule=error.rule,
                        status=error.status, code=error.code) from error
    members = {**client._options(None, None, options), "module": module}
    return {**members, "run": {**members.get("run", {}), "packages": packages}} if packages else members


def _listed(packages: Iterable[str]) -> Iterable[str]:
    if isinstance(packages, str):
        raise TypeError(f"packages must be a list, such as [{packages!r}].")
    return packages


def _with(members: Dict[str, Any], of_function: Dict[str, Any]) -> Dict[str, Any]:
    """The members of a task, with those of the function that it runs."""
    run = {**members.get("run", {}), **of_function.get("run", {})}
    return {**members, **of_function, **({"run": run} if run else {})}


def _map(client: Weft, inputs: Iterable[Json], fn: Optional[Callable[..., Any]], queue: Optional[str],
         module: Optional[str], ordered: bool, ahead: int, durable: Optional[str], pairs: bool, failures: str,
         progress: Optional[bool], out: Optional[str], options: Dict[str, Any]) -> Iterator[Any]:
    packages = () if fn is None else options.pop("packages", None) or ()
    if out is not None:
        options = {"out_mb": OUT_MB, **options}
    members = client._options(queue, module, options)
    if fn is not None:
        members = _with(members, _pushed(client, fn, packages))
    if durable is not None:
        ahead = max(ahead, 2 * DURABLE_BATCH_TASKS)
    run = _Run(client, members, ahead, durable, durable, is_map=True)
    shown = _Progress(run, durable or "map", inputs, progress)
    source, done = iter(inputs), queues.SimpleQueue()
    window: "collections.deque[WeftFuture]" = collections.deque()
    under_way, taken, has_ended = 0, 0, False
    try:
        while True:
            while under_way < ahead and not has_ended:
                try:
                    value = next(source)
                except StopIteration:
                    has_ended = True
                    run.flush()
                    break
                payload = value if fn is None else {"args": [value], "kwargs": {}}
                future = run.add(payload, value)
                under_way += 1
                taken += 1
                future.number = taken
                if ordered:
                    window.append(future)
                else:
                    future.add_done_callback(done.put)
            if under_way == 0:
                return
            future = window.popleft() if ordered else done.get()
            shown.wait(future)
            under_way -= 1
            try:
                result = future.result()
            except TaskFailed as error:
                if failures == "raise":
                    raise
                result = error
            if out is not None and future.outputs:
                client.save_outputs(future.outputs, os.path.join(out, str(future.number)))
            value = future.input
            # The generator must not keep yielded results alive.
            del future
            yield (value, result) if pairs else result
            del value, result
    finally:
        unfinished = run.unfinished
        shown.end()
        if durable is None:
            run.cancel_all()
        run.leave()
        if durable is not None and unfinished and run.group is not None and run.failure is None:
            print(f"weft: run {_printable(durable)!r} continues without this program: {run.finished} of "
                  f"{run.submitted} submitted tasks are finished. Run the same line again to get its results, or "
                  f"cancel it with: weft groups cancel {run.group}", file=sys.stderr)


class _Progress:
    """One line on a terminal, or one output in a notebook, at most five times a second."""

    def __init__(self, run: _Run, name: str, inputs: Any, wanted: Optional[bool]):
        self._run, self._name = run, _printable(name)
        self._total = len(inputs) if hasattr(inputs, "__len__") else None
        self._start, self._last, self._width = time.monotonic(), 0.0, 0
        self._display = None
        self._shows = bool(wanted)
        if wanted is not False:
            shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
            if shell is not None and hasattr(shell, "kernel"):
                self._display = sys.modules["IPython"].display.display(self, display_id=True)
                self._shows = True
            elif wanted is None:
                self._shows = sys.stderr is not None and sys.stderr.isatty()

    def wait(self, future: WeftFuture) -> None:
        if not self._shows:
            return
        while not future.done():
            self._show()
            concurrent.futures.wait([future], timeout=0.2)
        self._show()

    def end(self) -> None:
        if self._shows:
            self._show(is_last=True)
            if self._display is None:
                print(file=sys.stderr)

    def _show(self, is_last: bool = False) -> None:
        if not is_last and time.monotonic() - self._last < 0.2:
            return
        self._last = time.monotonic()
        if self._display is not None:
            self._display.update(self)
            return
        line = f"weft: {self}"
        print("\r" + line.ljust(self._width), end="", file=sys.stderr, flush=True)
        self._width = len(line)

    def __repr__(self) -> str:
        run, seconds = self._run, max(time.monotonic() - self._start, 0.001)
        total = f"{self._total if self._total is not None else run.submitted:,}"
        failed = f", {run.failed:,} failed" if run.failed else ""
        return f"{self._name}: {run.finished:,} of {total} tasks finished{failed}, {run.finished / seconds:.0f}/s"

    def _repr_html_(self) -> str:
        total = self._total or self._run.submitted or 1
        return f'<progress max="{total}" value="{self._run.finished}"></progress> {html.escape(repr(self))}'


# ------------------------------------------------------------------------------------------------------------- folders

def _files_in(folder: str) -> Dict[str, bytes]:
    """All files of a folder except hidden ones, links, and compiled files, by their names in an archive."""
    files = {}
    for path, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if not each.startswith(".") and each != "__pycache__"]
        for each in names:
            full = os.path.join(path, each)
            if not each.startswith(".") and not os.path.islink(full):
                with open(full, "rb") as file:
                    files[os.path.relpath(full, folder).replace(os.sep, "/")] = file.read()
    if "task.py" not in files:
        raise ValueError(f"{folder} has no task.py: it needs one with a function 'def task(payload):'.")
    for name, data in files.items():
        if name.endswith(".py"):
            compile(data, os.path.join(folder, name), "exec", dont_inherit=True)
    return files


def _zipped(files: Dict[str, bytes]) -> bytes:
    """An archive of files: the same bytes for the same files, whenever it is created."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return made.getvalue()


# ------------------------------------------------------------------------------------------- functions by their source

def task(fn: Optional[Callable[..., Any]] = None, *, client: Optional[Weft] = None, queue: Optional[str] = None,
         **options: Any) -> Any:
    """A decorator for functions in a file or a notebook, which are sent to workers by their source.

        @weft.task
        def square(n):
            return n * n

        square(3)                        # runs here
        square.submit(3).result()        # runs on a worker
        list(square.map(range(100)))

    The functions, constants and imports that it uses are sent with it, or refused at once, by name.
    """
    if fn is None:
        return lambda given: task(given, client=client, queue=queue, **options)
    return TaskFunction(fn, client, {"queue": queue, **options})


class TaskFunction:
    """A function that runs here when it is called, and on workers through submit and map."""

    def __init__(self, fn: Callable[..., Any], client: Optional[Weft], options: Dict[str, Any]):
        self._fn, self._client, self.options, self._script = fn, client, options, None
        self.__name__, self.__doc__ = getattr(fn, "__name__", "task"), fn.__doc__
        self.__wrapped__, self.__module__ = fn, fn.__module__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._fn(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<weft task {self.__name__}>"

    def script(self) -> str:
        """The module that is sent: read it to see what workers will run."""
        if self._script is None:
            self._script = script_of(self._fn)
        return self._script

    @property
    def client(self) -> Weft:
        if self._client is None:
            self._client = Weft()
        return self._client

    def submit(self, *args: Any, **kwargs: Any) -> Future:
        """Runs it on a worker: a Future."""
        pool = self.client._executors
        key = (self.options.get("queue"), None)
        if key not in pool:
            pool[key] = self.client.executor(queue=key[0])
        return pool[key].submit(self, *args, **kwargs)

    def map(self, inputs: Iterable[Any], **options: Any) -> Iterator[Any]:
        """Runs it for each input. options: those of Weft.map."""
        return self.client.map(inputs, fn=self, **options)


def script_of(fn: Callable[..., Any]) -> str:
    """The script that is sent for a function. Raises NotSendable, naming what can't be sent."""
    return _Script(fn).text()


_SCRIPT_END = '''

def task(payload):
    if "chunk" in payload:
        return [{name}(*args) for args in payload["chunk"]]
    return {name}(*payload["args"], **payload["kwargs"])
'''


class _Script:
    """Collects a function's source, and the sources of everything it needs."""

    def __init__(self, fn: Callable[..., Any]):
        self._fn = _unwrapped(fn)
        self._imports: Dict[str, str] = {}
        self._constants: Dict[str, str] = {}
        self._functions: Dict[str, Tuple[Any, str]] = {}
        self._add(self._fn, None)

    def text(self) -> str:
        parts = ["from __future__ import annotations\n"]
        parts += [f"{line}\n" for line in sorted(set(self._imports.values()))]
        parts += [f"{name} = {text}\n" for name, text in self._constants.items()]
        # The last found are needed first: decorators and defaults run as the script is loaded.
        parts += [f"\n\n{source}" for _, source in reversed(list(self._functions.values()))]
        parts.append(_SCRIPT_END.format(name=self._fn.__name__))
        text = "".join(parts)
        compile(text, f"{self._fn.__name__}.py", "exec", dont_inherit=True)
        return text

    def _add(self, fn: Any, asked_by: Optional[str]) -> None:
        name = fn.__name__
        if name in self._functions:
            if self._functions[name][0] is not fn:
                raise NotSendable(f"Two functions are named {name}: rename one of them.")
            return
        self._refuse_kind(fn, name)
        closure = inspect.getclosurevars(fn)
        if closure.nonlocals:
            names = ", ".join(sorted(closure.nonlocals))
            raise NotSendable(f"{name} uses {names} of the function around it: pass it as an argument instead.")
        try:
            source = textwrap.dedent(inspect.getsource(fn))
            tree = ast.parse(source).body[0]
        except (OSError, SyntaxError, IndexError):
            raise NotSendable(f"The source of {name} can't be found: define it in a file or a notebook's cell.") \
                from None
        if not isinstance(tree, ast.FunctionDef):
            raise NotSendable(f"{name} is not a plain function: define it with def.")
        decorators = [each for each in tree.decorator_list if not _is_task_decorator(each, fn.__globals__)]
        names = _names_of(fn.__code__, name) | _names_when_loaded(tree, decorators)
        lines = source.splitlines()
        kept = ["@" + (ast.get_source_segment(source, each) or "") for each in decorators]
        self._functions[name] = (fn, "\n".join(kept + lines[tree.lineno - 1:]) + "\n")
        for each in sorted(names):
            self._resolve(each, fn)

    @staticmethod
    def _refuse_kind(fn: Any, name: str) -> None:
        if not isinstance(fn, types.FunctionType):
            raise NotSendable(f"{name} is {_kind_of(fn)}: only functions written with def can be sent.")
        if name == "<lambda>":
            raise NotSendable("A lambda can't be sent: give it a name with def.")
        if name == "task":
            raise NotSendable("A function named task can't be sent: the script that is sent has one. Rename it.")
        if inspect.iscoroutinefunction(fn) or inspect.isasyncgenfunction(fn) or inspect.isgeneratorfunction(fn):
            raise NotSendable(f"{name} is async or a generator: a task's function returns its result.")

    def _resolve(self, name: str, fn: Any) -> None:
        if name not in fn.__globals__:
            if hasattr(__builtins__, name) or isinstance(__builtins__, dict) and name in __builtins__ \
                    or name in ("__name__", "__file__"):
                return
            raise NotSendable(f"{fn.__name__} uses {name}, which isn't defined.")
        value = fn.__globals__[name]
        if isinstance(value, TaskFunction):
            value = value._fn
        if isinstance(value, types.ModuleType):
            self._import_module(name, value, fn)
        elif isinstance(value, types.FunctionType) and _is_local(sys.modules.get(value.__module__)):
            if value.__name__ != name:
                raise NotSendable(f"{fn.__name__} uses {name}, which is the function {value.__name__}: use that name.")
            self._add(value, fn.__name__)
        elif _origin(value) is not None:
            module, attribute = _origin(value)
            self._imports[name] = f"from {module} import {attribute}" + ("" if attribute == name else f" as {name}")
        elif _is_constant(value):
            text = repr(value)
            if len(text) > CONSTANT_CHARS_MAX:
                raise NotSendable(f"{name} has more than {CONSTANT_CHARS_MAX} characters: pass it as an argument.")
            self._constants[name] = text
        else:
            raise NotSendable(f"{fn.__name__} uses {name}, {_kind_of(value)} that isn't sent: pass it as an "
                              f"argument, or create it within the function.")

    def _import_module(self, name: str, module: types.ModuleType, fn: Any) -> None:
        full = module.__name__
        if _is_local(module):
            raise NotSendable(f"{fn.__name__} uses {full}, a module of your own that isn't sent: put what it needs "
                              f"into the same file.")
        self._imports[name] = f"import {full}" if name == full else f"import {full} as {name}"


def _unwrapped(fn: Any) -> Any:
    return fn._fn if isinstance(fn, TaskFunction) else fn


def _is_task_decorator(node: ast.expr, scope: Dict[str, Any]) -> bool:
    """@weft.task, @task, or one of them with arguments, by the meaning of the name where the function is defined."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        owner = scope.get(node.value.id)
        return node.attr == "task" and (isinstance(owner, Weft) or owner is sys.modules[__name__])
    return isinstance(node, ast.Name) and scope.get(node.id) is task


def _names_of(code: types.CodeType, name: str) -> set:
    """The globals of a function, including those of its inner functions and comprehensions."""
    names = set()
    for step in dis.get_instructions(code):
        if step.opname in ("STORE_GLOBAL", "DELETE_GLOBAL"):
            raise NotSendable(f"{name} changes the global {step.argval}: a worker's globals are its own. Return it.")
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            names.add(step.argval)
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            names |= _names_of(inner, name)
    return names - {"__module__", "__qualname__", "__annotations__"}


def _names_when_loaded(tree: ast.FunctionDef, decorators: List[ast.expr]) -> set:
    """The globals that its decorators and defaults need. Annotations aren't evaluated."""
    loaded = decorators + tree.args.defaults + [each for each in tree.args.kw_defaults if each is not None]
    return {node.id for each in loaded for node in ast.walk(each) if isinstance(node, ast.Name)}


def _is_constant(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, tuple) and type(value) is tuple:
        return all(map(_is_constant, value))
    return value is None or type(value) in (bool, int, str, bytes)


_LIBRARY = tuple({os.path.realpath(path) + os.sep for path in sysconfig.get_paths().values() if path})


def _is_local(module: Optional[types.ModuleType]) -> bool:
    """Whether a module is the program's own: neither the standard library's nor an installed package's."""
    if module is None or module.__name__ in ("__main__", "__mp_main__"):
        return True
    if module.__name__ in sys.builtin_module_names or module is sys.modules[__name__]:
        return module is sys.modules[__name__]
    spec = getattr(module, "__spec__", None)
    path = getattr(module, "__file__", None) or (spec.origin if spec else None)
    if path in (None, "built-in", "frozen"):
        return spec is None
    path = os.path.realpath(path)
    return not path.startswith(_LIBRARY) and not re.search(r"[/\\](site|dist)-packages[/\\]", path)


def _origin(value: Any) -> Optional[Tuple[str, str]]:
    """Where a value of an installed module can be imported from; None: nowhere."""
    module, name = getattr(value, "__module__", None), getattr(value, "__name__", None)
    if not isinstance(module, str) or not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
        return None
    owner = sys.modules.get(module)
    if owner is None or _is_local(owner) or getattr(owner, name, None) is not value:
        return None
    return module, name


# ---------------------------------------------------------------------------------------------------------- worker

class WorkerTask:
    """A task that a worker holds: id, attempt, queue, type, payload, checkpoint, module, run, trace."""

    def __init__(self, claimed: Dict[str, Any], client: Weft):
        self.id: int = claimed["id"]
        self.attempt: int = claimed.get("attempt", 1)
        self.queue, self.type = claimed.get("queue"), claimed.get("type")
        self.payload, self.checkpoint = claimed.get("payload"), claimed.get("checkpoint")
        self.module, self.run = claimed.get("module"), claimed.get("run") or {}
        self.trace: Optional[Dict[str, str]] = claimed.get("trace")
        self.client = client
        self._lease_token: str = claimed["leaseToken"]
        seconds = claimed.get("leaseSeconds")
        self._lease = min(max(float(seconds), 1.0), 86_400.0) if isinstance(seconds, (int, float)) and seconds > 0 \
            else 60.0
        self._lost = threading.Event()
        self._lost_because: Optional[str] = None
        self._report: Dict[str, Any] = {}

    def __repr__(self) -> str:
        return f"<WorkerTask {self.id}, attempt {self.attempt}>"

    def progress(self, fraction: float, checkpoint: Json = None) -> None:
        """Reports, with the next heartbeat, the progress (0 to 1) and a checkpoint for the next attempt."""
        part = float(fraction)
        if math.isnan(part):
            raise ValueError("The progress must be a number.")
        report: Dict[str, Any] = {"progress": min(max(part, 0.0), 1.0)}
        if checkpoint is not None:
            _json_bytes(checkpoint, "the checkpoint")
            report["checkpoint"] = checkpoint
        self._report = report

    @property
    def is_lost(self) -> bool:
        """True: it was cancelled, or another worker has it, or this one has to stop. The result would be discarded."""
        return self._lost.is_set()

    def check(self) -> None:
        """Ends a handler whose task is lost, by releasing it."""
        if self.is_lost:
            raise AttemptReleased()

    def wait_lost(self, seconds: float) -> bool:
        """Waits, but only until the task is lost."""
        return self._lost.wait(seconds)

    def _lose(self, reason: Optional[str]) -> None:
        self._lost_because = self._lost_because or reason
        self._lost.set()


class Worker:
    """Claims tasks, runs a handler for each, keeps the leases by heartbeats, and settles together with the next claim.

    queue: one, or up to 32. concurrency: handlers at once, each in its own thread. capabilities: up to 32 labels.
    lease_seconds: how long others wait for a worker that disappeared.
    observed(task, outcome, detail): called at each end.
    """

    def __init__(self, client: Weft, queue: Union[str, Sequence[str]], handler: Callable[..., Any], *,
                 concurrency: int = 1, worker_id: Optional[str] = None, capabilities: Optional[Sequence[str]] = None,
                 lease_seconds: Optional[float] = None,
                 observed: Optional[Callable[[WorkerTask, str, Optional[str]], None]] = None):
        if not 1 <= concurrency <= 1000:
            raise ValueError("concurrency must be 1 to 1000.")
        self._client, self._handler, self._takes_task = client, handler, _takes_two(handler)
        self.id = worker_id or f"{socket.gethostname()}-{os.getpid()}"
        claim = {"workerId": self.id, "queues": [queue] if isinstance(queue, str) else list(queue),
                 "capabilities": list(capabilities) if capabilities else None, "leaseSeconds": lease_seconds}
        self._claim = {name: value for name, value in claim.items() if value is not None}
        self._lease_seconds, self._observed = lease_seconds, observed
        self._places, self._concurrency = concurrency, concurrency
        self._changed = threading.Condition()
        self._held: Dict[WorkerTask, None] = {}
        self._said: "collections.deque[Tuple[WorkerTask, Optional[Dict[str, Any]], int]]" = collections.deque()
        self._draining, self._given_up = threading.Event(), threading.Event()
        self._connection: list = []
        self._heard = time.monotonic()
        self._tells_times = True
        self._claiming: Optional[_Thread] = None
        self._settling: Optional[_Thread] = None
        self._beating: Optional[_Thread] = None
        self._pool: Optional[concurrent.futures.ThreadPoolExecutor] = None
        self.failure: Optional[WeftError] = None

    def __repr__(self) -> str:
        return f"<Worker {self.id!r} on {self._client.url}, {len(self._held)} tasks held>"

    def __enter__(self) -> "Worker":
        if self._settling is None:
            self.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def start(self) -> None:
        self._pool = concurrent.futures.ThreadPoolExecutor(self._concurrency, "weft handler")
        self._claiming = _Thread(self._claim_all)
        self._settling = _Thread(self._settle_all)
        self._beating = _Thread(self._beat_all)

    def run(self) -> None:
        """Works until Ctrl+C or SIGTERM. Raises WeftError if the coordinator refuses its claims."""
        is_main = threading.current_thread() is threading.main_thread()
        before = signal.signal(signal.SIGTERM, lambda *_: self.drain()) if is_main else None
        try:
            self._join_interruptibly()
        finally:
            if is_main:
                signal.signal(signal.SIGTERM, before if before is not None else signal.SIG_DFL)
        if self.failure is not None:
            raise self.failure

    def _join_interruptibly(self) -> None:
        while self._settling.is_alive():
            try:
                self._settling.join()
            except KeyboardInterrupt:
                if self._draining.is_set():
                    self.abort()
                self.drain()
        self.close()

    def drain(self) -> None:
        """Claims no more; held tasks are finished."""
        self._draining.set()
        for connection in list(self._connection):
            # Disconnecting while a claim waits means that it gets no task.
            try:
                connection.sock.shutdown(socket.SHUT_RDWR)
            except (OSError, AttributeError):
                pass
        try:
            # Not blocking: this may be the handler of a signal in a thread that holds it.
            if self._changed.acquire(blocking=False):
                self._changed.notify_all()
                self._changed.release()
        except RuntimeError:
            pass

    def abort(self) -> None:
        """Releases the held tasks; handlers that check their task's is_lost end early."""
        for held in list(self._held):
            held._lose(None)
        self._given_up.set()

    def close(self, timeout: Optional[float] = None) -> None:
        """Finishes and settles the held tasks, and stops. After timeout, the rest is released."""
        self.drain()
        if self._settling is None:
            return
        self._settling.join(timeout)
        if self._settling.is_alive():
            self.abort()
            self._settling.join(10)
        for thread in (self._claiming, self._beating):
            thread.join(10)
        self._pool.shutdown(wait=False)

    def _is_claiming(self) -> bool:
        return self._claiming is None or self._claiming.is_alive()

    # ---- the thread that claims

    def _claim_all(self) -> None:
        retries = _Retries(math.inf, self._draining)
        while True:
            with self._changed:
                while not self._places and not self._draining.is_set():
                    self._changed.wait(1)
                if self._draining.is_set():
                    return
                places, self._places = self._places, 0
            tasks: List[Dict[str, Any]] = []
            failure = None
            try:
                body = _json_bytes({**self._claim, "max": places, "wait": WAIT_SECONDS})
                tasks = self._client._http.ask("POST", "tasks/claim", body, {"Content-Type": "application/json"},
                                               held=self._connection, whole=_is_claim)["tasks"]
                self._heard, retries = time.monotonic(), _Retries(math.inf, self._draining)
            except WeftError as error:
                failure = error
            except Exception as error:
                failure = WeftError(f"The claim failed: {error}", trouble="disturbed", rule="again")
            finally:
                self._start(tasks, places)
            if failure is None or self._draining.is_set():
                continue
            try:
                if not failure.is_transient and failure.trouble != "not weft":
                    raise failure
                retries.wait(failure)
            except WeftError as error:
                if not self._draining.is_set():
                    self.failure = error
                    self.drain()

    def _start(self, tasks: List[Dict[str, Any]], places: int) -> None:
        held = [WorkerTask(each, self._client) for each in tasks]
        with self._changed:
            self._held.update(dict.fromkeys(held))
            self._places += max(0, places - len(held))
            self._changed.notify_all()
        for each in held:
            self._pool.submit(self._handle, each)

    # ---- the threads of handlers

    def _handle(self, held: WorkerTask) -> None:
        started = time.monotonic()
        item = None if held._lost_because else self._attempt(held)
        if item is not None and item["action"] != "release":
            item["runMs"] = round((time.monotonic() - started) * 1000, 3)
        try:
            size = len(_json_bytes(item)) if item is not None else 0
        except (TypeError, ValueError) as error:
            item = self._item(held, "fail", error=_clip(f"The outcome of the task can't be reported: {error}"))
            size = len(_json_bytes(item))
        with self._changed:
            self._said.append((held, item, size))
            self._changed.notify_all()

    def _attempt(self, held: WorkerTask) -> Optional[Dict[str, Any]]:
        try:
            if held.is_lost:
                return self._item(held, "release")
            with _traced(held.trace):
                result = self._handler(held.payload, held) if self._takes_task else self._handler(held.payload)
            if held.is_lost and held._lost_because:
                return None
            _json_bytes(result, "the result")
            return self._item(held, "complete", result=result)
        except AttemptReleased as error:
            if held._lost_because:
                return None
            return self._item(held, "release", delaySeconds=error.delay)
        except AttemptFailed as error:
            return self._item(held, "fail", error=_clip(str(error)), retry=None if error.retry else False)
        # An exception from a handler fails only its own attempt.
        except BaseException as error:
            if held.is_lost:
                return None if held._lost_because else self._item(held, "release")
            return self._item(held, "fail", error=_clip(_traceback_text(error)))

    @staticmethod
    def _item(held: WorkerTask, action: str, **members: Any) -> Dict[str, Any]:
        item = {"action": action, "id": held.id, "leaseToken": held._lease_token}
        # A result may be null; other members that are None are left out.
        item.update({name: value for name, value in members.items() if value is not None or name == "result"})
        return item

    # ---- the thread that settles

    def _settle_all(self) -> None:
        try:
            while True:
                with self._changed:
                    while not self._said:
                        if self._draining.is_set() and not self._held and not self._is_claiming():
                            return
                        self._changed.wait(0.1 if self._draining.is_set() else 1)
                    batch, size = [], 0
                    while self._said and len(batch) < SETTLE_ITEMS_MAX and size < BATCH_BYTES_MAX:
                        batch.append(self._said.popleft())
                        size += batch[-1][2]
                self._settle(batch)
        finally:
            self._draining.set()

    def _settle(self, batch: List[Tuple[WorkerTask, Optional[Dict[str, Any]], int]]) -> None:
        small = []
        for held, item, size in batch:
            if item is None:
                self._end(held, "dropped", held._lost_because)
            elif size > SETTLE_SHARED_BYTES_MAX:
                self._settle_together([(held, item)], claim=None)
            else:
                small.append((held, item))
        tasks: List[Dict[str, Any]] = []
        if small:
            # The same request claims for the slots that become free.
            claim = None if self._draining.is_set() else {**self._claim, "max": len(batch)}
            tasks = self._settle_together(small, claim)
        self._start(tasks, len(batch))

    def _settle_together(self, batch: List[Tuple[WorkerTask, Dict[str, Any]]],
                         claim: Optional[Dict[str, Any]]) -> List[Dict[str, Any]]:
        try:
            answer = self._tell(batch, claim)
        except WeftError as error:
            if claim is not None:
                # The claim may be the refused part: the claimer finds out itself.
                return self._settle_together(batch, None)
            if len(batch) > 1 and error.rule != "never":
                # If a batch is refused, its items are sent one by one, so that one task doesn't affect the others.
                half = len(batch) // 2
                self._settle_together(batch[:half], None)
                self._settle_together(batch[half:], None)
                return []
            self._conclude([(held, item, {"status": error.status or 503, "code": error.code, "detail": str(error)})
                            for held, item in batch])
            return []
        self._conclude([(held, item, outcome) for (held, item), outcome in zip(batch, answer["outcomes"])])
        return answer.get("tasks") or []

    def _conclude(self, answers: List[Tuple[WorkerTask, Dict[str, Any], Dict[str, Any]]]) -> None:
        instead = []
        for held, item, outcome in answers:
            is_heard = outcome.get("status") == 200
            if not is_heard and item["action"] == "complete" and outcome.get("code") in (
                    None, "invalid_request", "payload_too_large", "internal_error") and not self._given_up.is_set():
                # The result was rejected: report that as the failure instead of letting the lease expire.
                instead.append((held, self._item(held, "fail", error=_clip(
                    f"The result was rejected: {outcome.get('detail')}"))))
                continue
            ends = {"complete": "completed", "fail": "failed", "release": "released"}
            self._end(held, ends[item["action"]] if is_heard else "dropped",
                      item.get("error") if is_heard else str(outcome.get("detail") or ""))
        if instead:
            self._settle_together(instead, None)

    def _tell(self, batch: List[Tuple[WorkerTask, Dict[str, Any]]], claim: Optional[Dict[str, Any]]) -> Json:
        """Sends the reports with their run times. An older coordinator refuses such a request as a
        whole: if it accepts it without them, they are no longer sent."""
        if self._tells_times:
            try:
                return self._deliver(batch, claim)
            except WeftError as error:
                if error.code != "invalid_request":
                    raise
        for _, item in batch:
            item.pop("runMs", None)
        answer = self._deliver(batch, claim)
        self._tells_times = False
        return answer

    def _deliver(self, batch: List[Tuple[WorkerTask, Dict[str, Any]]], claim: Optional[Dict[str, Any]]) -> Json:
        """Sends until it is delivered. If only this request fails while small ones succeed, it is given up."""
        body: Dict[str, Any] = {"workerId": self.id, "items": [item for _, item in batch]}
        if claim is not None:
            body["claim"] = claim
        lease, start = max(held._lease for held, _ in batch), time.monotonic()
        retries, convictions = _Retries(math.inf, self._given_up), 0
        while True:
            try:
                answer = self._ask(body, len(batch))
                return answer
            except WeftError as error:
                if not error.is_transient:
                    raise
                failure = error
            if self._draining.is_set() and time.monotonic() - self._heard > lease:
                raise failure
            retries.wait(failure)
            if failure.code not in (None, "internal_error"):
                continue
            convictions = convictions + 1 if self._is_heard(batch[0][0]) else 0
            if convictions >= 3 and (len(batch) > 1 or time.monotonic() - start > lease / 2):
                raise failure

    def _ask(self, body: Dict[str, Any], count: int) -> Json:
        answer = self._client._http.ask(
            "POST", "tasks/settle", _json_bytes(body), {"Content-Type": "application/json"},
            whole=lambda value: _is_claim(value) and isinstance(value.get("outcomes"), list)
            and len(value["outcomes"]) == count and all(isinstance(each, dict) for each in value["outcomes"]))
        self._heard = time.monotonic()
        return answer

    def _is_heard(self, held: WorkerTask) -> bool:
        try:
            self._ask({"workerId": self.id, "items": [self._beat(held, is_bare=True)]}, 1)
            return True
        except WeftError:
            return False

    def _end(self, held: WorkerTask, outcome: str, detail: Optional[str]) -> None:
        with self._changed:
            self._held.pop(held, None)
        if self._observed is None:
            return
        try:
            self._observed(held, outcome, detail)
        # An observer's exception must not stop the work.
        except Exception:
            _log.exception("The observer of worker %s failed", self.id)

    # ---- the thread of heartbeats

    def _beat_all(self) -> None:
        while True:
            with self._changed:
                held = list(self._held)
                interval = min([each._lease / 3 for each in held] + [HEARTBEAT_SECONDS_MAX])
            end = time.monotonic() + interval
            while time.monotonic() < end:
                if self._draining.is_set() and self._settling is not None and not self._settling.is_alive():
                    return
                with self._changed:
                    shortest = min([each._lease / 3 for each in self._held] + [HEARTBEAT_SECONDS_MAX])
                end = min(end, time.monotonic() + shortest)
                time.sleep(min(0.1, max(0.0, end - time.monotonic())))
            with self._changed:
                held = list(self._held)
            for start in range(0, len(held), SETTLE_ITEMS_MAX):
                self._beat_batch(held[start:start + SETTLE_ITEMS_MAX], is_bare=False)

    def _beat(self, held: WorkerTask, is_bare: bool) -> Dict[str, Any]:
        report = {} if is_bare else held._report
        return self._item(held, "heartbeat", leaseSeconds=self._lease_seconds, **report)

    def _beat_batch(self, batch: List[WorkerTask], is_bare: bool) -> None:
        beats = [self._beat(held, is_bare) for held in batch]
        try:
            outcomes = self._ask({"workerId": self.id, "items": beats}, len(batch))["outcomes"]
        except (TypeError, ValueError, WeftError) as error:
            if (not isinstance(error, WeftError) or error.rule == "not this") and not is_bare:
                # A refused checkpoint of one task must not cost the others their leases.
                for held in batch:
                    self._beat_batch([held], is_bare=len(batch) == 1)
            # Otherwise the next heartbeat may succeed.
            return
        for held, outcome in zip(batch, outcomes):
            if outcome.get("status") in (404, 409):
                held._lose(_printable(str(outcome.get("detail") or "This worker no longer holds the task's lease.")))
            elif outcome.get("status") != 200 and not is_bare:
                self._beat_batch([held], is_bare=True)


def _takes_two(handler: Callable[..., Any]) -> bool:
    try:
        inspect.signature(handler).bind(None, None)
    except (TypeError, ValueError):
        return False
    required = [each for each in inspect.signature(handler).parameters.values()
                if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]
    return len(required) >= 2 and required[1].default is inspect.Parameter.empty


def _clip(text: str) -> str:
    return text if len(text) <= ERROR_CHARS_MAX else text[:ERROR_CHARS_MAX - 1] + "…"


def _traceback_text(error: BaseException) -> str:
    """The error in the first line, then the frames of the handler, the innermost last."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    last = "".join(traceback.format_exception_only(type(error), error)).strip()
    lines = "".join(traceback.format_list(frames[-20:]))
    return f"{last}\nTraceback (most recent call last):\n{lines}{last}" if lines else last


_modules: "collections.OrderedDict[str, types.CodeType]" = collections.OrderedDict()
_modules_gate = threading.Lock()


def run_python_module(payload: Json, task: WorkerTask) -> Json:
    """A handler that runs the script of a task's module of kind "python", with fresh globals for each task.

        weft.Weft().worker("default", weft.run_python_module, capabilities=["python"])

    It runs in this process with all of its rights: only for scripts from people whom you trust.
    """
    if not task.module:
        raise AttemptFailed("The task has no module: this worker runs Python modules.", retry=False)
    with _modules_gate:
        code = _modules.get(task.module)
    name = "task.py"
    if code is None:
        source = task.client.fetch_module(task.module)
        if source.startswith(b"PK\x03\x04"):
            # Its modules would be shared by the whole process.
            raise AttemptReleased("Zipped folders run only in browsers and in weft worker --python.", delay=10)
        try:
            code = compile(source, name, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            raise AttemptFailed(f"The module is not Python: {error}", retry=False) from None
        with _modules_gate:
            _modules[task.module] = code
            while len(_modules) > 100:
                _modules.popitem(last=False)
    scope: Dict[str, Any] = {"__name__": "weft_task", "__file__": name, "__builtins__": __builtins__}
    exec(code, scope)
    function = scope.get("task")
    if not callable(function):
        raise AttemptFailed("The script defines no function task(payload).", retry=False)
    return function(payload, task) if _takes_two(function) else function(payload)
