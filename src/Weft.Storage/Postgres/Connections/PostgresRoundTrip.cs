using System.Data;
using Npgsql;
using NpgsqlTypes;
using Weft.Storage.Engine;

namespace Weft.Storage.Postgres;

/// <summary>
/// A batch of statements. Each parameter is typed, so the driver neither queries nor infers types.
/// </summary>
internal sealed class PostgresRoundTrip(NpgsqlConnection connection) : RoundTrip<PostgresRow>
{
    private readonly NpgsqlBatch _batch = new(connection);
    private readonly List<Action<PostgresRow>> _rows = [];
    private NpgsqlParameterCollection? _parameters;

    public override PostgresRoundTrip Run(string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        _batch.BatchCommands.Add(command);
        _parameters = command.Parameters;
        return this;
    }

    public override PostgresRoundTrip Query(string sql, Action<PostgresRow> row)
    {
        _rows.Add(row);
        return Run(sql);
    }

    public override PostgresRoundTrip With(long? value) =>
        value is { } known ? Add(known, NpgsqlDbType.Bigint) : AddNull(NpgsqlDbType.Bigint);

    public override PostgresRoundTrip With(int value) => Add(value, NpgsqlDbType.Integer);

    public override PostgresRoundTrip With(string? value) =>
        value is null ? AddNull(NpgsqlDbType.Text) : Add(Storable(value), NpgsqlDbType.Text);

    public override PostgresRoundTrip With(ReadOnlyMemory<byte>? value) =>
        value is { } known ? Add(known, NpgsqlDbType.Bytea) : AddNull(NpgsqlDbType.Bytea);

    public override PostgresRoundTrip With(long[] values) => AddColumn(values, NpgsqlDbType.Bigint);

    public override PostgresRoundTrip With(long?[] values) => AddColumn(Known(values), NpgsqlDbType.Bigint);

    public override PostgresRoundTrip With(int[] values) => AddColumn(values, NpgsqlDbType.Integer);

    public override PostgresRoundTrip With(short[] values) => AddColumn(values, NpgsqlDbType.Smallint);

    public override PostgresRoundTrip With(bool[] values) => AddColumn(values, NpgsqlDbType.Boolean);

    public override PostgresRoundTrip With(double?[] values) => AddColumn(Known(values), NpgsqlDbType.Double);

    public override PostgresRoundTrip With(byte[]?[] values) => AddColumn(values, NpgsqlDbType.Bytea);

    public override PostgresRoundTrip With(string?[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is { } text) values[i] = Storable(text);
        }

        return AddColumn(Known(values), NpgsqlDbType.Text);
    }

    /// <summary>PostgreSQL's text can't contain NUL, and a caller's text may.</summary>
    public static string Storable(string text) => text.Contains('\0') ? text.Replace('\0', '\uFFFD') : text;

    /// <exception cref="NpgsqlException"> The connection is lost; if the driver already knew, it throws a different
    /// exception.
    /// </exception>
    public override async Task SendAsync()
    {
        try
        {
            await ReadAsync();
        }
        catch (InvalidOperationException exception) when (connection.State != ConnectionState.Open)
        {
            throw new NpgsqlException("The connection is closed.", exception);
        }
    }

    public override ValueTask DisposeAsync() => _batch.DisposeAsync();

    private async Task ReadAsync()
    {
        await using var reader = await _batch.ExecuteReaderAsync();
        foreach (var row in _rows)
        {
            while (await reader.ReadAsync()) row(new(reader));
            await reader.NextResultAsync();
        }

        // Read to the end: a failure after the last rows is only reported there.
        while (await reader.NextResultAsync())
        {
        }
    }

    // A column that is all NULL: unnest pads it to the length of the others, so that it needn't be written, sent and
    // read.
    private static T[] Known<T>(T[] values) => values.AsSpan().ContainsAnyExcept(default(T)) ? values : [];

    private PostgresRoundTrip AddColumn<T>(T[] values, NpgsqlDbType type) => Add(values, NpgsqlDbType.Array | type);

    private PostgresRoundTrip AddNull(NpgsqlDbType type) => Add<object>(DBNull.Value, type);

    private PostgresRoundTrip Add<T>(T value, NpgsqlDbType type)
    {
        _parameters!.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
        return this;
    }
}
