using System.Net.Sockets;
using Npgsql;
using Weft.Core.Storage;

namespace Weft.Storage.Postgres;

/// <summary>What an exception of the driver means for those who wait for an answer.</summary>
internal static class PostgresErrorClassifier
{
    /// <summary>Why nothing works where a connection pooler gives each transaction another connection.</summary>
    public const string PoolerBetween =
        "A connection pooler stands before the database and shares connections or drops their options: " +
        "connect to PostgreSQL itself, or pool by session and pass options on";

    /// <summary>True when the same transaction may work the next time: it met another one.</summary>
    public static bool IsConflict(Exception exception) => exception is PostgresException
    {
        SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.SerializationFailure,
    };

    /// <summary>
    /// True when the connection is of no more use: it broke, or its server is going, or has become a standby.
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

    /// <summary>True when nobody can say whether a commit that was on its way has happened.</summary>
    public static bool IsUnknown(Exception exception) => exception is not PostgresException error || IsFatal(error);

    /// <summary>
    /// True when the server gave up waiting for its standby, though it goes on to call the transaction committed. The
    /// text depends on its language, the codes don't: a plain warning when a statement is cancelled, an admin shutdown
    /// when the server stops.
    /// Nothing else that we do warns.
    /// </summary>
    public static bool SaysNotReplicated(PostgresNotice notice) =>
        notice is
        {
            InvariantSeverity: "WARNING",
            SqlState: PostgresErrorCodes.Warning or PostgresErrorCodes.AdminShutdown,
        };

    /// <summary>What the caller is told.</summary>
    public static Exception Explain(Exception exception) => exception switch
    {
        StoreException => exception,
        // The server is there, and has no connection left: it has room for tasks all the same.
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } error =>
            Unavailable($"The database takes no more connections: {error.MessageText}.", error),
        // Undone by the server, at an administrator's word or for another transaction's sake.
        PostgresException
        {
            SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable
                or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure,
        } error =>
            Unavailable($"The database undid the transaction: {error.MessageText}.", error),
        PostgresException { SqlState: ['5', '3', ..] } error =>
            new StoreException(StoreErrorKind.Full, $"The database has no room: {error.MessageText}.", error),
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
            "The database was lost during a commit, or did not replicate it: whether it happened is not known.",
            exception);

    public static StoreException Unavailable(string message, Exception? inner = null) =>
        new(StoreErrorKind.Unavailable, message, inner);

    public static StoreException Unusable(string message, Exception? inner = null) =>
        new(StoreErrorKind.Unusable, message + ".", inner);

    /// <summary>
    /// What happened, on one line: the driver wraps that in exceptions which only say so. It names hosts, never
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
