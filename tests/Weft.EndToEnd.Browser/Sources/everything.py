"""What a Python task may do and what it must not, chosen by its payload: numbers are squared."""

import builtins
import json
import math
import sys
import time
from dataclasses import dataclass

SEEN = []


@dataclass
class Point:
    x: float


def divide(argument):
    print('about to divide')
    return argument / 0


def flood(argument):
    for _ in range(argument):
        print('x' * 1000)
    raise RuntimeError('after the flood')


def exhaust(argument):
    return len(bytearray(argument << 20))


def left_behind(argument):
    # In this task's module, in the interpreter, and what others left there.
    SEEN.append(argument)
    before = getattr(builtins, 'left', [])
    builtins.left = [*before, argument]
    return [SEEN, before]


def reach(address):
    """Every way out that there is; returns those that went well."""
    attempts = {
        'js': lambda: __import__('js').fetch,
        'pyodide_js': lambda: __import__('pyodide_js').loadPackage,
        'run_js': lambda: __import__('pyodide.code').code.run_js('self'),
        'open_url': lambda: __import__('pyodide.http').http.open_url(address + 'health'),
        'urllib': lambda: __import__('urllib.request').request.urlopen(address + 'health', timeout=2).read(),
        'socket': lambda: __import__('socket').create_connection(('127.0.0.1', int(address[:-1].split(':')[2])), 2),
        'process': lambda: __import__('subprocess').run(['true'], check=True),
        'thread': lambda: __import__('threading').Thread(target=print).start(),
        'function': lambda: CONTEXT._tell.constructor('return self')(),
        'evaluated': lambda: CONTEXT._tell.constructor.constructor('return self')(),
    }
    went_well = []
    for name, attempt in attempts.items():
        try:
            attempt()
            went_well.append(name)
        except Exception:
            pass
    return went_well


def spin(argument):
    while True:
        pass


def tell(argument):
    for i in range(argument):
        CONTEXT.progress(i / argument)
        time.sleep(0.1)
    return argument


PARTS = {
    'divide': divide, 'flood': flood, 'exhaust': exhaust, 'left': left_behind, 'reach': reach, 'spin': spin,
    'tell': tell, 'set': lambda argument: {'a': [1, {2}]},
    'nan': lambda argument: [0.5, float('nan')],
    'exit': lambda argument: sys.exit(argument),
    'echo': lambda argument: argument,
    'point': lambda argument: Point(argument).x,
    'pi': lambda argument: math.pi,
    'big': lambda argument: argument ** 40,
    'text': lambda argument: json.dumps(argument, ensure_ascii=False).upper(),
    'self': lambda argument: [CONTEXT.attempt, CONTEXT.queue, CONTEXT.type, CONTEXT.args, CONTEXT.env, __name__],
    'tuple': lambda argument: (1, None, True, {'k': 1, 2: 'two'}),
}


def task(payload, ctx):
    global CONTEXT
    CONTEXT = ctx
    if isinstance(payload, int):
        return payload * payload
    name, argument = payload
    return PARTS[name](argument)
