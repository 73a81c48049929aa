using Npgsql;

namespace Weft.Testing.Postgres;

/// <summary>
/// A primary and its standby, as people run them for failover. The primary can be killed, the standby promoted, and the
/// pair made whole again, any number of times: the two addresses stay the same. A killed primary never comes back as
/// one: its data is thrown away, and a new standby takes its place.
/// </summary>
public sealed class PostgresPair : IAsyncDisposable
{
    private const string StandbyName = "standby";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly bool _isSynchronous;
    private PostgresServer? _lost;

    private PostgresPair(PostgresServer primary, bool isSynchronous)
    {
        Primary = primary;
        _isSynchronous = isSynchronous;
    }

    public PostgresServer Primary { get; private set; }

    /// <summary>Null between a failover and the repair.</summary>
    public PostgresServer? Standby { get; private set; }

    /// <summary>A new pair that is whole.</summary>
    /// <param name="isSynchronous">Commits wait until the standby has them on its disk. False: they don't, as in a
    /// careless installation.</param>
    public static async Task<PostgresPair> StartNewAsync(bool isSynchronous = true)
    {
        // A standby looks for a primary that came back every 5 s by default: nothing for a test.
        var pair =
            new PostgresPair(
                await PostgresServer.StartNewAsync(settings: ["fsync=on", "wal_retrieve_retry_interval=100ms"]),
                isSynchronous);
        try
        {
            await pair.AddStandbyAsync(null);
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// For coordinators: both servers, whichever of them is the primary. It stays the same for the pair's life.
    /// </summary>
    public string ConnectionString(string database) => ConnectionString(database, [Primary.Port, Standby!.Port]);

    /// <summary>The same by way of other ports.</summary>
    public string ConnectionString(string database, IEnumerable<int> ports) =>
        new NpgsqlConnectionStringBuilder(Primary.ConnectionString(database))
        {
            Host = string.Join(',', ports.Select(static port => $"127.0.0.1:{port}")),
            Port = NpgsqlConnection.DefaultPort,
        }.ConnectionString;

    /// <summary>
    /// Ends the primary for good, as the loss of its machine would: from here on nobody can reach it.
    /// </summary>
    public Task LosePrimaryAsync() => Primary.KillAsync();

    /// <summary>Makes the standby the primary, once the old one is lost.</summary>
    public async Task PromoteAsync()
    {
        await Standby!.PromoteAsync();
        (_lost, Primary, Standby) = (Primary, Standby, null);
    }

    /// <summary>Puts a new standby where the lost primary was, and waits until commits wait for it.</summary>
    public async Task RepairAsync()
    {
        var port = _lost!.Port;
        await _lost.DisposeAsync();
        _lost = null;
        await AddStandbyAsync(port);
    }

    /// <summary>Waits until the standby follows, as after a crash of either.</summary>
    public async Task AwaitStandbyAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline, TimeProvider.System);
        var wanted = _isSynchronous ? "sync" : "async";
        while (await Primary.AskAsync("postgres",
            "SELECT coalesce(max(sync_state), 'none') FROM pg_stat_replication WHERE state = 'streaming'") != wanted)
        {
            await Task.Delay(Step, TimeProvider.System, deadline.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_lost is not null) await _lost.DisposeAsync();
        if (Standby is not null) await Standby.DisposeAsync();
        await Primary.DisposeAsync();
    }

    private async Task AddStandbyAsync(int? port)
    {
        Standby = await Primary.StartStandbyAsync(port, StandbyName);
        if (_isSynchronous)
            await Primary.ExecuteAsync("postgres", $"ALTER SYSTEM SET synchronous_standby_names = '{StandbyName}'");
        await Primary.ExecuteAsync("postgres", "SELECT pg_reload_conf()");
        await AwaitStandbyAsync();
        // A new connection has seen the setting by now, so that the checkpointer was told of it; it looks before it
        // makes a checkpoint, and it is the one that makes commits wait.
        await Primary.ExecuteAsync("postgres", "CHECKPOINT");
    }
}
