using Npgsql;
using Weft.Core.Storage;
using Weft.Storage.Postgres;

namespace Weft.Storage.Import;

/// <summary>How far a move has come.</summary>
/// <param name="LastTask">All tasks up to this id are there.</param>
/// <param name="LastModule">All modules up to this number are there.</param>
/// <param name="Settled">Whether all the rest is there too.</param>
internal readonly record struct ImportPlace(long LastTask, long LastModule, bool Settled);

/// <summary>
/// The database that a store is carried into. How far that has come is kept in the database itself, in the transactions
/// that bring it further, so that whatever ends the move, the next one goes on from there.
/// </summary>
internal sealed class ImportTarget : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database;
    private readonly string _place;

    private ImportTarget(NpgsqlDataSource database, NpgsqlConnection connection, string place) =>
        (_database, Connection, _place) = (database, connection, place);

    public NpgsqlConnection Connection { get; }

    /// <exception cref="StoreException">The database can't be reached, is newer, or is in use.</exception>
    public static async Task<ImportTarget> OpenAsync(string connectionString)
    {
        var database = PostgresDatabase.Open(connectionString, pooled: false);
        NpgsqlConnection? connection = null;
        try
        {
            connection = await database.OpenConnectionAsync();
            PostgresDatabase.CheckVersion(connection);
            await PostgresMigrations.RunAsync(connection);
            var target = new ImportTarget(database, connection, PostgresDatabase.Describe(connectionString));
            await target.HoldAsync();
            return target;
        }
        catch
        {
            if (connection is not null) await connection.DisposeAsync();
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins the move of the store with this mark, or goes on with it.</summary>
    /// <exception cref="StoreException">The database holds something else.</exception>
    public async Task<ImportPlace> BeginAsync(string mark)
    {
        foreach (var (stored, place, isFinished) in await ReadAsync(ImportTargetSql.SelectMove, static row =>
            (row.GetString(0), new ImportPlace(row.GetInt64(1), row.GetInt64(2), row.GetBoolean(3)), !row.IsDBNull(4))))
        {
            if (isFinished)
            {
                throw PostgresErrorClassifier.Unusable(
                    $"A store was moved to {_place} already, and to its end: " +
                    "start a coordinator with --store, or choose an empty database");
            }

            if (stored != mark)
            {
                throw PostgresErrorClassifier.Unusable(
                    $"{_place} holds a part of another store, or this one was used since its move began: " +
                    "begin anew with an empty database");
            }

            return place;
        }

        if (await ReadOneAsync(ImportTargetSql.SelectHoldsData, static row => row.GetBoolean(0)))
        {
            throw PostgresErrorClassifier.Unusable(
                $"{_place} holds data already: a store is moved to an empty database");
        }

        await RunAsync(ImportTargetSql.InsertMove, command =>
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = mark }));
        return default;
    }

    /// <summary>Runs what writes in one transaction.</summary>
    public async Task StoreAsync(Func<Task> write)
    {
        await using var transaction = await Connection.BeginTransactionAsync();
        await write();
        await transaction.CommitAsync();
    }

    public async Task RunAsync(string sql, Action<NpgsqlCommand>? bind = null)
    {
        await using var command = Command(sql);
        bind?.Invoke(command);
        await command.ExecuteNonQueryAsync();
    }

    public Task RunAsync(string sql, params long[] arguments) => RunAsync(sql, command =>
    {
        foreach (var argument in arguments) command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = argument });
    });

    public async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params long[] arguments)
    {
        await using var command = Command(sql);
        foreach (var argument in arguments) command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = argument });
        await using var row = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await row.ReadAsync()) rows.Add(read(row));
        return rows;
    }

    public async Task<T> ReadOneAsync<T>(string sql, Func<NpgsqlDataReader, T> read) =>
        (await ReadAsync(sql, read)).Single();

    /// <summary>The next coordinator may start on it.</summary>
    public async Task FinishAsync()
    {
        // With this commit all those before are as safe as the server makes any.
        await RunAsync("RESET synchronous_commit");
        await RunAsync(ImportTargetSql.FinishMove);
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>
    /// Alone with the database, and in no hurry to see each batch on the disk: a batch that is lost is brought again.
    /// </summary>
    private async Task HoldAsync()
    {
        if (!await ReadOneAsync(ImportTargetSql.LockMove, static row => row.GetBoolean(0)))
        {
            throw PostgresErrorClassifier.Unusable($"Another 'weft migrate' is at work on {_place}");
        }

        if (await ReadOneAsync(PostgresSql.CountListeners, static row => row.GetInt64(0)) > 0)
        {
            throw PostgresErrorClassifier.Unusable($"A coordinator is at work on {_place}: stop it first");
        }

        await RunAsync("SET synchronous_commit = off");
    }

    private NpgsqlCommand Command(string sql) => new(sql, Connection) { CommandTimeout = 0 };
}
