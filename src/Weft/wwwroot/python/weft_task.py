"""Runs the task function of a script, or of a zipped folder: the same code in browsers and in `weft worker --python`.

A browser's interpreter (worker/compute-python.js) and a native one (src/Weft/Cli/Python/) call
Script(source, name).run(…) for each task. It works with Python 3.9 and later, and with the standard library only.
"""

import importlib
import inspect
import io
import json
import linecache
import math
import os
import sys
import tempfile
import time
import traceback
import types
import zipfile
import zipimport

MODULE_NAME = '__task__'
# Of a zipped folder.
SCRIPT_NAME = 'task.py'
ZIP_SIGNATURE = b'PK\x03\x04'
RESULT_CHARS_MAX = 8 << 20
# The coordinator keeps 4,096 characters of an error.
ERROR_CHARS_MAX = 4000
LAST_LINE_CHARS_MAX = 400
PRINTED_CHARS_MAX = 1000
SHOWN_CHARS_MAX = 80
# The coordinator takes no packages with more.
PACKAGES_BYTES_MAX = 256 << 20
PROGRESS_SECONDS = 0.1
# EX_DATAERR of sysexits.h, as for programs: the payload itself is wrong.
WRONG_DATA = 65


class Context:
    """What a task can know of itself, and say."""

    def __init__(self, call, tell):
        self.id = call.get('id')
        self.attempt = call.get('attempt')
        self.queue = call.get('queue')
        self.type = call.get('type')
        self.args = call.get('args') or []
        self.env = call.get('env') or {}
        self._tell = tell
        self._told_at = -PROGRESS_SECONDS

    def progress(self, part):
        """Says how far the task is, from 0 to 1; passed on at most ten times a second."""
        part = float(part)
        if part != part:
            raise ValueError('progress must be a number from 0 to 1')
        now = time.monotonic()
        if now - self._told_at < PROGRESS_SECONDS:
            return
        self._told_at = now
        self._tell(min(1.0, max(0.0, part)))


class Printed(io.RawIOBase):
    """The end of what the script prints."""

    def __init__(self):
        self._kept = b''

    def writable(self):
        return True

    def write(self, piece):
        piece = bytes(piece)
        self._kept = (self._kept + piece[-PRINTED_CHARS_MAX:])[-PRINTED_CHARS_MAX:]
        return len(piece)

    @property
    def text(self):
        return self._kept.decode('utf-8', 'replace').lstrip('\ufffd').strip()


class NotJson(Exception):
    """A result that JSON doesn't have."""


class Script:
    """A script, compiled once. Each task runs it in a module of its own.

    source: its bytes in UTF-8, or those of a zipped folder, whose other modules and packages it can import.
    wheels: names and files of packages that it can import, too; folder: where these are unpacked.
    """

    def __init__(self, source, filename, wheels=(), folder=None):
        self.filename = filename
        self.code = None
        self.fault = None
        self.folder = None
        self.packages = folder
        if wheels:
            self.fault = install(wheels, folder)
            if self.fault is not None:
                return
        if source.startswith(ZIP_SIGNATURE):
            source = self._enter(source)
        if source is not None:
            self._compile(source, self.filename)

    def _enter(self, archive):
        """Makes what is in a zipped folder importable. Returns its script; None: it can't be read."""
        try:
            self.folder = as_file(archive)
            source = zipimport.zipimporter(self.folder).get_data(SCRIPT_NAME)
        # Whatever a damaged archive makes Python's own code raise.
        except Exception:
            self.fault = f'{self.filename} is not a zip archive with a file {SCRIPT_NAME}.'
            return None
        sys.path.insert(0, self.folder)
        self.filename = SCRIPT_NAME
        return source

    def _compile(self, source, filename):
        try:
            source = source.decode('utf-8').lstrip('\ufeff')
        except UnicodeDecodeError:
            self.fault = f'{filename} is not UTF-8 text.'
            return
        # For the lines of tracebacks: the script is no file here.
        linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
        try:
            self.code = compile(source, filename, 'exec', dont_inherit=True)
        except SyntaxError as error:
            place = f'{filename}, line {error.lineno}, column {error.offset}'
            lines = ''.join(traceback.format_exception_only(type(error), error))
            self.fault = f'{type(error).__name__}: {error.msg} ({place})\n{lines}'[:ERROR_CHARS_MAX]
        except (ValueError, MemoryError, RecursionError) as error:
            self.fault = f'{filename} can not be compiled: {error}'[:ERROR_CHARS_MAX]

    def run(self, payload, call, tell):
        """Runs a task. Returns (result, None, False), or (None, error, whether no further attempt can mend it)."""
        if self.fault is not None:
            return None, self.fault, True
        printed = Printed()
        home = enter(call.get('folder'))
        streams = sys.stdout, sys.stderr
        stream = io.TextIOWrapper(io.BufferedWriter(printed), 'utf-8', 'backslashreplace', write_through=True)
        sys.stdout = sys.stderr = stream
        try:
            return self._attempt(json.loads(payload), Context(call, tell)), None, False
        except NoTask as error:
            return None, str(error), True
        except NotJson as error:
            return None, str(error)[:ERROR_CHARS_MAX], False
        except BaseException as error:
            is_final = isinstance(error, SystemExit) and error.code == WRONG_DATA
            return None, self._explain(error, stream, printed), is_final
        finally:
            sys.stdout, sys.stderr = streams
            sys.modules.pop(MODULE_NAME, None)
            if home is not None:
                os.chdir(home)

    def _attempt(self, payload, context):
        module = types.ModuleType(MODULE_NAME)
        module.__file__ = self.filename
        sys.modules[MODULE_NAME] = module
        exec(self.code, module.__dict__)
        task = module.__dict__.get('task')
        if not callable(task):
            raise NoTask(f'{self.filename} defines no function task(payload).')
        return as_json(task(payload, context) if wants_context(task) else task(payload))

    def _explain(self, error, stream, printed):
        try:
            trace = error.__traceback__
            # Down to their first line.
            while trace is not None and trace.tb_frame.f_code.co_filename != self.filename:
                trace = trace.tb_next
            lines = ''.join(traceback.format_exception(type(error), error, trace)).strip()
            head = shown(lambda: f'{type(error).__qualname__}: {error}'.split('\n')[0], LAST_LINE_CHARS_MAX)
            text = f'{head}\n{said(stream, printed)}'
            for folder in filter(None, (self.folder, self.packages)):
                lines = lines.replace(folder + os.sep, '')
            room = ERROR_CHARS_MAX - len(text)
            return text + (lines if len(lines) <= room else '…' + lines[1 - room:])
        except BaseException:
            # No memory to say more, or an exception that can't be shown.
            return type(error).__qualname__


def install(wheels, folder):
    """Unpacks wheels where their packages can be imported. Returns what is wrong with one; None: nothing is."""
    left = PACKAGES_BYTES_MAX
    for name, wheel in wheels:
        if not fits(name):
            return f'{name} is not for Python {sys.version_info[0]}.{sys.version_info[1]}, which this worker has.'
        try:
            with zipfile.ZipFile(wheel) as archive:
                for item in archive.infolist():
                    left -= item.file_size
                    if left < 0:
                        return f'The packages have over {PACKAGES_BYTES_MAX >> 20} MiB unpacked.'
                    path = place_of(item.filename)
                    if path is not None:
                        write(os.path.join(folder, *path), archive.read(item))
        # Whatever a damaged archive makes Python's own code raise.
        except Exception as error:
            return f'{name} can not be unpacked: {shown(lambda: str(error))}'
    # Before this machine's own packages, and after the standard library.
    own = (i for i, path in enumerate(sys.path) if os.path.basename(path) in ('site-packages', 'dist-packages'))
    sys.path.insert(next(own, len(sys.path)), folder)
    importlib.invalidate_caches()
    return None


def fits(name):
    """Whether a wheel runs here, by its name's tags: numpy-2.2.5-cp314-cp314-pyemscripten_2026_0_wasm32.whl."""
    python, abi, platform = name[:-len('.whl')].split('-')[-3:]
    if platform != 'any' and sys.platform != 'emscripten':
        return False
    minor = sys.version_info[1]
    for each in python.split('.'):
        number = each[3:]
        if each[:3] == 'cp3' and abi not in ('abi3', 'none') and number == str(minor):
            return True
        if each[:2] in ('py', 'cp') and each[2:3] == '3' and abi in ('abi3', 'none') and int(number or 0) <= minor:
            return True
    return False


def place_of(filename):
    """Where a wheel's file belongs, as the parts of its path; None: nowhere."""
    parts = filename.split('/')
    if parts[-1] == '' or any(part in ('', '.', '..') or '\\' in part for part in parts):
        return None
    if not parts[0].endswith('.data'):
        return parts
    # Other files there are for the machine: programs, headers, manuals.
    return parts[2:] if parts[1:2] in (['purelib'], ['platlib']) and len(parts) > 2 else None


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as file:
        file.write(content)


def enter(folder):
    """Goes where the task's files are. Returns where to go back to; None: the task has no files."""
    if folder is None:
        return None
    home = os.getcwd()
    os.chdir(folder)
    return home


def as_file(content):
    """Bytes as a file, for what reads only files. On Linux it needs no disk, and nothing is left behind."""
    if hasattr(os, 'memfd_create'):
        descriptor = os.memfd_create('task')
        path = f'/proc/self/fd/{descriptor}'
        # The descriptor stays open: it is the file.
        file = os.fdopen(descriptor, 'wb', closefd=False)
    else:
        descriptor, path = tempfile.mkstemp('.zip')
        file = os.fdopen(descriptor, 'wb')
    with file:
        file.write(content)
    return path


class NoTask(Exception):
    """The script has no task function."""


def said(stream, printed):
    try:
        stream.flush()
    except (OSError, ValueError):
        # The script has closed it.
        pass
    text = printed.text
    return f'It printed:\n{text}\n' if text else ''


def wants_context(task):
    """Whether a task takes (payload, ctx): its second parameter has no default, or is called ctx."""
    try:
        parameters = list(inspect.signature(task).parameters.values())
    except (TypeError, ValueError):
        return False
    takes = [each for each in parameters if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]
    return len(takes) > 1 and (takes[1].default is takes[1].empty or takes[1].name == 'ctx')


def as_json(value):
    if inspect.iscoroutine(value):
        value.close()
        raise NotJson('task is async: it must be a plain function.')
    try:
        text = json.dumps(value, allow_nan=False, separators=(',', ':'), default=plain)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise NotJson(f"The result isn't JSON: {fault_in(value) or error}.") from None
    if len(text) > RESULT_CHARS_MAX:
        raise NotJson(f'The result is over {RESULT_CHARS_MAX} bytes.')
    return text


def plain(value):
    # Arrays and scalars of numpy.
    if callable(getattr(value, 'tolist', None)):
        return value.tolist()
    raise TypeError


def fault_in(value, path='result', outer=()):
    """Says which part of a value JSON doesn't have; None: all of it is fine."""
    if isinstance(value, float):
        return None if math.isfinite(value) else f"{path} is {value}, which JSON doesn't have"
    if value is None or isinstance(value, (str, int)):
        return None
    if id(value) in outer:
        return f'{path} contains itself'
    if len(outer) > 200:
        return f'{path} is nested too deeply'
    outer = (*outer, id(value))
    if isinstance(value, dict):
        for key, item in value.items():
            if not (key is None or isinstance(key, (str, int, float))):
                return f'{path} has the key {shown(lambda: repr(key))}, {kind_of(key)}'
            fault = fault_in(item, f'{path}[{shown(lambda: repr(key))}]', outer)
            if fault:
                return fault
        return None
    if isinstance(value, (list, tuple)):
        return next(filter(None, (fault_in(item, f'{path}[{i}]', outer) for i, item in enumerate(value))), None)
    if callable(getattr(value, 'tolist', None)):
        return fault_in(value.tolist(), path, outer)
    return f"{path} is {kind_of(value)}, which JSON doesn't have: {shown(lambda: repr(value))}"


def kind_of(value):
    name = type(value).__qualname__
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"


def shown(text_of, chars_max=SHOWN_CHARS_MAX):
    try:
        text = text_of()
    except Exception:
        return 'what can not be shown'
    return text if len(text) <= chars_max else text[:chars_max - 1] + '…'
