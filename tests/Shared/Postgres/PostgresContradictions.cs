using Npgsql;

namespace Weft.Testing.Postgres;

/// <summary>What must agree in a database of tasks, and what of it doesn't.</summary>
public static class PostgresContradictions
{
    private const string Unfinished = "(0, 1, 2, 6)";
    private const string Open = "(0, 1, 2)";

    private const string CountEach = """
        count(*) FILTER (WHERE state = 0) AS scheduled,
        count(*) FILTER (WHERE state = 1) AS ready,
        count(*) FILTER (WHERE state = 2) AS leased,
        count(*) FILTER (WHERE state = 3) AS completed,
        count(*) FILTER (WHERE state = 4) AS dead,
        count(*) FILTER (WHERE state = 5) AS cancelled,
        count(*) FILTER (WHERE state = 6) AS checking
        """;

    private const string SumEach = """
        sum(scheduled) AS scheduled, sum(ready) AS ready, sum(leased) AS leased, sum(completed) AS completed,
        sum(dead) AS dead, sum(cancelled) AS cancelled, sum(checking) AS checking
        """;

    private const string Kept = """
        coalesce((SELECT length(m.run) FROM task_modules m WHERE m.task = o.task), 0)
            + coalesce((SELECT length(c.body) FROM checkpoints c WHERE c.task = o.task), 0)
            + coalesce((SELECT octet_length(e.text) FROM errors e WHERE e.task = o.task), 0)
            + coalesce((SELECT sum(octet_length(a.error)) FROM attempts a WHERE a.task = o.task), 0)
        """;

    // Each counts the rows that contradict a promise of the schema, in a time that grows with the rows: a row that
    // should be elsewhere is looked for by NOT EXISTS, which is a hash join where NOT IN may read a table for each row.
    private static readonly string[] Contradictions =
    [
        Uncounted("counts", "lane"),
        Uncounted("group_counts", "group_id"),
        Missing("tasks", "lane", "SELECT 1 FROM lanes WHERE id = x.lane"),
        """
        SELECT count(*) FROM tasks t
        LEFT JOIN payloads p ON p.task = t.id
        WHERE t.payload_bytes IS DISTINCT FROM length(p.body)
        """,
        Missing("payloads", "task", "SELECT 1 FROM tasks WHERE id = x.task"),
        Missing("results", "task", "SELECT 1 FROM tasks WHERE id = x.task AND state = 3"),
        """
        SELECT count(*) FROM tasks t
        WHERE t.state = 3 AND NOT EXISTS (SELECT 1 FROM results WHERE task = t.id)
        """,
        Missing("checkpoints", "task", "SELECT 1 FROM tasks WHERE id = x.task"),
        Missing("errors", "task", "SELECT 1 FROM tasks WHERE id = x.task"),
        """
        SELECT count(*) FROM attempts a
        LEFT JOIN tasks t ON t.id = a.task
        WHERE t.id IS NULL OR a.attempt > t.attempt
        """,
        Missing("task_owners", "task", "SELECT 1 FROM tasks WHERE id = x.task"),
        Missing("task_modules", "task", "SELECT 1 FROM tasks WHERE id = x.task"),
        Missing("task_modules", "module", "SELECT 1 FROM modules WHERE id = x.module AND hash IS NOT NULL"),
        Missing("queue_modules", "module", "SELECT 1 FROM modules WHERE id = x.module AND hash IS NOT NULL"),
        """
        SELECT count(*) FROM modules m
        LEFT JOIN (SELECT module, sum(length(body)) AS bytes FROM module_chunks GROUP BY module) c ON c.module = m.id
        WHERE m.hash IS NOT NULL AND m.size <> coalesce(c.bytes, 0)
        """,
        Missing("module_chunks", "module", "SELECT 1 FROM modules WHERE id = x.module"),
        """
        SELECT count(*) FROM tasks t
        JOIN lanes l ON l.id = t.lane
        LEFT JOIN task_modules m ON m.task = t.id AND m.module IS NOT NULL
        WHERE (l.requires ~ '(^| )(wasi|javascript|python)( |$)') <> (m.task IS NOT NULL)
        """,
        $"""
        SELECT count(*) FROM (
            SELECT owner, sum(tasks) AS tasks, sum(payload_bytes) AS payload_bytes, sum(stored_bytes) AS stored_bytes
            FROM owner_counts
            GROUP BY owner) n
        FULL JOIN (
            SELECT o.owner, count(*) FILTER (WHERE t.state IN {Unfinished}) AS tasks,
                sum(t.payload_bytes) FILTER (WHERE t.state IN {Unfinished}) AS payload_bytes,
                sum(t.payload_bytes + 256 + coalesce(length(r.body), 0) + {Kept}) AS stored_bytes
            FROM task_owners o
            JOIN tasks t ON t.id = o.task
            LEFT JOIN results r ON r.task = o.task
            GROUP BY o.owner) u USING (owner)
        WHERE (coalesce(n.tasks, 0), coalesce(n.payload_bytes, 0), coalesce(n.stored_bytes, 0))
            <> (coalesce(u.tasks, 0), coalesce(u.payload_bytes, 0), coalesce(u.stored_bytes, 0))
        """,
        Missing("answers", "task", "SELECT 1 FROM tasks WHERE id = x.task"),
        $"""
        SELECT count(*) FROM answer_bodies b
        WHERE NOT EXISTS (SELECT 1 FROM tasks WHERE id = b.task AND state = 6)
            AND NOT EXISTS (
                SELECT 1 FROM checks k JOIN tasks c ON c.id = k.task
                WHERE k.parent = b.task AND c.state IN {Open})
        """,
        Missing("checks", "task", "SELECT 1 FROM tasks WHERE id = x.task"),
        $"""
        SELECT count(*) FROM tasks t
        WHERE t.state = 6 AND NOT EXISTS (
            SELECT 1 FROM checks k JOIN tasks c ON c.id = k.task
            WHERE k.parent = t.id AND c.state IN {Open})
        """,
        $"""
        SELECT count(*) FROM checks k
        JOIN tasks c ON c.id = k.task
        LEFT JOIN tasks p ON p.id = k.parent
        WHERE c.state IN {Open}
            AND (p.state = 6 OR (p.state = 3 AND k.suspect IS NOT NULL)) IS NOT TRUE
        """,
        """
        SELECT count(*) FROM (
            SELECT identity, queue, given - dropped AS kept FROM standings WHERE given > dropped) s
        FULL JOIN (
            SELECT a.identity, l.queue, count(*) AS kept
            FROM answers a
            JOIN tasks t ON t.id = a.task
            JOIN lanes l ON l.id = t.lane
            WHERE a.is_counted = 1
            GROUP BY a.identity, l.queue) o USING (identity, queue)
        WHERE s.kept IS DISTINCT FROM o.kept
        """,
        """
        SELECT count(*) FROM standings s
        LEFT JOIN (
            SELECT a.identity, l.queue, count(*) AS open, sum(a.is_drawn) AS drawn
            FROM answers a
            JOIN tasks t ON t.id = a.task
            JOIN lanes l ON l.id = t.lane
            WHERE a.is_counted = 1 AND t.state = 6
            GROUP BY a.identity, l.queue) o USING (identity, queue)
        WHERE s.open_answers <> coalesce(o.open, 0) OR s.drawn_answers <> coalesce(o.drawn, 0)
        """,
        "SELECT count(*) FROM standings WHERE answers > given OR (faults = 0 AND answers < given)",
        Missing("corrections", "task", "SELECT 1 FROM tasks WHERE id = x.task"),
        "SELECT count(*) FROM (SELECT 1 FROM answers GROUP BY task, identity HAVING count(*) > 1) a",
        Missing("module_owners", "module", "SELECT 1 FROM modules WHERE id = x.module"),
        Missing("group_counts", "group_id", "SELECT 1 FROM groups WHERE id = x.group_id"),
        """
        SELECT count(*) FROM idempotency_keys k
        WHERE NOT EXISTS (SELECT 1 FROM unnest(k.tasks) AS n (id) JOIN tasks t ON t.id = n.id)
        """,
        Missing("payloads", "key", "SELECT 1 FROM idempotency_keys WHERE key = x.key"),
    ];

    /// <summary>Rows whose column names something, of which there is none.</summary>
    private static string Missing(string table, string column, string named) => $"""
        SELECT count(*) FROM {table} x
        WHERE x.{column} IS NOT NULL AND NOT EXISTS ({named})
        """;

    /// <summary>Lanes or groups whose counts are not those of their tasks, or that have tasks and no counts.</summary>
    private static string Uncounted(string counts, string column) => $"""
        SELECT count(*) FROM (SELECT {column}, {SumEach} FROM {counts} GROUP BY {column}) n
        FULL JOIN (
            SELECT {column}, {CountEach} FROM tasks WHERE {column} IS NOT NULL GROUP BY {column}) t USING ({column})
        WHERE n.{column} IS NULL
            OR (n.scheduled, n.ready, n.leased, n.completed, n.dead, n.cancelled, n.checking)
                <> (coalesce(t.scheduled, 0), coalesce(t.ready, 0), coalesce(t.leased, 0), coalesce(t.completed, 0),
                    coalesce(t.dead, 0), coalesce(t.cancelled, 0), coalesce(t.checking, 0))
        """;

    /// <summary>
    /// The statements that found rows, each with how many; empty for a sound store. Coordinators may be at work: each
    /// statement sees one snapshot.
    /// </summary>
    public static IReadOnlyList<string> Find(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        var found = new List<string>();
        foreach (var sql in Contradictions)
        {
            using var command = new NpgsqlCommand(sql, connection);
            if (command.ExecuteScalar() is long rows and > 0) found.Add($"{rows} rows: {sql}");
        }

        return found;
    }
}
