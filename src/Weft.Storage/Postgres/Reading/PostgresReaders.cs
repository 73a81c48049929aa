using Weft.Core;
using Weft.Core.Storage;
using Weft.Storage.Engine;

namespace Weft.Storage.Postgres;

/// <summary>
/// Runs reads on pooled connections. A read changes nothing, so it is retried after a broken connection.
/// </summary>
internal sealed class PostgresReaders(
    PostgresConnections connections, SharedLanes lanes, PostgresStoreOptions options) : IStoreReader
{
    private const int TriesMax = 3;

    private readonly LaneProvisioner _provisioner = new(lanes, PostgresSql.Own);

    public EngineSql Sql => PostgresSql.Own;

    public int RowsAtOnceMax => Limits.ListTimedEach;

    public Lane LaneOf(long id, IStatements statements) => lanes.Find(id) ?? throw new StaleCacheException();

    Task<T> IStoreReader.RunAsync<T>(Func<IStatements, Func<T>> ask) => RunAsync<T>(ask);

    /// <summary>
    /// The same in what PostgreSQL's statements can do more. They go in one round trip; some may have run before, if
    /// that has to be tried again.
    /// </summary>
    public async Task<T> RunAsync<T>(Func<PostgresRoundTrip, Func<T>> ask)
    {
        try
        {
            // Who waits for the database must not wait for ever, whatever the driver waits for.
            return await TryAsync(ask).WaitAsync(options.OperationTimeMax, options.Time);
        }
        catch (StaleCacheException exception)
        {
            // Others changed what is cached, each time that it was read.
            throw PostgresErrorClassifier.Unavailable("The database changed during the read; try again.", exception);
        }
        catch (Exception exception) when (PostgresErrorClassifier.Explain(exception) is StoreException trouble)
        {
            throw trouble;
        }
    }

    private async Task<T> TryAsync<T>(Func<PostgresRoundTrip, Func<T>> ask)
    {
        for (var tries = 1; ; tries++)
        {
            await using var connection = await connections.OpenReaderAsync();
            try
            {
                await using var trip = new PostgresRoundTrip(connection);
                var answer = ask(trip);
                await trip.SendAsync();
                return answer();
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
