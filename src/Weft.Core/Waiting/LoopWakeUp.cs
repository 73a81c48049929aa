namespace Weft.Core.Waiting;

/// <summary>
/// Wakes a loop that sleeps while it has nothing to do. Wake-ups are merged until the loop takes them.
/// </summary>
public abstract class LoopWakeUp : IDisposable
{
    private readonly SemaphoreSlim _isDue = new(0, 1);

    /// <summary>Whether a wake-up is pending.</summary>
    protected bool IsDue => _isDue.CurrentCount > 0;

    /// <summary>Wakes the loop; it may be called from any thread, and never waits.</summary>
    public void Wake()
    {
        try
        {
            _isDue.Release();
        }
        catch (SemaphoreFullException)
        {
            // The loop hasn't taken the last one yet, and will find everything that is there.
        }
    }

    /// <summary>Completes after a wake-up, or when <paramref name="atMost"/> has passed.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) =>
        _isDue.WaitAsync(atMost, cancellationToken);

    /// <summary>For a loop that has ended.</summary>
    public void Dispose()
    {
        _isDue.Dispose();
        GC.SuppressFinalize(this);
    }
}
