namespace Weft.Core.Waiting;

/// <summary>
/// Wakes the loop that runs bulk operations when one is started: a coordinator on which nobody starts any asks its
/// store for none.
/// </summary>
public sealed class BulkWakeUp : IDisposable
{
    private readonly SemaphoreSlim _isDue = new(0, 1);

    public void Wake()
    {
        try
        {
            _isDue.Release();
        }
        catch (SemaphoreFullException)
        {
            // The loop hasn't taken the last one yet, and looks for all that is there.
        }
    }

    /// <summary>Completes after a wake-up, or when <paramref name="atMost"/> is over.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) =>
        _isDue.WaitAsync(atMost, cancellationToken);

    public void Dispose() => _isDue.Dispose();
}
