using System.Text.RegularExpressions;
using Npgsql;
using Weft.Core;
using Weft.Core.Events;
using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Postgres;
using Weft.Storage.Tests.Auditor;
using Weft.Storage.Tests.Conformance;
using Weft.Testing.Postgres;

namespace Weft.Storage.Tests.Postgres;

/// <summary>The engine on a database of its own, whose clock stands still until it's told to move.</summary>
public sealed partial class PostgresStoreHost : IAuditedHost
{
    // Copied for each test, which takes less time than all migrations.
    private static readonly Lazy<Task<string>> Migrated = new(MigrateAsync);

    private long _now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private string? _connectionString;

    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Read(ref _now));

    public RetryPolicy Retry => RetryPolicy.Default;

    public StoreMeter Meter { get; } = new(new("test"));

    public EventLog Events { get; } = new(TimeProvider.System);

    public TimeSpan LeaseTimeDefault => Limits.LeaseTimeDefault;

    public double Coin { get; set; }

    public async Task<ITaskStore> OpenAsync()
    {
        _connectionString ??= await (await PostgresFixture.ServerAsync()).CreateDatabaseAsync(await Migrated.Value);
        return await PostgresTaskStore.OpenAsync(Options());
    }

    private static async Task<string> MigrateAsync()
    {
        var host = new PostgresStoreHost
        {
            _connectionString = await (await PostgresFixture.ServerAsync()).CreateDatabaseAsync(),
        };
        await (await PostgresTaskStore.OpenAsync(host.Options())).DisposeAsync();
        await host.ExecuteAsync(
            $"CREATE TABLE test_clock (ms bigint); INSERT INTO test_clock VALUES ({host._now}); " +
            "CREATE OR REPLACE FUNCTION weft_now() RETURNS bigint LANGUAGE sql VOLATILE " +
            "AS 'SELECT ms FROM test_clock'");
        return host._connectionString;
    }

    /// <summary>
    /// With notifications and nothing else: a poll would tell tests what they count twice. Statements may take as long
    /// as a busy machine wants: some write 128 MB.
    /// </summary>
    public PostgresStoreOptions Options() => new()
    {
        ConnectionString = $"{_connectionString};Command Timeout=120",
        Retry = Retry,
        Coin = () => Coin,
        LeaseTimeDefault = LeaseTimeDefault,
        OwnerMax = IStoreHost.OwnerMax,
        OwnerBounds = IStoreHost.OwnerBounds,
        Meter = Meter,
        Events = Events,
        PollInterval = Timeout.InfiniteTimeSpan,
        OperationTimeMax = TimeSpan.FromMinutes(2),
    };

    public async Task AdvanceAsync(TimeSpan time)
    {
        await ExecuteAsync($"UPDATE test_clock SET ms = ms + {(long)time.TotalMilliseconds}");
        // Afterwards: what is decided from now on is decided no earlier than this says.
        Interlocked.Add(ref _now, (long)time.TotalMilliseconds);
    }

    public void AssertSound() => Assert.Empty(FindContradictions());

    public IReadOnlyList<string> FindContradictions() => PostgresContradictions.Find(_connectionString!);

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>What the planner would do on a connection of the engine, and without this way if it can.</summary>
    public async Task<IReadOnlyList<string>> ExplainAsync(IEnumerable<string> statements, string without)
    {
        await using var source = PostgresDatabase.Open(_connectionString!, pooled: false);
        await using var connection = await source.OpenConnectionAsync();
        await using var set = new NpgsqlCommand($"SET {without} = off", connection);
        await set.ExecuteNonQueryAsync();
        var plans = new List<string>();
        foreach (var sql in statements)
        {
            // Of what kind a parameter is, the planner asks: any will do.
            var known = Parameter().Replace(sql.Replace("$1::bytea", "'x'::bytea", StringComparison.Ordinal), "5");
            await using var command = new NpgsqlCommand($"EXPLAIN (COSTS off) {known}", connection);
            await using var reader = await command.ExecuteReaderAsync();
            var lines = new List<string>();
            while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
            plans.Add(string.Join('\n', lines.Prepend(sql)));
        }

        return plans;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connectionString is not null)
            await (await PostgresFixture.ServerAsync()).DropDatabaseAsync(_connectionString);
    }

    [GeneratedRegex(@"\$\d+")]
    private static partial Regex Parameter();
}
