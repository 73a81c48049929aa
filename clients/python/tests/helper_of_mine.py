"""A module of the tests' own, which is not sent."""


def twice(n):
    return n * 2
