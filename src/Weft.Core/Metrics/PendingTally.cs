using Weft.Core.Events;
using Weft.Core.Tasks;

namespace Weft.Core.Metrics;

/// <summary>
/// The counts and events of one transaction. They become visible once it is committed, and never if it isn't.
/// </summary>
public sealed class PendingTally(TaskMeter meter, EventLog log)
{
    private readonly List<Counted> _tasks = [];
    private readonly List<Refusal> _refusals = [];
    private readonly List<(int First, TaskId[] Ids)> _inserts = [];
    private readonly List<EventRecord> _others = [];
    private DateTimeOffset _now;

    internal IReadOnlyList<Counted> Tasks => _tasks;

    internal IReadOnlyList<Refusal> Refusals => _refusals;

    /// <summary>Adds a task's decision.</summary>
    public void Add(TaskRecord task, TaskCommand command, TaskRecord next, DateTimeOffset now)
    {
        var events = TaskEventsOf.Decision(task, command, next);
        if (events == TaskEvents.None && next.State == task.State) return;
        _now = now;
        var ran = command is TaskCommand.Complete or TaskCommand.Fail ? now - task.Lease?.ClaimedAt : null;
        var waited = command is TaskCommand.Claim ? now - task.ReadyAt : null;
        _tasks.Add(new(task.Queue, events, waited, ran, next.State.IsFinal ? now - task.SubmittedAt : null, next)
        {
            Computed = ran is { } held ? command.ComputedWithin(held) : null,
        });
    }

    /// <summary>Adds one new task for each of the <paramref name="ids"/>, which the commit fills in.</summary>
    public void BeginSubmitted(TaskId[] ids, DateTimeOffset now)
    {
        _now = now;
        _inserts.Add((_tasks.Count, ids));
    }

    /// <summary>Adds one of them; the id in it needn't be its own.</summary>
    public void AddSubmitted(TaskRecord task) =>
        _tasks.Add(new(task.Queue, TaskEvents.Submitted, null, null, null, task));

    /// <summary>Adds the deletion of a task.</summary>
    public void AddDeleted(string queue) => _tasks.Add(new(queue, TaskEvents.Deleted, null, null, null, Next: null));

    /// <summary>Adds an event that doesn't concern a single task.</summary>
    public void Add(EventRecord other) => _others.Add(other);

    /// <summary>Adds a worker's report that changed nothing.</summary>
    public void AddRefused(Refusal refusal) => _refusals.Add(refusal);

    /// <summary>The transaction is committed.</summary>
    public void Keep()
    {
        if (_tasks.Count > 0 || _refusals.Count > 0) meter.Add(this);
        // Checked now rather than as each event was added: a follower that came in the meantime may not find these in
        // its reads.
        if (log.IsOn) log.Add(Events());
        Forget();
    }

    /// <summary>The transaction is rolled back.</summary>
    public void Forget()
    {
        _tasks.Clear();
        _refusals.Clear();
        _inserts.Clear();
        _others.Clear();
    }

    private List<EventRecord> Events()
    {
        var records = new List<EventRecord>(_tasks.Count + _others.Count);
        var (insert, index) = (0, 0);
        foreach (var task in _tasks)
        {
            while (insert < _inserts.Count && index >= _inserts[insert].First + _inserts[insert].Ids.Length) insert++;
            var isNew = insert < _inserts.Count && index >= _inserts[insert].First;
            var id = isNew ? _inserts[insert].Ids[index - _inserts[insert].First] : task.Next?.Id;
            index++;
            if (task.Next is { } next && EventOf(task.Events, next.State) is { } type) records.Add(new(type, _now)
            {
                Task = id,
                Queue = next.Queue,
                TaskType = next.Type,
                Group = next.Group,
                Attempt = next.Attempt,
                WorkerId = next.WorkerId,
                Waited = task.Wait,
                Ran = task.Run,
            });
        }

        records.AddRange(_others);
        return records;
    }

    private static EventType? EventOf(TaskEvents events, TaskState state) => events switch
    {
        TaskEvents.None => state == TaskState.Ready ? EventType.TaskReady : null,
        TaskEvents.Heartbeat => null,
        TaskEvents.Submitted => EventType.TaskSubmitted,
        TaskEvents.Claimed => EventType.TaskClaimed,
        TaskEvents.Completed => EventType.TaskCompleted,
        TaskEvents.Released => EventType.TaskReleased,
        TaskEvents.Cancelled => EventType.TaskCancelled,
        TaskEvents.Retried => EventType.TaskRetried,
        _ when state == TaskState.Dead => EventType.TaskDead,
        TaskEvents.Lapsed => EventType.TaskLapsed,
        _ => EventType.TaskFailed,
    };

    /// <param name="Wait">How long it was ready before it was claimed; null if unknown.</param>
    /// <param name="Run">How long the worker had it; null if unknown.</param>
    /// <param name="Age">How long ago it was submitted, once it is finished.</param>
    /// <param name="Next">The task's new record; null: it is deleted.</param>
    internal readonly record struct Counted(
        string Queue, TaskEvents Events, TimeSpan? Wait, TimeSpan? Run, TimeSpan? Age, TaskRecord? Next)
    {
        /// <summary>How long the worker computed, as it reported; null: not reported.</summary>
        public TimeSpan? Computed { get; init; }
    }
}
