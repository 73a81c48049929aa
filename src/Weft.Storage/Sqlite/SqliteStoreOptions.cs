using Weft.Core.Time;

namespace Weft.Storage.Sqlite;

/// <summary>How an embedded store is opened.</summary>
public sealed class SqliteStoreOptions : StoreOptions
{
    /// <summary>The folder that holds the database; made when it doesn't exist.</summary>
    public required string Folder { get; init; }

    /// <summary>The wall clock, and timestamps that tell when that was set.</summary>
    public TimeProvider Time { get; init; } = new BootTimeProvider();

    /// <summary>
    /// Whether the thread that writes also runs what follows a short answer, such as sending it. For callers that never
    /// block then: a thread that waited there for the store would wait for itself. Default: false; what follows runs on
    /// the pool.
    /// </summary>
    public bool AnswersOnWriter { get; init; }

    /// <summary>Pages in the log before the writer copies them into the database. Default: 4,000 (16 MB).</summary>
    public int CheckpointPages { get; init; } = 4_000;
}
