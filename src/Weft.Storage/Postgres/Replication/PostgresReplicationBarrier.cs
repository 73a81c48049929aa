using Npgsql;

namespace Weft.Storage.Postgres;

/// <summary>
/// Keeps reads from showing data that may still be lost. A server that recovers from a crash shows every commit in its
/// log, whether the standby had it or not; so a connection for reads first waits for a commit of its own, which comes
/// after all of those.
/// </summary>
internal static class PostgresReplicationBarrier
{
    public static void Wait(NpgsqlConnection connection) => WaitAsync(connection).GetAwaiter().GetResult();

    /// <exception cref="Weft.Core.Storage.StoreException">The server gave up waiting for its standby.</exception>
    public static async Task WaitAsync(NpgsqlConnection connection)
    {
        var wasReplicated = true;
        void Note(object sender, NpgsqlNoticeEventArgs notice) =>
            wasReplicated &= !PostgresErrorClassifier.SaysNotReplicated(notice.Notice);

        connection.Notice += Note;
        try
        {
            await using var command = new NpgsqlCommand(PostgresSql.ReplicationBarrierOnPrimary, connection);
            await command.ExecuteNonQueryAsync();
        }
        finally
        {
            connection.Notice -= Note;
        }

        if (!wasReplicated) throw PostgresErrorClassifier.Unavailable("The database's standby does not answer.");
    }
}
