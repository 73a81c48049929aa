using Weft.Core;
using Weft.Core.Events;
using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Sqlite;
using Weft.Storage.Sqlite.Maintenance;
using Weft.Storage.Tests.Auditor;
using Weft.Storage.Tests.Conformance;
using Weft.Testing.Time;

namespace Weft.Storage.Tests.Sqlite;

/// <summary>
/// The embedded engine in a folder of its own, with a clock that stands still until it's told to move.
/// </summary>
public sealed class SqliteStoreHost : IAuditedHost
{
    private readonly SettableTimeProvider _time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>Whether what follows a short answer runs on the writer's thread.</summary>
    public bool AnswersOnWriter { get; init; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("weft-storage-").FullName;

    public DateTimeOffset Now => _time.GetUtcNow();

    public RetryPolicy Retry => RetryPolicy.Default;

    public StoreMeter Meter { get; } = new(new("test"));

    public EventLog Events { get; } = new(TimeProvider.System);

    public TimeSpan LeaseTimeDefault => Limits.LeaseTimeDefault;

    public double Coin { get; set; }

    public SqliteStoreOptions Options(int queueMax = 8_192, int checkpointPages = 4_000) =>
        new()
        {
            Folder = Folder,
            Time = _time,
            Retry = Retry,
            Coin = () => Coin,
            LeaseTimeDefault = LeaseTimeDefault,
            OwnerMax = IStoreHost.OwnerMax,
            OwnerBounds = IStoreHost.OwnerBounds,
            AnswersOnWriter = AnswersOnWriter,
            Meter = Meter,
            Events = Events,
            QueueMax = queueMax,
            CheckpointPages = checkpointPages,
        };

    public Task<ITaskStore> OpenAsync() => Task.FromResult<ITaskStore>(SqliteTaskStore.Open(Options()));

    public Task AdvanceAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    /// <summary>Sets the wall clock; no time passes.</summary>
    public void SetClock(TimeSpan ahead) => _time.SetWallClock(ahead);

    public void AssertSound()
    {
        using var file = new SqliteFile(Folder);
        file.AssertSound();
        Assert.Empty(SqliteCheck.RunOnFolder(Folder).Findings);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
