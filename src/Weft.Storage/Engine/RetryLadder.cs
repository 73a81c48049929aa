namespace Weft.Storage.Engine;

/// <summary>What failed, as far as it decides about another try.</summary>
internal enum FailureKind
{
    /// <summary>One of the operations: a bug in it, or a statement that the database refused.</summary>
    Operation,

    /// <summary>
    /// The transaction met another one, or what is cached here was stale: the same may work the next time.
    /// </summary>
    Conflict,

    /// <summary>The connection, before anything can have been committed.</summary>
    ConnectionLost,

    /// <summary>The commit, so that nobody knows whether it happened.</summary>
    OutcomeUnknown,

    /// <summary>The store as a whole: each operation alone would fail the same way.</summary>
    Store,
}

/// <summary>What a writer does with a batch that failed; nothing of it is stored.</summary>
internal enum BatchRetry
{
    /// <summary>Runs it again, as it is.</summary>
    Again,

    /// <summary>Runs each operation in a transaction of its own, so that one can't spoil the others.</summary>
    OneByOne,

    /// <summary>Answers its callers with the failure.</summary>
    Fail,
}

/// <summary>The retry policy of a batch.</summary>
internal static class RetryLadder
{
    public const int TriesMax = 8;

    /// <param name="kind">What failed.</param>
    /// <param name="operations">How many operations share the batch.</param>
    /// <param name="tries">How often it was tried so far.</param>
    /// <param name="mayReconnect">Whether another connection is worth a try.</param>
    public static BatchRetry Next(FailureKind kind, int operations, int tries, bool mayReconnect) => kind switch
    {
        FailureKind.Conflict when tries < TriesMax => BatchRetry.Again,
        FailureKind.ConnectionLost when mayReconnect => BatchRetry.Again,
        FailureKind.Operation or FailureKind.Conflict when operations > 1 => BatchRetry.OneByOne,
        _ => BatchRetry.Fail,
    };
}
