using Weft.Http.Bounds;

namespace Weft.Http.StaticFiles;

/// <summary>
/// Counts the requests that hold a file of their own open, because it is too large to be kept in memory.
/// </summary>
internal sealed class LargeWebFiles : IDisposable
{
    // Of the descriptors that no connection may take: see KestrelBounds.
    private const int Max = 64;

    /// <summary>
    /// Of one address, waiting ones included: who reads slowly, or never, must leave some to the others.
    /// </summary>
    public const int AddressMax = Max / 4;

    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _places = new(Max, Max);
    private readonly AddressCounts _byAddress = new(AddressMax);

    /// <summary>False: so many are being sent that this one had to wait for too long.</summary>
    public async Task<bool> EnterAsync(ClientKey client, CancellationToken requestAborted)
    {
        if (!_byAddress.TryEnter(client)) return false;
        var isIn = false;
        try
        {
            return isIn = await _places.WaitAsync(WaitMax, requestAborted);
        }
        finally
        {
            if (!isIn) _byAddress.Leave(client);
        }
    }

    /// <summary>Once for each time that a client was let in.</summary>
    public void Leave(ClientKey client)
    {
        _byAddress.Leave(client);
        _places.Release();
    }

    public void Dispose() => _places.Dispose();
}
