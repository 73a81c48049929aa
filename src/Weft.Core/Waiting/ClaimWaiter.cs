using System.Diagnostics;
using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Workers;

namespace Weft.Core.Waiting;

/// <summary>One held claim: what it waits for, and its position in line.</summary>
internal sealed class ClaimWaiter(
    IReadOnlyList<string> queues, WorkerFit fit, int max, long ticket, WorkerIdentity? identity = null)
    : IComparable<ClaimWaiter>
{
    private TaskCompletionSource _wake = NewSignal();

    public IReadOnlyList<string> Queues => queues;

    /// <summary>Which of a queue's tasks it may currently have.</summary>
    public WorkerFit FitIn(string queue) => HeldIn is not null && HeldIn.Contains(queue)
        ? fit with { IsHeld = true }
        : fit;

    /// <summary>Queues whose tasks it doesn't get until its own answers are checked; null: none.</summary>
    public HashSet<string>? HeldIn { get; set; }

    /// <summary>The worker's identity and network; null: not proved.</summary>
    public WorkerIdentity? Identity => identity;

    /// <summary>How many tasks one wake-up can serve.</summary>
    public int Max => max;

    /// <summary>Lower has waited longer. Kept if a wake-up found no task.</summary>
    public long Ticket => ticket;

    /// <summary>The tasks it was woken for since it last joined the lines; null for none.</summary>
    public ReadyTasks? WokenFor { get; private set; }

    public Task Woken => _wake.Task;

    /// <summary>When it was last woken, as a <see cref="Stopwatch"/> timestamp.</summary>
    public long WokenAt { get; private set; }

    /// <summary>The checks that it was last woken for; null: it was woken for tasks.</summary>
    public CheckWave? Wave { get; private set; }

    public void Wake(ReadyTasks? tasks, CheckWave? wave = null)
    {
        WokenFor = tasks;
        Wave = wave;
        WokenAt = Stopwatch.GetTimestamp();
        _wake.TrySetResult();
    }

    public int CompareTo(ClaimWaiter? other) => ticket.CompareTo(other?.Ticket);

    public void Rearm()
    {
        WokenFor = null;
        HeldIn = null;
        _wake = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
