using Weft.Storage.Sqlite;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Tests.Sqlite;

/// <summary>A second look at a store's file, past the engine.</summary>
internal sealed class SqliteFile(string folder) : IDisposable
{
    // Each counts the rows that contradict a promise of the schema.
    private static readonly string[] Contradictions =
    [
        "SELECT count(*) FROM (SELECT lane, state, tasks FROM counts WHERE tasks <> 0 EXCEPT SELECT lane, state, " +
        "count(*) FROM tasks GROUP BY lane, state)",
        "SELECT count(*) FROM (SELECT lane, state, count(*) FROM tasks GROUP BY lane, state EXCEPT SELECT lane, " +
        "state, tasks FROM counts)",
        "SELECT count(*) FROM groups g WHERE (scheduled, ready, leased, completed, dead, cancelled, " +
            "checking) <> " +
            "(SELECT count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE " +
            "state = 2), " +
            "count(*) FILTER (WHERE state = 3), count(*) FILTER (WHERE state = 4), count(*) FILTER (WHERE state = " +
            "5), count(*) FILTER (WHERE state = 6) FROM tasks WHERE group_id = g.id)",
        "SELECT count(*) FROM tasks WHERE lane NOT IN (SELECT id FROM lanes)",
        "SELECT count(*) FROM tasks WHERE id NOT IN (SELECT task FROM payloads)",
        "SELECT count(*) FROM payloads WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM results WHERE task NOT IN (SELECT id FROM tasks WHERE state = 3)",
        "SELECT count(*) FROM tasks WHERE state = 3 AND id NOT IN (SELECT task FROM results)",
        "SELECT count(*) FROM checkpoints WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM errors WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM attempts a LEFT JOIN tasks t ON t.id = a.task " +
            "WHERE t.id IS NULL OR a.attempt > t.attempt",
        "SELECT count(*) FROM lanes WHERE id NOT IN (SELECT lane FROM tasks)",
        "SELECT count(*) FROM counts WHERE lane NOT IN (SELECT id FROM lanes)",
        "SELECT count(*) FROM idempotency_keys k WHERE NOT EXISTS (SELECT 1 FROM tasks WHERE id >= k.first_task AND " +
        "id < k.first_task + k.tasks)",
        "SELECT count(*) FROM task_owners WHERE task NOT IN (SELECT id FROM tasks)",
        $"SELECT count(*) FROM (SELECT * FROM owner_counts EXCEPT {OfOwners})",
        $"SELECT count(*) FROM ({OfOwners} EXCEPT SELECT * FROM owner_counts)",
        "SELECT count(*) FROM module_owners WHERE module NOT IN (SELECT id FROM modules)",
        "SELECT count(*) FROM task_modules WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM task_modules WHERE module IS NOT NULL AND module NOT IN (SELECT id FROM modules WHERE " +
        "hash IS NOT NULL)",
        "SELECT count(*) FROM queue_modules WHERE module NOT IN (SELECT id FROM modules WHERE hash IS NOT NULL)",
        "SELECT count(*) FROM tasks t JOIN lanes l ON l.id = t.lane WHERE ' ' || l.requires || ' ' LIKE '% wasi %' " +
        "AND t.id NOT IN (SELECT task FROM task_modules)",
        "SELECT count(*) FROM answers WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM answer_bodies b WHERE task NOT IN (SELECT id FROM tasks WHERE state = 6) AND NOT " +
        "EXISTS (SELECT 1 FROM checks k JOIN tasks c ON c.id = k.task WHERE k.parent = b.task AND c.state < 3)",
        "SELECT count(*) FROM checks WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM holders WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM tasks t WHERE t.state = 6 AND NOT EXISTS (SELECT 1 FROM checks k JOIN tasks c ON " +
        "c.id = k.task WHERE k.parent = t.id AND c.state IN (0, 1, 2))",
        "SELECT count(*) FROM checks k JOIN tasks c ON c.id = k.task WHERE c.state IN (0, 1, 2) AND k.parent NOT IN " +
        "(SELECT id FROM tasks WHERE state = 6)",
        "SELECT count(*) FROM (SELECT 1 FROM answers GROUP BY task, identity HAVING count(*) > 1)",
        "SELECT count(*) FROM module_chunks WHERE module NOT IN (SELECT id FROM modules)",
        "SELECT count(*) FROM modules m WHERE m.hash IS NOT NULL AND m.size <> (SELECT sum(length(c.body)) FROM " +
        "module_chunks c WHERE c.module = m.id)",
    ];

    private const string Kept =
        "coalesce((SELECT length(m.run) FROM task_modules m WHERE m.task = o.task), 0) + coalesce((SELECT " +
        "length(c.body) FROM checkpoints c WHERE c.task = o.task), 0) + " +
        "coalesce((SELECT length(CAST(e.text AS BLOB)) FROM errors e WHERE e.task = o.task), 0) + " +
        "coalesce((SELECT sum(length(CAST(a.error AS BLOB))) FROM attempts a WHERE a.task = o.task), 0)";

    private const string OfOwners =
        $"SELECT o.owner, count(*) FILTER (WHERE t.state IN (0, 1, 2, 6)), coalesce(sum(length(p.body)) FILTER " +
        $"(WHERE t.state IN (0, 1, 2, 6)), 0), sum(length(p.body) + 256 + coalesce(length(r.body), 0) + {Kept}) " +
        "FROM task_owners o JOIN tasks t ON t.id = o.task JOIN payloads p ON p.task = t.id LEFT JOIN results r ON " +
        "r.task = t.id GROUP BY o.owner";

    public SqliteConnection Connection { get; } =
        new(Path.Combine(folder, SqliteDatabase.FileName), SqliteNative.OpenReadWrite);

    public void AssertSound()
    {
        Assert.Equal("ok", ReadText("PRAGMA integrity_check"));
        Assert.All(Contradictions, sql => Assert.Equal(0, Connection.ReadLong(sql)));
    }

    public string ReadText(string sql)
    {
        var row = Connection.Prepared(sql);
        Assert.True(row.Step());
        var text = row.Text(0);
        row.Reset();
        return text;
    }

    public void Dispose() => Connection.Dispose();
}
