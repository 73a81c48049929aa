namespace Weft.Storage.Engine;

/// <summary>
/// A row from an engine's driver, with columns counted from 0. Implemented by structs, so reading one neither boxes nor
/// goes through an interface.
/// </summary>
internal interface IRow
{
    bool IsNull(int column);

    // Each integer has the width of PostgreSQL's column: its driver doesn't convert.
    short Short(int column);

    int Int(int column);

    long Long(int column);

    double Double(int column);

    string Text(int column);

    bool Bool(int column);

    byte[] Bytes(int column);

    /// <summary>How many bytes a column has that isn't null; it is not copied for that.</summary>
    long BytesCount(int column);

    /// <summary>
    /// The same into an existing array, which must be large enough; returns the length. A new array of more than 85 KB
    /// occasionally costs a full garbage collection.
    /// </summary>
    int Copy(int column, byte[] into);
}

/// <summary>Values that every engine stores in the same form: times are milliseconds since 1970 UTC.</summary>
internal static class RowReading
{
    public static long? LongOrNull<TRow>(this TRow row, int column)
        where TRow : IRow => row.IsNull(column) ? null : row.Long(column);

    public static double? DoubleOrNull<TRow>(this TRow row, int column)
        where TRow : IRow => row.IsNull(column) ? null : row.Double(column);

    public static string? TextOrNull<TRow>(this TRow row, int column)
        where TRow : IRow => row.IsNull(column) ? null : row.Text(column);

    public static ReadOnlyMemory<byte>? BytesOrNull<TRow>(this TRow row, int column)
        where TRow : IRow => row.IsNull(column) ? (ReadOnlyMemory<byte>?)null : row.Bytes(column);

    public static DateTimeOffset Time<TRow>(this TRow row, int column)
        where TRow : IRow => DateTimeOffset.FromUnixTimeMilliseconds(row.Long(column));

    public static DateTimeOffset? TimeOrNull<TRow>(this TRow row, int column)
        where TRow : IRow => row.IsNull(column) ? null : row.Time(column);
}
