using Weft.Core;
using Weft.Storage.Engine;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite.Maintenance;

/// <summary>The result of a check of a whole store.</summary>
/// <param name="Tasks">Rows of tasks.</param>
/// <param name="Findings">Contradictions to the schema's invariants, a line each; empty for a sound store.</param>
/// <param name="OlderSchema">
/// The schema of a store that an older version wrote, of which only pages and indexes were checked; null: this one.
/// </param>
public sealed record StoreFindings(long Tasks, IReadOnlyList<string> Findings, long? OlderSchema = null)
{
    public bool IsSound => Findings.Count == 0;
}

/// <summary>
/// Reads a whole store and compares everything that must agree: SQLite's own check of every page and index, then the
/// counts that are kept besides the rows, and the rows that belong together. It reads one snapshot, so a coordinator
/// may be running.
/// </summary>
public static class SqliteCheck
{
    // SQLite would list each broken row; the first few are enough to know where to look.
    private const string CheckPages = "PRAGMA integrity_check(20)";

    // Owners with only finished tasks have a row as well, since those are counted.
    private const string CountedUnfinished = "SELECT owner, tasks, payload_bytes FROM owner_counts WHERE tasks <> 0";

    private const string Unfinished = $"""
        SELECT o.owner, count(*), sum(length(p.body))
        FROM task_owners o
        JOIN tasks t ON t.id = o.task
        JOIN payloads p ON p.task = t.id
        WHERE t.state IN {StateSql.Unfinished}
        GROUP BY o.owner
        """;

    private const string CountedStored = "SELECT owner, stored_bytes FROM owner_counts";

    private static readonly string Stored = $"""
        SELECT o.owner, sum(length(p.body) + {Limits.TaskStoredBytes} + coalesce(length(r.body), 0)
            + coalesce((SELECT length(m.run) FROM task_modules m WHERE m.task = o.task), 0)
            + coalesce((SELECT length(c.body) FROM checkpoints c WHERE c.task = o.task), 0)
            + coalesce((SELECT length(CAST(e.text AS BLOB)) FROM errors e WHERE e.task = o.task), 0)
            + coalesce((SELECT sum(length(CAST(a.error AS BLOB))) FROM attempts a WHERE a.task = o.task), 0))
        FROM task_owners o
        JOIN payloads p ON p.task = o.task
        LEFT JOIN results r ON r.task = o.task
        GROUP BY o.owner
        """;

    // The schema's invariants. Each statement counts the rows that violate it.
    private static readonly (string Finding, string Sql)[] Promises =
    [
        ("counts of tasks by lane and state that differ from the rows", """
            SELECT count(*) FROM (
                SELECT lane, state, tasks FROM counts WHERE tasks <> 0
                EXCEPT SELECT lane, state, count(*) FROM tasks GROUP BY lane, state)
            """),
        ("tasks by lane and state that are not counted", """
            SELECT count(*) FROM (
                SELECT lane, state, count(*) FROM tasks GROUP BY lane, state
                EXCEPT SELECT lane, state, tasks FROM counts)
            """),
        ("groups whose counts differ from their tasks", $"""
            SELECT count(*) FROM groups g
            WHERE ({StateSql.Columns}) <> (SELECT {StateSql.CountEach} FROM tasks WHERE group_id = g.id)
            """),
        ("tasks of a group that doesn't exist",
            "SELECT count(*) FROM tasks WHERE group_id IS NOT NULL AND group_id NOT IN (SELECT id FROM groups)"),
        ("tasks in a lane that doesn't exist", "SELECT count(*) FROM tasks WHERE lane NOT IN (SELECT id FROM lanes)"),
        ("tasks in a state that doesn't exist", $"SELECT count(*) FROM tasks WHERE state NOT IN {StateSql.All}"),
        ("tasks without a payload", "SELECT count(*) FROM tasks WHERE id NOT IN (SELECT task FROM payloads)"),
        ("payloads without a task", "SELECT count(*) FROM payloads WHERE task NOT IN (SELECT id FROM tasks)"),
        ("completed tasks without a result",
            $"SELECT count(*) FROM tasks WHERE state = {StateSql.Completed} AND id NOT IN (SELECT task FROM results)"),
        ("results of tasks that are not completed",
            $"""
            SELECT count(*) FROM results
            WHERE task NOT IN (SELECT id FROM tasks WHERE state = {StateSql.Completed})
            """),
        ("checkpoints without a task", "SELECT count(*) FROM checkpoints WHERE task NOT IN (SELECT id FROM tasks)"),
        ("errors without a task", "SELECT count(*) FROM errors WHERE task NOT IN (SELECT id FROM tasks)"),
        ("attempts without a task", "SELECT count(*) FROM attempts WHERE task NOT IN (SELECT id FROM tasks)"),
        ("attempts of tasks that were not claimed so often",
            "SELECT count(*) FROM attempts a JOIN tasks t ON t.id = a.task WHERE a.attempt > t.attempt"),
        ("finished tasks without a finish time, or unfinished ones with one",
            $"SELECT count(*) FROM tasks WHERE (state IN {StateSql.Final}) <> (finished_at IS NOT NULL)"),
        ("leased tasks without a lease",
            $"""
            SELECT count(*) FROM tasks
            WHERE state = {StateSql.Leased} AND (lease_token IS NULL OR lease_until IS NULL)
            """),
        ("tasks waiting for a time that no sweep would find",
            $"SELECT count(*) FROM tasks WHERE state IN {StateSql.Timed} AND due_at IS NULL"),
        ("lanes without a task", "SELECT count(*) FROM lanes WHERE id NOT IN (SELECT lane FROM tasks)"),
        ("idempotency keys without any of their tasks", """
            SELECT count(*) FROM idempotency_keys k
            WHERE NOT EXISTS (SELECT 1 FROM tasks WHERE id >= k.first_task AND id < k.first_task + k.tasks)
            """),
        ("ids above the last one given out",
            """
            SELECT count(*) FROM tasks
            WHERE id > (SELECT coalesce(max(last), 0) FROM sequences WHERE name = 'tasks')
            """),
        ("answers to tasks that don't exist", "SELECT count(*) FROM answers WHERE task NOT IN (SELECT id FROM tasks)"),
        ("answers kept of tasks that are decided", $"""
            SELECT count(*) FROM answer_bodies b
            WHERE b.task NOT IN (SELECT id FROM tasks WHERE state = {StateSql.Checking}) AND NOT EXISTS (
                SELECT 1 FROM checks k JOIN tasks c ON c.id = k.task
                WHERE k.parent = b.task AND c.state IN {StateSql.Unfinished})
            """),
        ("checks that don't exist", "SELECT count(*) FROM checks WHERE task NOT IN (SELECT id FROM tasks)"),
        ("tasks that wait for a check and have none", $"""
            SELECT count(*) FROM tasks t
            WHERE t.state = {StateSql.Checking} AND NOT EXISTS (
                SELECT 1 FROM checks k JOIN tasks c ON c.id = k.task
                WHERE k.parent = t.id AND c.state IN {StateSql.Unfinished})
            """),
        ("unfinished checks of tasks that don't wait for one", $"""
            SELECT count(*) FROM checks k JOIN tasks c ON c.id = k.task
            WHERE c.state IN {StateSql.Unfinished} AND NOT EXISTS (
                SELECT 1 FROM tasks p
                WHERE p.id = k.parent AND (p.state = {StateSql.Checking}
                    OR (p.state = {StateSql.Completed} AND k.suspect IS NOT NULL)))
            """),
        ("workers whose standing is not what they have answered", """
            SELECT count(*) FROM (
                SELECT identity, queue, given - dropped AS kept FROM standings WHERE given > dropped
                EXCEPT SELECT a.identity, l.queue, count(*)
                    FROM answers a JOIN tasks t ON t.id = a.task JOIN lanes l ON l.id = t.lane
                    WHERE a.is_counted = 1 GROUP BY a.identity, l.queue)
            """),
        ("workers of whom not as many answers wait as their standing says", """
            SELECT count(*) FROM standings s
            LEFT JOIN (
                SELECT a.identity, l.queue, count(*) AS open, sum(a.is_drawn) AS drawn
                FROM answers a JOIN tasks t ON t.id = a.task JOIN lanes l ON l.id = t.lane
                WHERE a.is_counted = 1 AND t.state = 6
                GROUP BY a.identity, l.queue) o ON o.identity = s.identity AND o.queue = s.queue
            WHERE s.open_answers <> coalesce(o.open, 0) OR s.drawn_answers <> coalesce(o.drawn, 0)
            """),
        ("workers who have answered and have no standing", """
            SELECT count(*) FROM (
                SELECT a.identity, l.queue, count(*)
                    FROM answers a JOIN tasks t ON t.id = a.task JOIN lanes l ON l.id = t.lane
                    WHERE a.is_counted = 1 GROUP BY a.identity, l.queue
                EXCEPT SELECT identity, queue, given - dropped FROM standings)
            """),
        ("workers whose faults are fewer than their answers that differed, or whose name is worth too much", """
            SELECT count(*) FROM standings s
            LEFT JOIN (
                SELECT a.identity, l.queue, count(*) AS lost
                FROM answers a
                JOIN task_modules m ON m.task = a.task
                JOIN tasks t ON t.id = a.task
                JOIN lanes l ON l.id = t.lane
                WHERE a.verdict = 2 AND a.is_trusted = 0 AND m.policy LIKE '%"mode":"adaptive"%'
                GROUP BY a.identity, l.queue) f ON f.identity = s.identity AND f.queue = s.queue
            WHERE s.answers > s.given OR (s.is_barred = 0 AND s.faults < coalesce(f.lost, 0))
                OR (s.faults = 0 AND s.answers < s.given)
            """),
        ("corrections of tasks that don't exist",
            "SELECT count(*) FROM corrections WHERE task NOT IN (SELECT id FROM tasks)"),
        ("verified tasks with two answers from one worker", """
            SELECT count(*) FROM (SELECT 1 FROM answers GROUP BY task, identity HAVING count(*) > 1)
            """),
        ("modules of tasks that don't exist",
            "SELECT count(*) FROM task_modules WHERE task NOT IN (SELECT id FROM tasks)"),
        ("tasks and queues whose module isn't there", """
            SELECT count(*) FROM (SELECT module FROM task_modules UNION ALL SELECT module FROM queue_modules)
            WHERE module IS NOT NULL AND module NOT IN (SELECT id FROM modules WHERE hash IS NOT NULL)
            """),
        ("tasks and queues whose files are not there", """
            SELECT count(*) FROM (SELECT files FROM task_modules UNION ALL SELECT files FROM queue_modules) t
            WHERE t.files IS NOT NULL AND (t.files NOT IN (SELECT id FROM file_sets) OR EXISTS (
                SELECT 1 FROM file_set_blobs b
                WHERE b.file_set = t.files AND b.blob NOT IN (SELECT id FROM modules WHERE hash IS NOT NULL)))
            """),
        ("results whose outputs are not there", """
            SELECT count(*) FROM results r
            WHERE r.outputs IS NOT NULL AND (r.outputs NOT IN (SELECT id FROM file_sets) OR EXISTS (
                SELECT 1 FROM file_set_blobs b
                WHERE b.file_set = r.outputs AND b.blob NOT IN (SELECT id FROM modules WHERE hash IS NOT NULL)))
            """),
        ("modules whose bytes are not all there", """
            SELECT count(*) FROM modules m
            WHERE m.hash IS NOT NULL
                AND m.size <> (SELECT coalesce(sum(length(c.body)), 0) FROM module_chunks c WHERE c.module = m.id)
            """),
        ("pieces of modules that don't exist",
            "SELECT count(*) FROM module_chunks WHERE module NOT IN (SELECT id FROM modules)"),
        ("owners of tasks that don't exist",
            "SELECT count(*) FROM task_owners WHERE task NOT IN (SELECT id FROM tasks)"),
        ("owners whose unfinished tasks are not what is counted", DifferenceOf(CountedUnfinished, Unfinished)),
        ("owners whose stored bytes are not what is counted", DifferenceOf(CountedStored, Stored)),
        ("finished operations without an end time, or unfinished ones with one",
            "SELECT count(*) FROM operations WHERE (state <> 0) <> (finished_at IS NOT NULL)"),
        ("operations whose counts contradict each other, or that are past their last task",
            """
            SELECT count(*) FROM operations
            WHERE matched <> changed + refused OR (ids IS NULL AND cursor > last_task)
            """),
        ("owners of modules that don't exist",
            "SELECT count(*) FROM module_owners WHERE module NOT IN (SELECT id FROM modules)"),
    ];

    /// <summary>Checks the store of a data folder.</summary>
    /// <exception cref="Core.Storage.StoreException">There is none, or it can't be opened at all.</exception>
    public static StoreFindings RunOnFolder(string folder)
    {
        if (SqliteDatabase.IsHalfMade(folder)) return new(0, []);
        using var connection = SqliteDatabase.OpenSnapshot(folder);
        return Run(connection);
    }

    /// <summary>Checks a backup's file.</summary>
    /// <exception cref="Core.Storage.StoreException">There is none, or it can't be opened at all.</exception>
    public static StoreFindings RunOnFile(string path)
    {
        using var connection = SqliteDatabase.OpenFile(path);
        try
        {
            var bytes = connection.ReadLong("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
            // A page that was cut off reads as zeros, and an empty one passes the check.
            return new FileInfo(path).Length == bytes
                ? Run(connection)
                : new(0, [$"it should have {bytes} bytes, and has {new FileInfo(path).Length}"]);
        }
        catch (SqliteError error)
        {
            // The missing part may have held the schema itself.
            return new(0, [error.Message]);
        }
    }

    private static StoreFindings Run(SqliteConnection connection)
    {
        var findings = new List<string>();
        long tasks = 0;
        long? older = null;
        try
        {
            connection.Prepared(SqliteSql.BeginRead).Run();
            Collect(connection.Prepared(CheckPages), findings);
            // Rows that SQLite can't read aren't worth counting.
            if (findings.Count > 0) return new(0, findings);
            tasks = connection.ReadLong("SELECT count(*) FROM tasks");
            // The invariants are those of this version's schema; an older one lacks some tables and columns.
            older = SqliteMigrations.FindOlder(connection);
            foreach (var (finding, sql) in older is null ? Promises : [])
            {
                if (connection.ReadLong(sql) is var rows and > 0) findings.Add($"{finding}: {rows}");
            }
        }
        catch (SqliteError error)
        {
            findings.Add(error.Message);
        }

        return new(tasks, findings, older);
    }

    private static string DifferenceOf(string one, string other) => $"""
        SELECT (SELECT count(*) FROM ({one} EXCEPT {other})) + (SELECT count(*) FROM ({other} EXCEPT {one}))
        """;

    private static void Collect(SqliteStatement rows, List<string> findings) => rows.Each(row =>
    {
        if (row.Text(0) is var line and not "ok") findings.Add(line.ReplaceLineEndings(" "));
    });
}
