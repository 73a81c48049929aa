namespace Weft.Core.Waiting;

/// <summary>
/// Wakes the loop that sends to webhooks when something has finished, or a webhook came. Where there are none, a commit
/// costs a look at a bool.
/// </summary>
public sealed class WebhookWakeUp : IDisposable
{
    private readonly SemaphoreSlim _isDue = new(0, 1);
    private volatile bool _hasWebhooks;

    /// <summary>Whether there are active webhooks, as far as the loop knows.</summary>
    public bool HasWebhooks
    {
        set => _hasWebhooks = value;
    }

    /// <summary>A commit has finished tasks.</summary>
    public void Finished()
    {
        if (_hasWebhooks && _isDue.CurrentCount == 0) Wake();
    }

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
