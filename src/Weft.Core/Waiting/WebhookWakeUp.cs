namespace Weft.Core.Waiting;

/// <summary>
/// Wakes the loop that sends to webhooks when something has finished, or a webhook was added. Without webhooks, a
/// commit costs a read of a bool.
/// </summary>
public sealed class WebhookWakeUp : LoopWakeUp
{
    private volatile bool _hasWebhooks;

    /// <summary>Whether there are active webhooks, as far as the loop knows.</summary>
    public bool HasWebhooks
    {
        set => _hasWebhooks = value;
    }

    /// <summary>A commit has finished tasks.</summary>
    public void Finished()
    {
        if (_hasWebhooks && !IsDue) Wake();
    }
}
