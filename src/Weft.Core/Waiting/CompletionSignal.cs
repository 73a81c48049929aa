namespace Weft.Core.Waiting;

/// <summary>
/// Pulses whenever any tasks have finished: for readers that follow many tasks and can't wait for each.
/// </summary>
public sealed class CompletionSignal
{
    private TaskCompletionSource _next = NewPulse();

    /// <summary>Completes at the next pulse. Get it before you query, or a finish may be missed.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>True: there will be no more pulses, and readers stop waiting.</summary>
    public bool IsClosed { get; private set; }

    public void Pulse() => Interlocked.Exchange(ref _next, NewPulse()).TrySetResult();

    /// <summary>The last pulse: the coordinator is stopping.</summary>
    public void Close()
    {
        IsClosed = true;
        Pulse();
    }

    private static TaskCompletionSource NewPulse() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
