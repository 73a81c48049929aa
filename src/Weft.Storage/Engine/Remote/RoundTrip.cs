using System.Runtime.InteropServices;

namespace Weft.Storage.Engine;

/// <summary>A row of a database behind a network, which can give lists, too.</summary>
internal interface IRemoteRow : IRow
{
    string[] Texts(int column);

    long[] Longs(int column);
}

/// <summary>
/// Statements that go to the database together and come back together: one round trip, however many they are.
/// Parameters are those of the statement that was added last; where it is about many rows, each is a column of theirs.
/// </summary>
internal abstract class RoundTrip : IStatements, IParameters, IAsyncDisposable
{
    /// <summary>A statement that gives no rows.</summary>
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

    /// <summary>The bytes as an array, without a copy where they are one already.</summary>
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

/// <summary>The same, with rows as the engine's driver gives them.</summary>
internal abstract class RoundTrip<TRow> : RoundTrip
    where TRow : struct, IRemoteRow
{
    /// <summary>A statement that gives rows, and what to do with each.</summary>
    public abstract RoundTrip Query(string sql, Action<TRow> row);

    /// <summary>A statement for its effect, whose rows nobody looks at.</summary>
    public RoundTrip Select(string sql) => Query(sql, static _ => { });

    protected sealed override RoundTrip QueryUntil(string sql, Func<IRow, bool> isLast)
    {
        // One box for all rows: it reads wherever the reader stands.
        IRow? boxed = null;
        var wantsMore = true;
        return Query(sql, row => wantsMore = wantsMore && !isLast(boxed ??= row));
    }
}
