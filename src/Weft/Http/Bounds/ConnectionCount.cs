using Microsoft.AspNetCore.Connections;

namespace Weft.Http.Bounds;

/// <summary>Counts open connections.</summary>
/// <param name="max">Their limit.</param>
internal sealed class ConnectionCount(long max)
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public long Max => max;

    /// <summary>Connection middleware.</summary>
    public ConnectionDelegate Guard(ConnectionDelegate next) => async connection =>
    {
        Interlocked.Increment(ref _count);
        try
        {
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    };
}
