using System.Runtime.InteropServices;

namespace Weft.Storage.Engine;

/// <summary>A row of a database behind a network, which can also return lists.</summary>
internal interface IRemoteRow : IRow
{
    string[] Texts(int column);

    long[] Longs(int column);
}

/// <summary>
/// Statements that are sent and answered together: one round trip for any number of them. Parameters belong to the
/// statement added last; for a statement about many rows, each is a column.
/// </summary>
internal abstract class RoundTrip : IStatements, IParameters, IAsyncDisposable
{
    /// <summary>A statement that returns no rows.</summary>
    public abstract RoundTrip Run(string sql);

    public abstract RoundTrip With(long? value);

    public abstract RoundTrip With(int value);

    public abstract RoundTrip With(string? value);

    public abstract RoundTrip With(ReadOnlyMemory<byte>? value);

    public abstract RoundTrip With(long[] values);

    public abstract RoundTrip With(long?[] values);

    public abstract RoundTrip With(int[] values);

    public abstract RoundTrip With(short[] values);

    public abstract RoundTrip With(bool[] values);

    public abstract RoundTrip With(double?[] values);

    public abstract RoundTrip With(byte[]?[] values);

    public abstract RoundTrip With(string?[] values);

    public abstract Task SendAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>The bytes as an array, without a copy if they already are one.</summary>
    public static byte[] ArrayOf(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0
            && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();

    IParameters IStatements.Run(string sql) => Run(sql);

    IParameters IStatements.QueryUntil(string sql, Func<IRow, bool> isLast) => QueryUntil(sql, isLast);

    IParameters IParameters.With(long? value) => With(value);

    IParameters IParameters.With(string? value) => With(value);

    IParameters IParameters.With(ReadOnlyMemory<byte>? value) => With(value);

    protected abstract RoundTrip QueryUntil(string sql, Func<IRow, bool> isLast);
}

/// <summary>The same, with rows of the engine's driver.</summary>
internal abstract class RoundTrip<TRow> : RoundTrip
    where TRow : struct, IRemoteRow
{
    /// <summary>A statement that returns rows, and the handler for each.</summary>
    public abstract RoundTrip Query(string sql, Action<TRow> row);

    /// <summary>A statement whose rows are ignored.</summary>
    public RoundTrip Select(string sql) => Query(sql, static _ => { });

    protected sealed override RoundTrip QueryUntil(string sql, Func<IRow, bool> isLast)
    {
        // One box for all rows: it reads the reader's current row.
        IRow? boxed = null;
        var wantsMore = true;
        return Query(sql, row => wantsMore = wantsMore && !isLast(boxed ??= row));
    }
}
