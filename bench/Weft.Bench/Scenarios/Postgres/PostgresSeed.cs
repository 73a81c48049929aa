using System.Globalization;
using Weft.Bench.Load;

namespace Weft.Bench.Scenarios.Postgres;

/// <summary>
/// SQL that leaves a database as if millions of tasks had been submitted to it, and most of them finished: rows,
/// payloads, results, and counts that agree.
/// </summary>
internal static class PostgresSeed
{
    private const string Result = "\"[[19,22],[43,50]]\"";

    /// <summary>For a database that holds one task, the lane's first.</summary>
    public static IReadOnlyList<string> Statements(long finished, long waiting) =>
    [
        // One day of work, finished in the order in which it came.
        Text($"""
            INSERT INTO tasks (id, submitted_at, finished_at, lane, lease_ms, payload_bytes, attempt,
                max_attempts, priority, state, lease_token, lease_worker, lease_from, lease_until)
            SELECT 1 + n, weft_now() - 86400000 + n * 80000000 / {finished},
                weft_now() - 86400000 + n * 80000000 / {finished} + 1000,
                f.lane, f.lease_ms, f.payload_bytes, 1, f.max_attempts, 0, 3,
                n, 'w' || n % 100, weft_now() - 86400000 + n * 80000000 / {finished},
                weft_now() - 86400000 + n * 80000000 / {finished} + 60000
            FROM (SELECT * FROM tasks LIMIT 1) f, generate_series(1::bigint, {finished}) AS n
            """),
        Text($"""
            INSERT INTO tasks (id, submitted_at, lane, lease_ms, payload_bytes, max_attempts, priority, state)
            SELECT 1 + {finished} + n, weft_now() - 6000000 + n * 5000000 / {waiting},
                f.lane, f.lease_ms, f.payload_bytes, f.max_attempts, 0, 1
            FROM (SELECT * FROM tasks WHERE id = (SELECT min(id) FROM tasks)) f,
                generate_series(1::bigint, {waiting}) AS n
            """),
        Text($"""
            INSERT INTO payloads (task, is_json, body)
            SELECT 1 + n, true, convert_to('{CycleClient.Matrices}', 'UTF8')
            FROM generate_series(1, {finished + waiting}) AS n
            """),
        Text($"""
            INSERT INTO results (task, body)
            SELECT 1 + n, convert_to('{Result}', 'UTF8') FROM generate_series(1::bigint, {finished}) AS n
            """),
        Text($"""
            UPDATE counts SET ready = ready + {waiting}, completed = completed + {finished}
            WHERE ctid = (SELECT min(ctid) FROM counts)
            """),
        Text($"SELECT setval('task_ids', {finished + waiting} + 1)"),
        "VACUUM (ANALYZE)",
        "CHECKPOINT",
    ];

    private static string Text(FormattableString sql) => sql.ToString(CultureInfo.InvariantCulture);
}
