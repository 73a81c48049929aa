"""A task: `task` gets the payload's JSON as Python values, and returns what json.dumps takes."""


def task(payload):
    return payload * payload
