using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Time;

namespace Weft.Storage.Sqlite;

/// <summary>How an embedded store is opened.</summary>
public sealed class SqliteStoreOptions
{
    /// <summary>The folder that holds the database; made when it doesn't exist.</summary>
    public required string Folder { get; init; }

    public TimeProvider Time { get; init; } = new SteadyTimeProvider();

    /// <summary>The lease of tasks that don't say. Default: 60 s.</summary>
    public TimeSpan LeaseTimeDefault { get; init; } = Limits.LeaseTimeDefault;

    public RetryPolicy Retry { get; init; } = RetryPolicy.Default;

    /// <summary>What one owner may have unfinished. Default: any number.</summary>
    public OwnerLoad OwnerMax { get; init; } = OwnerLoad.Any;

    /// <summary>
    /// Whether the thread that writes also runs what follows a short answer, such as sending it. For callers that never block
    /// then: a thread that waited there for the store would wait for itself. Default: false; what follows runs on the pool.
    /// </summary>
    public bool AnswersOnWriter { get; init; }

    /// <summary>Operations that may wait for the writer; past this the store is overloaded. Default: 8,192.</summary>
    public int QueueMax { get; init; } = 8_192;

    /// <summary>Operations in one transaction. Default: 1,024.</summary>
    public int CommitMax { get; init; } = 1_024;

    /// <summary>Pages in the log before the writer copies them into the database. Default: 4,000 (16 MB).</summary>
    public int CheckpointPages { get; init; } = 4_000;
}
