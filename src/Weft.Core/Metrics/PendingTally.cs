using Weft.Core.Tasks;

namespace Weft.Core.Metrics;

/// <summary>
/// What one transaction has to count. It shows once the transaction is committed, and never if it isn't.
/// </summary>
public sealed class PendingTally(TaskMeter meter)
{
    private readonly List<Counted> _tasks = [];
    private readonly List<Refusal> _refusals = [];

    internal IReadOnlyList<Counted> Tasks => _tasks;

    internal IReadOnlyList<Refusal> Refusals => _refusals;

    /// <summary>A task's decision.</summary>
    public void Add(TaskRecord task, TaskCommand command, TaskRecord next, DateTimeOffset now)
    {
        var events = TaskEventsOf.Decision(task, command, next);
        if (events == TaskEvents.None) return;
        var ran = command is TaskCommand.Complete or TaskCommand.Fail ? now - task.Lease?.ClaimedAt : null;
        var waited = command is TaskCommand.Claim ? now - task.ReadyAt : null;
        _tasks.Add(new(task.Queue, events, waited, ran, next.State.IsFinal ? now - task.SubmittedAt : null));
    }

    /// <summary>Something else that happened to a task of the queue.</summary>
    public void Add(string queue, TaskEvents events) =>
        _tasks.Add(new(queue, events, Wait: null, Run: null, Age: null));

    /// <summary>A worker's report that changed nothing.</summary>
    public void AddRefused(Refusal refusal) => _refusals.Add(refusal);

    /// <summary>The transaction is committed.</summary>
    public void Keep()
    {
        if (_tasks.Count > 0 || _refusals.Count > 0) meter.Add(this);
        Forget();
    }

    /// <summary>The transaction is rolled back.</summary>
    public void Forget()
    {
        _tasks.Clear();
        _refusals.Clear();
    }

    /// <param name="Wait">How long it was ready before it was claimed; null where that isn't told.</param>
    /// <param name="Run">How long the worker had it; null where that isn't told.</param>
    /// <param name="Age">How long ago it was submitted, once it is finished.</param>
    internal readonly record struct Counted(
        string Queue, TaskEvents Events, TimeSpan? Wait, TimeSpan? Run, TimeSpan? Age);
}
