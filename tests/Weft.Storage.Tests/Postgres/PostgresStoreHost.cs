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
public sealed class PostgresStoreHost : IAuditedHost
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

    public void AssertSound() => Assert.Empty(PostgresContradictions.Find(_connectionString!));

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_connectionString is not null)
            await (await PostgresFixture.ServerAsync()).DropDatabaseAsync(_connectionString);
    }
}
