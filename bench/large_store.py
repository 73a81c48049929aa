#!/usr/bin/env python3
"""A store of millions of tasks, and what each look at it costs.

    weft serve --data /tmp/large --port 8090      # makes the schema: stop it again with Ctrl+C
    python3 bench/large_store.py fill /tmp/large --tasks 5000000
    weft check --data /tmp/large
    weft serve --data /tmp/large --port 8090 --retention 3650d &
    python3 bench/large_store.py ask http://127.0.0.1:8090 --pid $!

The same over PostgreSQL, where it also says whether a statement has read all rows of a large table:

    weft migrate --from /tmp/large --to 'Host=/tmp;Port=5432;Database=large'
    weft serve --store 'Host=/tmp;Port=5432;Database=large' --port 8090 --retention 3650d &
    python3 bench/large_store.py ask http://127.0.0.1:8090 --database 'host=/tmp port=5432 dbname=large'

`fill` writes rows straight into the embedded store's database: 94 % completed, 2 % dead, 1 % cancelled, and at the end
some that are scheduled, ready and leased; 20 queues, a group of a fifth of all tasks and a thousand small ones, errors
of a dozen texts. `ask` sends what the console asks, with the filters that people set, and prints for each the slowest
in a hundred of all answers, the processor time of the coordinator, and how many rows it looked at. The budget is 50 ms.
"""
import argparse
import itertools
import json
import os
import sqlite3
import subprocess
import time
import urllib.parse
import urllib.request

QUEUES, SMALL_GROUPS, ERRORS = 20, 1_000, 12
DAY_MS = 86_400_000

LANE = f"1 + (CASE WHEN s.n % 10 < 6 THEN s.n % 3 ELSE s.n / 10 % {QUEUES} END)"
STATE = """CASE
    WHEN s.n > :all - :waiting / 5 THEN CASE s.n % 50 WHEN 0 THEN 2 ELSE 0 END
    WHEN s.n > :all - :waiting THEN 1
    WHEN s.n % 50 = 7 THEN 4
    WHEN s.n % 100 = 13 THEN 5
    ELSE 3 END"""
TASKS = f"""
INSERT INTO tasks (id, lane, state, priority, attempt, failures, max_attempts, lease_ms, submitted_at, run_at, due_at,
    lease_token, lease_worker, lease_from, lease_until, finished_at, group_id, group_finish, type, ready_at)
SELECT n, lane, state, n % 4, CASE state WHEN 0 THEN 0 WHEN 1 THEN 0 WHEN 4 THEN 5 WHEN 5 THEN 0 ELSE 1 END,
    CASE state WHEN 4 THEN 5 ELSE 0 END, 5, 60000, at,
    CASE state WHEN 0 THEN :now + 10 * {DAY_MS} END,
    CASE state WHEN 0 THEN :now + 10 * {DAY_MS} WHEN 2 THEN :now + 10 * {DAY_MS} END,
    CASE WHEN state IN (2, 3, 4) THEN n * 7919 END,
    CASE WHEN state IN (2, 3, 4) THEN 'worker-' || (n % 50) END,
    CASE WHEN state IN (2, 3, 4) THEN at + 1000 END,
    CASE WHEN state = 2 THEN :now + 10 * {DAY_MS} WHEN state IN (3, 4) THEN at + 61000 END,
    CASE WHEN state >= 3 THEN at + 5000 END,
    its_group, CASE WHEN state >= 3 AND its_group IS NOT NULL THEN n END,
    'type-' || (n % 10), CASE state WHEN 0 THEN NULL ELSE at END
FROM (
    SELECT s.n, {LANE} AS lane, {STATE} AS state, :now - (:all - s.n) * 100 AS at,
        CASE WHEN s.n % 5 = 0 THEN 1 WHEN s.n % 5 = 1 THEN 2 + s.n * {SMALL_GROUPS} / (:all + 1) END AS its_group
    FROM series s
    WHERE s.n BETWEEN :first AND :last
)
"""


def fill(args):
    started = time.monotonic()
    base = sqlite3.connect(os.path.join(args.folder, "weft.db"), isolation_level=None)
    base.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN")
    if base.execute("SELECT EXISTS (SELECT 1 FROM tasks)").fetchone()[0]:
        raise SystemExit("The store has tasks already: begin with an empty folder.")
    base.execute("CREATE TEMP TABLE series (n INTEGER PRIMARY KEY)")
    base.execute("INSERT INTO series WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ?) "
                 "SELECT n FROM s", (args.tasks,))
    for queue in range(QUEUES):
        base.execute("INSERT INTO lanes (id, queue, requires) VALUES (?, ?, '')", (queue + 1, f"queue-{queue:02}"))
    now = int(time.time() * 1000)
    names = {"all": args.tasks, "waiting": args.tasks // 40, "now": now}
    step = 500_000
    for first in range(1, args.tasks + 1, step):
        part = {**names, "first": first, "last": min(first + step - 1, args.tasks)}
        base.execute(TASKS, part)
        bounds = (part["first"], part["last"])
        base.execute("""INSERT INTO payloads (task, is_json, body) SELECT n, 1, CAST('{"n":' || n || ',"text":"'
            || hex(n * 2654435761) || ' of a payload as people send them, some two hundred bytes long, so that a page '
            || 'has about twenty of them and a search for a text has something to read","done":false}' AS BLOB)
            FROM series WHERE n BETWEEN ? AND ?""", bounds)
        base.execute("""INSERT INTO results (task, body) SELECT id, CAST(id * id AS TEXT) || '' FROM tasks
            WHERE state = 3 AND id BETWEEN ? AND ?""", bounds)
        base.execute(f"""INSERT INTO errors (task, text) SELECT id, 'Error ' || (id / 50 % {ERRORS})
            || ': the input was not what it should be' FROM tasks WHERE state = 4 AND id BETWEEN ? AND ?""", bounds)
        base.execute("""INSERT INTO attempts (task, attempt, worker, claimed_at, ended_at, outcome, error)
            SELECT t.id, a.n, t.lease_worker, t.submitted_at + a.n, t.submitted_at + a.n + 1, 1, 'broken'
            FROM tasks t CROSS JOIN series a WHERE t.state = 4 AND a.n <= 5 AND t.id BETWEEN ? AND ?""", bounds)
        print(f"{part['last']:,} tasks after {time.monotonic() - started:.0f} s", flush=True)
    base.execute("UPDATE results SET body = CAST(body AS BLOB)")
    base.execute("INSERT INTO counts (lane, state, tasks) SELECT lane, state, count(*) FROM tasks GROUP BY 1, 2")
    base.execute("""INSERT INTO groups (id, name, created_at, scheduled, ready, leased, completed, dead, cancelled)
        SELECT group_id, 'run ' || group_id, min(submitted_at), sum(state = 0), sum(state = 1), sum(state = 2),
            sum(state = 3), sum(state = 4), sum(state = 5) FROM tasks WHERE group_id IS NOT NULL GROUP BY group_id""")
    for name, table in (("tasks", "tasks"), ("groups", "groups"), ("lanes", "lanes"), ("group_finishes", "tasks")):
        base.execute(f"INSERT INTO sequences (name, last) SELECT ?, max(id) FROM {table} WHERE true "
                     "ON CONFLICT (name) DO UPDATE SET last = excluded.last", (name,))
    base.execute("COMMIT")
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    print(f"filled in {time.monotonic() - started:.0f} s")


def questions(tasks):
    iso = lambda ago_ms: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - ago_ms / 1000))
    lists = {
        "newest": {"order": "newest"}, "oldest": {},
        "dead, newest": {"state": "dead", "order": "newest"}, "dead, oldest": {"state": "dead"},
        "dead of a queue": {"state": "dead", "queue": "queue-19", "order": "newest"},
        "dead by error": {"state": "dead", "error": "Error 7:", "order": "newest"},
        "dead by an error that none has": {"state": "dead", "error": "No such error"},
        "cancelled": {"state": "cancelled", "order": "newest"},
        "completed, newest": {"state": "completed", "order": "newest"},
        "ready, newest": {"state": "ready", "order": "newest"}, "ready, oldest": {"state": "ready"},
        "leased": {"state": "leased", "order": "newest"}, "leased, oldest": {"state": "leased"},
        "scheduled": {"state": "scheduled", "order": "newest"}, "scheduled, oldest": {"state": "scheduled"},
        "of a queue": {"queue": "queue-19", "order": "newest"},
        "of a queue that isn't there": {"queue": "none", "order": "newest"},
        "ready of a queue": {"state": "ready", "queue": "queue-19", "order": "newest"},
        "of a type": {"type": "type-3", "order": "newest"}, "of a type that none has": {"type": "none"},
        "of a worker": {"worker": "worker-7", "order": "newest"}, "of a worker that is none": {"worker": "none"},
        "of a priority": {"priority": 3, "order": "newest"},
        "submitted in an hour": {"submittedAfter": iso(3 * 3_600_000), "submittedBefore": iso(2 * 3_600_000),
                                 "order": "newest"},
        "finished in an hour, oldest": {"finishedAfter": iso(2 * 3_600_000), "finishedBefore": iso(3_600_000)},
        "payload containing": {"payload": "no payload has this", "order": "newest"},
        "payload containing, in a queue": {"payload": "two hundred", "queue": "queue-19", "order": "newest"},
        "of a large group": {"group": 1, "order": "newest"},
        "dead of a large group": {"group": 1, "state": "dead"},
        "ready of a large group": {"group": 1, "state": "ready"},
    }
    for name, query in lists.items():
        yield f"tasks: {name}", "tasks?" + urllib.parse.urlencode({**query, "limit": 100})
    yield "tasks: 1,000 dead", "tasks?state=dead&order=newest&limit=1000"
    yield "overview", "overview"
    yield "series, 7 days", "series?window=7d"
    yield "queues", "queues"
    yield "queue", "queues/queue-03"
    for name, id in (("completed", 12_345), ("dead", 50 * 500 + 7), ("ready, behind many", tasks - tasks // 80),
                     ("leased", tasks - tasks % 50)):
        yield f"task: {name}", f"tasks/{id}"
        yield f"task: {name}, attempts", f"tasks/{id}/attempts"
        yield f"task: {name}, explained", f"tasks/{id}/explain"
    yield "groups", "groups?limit=100"
    yield "group", "groups/1"
    yield "results as they finished", "groups/1/results"
    yield "results as submitted", "groups/1/results?order=submitted"
    for name in ("workers", "modules", "blobs", "operations", "webhooks", "tokens", "audit", "access"):
        yield name, name
    yield "stats", "../../stats"


def ask(args):
    tick = os.sysconf("SC_CLK_TCK")

    def cpu():
        if args.pid is None:
            return 0
        with open(f"/proc/{args.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / tick

    def get(path):
        headers = {"Authorization": f"Bearer {args.token}"} if args.token else {}
        address = urllib.parse.urljoin(args.url.rstrip("/") + "/api/v1/", path)
        started = time.perf_counter()
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
            # Results come as lines, for as long as there are some: of a million, the first hundred.
            body = b"".join(itertools.islice(answer, 100)) if "/results" in path else answer.read()
        return body, (time.perf_counter() - started) * 1000

    total = sum(json.loads(get("overview")[0])["counts"].values())
    print(f"{total:,} tasks\n{'':44}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'looked at':>11}{'KB':>8}")
    over, read = 0, rows_read(args.database)
    for name, path in questions(total):
        if args.only and args.only not in name:
            continue
        body, _ = get(path)
        before, took = cpu(), sorted(get(path)[1] for _ in range(args.times))
        each = (cpu() - before) * 1000 / args.times
        answer = json.loads(body.split(b"\n", 1)[0])
        looked = answer.get("scanned", "") if isinstance(answer, dict) else ""
        p99 = took[min(len(took) - 1, len(took) * 99 // 100)]
        over += p99 > 50
        print(f"{name:44}{took[len(took) // 2]:9.2f}{p99:9.2f}{each:9.2f}{looked!s:>11}{len(body) / 1000:8.1f}"
              + ("  over 50 ms" if p99 > 50 else ""), flush=True)
    print(f"{over} over 50 ms")
    if args.database is not None:
        # A server process tells its counts when it has been idle for ten seconds.
        time.sleep(12)
        for table, rows in rows_read(args.database).items():
            if rows > read.get(table, 0):
                print(f"{table}: {rows - read.get(table, 0):,} rows read one after another")


def rows_read(database):
    """Of each table, how many rows statements without an index have read. What is small is rightly read so."""
    if database is None:
        return {}
    lines = subprocess.run(["psql", database, "-AtF,", "-c", "SELECT relname, seq_tup_read FROM pg_stat_user_tables"],
                           check=True, capture_output=True, text=True).stdout.splitlines()
    return {table: int(rows) for table, _, rows in (line.partition(",") for line in lines)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("fill")
    command.add_argument("folder")
    command.add_argument("--tasks", type=int, default=5_000_000)
    command.set_defaults(run=fill)
    command = commands.add_parser("ask")
    command.add_argument("url")
    command.add_argument("--pid", type=int, help="the coordinator's, whose processor time is measured")
    command.add_argument("--database", help="the store's, for psql: rows read without an index are told")
    command.add_argument("--times", type=int, default=100)
    command.add_argument("--only", help="questions whose name has this")
    command.add_argument("--token")
    command.set_defaults(run=ask)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
