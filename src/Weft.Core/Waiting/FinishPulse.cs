namespace Weft.Core.Waiting;

/// <summary>A beat whenever tasks finished anywhere: for those who follow many tasks and can't wait for each.</summary>
public sealed class FinishPulse
{
    private TaskCompletionSource _next = NewBeat();

    /// <summary>Ends at the next beat. Take it before looking, or a finish may be missed.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>True: no more beats will come, and followers go home.</summary>
    public bool IsClosed { get; private set; }

    public void Beat() => Interlocked.Exchange(ref _next, NewBeat()).TrySetResult();

    /// <summary>The last beat: the coordinator stops.</summary>
    public void Close()
    {
        IsClosed = true;
        Beat();
    }

    private static TaskCompletionSource NewBeat() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
