using System.Runtime.InteropServices;
using Npgsql;
using NpgsqlTypes;

namespace Weft.Storage.Postgres;

/// <summary>
/// Adds a statement to a batch, with its parameters in order, typed so that nothing is looked up or guessed.
/// </summary>
internal static class PostgresParameters
{
    public static NpgsqlBatchCommand Add(this NpgsqlBatch batch, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(command);
        return command;
    }

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, long value) =>
        command.Add(value, NpgsqlDbType.Bigint);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, long? value) => value is { } known
        ? command.With(known)
        : command.Add<object>(DBNull.Value, NpgsqlDbType.Bigint);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, byte[] value) =>
        command.Add(value, NpgsqlDbType.Bytea);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, ReadOnlyMemory<byte>? value) =>
        value is { } known
        ? command.With(Array(known))
        : command.Add<object>(DBNull.Value, NpgsqlDbType.Bytea);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, int value) =>
        command.Add(value, NpgsqlDbType.Integer);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, string? value) => value is null
        ? command.Add<object>(DBNull.Value, NpgsqlDbType.Text)
        : command.Add(Storable(value), NpgsqlDbType.Text);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, long[] values) =>
        command.Add(values, NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, long?[] values) =>
        command.Add(Known(values), NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, int[] values) =>
        command.Add(values, NpgsqlDbType.Array | NpgsqlDbType.Integer);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, short[] values) =>
        command.Add(values, NpgsqlDbType.Array | NpgsqlDbType.Smallint);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, bool[] values) =>
        command.Add(values, NpgsqlDbType.Array | NpgsqlDbType.Boolean);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, double?[] values) =>
        command.Add(Known(values), NpgsqlDbType.Array | NpgsqlDbType.Double);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, byte[]?[] values) =>
        command.Add(values, NpgsqlDbType.Array | NpgsqlDbType.Bytea);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, string?[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is { } text) values[i] = Storable(text);
        }

        return command.Add(Known(values), NpgsqlDbType.Array | NpgsqlDbType.Text);
    }

    /// <summary>The bytes as an array, without a copy where they are one already.</summary>
    public static byte[] Array(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0
            && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();

    /// <summary>PostgreSQL's text knows no NUL, and a caller's text may hold one.</summary>
    public static string Storable(string text) => text.Contains('\0') ? text.Replace('\0', '\uFFFD') : text;

    // A column of nothing but NULL: unnest fills it up to the length of the others, and nobody has to write, send and
    // read it.
    private static T[] Known<T>(T[] values) => values.AsSpan().ContainsAnyExcept(default(T)) ? values : [];

    private static NpgsqlBatchCommand Add<T>(this NpgsqlBatchCommand command, T value, NpgsqlDbType type)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
        return command;
    }
}
