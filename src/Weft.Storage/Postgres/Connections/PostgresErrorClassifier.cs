using System.Net.Sockets;
using Npgsql;
using Weft.Core.Storage;

namespace Weft.Storage.Postgres;

/// <summary>What a driver's exception means for waiting callers.</summary>
internal static class PostgresErrorClassifier
{
    /// <summary>The explanation if a connection pooler uses a different connection for each transaction.</summary>
    public const string PoolerBetween =
        "A connection pooler in front of the database shares connections or drops their options: " +
        "connect to PostgreSQL itself, or pool by session and pass options on";

    /// <summary>True if the same transaction may succeed the next time: it conflicted with another one.</summary>
    public static bool IsConflict(Exception exception) => exception is PostgresException
    {
        SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.SerializationFailure,
    };

    /// <summary>
    /// True if the connection is no longer usable: it broke, or its server is stopping, or has become a standby.
    /// </summary>
    public static bool IsLost(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => true,
        PostgresException error =>
            IsFatal(error) || error.SqlState.StartsWith("57P", StringComparison.Ordinal)
                || error.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException or SocketException or IOException or TimeoutException or ObjectDisposedException => true,
        _ => false,
    };

    /// <summary>True if the outcome of a commit is unknown.</summary>
    public static bool IsUnknown(Exception exception) => exception is not PostgresException error || IsFatal(error);

    /// <summary>
    /// True if the server gave up waiting for its standby, even though it reports the transaction as committed. The
    /// text depends on its language, the codes don't: a plain warning when a statement is cancelled, an admin shutdown
    /// when the server stops. Nothing else that we do causes warnings.
    /// </summary>
    public static bool SaysNotReplicated(PostgresNotice notice) =>
        notice is
        {
            InvariantSeverity: "WARNING",
            SqlState: PostgresErrorCodes.Warning or PostgresErrorCodes.AdminShutdown,
        };

    /// <summary>The error for the caller.</summary>
    public static Exception Explain(Exception exception) => exception switch
    {
        StoreException => exception,
        // The server is reachable, but has no connection left: tasks can still be stored.
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } error =>
            Unavailable($"The database accepts no more connections: {error.MessageText}.", error),
        // Rolled back by the server, by an administrator or because of another transaction.
        PostgresException
        {
            SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable
                or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure,
        } error =>
            Unavailable($"The database rolled the transaction back: {error.MessageText}.", error),
        PostgresException { SqlState: ['5', '3', ..] } error =>
            new StoreException(StoreErrorKind.Full, $"The database has no space left: {error.MessageText}.", error),
        // Another client's statement was on the connection, or ours is on another connection.
        PostgresException
        {
            SqlState: PostgresErrorCodes.DuplicatePreparedStatement or PostgresErrorCodes.InvalidSqlStatementName,
        } error => Unavailable(PoolerBetween + ".", error),
        _ when IsLost(exception) => Unavailable($"The database can't be reached: {OneLine(exception)}", exception),
        _ => exception,
    };

    public static StoreException Unknown(Exception? exception = null) =>
        new(
            StoreErrorKind.Unknown,
            "The database was lost during a commit, or did not replicate it: the outcome is unknown.",
            exception);

    public static StoreException Unavailable(string message, Exception? inner = null) =>
        new(StoreErrorKind.Unavailable, message, inner);

    public static StoreException Unusable(string message, Exception? inner = null) =>
        new(StoreErrorKind.Unusable, message + ".", inner);

    /// <summary>
    /// The cause, on one line: the driver wraps it in exceptions that only refer to it. It names hosts, never
    /// passwords.
    /// </summary>
    public static string OneLine(Exception exception)
    {
        switch (exception)
        {
            case AggregateException { InnerExceptions: [var first, ..] }: return OneLine(first);
            case NpgsqlException and not PostgresException when exception.InnerException is { } inner:
                var what = FirstLine(exception);
                return what.Contains("inner exception", StringComparison.OrdinalIgnoreCase)
                    ? OneLine(inner)
                    : $"{what.TrimEnd('.')}: {OneLine(inner)}";
            default: return FirstLine(exception);
        }
    }

    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].Trim();

    private static bool IsFatal(PostgresException error) => error.InvariantSeverity is "FATAL" or "PANIC";
}
