using Npgsql;
using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Postgres;
using Weft.Storage.Tests.Auditor;
using Weft.Storage.Tests.Conformance;
using Weft.Testing.Postgres;

namespace Weft.Storage.Tests.Postgres;

/// <summary>The engine on a database of its own, whose clock stands still until it's told to move.</summary>
public sealed class PostgresStoreHost : IAuditedHost
{
    // Each counts the rows that contradict a promise of the schema.
    private static readonly string[] Contradictions =
    [
        "SELECT count(*) FROM (SELECT lane, sum(scheduled) a, sum(ready) b, sum(leased) c, sum(completed) d, sum(dead) e, sum(cancelled) f FROM counts GROUP BY lane) n " +
            "WHERE (a, b, c, d, e, f) <> (SELECT count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2), " +
            "count(*) FILTER (WHERE state = 3), count(*) FILTER (WHERE state = 4), count(*) FILTER (WHERE state = 5) FROM tasks WHERE lane = n.lane)",
        "SELECT count(*) FROM (SELECT group_id, sum(scheduled) a, sum(ready) b, sum(leased) c, sum(completed) d, sum(dead) e, sum(cancelled) f FROM group_counts GROUP BY group_id) n " +
            "WHERE (a, b, c, d, e, f) <> (SELECT count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2), " +
            "count(*) FILTER (WHERE state = 3), count(*) FILTER (WHERE state = 4), count(*) FILTER (WHERE state = 5) FROM tasks WHERE group_id = n.group_id)",
        "SELECT count(*) FROM tasks WHERE lane NOT IN (SELECT lane FROM counts)",
        "SELECT count(*) FROM tasks WHERE group_id IS NOT NULL AND group_id NOT IN (SELECT group_id FROM group_counts)",
        "SELECT count(*) FROM tasks WHERE lane NOT IN (SELECT id FROM lanes)",
        "SELECT count(*) FROM tasks t WHERE payload_bytes IS DISTINCT FROM (SELECT length(body) FROM payloads WHERE task = t.id)",
        "SELECT count(*) FROM payloads WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM results WHERE task NOT IN (SELECT id FROM tasks WHERE state = 3)",
        "SELECT count(*) FROM tasks WHERE state = 3 AND id NOT IN (SELECT task FROM results)",
        "SELECT count(*) FROM checkpoints WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM errors WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM task_owners WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM task_modules WHERE task NOT IN (SELECT id FROM tasks)",
        "SELECT count(*) FROM (SELECT module FROM task_modules UNION ALL SELECT module FROM queue_modules) n WHERE module NOT IN (SELECT id FROM modules WHERE hash IS NOT NULL)",
        "SELECT count(*) FROM modules m WHERE m.hash IS NOT NULL AND m.size <> (SELECT coalesce(sum(length(c.body)), 0) FROM module_chunks c WHERE c.module = m.id)",
        "SELECT count(*) FROM module_chunks WHERE module NOT IN (SELECT id FROM modules)",
        "SELECT count(*) FROM tasks t JOIN lanes l ON l.id = t.lane WHERE (l.requires ~ '(^| )(wasi|javascript)( |$)') <> EXISTS (SELECT 1 FROM task_modules WHERE task = t.id)",
        $"SELECT count(*) FROM (SELECT owner, sum(tasks) a, sum(payload_bytes) b FROM owner_counts GROUP BY owner) n FULL JOIN ({Unfinished}) u USING (owner) " +
            "WHERE (coalesce(n.a, 0), coalesce(n.b, 0)) <> (coalesce(u.a, 0), coalesce(u.b, 0))",
        "SELECT count(*) FROM idempotency_keys k WHERE NOT EXISTS (SELECT 1 FROM tasks WHERE id = ANY(k.tasks))",
        "SELECT count(*) FROM payloads WHERE key IS NOT NULL AND key NOT IN (SELECT key FROM idempotency_keys)",
    ];

    private const string Unfinished =
        "SELECT o.owner, count(*) a, sum(t.payload_bytes) b FROM task_owners o JOIN tasks t ON t.id = o.task WHERE t.state <= 2 GROUP BY o.owner";

    private long _now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private string? _connectionString;

    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Read(ref _now));

    public RetryPolicy Retry => RetryPolicy.Default;

    public TimeSpan LeaseTimeDefault => Limits.LeaseTimeDefault;

    public async Task<ITaskStore> OpenAsync()
    {
        var isNew = _connectionString is null;
        _connectionString ??= await (await PostgresFixture.ServerAsync()).CreateDatabaseAsync();
        var store = await PostgresTaskStore.OpenAsync(Options());
        if (isNew) await ExecuteAsync($"CREATE TABLE test_clock (ms bigint); INSERT INTO test_clock VALUES ({_now}); " +
            "CREATE OR REPLACE FUNCTION weft_now() RETURNS bigint LANGUAGE sql VOLATILE AS 'SELECT ms FROM test_clock'");
        return store;
    }

    /// <summary>With notifications and nothing else: a poll would tell tests what they count twice.</summary>
    public PostgresStoreOptions Options() => new()
    {
        ConnectionString = _connectionString!,
        Retry = Retry,
        LeaseTimeDefault = LeaseTimeDefault,
        OwnerMax = IStoreHost.OwnerMax,
        PollInterval = Timeout.InfiniteTimeSpan,
        PatienceMax = TimeSpan.FromSeconds(60),
    };

    public async Task AdvanceAsync(TimeSpan time)
    {
        await ExecuteAsync($"UPDATE test_clock SET ms = ms + {(long)time.TotalMilliseconds}");
        // Afterwards: what is decided from now on is decided no earlier than this says.
        Interlocked.Add(ref _now, (long)time.TotalMilliseconds);
    }

    public void AssertSound()
    {
        using var connection = new NpgsqlConnection(_connectionString);
        connection.Open();
        Assert.All(Contradictions, sql =>
        {
            using var command = new NpgsqlCommand(sql, connection);
            Assert.Equal(0L, command.ExecuteScalar());
        });
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_connectionString is not null) await (await PostgresFixture.ServerAsync()).DropDatabaseAsync(_connectionString);
    }
}
