using Npgsql;
using Weft.Core.Storage;
using Weft.Storage.Postgres;

namespace Weft.Storage.Import;

/// <summary>The progress of a copy.</summary>
/// <param name="LastTask">All tasks up to this id are copied.</param>
/// <param name="LastModule">All modules up to this number are copied.</param>
/// <param name="Settled">Whether everything else is copied as well.</param>
internal readonly record struct ImportPlace(long LastTask, long LastModule, bool Settled);

/// <summary>
/// The database to copy a store into. The progress is stored in the database itself, in the same transactions, so that
/// an interrupted copy can be continued.
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

    /// <summary>Starts to copy the store with this mark, or continues.</summary>
    /// <exception cref="StoreException">The database contains something else.</exception>
    public async Task<ImportPlace> BeginAsync(string mark)
    {
        foreach (var (stored, place, isFinished) in await ReadAsync(ImportTargetSql.SelectMove, static row =>
            (row.GetString(0), new ImportPlace(row.GetInt64(1), row.GetInt64(2), row.GetBoolean(3)), !row.IsDBNull(4))))
        {
            if (isFinished)
            {
                throw PostgresErrorClassifier.Unusable(
                    $"A store has already been migrated to {_place}: " +
                    "start a coordinator with --store, or choose an empty database");
            }

            if (stored != mark)
            {
                throw PostgresErrorClassifier.Unusable(
                    $"{_place} holds a part of another store, or this store was used after its migration began: " +
                    "start over with an empty database");
            }

            return place;
        }

        if (await ReadOneAsync(ImportTargetSql.SelectHoldsData, static row => row.GetBoolean(0)))
        {
            throw PostgresErrorClassifier.Unusable(
                $"{_place} already holds data: migrate to an empty database");
        }

        await RunAsync(ImportTargetSql.InsertMove, command =>
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = mark }));
        return default;
    }

    /// <summary>Runs writes in one transaction.</summary>
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
        // This commit makes all earlier ones as durable as the server makes any.
        await RunAsync("RESET synchronous_commit");
        await RunAsync(ImportTargetSql.FinishMove);
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>
    /// Takes the database exclusively, and doesn't sync each batch to disk: a lost batch is copied again.
    /// </summary>
    private async Task HoldAsync()
    {
        if (!await ReadOneAsync(ImportTargetSql.LockMove, static row => row.GetBoolean(0)))
        {
            throw PostgresErrorClassifier.Unusable($"Another 'weft migrate' is using {_place}");
        }

        if (await ReadOneAsync(PostgresSql.CountListeners, static row => row.GetInt64(0)) > 0)
        {
            throw PostgresErrorClassifier.Unusable($"A coordinator is using {_place}: stop it first");
        }

        await RunAsync("SET synchronous_commit = off");
    }

    private NpgsqlCommand Command(string sql) => new(sql, Connection) { CommandTimeout = 0 };
}
