using Npgsql;

namespace Weft.Testing.Postgres;

/// <summary>What must agree in a database of tasks, and what of it doesn't.</summary>
public static class PostgresContradictions
{
    // Each counts the rows that contradict a promise of the schema.
    private static readonly string[] Contradictions =
    [
        "SELECT count(*) FROM (SELECT lane, sum(scheduled) a, sum(ready) b, sum(leased) c, sum(completed) d, " +
        "sum(dead) e, sum(cancelled) f, sum(checking) g " +
            "FROM counts GROUP BY lane) n " +
            "WHERE (a, b, c, d, e, f, g) <> (SELECT count(*) FILTER (WHERE state = 0), " +
            "count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2), " +
            "count(*) FILTER (WHERE state = 3), count(*) FILTER (WHERE state = 4), count(*) FILTER (WHERE state = " +
            "5), count(*) FILTER (WHERE state = 6) " +
            "FROM tasks WHERE lane = n.lane)",
        "SELECT count(*) FROM (SELECT group_id, sum(scheduled) a, sum(ready) b, sum(leased) c, sum(completed) d, " +
        "sum(dead) e, sum(cancelled) f, sum(checking) g " +
            "FROM group_counts GROUP BY group_id) n " +
            "WHERE (a, b, c, d, e, f, g) <> (SELECT count(*) FILTER (WHERE state = 0), " +
            "count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2), " +
            "count(*) FILTER (WHERE state = 3), count(*) FILTER (WHERE state = 4), count(*) FILTER (WHERE state = " +
            "5), count(*) FILTER (WHERE state = 6) " +
            "FROM tasks WHERE group_id = n.group_id)",
        "SELECT count(*) FROM tasks WHERE lane NOT IN (SELECT lane FROM counts)",
        "SELECT count(*) FROM tasks WHERE group_id IS NOT NULL AND group_id NOT IN (SELECT group_id FROM group_counts)",
        "SELECT count(*) FROM tasks WHERE lane NOT IN (SELECT id FROM lanes)",
        "SELECT count(*) FROM tasks t WHERE payload_bytes IS DISTINCT FROM (SELECT length(body) FROM payloads WHERE " +
        "task = t.id)",
        "SELECT count(*) FROM payloads WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM results WHERE task NOT IN (SELECT id FROM tasks WHERE state = 3)",
        "SELECT count(*) FROM tasks WHERE state = 3 AND id NOT IN (SELECT task FROM results)",
        "SELECT count(*) FROM checkpoints WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM errors WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM attempts a LEFT JOIN tasks t ON t.id = a.task " +
            "WHERE t.id IS NULL OR a.attempt > t.attempt",
        "SELECT count(*) FROM task_owners WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM task_modules WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM (SELECT module FROM task_modules UNION ALL SELECT module FROM queue_modules) n WHERE " +
        "module IS NOT NULL AND module NOT IN (SELECT id FROM modules WHERE hash IS NOT NULL)",
        "SELECT count(*) FROM modules m WHERE m.hash IS NOT NULL AND m.size <> (SELECT " +
        "coalesce(sum(length(c.body)), 0) FROM module_chunks c WHERE c.module = m.id)",
        "SELECT count(*) FROM module_chunks WHERE module NOT IN (SELECT id FROM modules)",
        "SELECT count(*) FROM tasks t JOIN lanes l ON l.id = t.lane WHERE (l.requires ~ '(^| " +
        ")(wasi|javascript|python)( |$)') <> EXISTS (SELECT 1 FROM task_modules WHERE task = t.id AND " +
        "module IS NOT NULL)",
        $"SELECT count(*) FROM (SELECT owner, sum(tasks) a, sum(payload_bytes) b, sum(stored_bytes) c FROM " +
        $"owner_counts GROUP BY owner) n FULL JOIN ({OfOwners}) u USING (owner) " +
            "WHERE (coalesce(n.a, 0), coalesce(n.b, 0), coalesce(n.c, 0)) <> (coalesce(u.a, 0), coalesce(u.b, 0), " +
            "coalesce(u.c, 0))",
        "SELECT count(*) FROM answers WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM answer_bodies b WHERE task NOT IN (SELECT id FROM tasks WHERE state = 6) AND " +
        "NOT EXISTS (SELECT 1 FROM checks k JOIN tasks c ON c.id = k.task WHERE k.parent = b.task AND " +
        "c.state IN (0, 1, 2))",
        "SELECT count(*) FROM checks WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM tasks t WHERE t.state = 6 AND NOT EXISTS (SELECT 1 FROM checks k JOIN tasks c ON " +
        "c.id = k.task WHERE k.parent = t.id AND c.state IN (0, 1, 2))",
        "SELECT count(*) FROM checks k JOIN tasks c ON c.id = k.task WHERE c.state IN (0, 1, 2) AND k.parent NOT IN " +
        "(SELECT id FROM tasks WHERE state = 6 OR (state = 3 AND k.suspect IS NOT NULL))",
        "SELECT count(*) FROM (SELECT identity, queue, given - dropped AS kept FROM standings " +
            $"WHERE given > dropped) s FULL JOIN ({Own}) o USING (identity, queue) WHERE s.kept " +
            "IS DISTINCT FROM o.kept",
        "SELECT count(*) FROM standings s LEFT JOIN (SELECT a.identity, l.queue, count(*) AS open FROM answers a " +
            "JOIN tasks t ON t.id = a.task JOIN lanes l ON l.id = t.lane WHERE a.is_counted = 1 AND t.state = 6 " +
            "GROUP BY a.identity, l.queue) o USING (identity, queue) WHERE s.open_answers <> coalesce(o.open, 0)",
        "SELECT count(*) FROM standings WHERE answers > given OR (faults = 0 AND answers < given)",
        "SELECT count(*) FROM corrections WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM (SELECT 1 FROM answers GROUP BY task, identity HAVING count(*) > 1) a",
        "SELECT count(*) FROM module_owners WHERE module NOT IN (SELECT id FROM modules)",
        "SELECT count(*) FROM group_counts WHERE group_id NOT IN (SELECT id FROM groups)",
        "SELECT count(*) FROM idempotency_keys k WHERE NOT EXISTS (SELECT 1 FROM tasks WHERE id = ANY(k.tasks))",
        "SELECT count(*) FROM payloads WHERE key IS NOT NULL AND key NOT IN (SELECT key FROM idempotency_keys)",
    ];

    private const string Own =
        "SELECT a.identity, l.queue, count(*) AS kept FROM answers a JOIN tasks t ON t.id = a.task " +
        "JOIN lanes l ON l.id = t.lane WHERE a.is_counted = 1 GROUP BY a.identity, l.queue";

    private const string Kept =
        "coalesce((SELECT length(m.run) FROM task_modules m WHERE m.task = o.task), 0) + coalesce((SELECT " +
        "length(c.body) FROM checkpoints c WHERE c.task = o.task), 0) + " +
        "coalesce((SELECT octet_length(e.text) FROM errors e WHERE e.task = o.task), 0) + " +
        "coalesce((SELECT sum(octet_length(a.error)) FROM attempts a WHERE a.task = o.task), 0)";

    private const string OfOwners =
        $"SELECT o.owner, count(*) FILTER (WHERE t.state IN (0, 1, 2, 6)) a, sum(t.payload_bytes) FILTER " +
        $"(WHERE t.state IN (0, 1, 2, 6)) " +
        $"b, sum(t.payload_bytes + 256 + coalesce(length(r.body), 0) + {Kept}) c " +
        "FROM task_owners o JOIN tasks t ON t.id = o.task LEFT JOIN results r ON r.task = o.task GROUP BY o.owner";

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
