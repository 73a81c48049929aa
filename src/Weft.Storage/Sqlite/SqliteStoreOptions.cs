using Weft.Core.Time;

namespace Weft.Storage.Sqlite;

/// <summary>The options of an embedded store.</summary>
public sealed class SqliteStoreOptions : StoreOptions
{
    /// <summary>The folder of the database; created if it doesn't exist.</summary>
    public required string Folder { get; init; }

    /// <summary>The wall clock, and timestamps that show when it was set.</summary>
    public TimeProvider Time { get; init; } = new BootTimeProvider();

    /// <summary>
    /// Whether the writer's thread also runs the continuation of a short answer, such as sending it. Only for callers
    /// that never block in it: a thread that waited there for the store would wait for itself. Default: false;
    /// continuations run on the pool.
    /// </summary>
    public bool AnswersOnWriter { get; init; }

    /// <summary>Pages in the log before the writer copies them into the database. Default: 4,000 (16 MB).</summary>
    public int CheckpointPages { get; init; } = 4_000;
}
