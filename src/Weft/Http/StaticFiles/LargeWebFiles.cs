using Weft.Http.Bounds;

namespace Weft.Http.StaticFiles;

/// <summary>Limits the requests that hold a file open because it is too large for the cache.</summary>
internal sealed class LargeWebFiles : IDisposable
{
    // Part of the descriptors reserved from connections: see KestrelBounds.
    private const int Max = 64;

    /// <summary>For one address, including waiting requests: slow readers must leave some to the others.</summary>
    public const int AddressMax = Max / 4;

    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _places = new(Max, Max);
    private readonly AddressCounts _byAddress = new(AddressMax);

    /// <summary>False: too many are being sent, and this one had to wait for too long.</summary>
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

    /// <summary>Call once for each successful enter.</summary>
    public void Leave(ClientKey client)
    {
        _byAddress.Leave(client);
        _places.Release();
    }

    public void Dispose() => _places.Dispose();
}
