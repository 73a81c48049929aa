using Npgsql;
using Weft.Core;
using Weft.Core.Storage;
using Weft.Storage.Engine;

namespace Weft.Storage.Postgres;

/// <summary>
/// Runs reads on pooled connections. A read changes nothing, so that one which met a broken connection is tried again.
/// </summary>
internal sealed class PostgresReaders(
    PostgresConnections connections, SharedLanes lanes, PostgresStoreOptions options) : IStoreReader
{
    private const int TriesMax = 3;

    private readonly LaneProvisioner _provisioner = new(lanes, PostgresSql.Own);

    public EngineSql Sql => PostgresSql.Own;

    public int RowsAtOnceMax => Limits.ListTimedEach;

    public Task<T> RunAsync<T>(Func<IStatements, Func<T>> ask) => RunAsync(ask, static async (connection, ask) =>
    {
        await using var trip = new PostgresRoundTrip(connection);
        var answer = ask(trip);
        await trip.SendAsync();
        return answer();
    });

    public Lane LaneOf(long id, IStatements statements) => lanes.Find(id) ?? throw new StaleCacheException();

    public async Task<T> RunAsync<TArgument, T>(TArgument argument, Func<NpgsqlConnection, TArgument, Task<T>> read)
    {
        try
        {
            // Who waits for the database must not wait for ever, whatever the driver waits for.
            return await TryAsync(argument, read).WaitAsync(options.OperationTimeMax, options.Time);
        }
        catch (Exception exception) when (PostgresErrorClassifier.Explain(exception) is StoreException trouble)
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
            catch (StaleCacheException) when (tries < TriesMax)
            {
                await _provisioner.RefreshAsync(new PostgresRoundTrip(connection));
            }
            catch (Exception exception) when (
                tries < TriesMax && PostgresErrorClassifier.IsLost(exception)
                    && exception.InnerException is not TimeoutException)
            {
            }
        }
    }
}
