using NpgsqlTypes;
using Weft.Storage.Engine;
using Weft.Storage.Postgres;

namespace Weft.Storage.Import;

/// <summary>A column to copy.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">Its PostgreSQL type.</param>
/// <param name="Source">The expression in the source.</param>
internal sealed record ImportColumn(string Name, NpgsqlDbType Type, string Source)
{
    /// <summary>Consecutive numbers; the source stores the first and the count.</summary>
    private const NpgsqlDbType Range = NpgsqlDbType.Array | NpgsqlDbType.Bigint;

    /// <summary>
    /// Parses <c>name type, name type source</c>: a source is given if it isn't a column of the same name.
    /// </summary>
    public static ImportColumn[] Parse(string columns) => [.. columns.Split(", ").Select(static column =>
    {
        var words = column.Trim().Split(' ', 3);
        return new ImportColumn(words[0], TypeOf(words[1]), words[^1] == words[1] ? words[0] : words[2]);
    })];

    /// <summary>The value, with texts in a form that PostgreSQL can store.</summary>
    public object? Read<TRow>(TRow row, int column)
        where TRow : IRow
    {
        if (row.IsNull(column)) return null;
        return Type switch
        {
            NpgsqlDbType.Bigint => row.Long(column),
            NpgsqlDbType.Integer => row.Int(column),
            NpgsqlDbType.Smallint => row.Short(column),
            NpgsqlDbType.Boolean => row.Bool(column),
            NpgsqlDbType.Double => row.Double(column),
            NpgsqlDbType.Text => PostgresRoundTrip.Storable(row.Text(column)),
            NpgsqlDbType.Bytea => row.Bytes(column),
            _ => ReadRange(row.Text(column)),
        };
    }

    private static long[] ReadRange(string firstAndCount)
    {
        long[] words = [.. firstAndCount.Split(' ').Select(long.Parse)];
        return [.. Enumerable.Range(0, (int)words[1]).Select(i => words[0] + i)];
    }

    private static NpgsqlDbType TypeOf(string name) => name switch
    {
        "bigint" => NpgsqlDbType.Bigint,
        "int" => NpgsqlDbType.Integer,
        "smallint" => NpgsqlDbType.Smallint,
        "boolean" => NpgsqlDbType.Boolean,
        "float8" => NpgsqlDbType.Double,
        "text" => NpgsqlDbType.Text,
        "bytea" => NpgsqlDbType.Bytea,
        "bigint[]" => Range,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Unknown type."),
    };
}

/// <summary>A table that is copied unchanged, or nearly.</summary>
internal sealed class ImportTable
{
    private readonly ImportColumn[] _columns;
    private readonly string _copy;
    private readonly string _select;

    /// <param name="name">The table's name in PostgreSQL.</param>
    /// <param name="columns">In the format of <see cref="ImportColumn.Parse"/>.</param>
    /// <param name="from">The source in SQLite; null: the table of the same name.</param>
    public ImportTable(string name, string columns, string? from = null)
    {
        Name = name;
        _columns = ImportColumn.Parse(columns);
        _copy = CopyInto(name, _columns.Select(static column => column.Name));
        _select = $"SELECT {string.Join(", ", _columns.Select(static column => column.Source))} FROM {from ?? name}";
    }

    public string Name { get; }

    public static string CopyInto(string table, IEnumerable<string> columns) =>
        $"COPY {table} ({string.Join(", ", columns)}) FROM STDIN (FORMAT BINARY)";

    /// <summary>Copies all rows, or those that <paramref name="argument"/> selects.</summary>
    public Task CopyAsync(ImportSource source, ImportTarget target, long? argument = null) =>
        PostgresCopy.RunAsync(
            target.Connection, _copy, source.Read(_select, static row => row, argument),
            async (copy, row) =>
        {
            for (var i = 0; i < _columns.Length; i++) await copy.PutAsync(_columns[i].Read(row, i), _columns[i].Type);
        });

    /// <summary>Whether both have the same number of rows; returns the number.</summary>
    public async Task<(long Rows, bool Agree)> CountAsync(ImportSource source, ImportTarget target)
    {
        var rows = source.Read(_select, static _ => 1L).Sum();
        return (rows, await target.ReadOneAsync($"SELECT count(*) FROM {Name}", static row => row.GetInt64(0)) == rows);
    }
}
