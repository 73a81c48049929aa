"""Functions that test_source sends, or can't send: it needs them in a file."""
from __future__ import annotations

import functools
import math
import os.path as paths
import threading
from collections import Counter
from fractions import Fraction as Ratio

import helper_of_mine
from weft import Weft, task

LIMIT = 10
TABLE = (1, "two", (3.0, None), b"\x00")
SHARED = []
LOCK = threading.Lock()
client = Weft("http://127.0.0.1:1")


def twice(n):
    return n * 2


@task
def square(n: Undefined, *, plus: int = LIMIT) -> Undefined:  # noqa: F821
    """Annotations aren't evaluated."""
    return n * n + plus


@client.task(queue="q", priority=3)
def estimate(seed):
    import random
    random.seed(seed)
    inner = [twice(each) + math.floor(random.random()) for each in range(seed)]
    return sum(inner) + LIMIT + len(TABLE)


@task
def recursive(n):
    return 1 if n < 2 else n * recursive(n - 1)


@task
def uses_imports(text):
    counts = Counter(text)
    return [paths.basename("/a/b"), counts.most_common(1)[0][0], str(Ratio(1, 2)), functools.reduce(max, [1, 3, 2])]


@task
def other_task(n):
    return square(n, plus=0) + (lambda each: twice(each))(n)


def uses_list(n):
    return SHARED + [n]


def uses_lock(n):
    with LOCK:
        return n


def changes_global(n):
    global LIMIT
    LIMIT = n


def uses_undefined(n):
    return nowhere + n  # noqa: F821


def uses_own_module(n):
    return helper_of_mine.twice(n)


def in_comprehension(n):
    return [SHARED for _ in range(n)]


def generator(n):
    yield n


async def coroutine(n):
    return n


def closing(value):
    def inner(n):
        return n + value
    return inner


def without_closing():
    def inner(n):
        return n + LIMIT
    return inner


def named_task():
    def task(n):
        return n
    return task


class Callable:
    def method(self, n):
        return n


shout = lambda n: n  # noqa: E731


def uses_tiny(n):
    import tiny
    return tiny.NAME + str(n)
