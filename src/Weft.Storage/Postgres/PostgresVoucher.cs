using Npgsql;

namespace Weft.Storage.Postgres;

/// <summary>
/// Keeps reads from showing what may still be lost. A server that comes back from a crash shows every commit in its log, whether the
/// standby had it or not; so a connection for reads first waits for a commit of its own, which comes after all of those.
/// </summary>
internal static class PostgresVoucher
{
    public static void Vouch(NpgsqlConnection connection) => VouchAsync(connection).GetAwaiter().GetResult();

    /// <exception cref="Weft.Core.Storage.StoreException">The server gave up waiting for its standby.</exception>
    public static async Task VouchAsync(NpgsqlConnection connection)
    {
        var wasReplicated = true;
        void Note(object sender, NpgsqlNoticeEventArgs notice) => wasReplicated &= !PostgresTrouble.SaysNotReplicated(notice.Notice);

        connection.Notice += Note;
        try
        {
            await using var command = new NpgsqlCommand(PostgresSql.VouchWherePrimary, connection);
            await command.ExecuteNonQueryAsync();
        }
        finally
        {
            connection.Notice -= Note;
        }

        if (!wasReplicated) throw PostgresTrouble.Unavailable("The database's standby does not answer.");
    }
}
