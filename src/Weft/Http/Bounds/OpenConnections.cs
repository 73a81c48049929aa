using Microsoft.AspNetCore.Connections;

namespace Weft.Http.Bounds;

/// <summary>How many connections are open: each holds memory, and nothing else tells that it has ended.</summary>
internal sealed class OpenConnections
{
    private int _open;
    private int _peak;

    public int Open => Volatile.Read(ref _open);

    /// <summary>The most that were open at once since this was asked last.</summary>
    public int TakePeak() => Interlocked.Exchange(ref _peak, Open);

    /// <summary>Where a connection goes through.</summary>
    public ConnectionDelegate Count(ConnectionDelegate next) => async connection =>
    {
        var open = Interlocked.Increment(ref _open);
        // Two at once may miss the higher of two peaks, by one.
        if (open > Volatile.Read(ref _peak)) Interlocked.Exchange(ref _peak, open);
        try
        {
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    };
}
