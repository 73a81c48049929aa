namespace Weft.Storage.Engine;

/// <summary>
/// How many more of a queue's tasks a worker may be handed in a transaction, by all of its claims together.
/// </summary>
internal sealed class WorkerPace(string queue, long left)
{
    private readonly List<Action<string>> _held = [];
    private long _left = left;

    public string Queue => queue;

    /// <summary>It gets no more until answers of its own are checked.</summary>
    public bool IsSpent => _left <= 0;

    /// <summary>A claim of the worker keeps it.</summary>
    /// <param name="held">Told once it is spent.</param>
    public void Join(Action<string>? held)
    {
        if (held is null) return;
        if (IsSpent) held(queue);
        else _held.Add(held);
    }

    /// <summary>The worker gets one.</summary>
    public void Spend()
    {
        _left--;
        if (IsSpent) _held.ForEach(held => held(queue));
    }
}
