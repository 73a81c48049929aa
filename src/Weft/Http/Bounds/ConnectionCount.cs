using Microsoft.AspNetCore.Connections;

namespace Weft.Http.Bounds;

/// <summary>How many connections are open.</summary>
/// <param name="max">How many may be.</param>
internal sealed class ConnectionCount(long max)
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public long Max => max;

    /// <summary>Where a connection goes through.</summary>
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
