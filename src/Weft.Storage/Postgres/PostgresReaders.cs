using Npgsql;
using Weft.Core.Storage;

namespace Weft.Storage.Postgres;

/// <summary>Runs reads on pooled connections. A read changes nothing, so that one which met a broken connection is tried again.</summary>
internal sealed class PostgresReaders(PostgresConnections connections, PostgresLanes lanes, PostgresStoreOptions options)
{
    private const int TriesMax = 3;

    public async Task<T> RunAsync<TArgument, T>(TArgument argument, Func<NpgsqlConnection, TArgument, Task<T>> read)
    {
        try
        {
            // Who waits for the database must not wait for ever, whatever the driver waits for.
            return await TryAsync(argument, read).WaitAsync(options.PatienceMax, options.Time);
        }
        catch (Exception exception) when (PostgresTrouble.Explain(exception) is StoreException trouble)
        {
            throw trouble;
        }
    }

    private async Task<T> TryAsync<TArgument, T>(TArgument argument, Func<NpgsqlConnection, TArgument, Task<T>> read)
    {
        for (var tries = 1; ; tries++)
        {
            await using var connection = await connections.OpenReaderAsync();
            try
            {
                return await read(connection, argument);
            }
            catch (PostgresOutdated) when (tries < TriesMax)
            {
                await PostgresLaneBook.RefreshAsync(connection, lanes);
            }
            catch (Exception exception) when (tries < TriesMax && PostgresTrouble.IsLost(exception) && exception.InnerException is not TimeoutException)
            {
            }
        }
    }
}
