namespace Weft.Http.StaticFiles;

/// <summary>Counts the requests that hold a file of their own open, because it is too large to be kept in memory.</summary>
internal sealed class LargeWebFiles : IDisposable
{
    // Of the descriptors that no connection may take: see KestrelBounds.
    private const int Max = 64;
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _places = new(Max, Max);

    /// <summary>False: so many are being sent that this one had to wait for too long.</summary>
    public Task<bool> EnterAsync(CancellationToken requestAborted) => _places.WaitAsync(WaitMax, requestAborted);

    public void Leave() => _places.Release();

    public void Dispose() => _places.Dispose();
}
