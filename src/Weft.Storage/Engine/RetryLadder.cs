namespace Weft.Storage.Engine;

/// <summary>What failed, as far as a retry depends on it.</summary>
internal enum FailureKind
{
    /// <summary>One of the operations: a bug in it, or a statement that the database refused.</summary>
    Operation,

    /// <summary>
    /// The transaction conflicted with another one, or the cache was stale: it may succeed the next time.
    /// </summary>
    Conflict,

    /// <summary>The connection, before anything can have been committed.</summary>
    ConnectionLost,

    /// <summary>The commit, so that its outcome is unknown.</summary>
    OutcomeUnknown,

    /// <summary>The store as a whole: each operation by itself would fail the same way.</summary>
    Store,
}

/// <summary>What a writer does with a failed batch, of which nothing is stored.</summary>
internal enum BatchRetry
{
    /// <summary>Retry it unchanged.</summary>
    Again,

    /// <summary>Run each operation in its own transaction, so that one doesn't affect the others.</summary>
    OneByOne,

    /// <summary>Answer its callers with the failure.</summary>
    Fail,
}

/// <summary>The retry policy of a batch.</summary>
internal static class RetryLadder
{
    public const int TriesMax = 8;

    /// <param name="kind">What failed.</param>
    /// <param name="operations">How many operations share the batch.</param>
    /// <param name="tries">How often it has been tried.</param>
    /// <param name="mayReconnect">Whether another connection is worth trying.</param>
    public static BatchRetry Next(FailureKind kind, int operations, int tries, bool mayReconnect) => kind switch
    {
        FailureKind.Conflict when tries < TriesMax => BatchRetry.Again,
        FailureKind.ConnectionLost when mayReconnect => BatchRetry.Again,
        FailureKind.Operation or FailureKind.Conflict when operations > 1 => BatchRetry.OneByOne,
        _ => BatchRetry.Fail,
    };
}
