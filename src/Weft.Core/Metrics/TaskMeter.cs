using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Weft.Core.Tasks;

namespace Weft.Core.Metrics;

/// <summary>
/// The metrics of tasks by queue. The first queues have numbers of their own, all others share those called
/// <see cref="OtherQueues"/>: queues are named by users, and a metric must not grow with what they think of.
/// A queue keeps its numbers when it is empty: what counts up never goes back.
/// </summary>
public sealed class TaskMeter
{
    public const string OtherQueues = "_other";

    private static readonly (Refusal Refusal, string Code)[] Refusals =
    [
        (Refusal.StaleLease, "stale_lease"), (Refusal.AlreadyFinished, "task_finished"),
        (Refusal.Cancelled, "task_cancelled"), (Refusal.NotFound, "task_not_found"),
        (Refusal.OutputNotFound, "blob_not_found"),
    ];

    private readonly Lock _gate = new();
    private readonly Lock _adding = new();
    private readonly int _queuesMax;
    private readonly ConcurrentDictionary<string, TaskTally> _byQueue = new(StringComparer.Ordinal);
    private readonly TaskTally _others = new(OtherQueues);
    private readonly long[] _refused = new long[Refusals.Length];
    private readonly Histogram<double> _wait;
    private readonly Histogram<double> _run;
    private readonly Histogram<double> _compute;
    private readonly Histogram<double> _age;

    /// <param name="meter">Gets the instruments.</param>
    /// <param name="queuesMax">How many queues have numbers of their own. Default: 100.</param>
    public TaskMeter(Meter meter, int queuesMax = Limits.MetricsQueuesDefault)
    {
        _queuesMax = queuesMax;
        _wait = meter.CreateHistogram(
            "weft.task.wait", "s", "How long a task was ready before a worker had it", advice: Buckets.Tasks);
        _run = meter.CreateHistogram(
            "weft.task.run", "s", "How long a worker had a task that it completed or failed", advice: Buckets.Tasks);
        _compute = meter.CreateHistogram(
            "weft.task.compute", "s", "How long a worker computed, where it says so", advice: Buckets.Tasks);
        _age = meter.CreateHistogram(
            "weft.task.age", "s", "How long ago a task was submitted when it finished", advice: Buckets.Tasks);
        CountByQueue(meter, "weft.tasks.submitted", "Tasks submitted", TaskEvents.Submitted);
        CountByQueue(meter, "weft.tasks.claimed", "Tasks handed to workers", TaskEvents.Claimed);
        CountByQueue(meter, "weft.tasks.completed", "Tasks completed", TaskEvents.Completed);
        CountByQueue(meter, "weft.tasks.cancelled", "Tasks cancelled", TaskEvents.Cancelled);
        CountByQueue(meter, "weft.tasks.released", "Tasks that workers gave back undone", TaskEvents.Released);
        CountByQueue(meter, "weft.tasks.retried", "Dead tasks made ready again", TaskEvents.Retried);
        meter.CreateObservableCounter("weft.attempts.failed", () => ByReason(
            (TaskEvents.Failed, "failed"), (TaskEvents.Lapsed, "lapsed"), (TaskEvents.FailedFatally, "fatal")),
            "{attempt}", "Attempts that failed, whose lease lapsed, or whose failure was fatal");
        meter.CreateObservableCounter("weft.tasks.dead", () => ByReason(
            (TaskEvents.DeadByAttempts, "attempts"), (TaskEvents.DeadByFatalFailure, "fatal"),
            (TaskEvents.DeadByExpiry, "expired")),
            "{task}", "Tasks that died: out of attempts, by a fatal failure, or past their expiry");
        meter.CreateObservableCounter("weft.tasks.deleted", () => Sum(TaskEvents.Deleted),
            "{task}", "Finished tasks that retention deleted");
        meter.CreateObservableCounter("weft.heartbeats", () => Sum(TaskEvents.Heartbeat),
            "{heartbeat}", "Leases that workers extended");
        meter.CreateObservableCounter("weft.settles.refused", () => Refusals.Select((known, index) =>
            new Measurement<long>(Volatile.Read(ref _refused[index]), Label("code", known.Code))),
            "{settle}", "Reports of workers that were refused: work done for nothing");
    }

    /// <summary>The numbers of each queue that has its own, and those of all others.</summary>
    public IEnumerable<TaskTally> All => _byQueue.Values.Append(_others);

    /// <summary>The numbers of a queue that has its own; null: it has none, and gets none by this.</summary>
    public TaskTally? Find(string queue) => _byQueue.GetValueOrDefault(queue);

    /// <summary>The numbers of a queue: its own, or those of all others.</summary>
    public TaskTally Of(string queue) => _byQueue.TryGetValue(queue, out var known) ? known : Add(queue);

    /// <summary>Adds what a transaction did, once that is committed.</summary>
    internal void Add(PendingTally pending)
    {
        // One at a time adds. Nobody reads under this lock, so a scrape holds up no writer.
        lock (_gate)
        {
            foreach (var task in pending.Tasks)
            {
                var tally = Of(task.Queue);
                tally.Add(task.Events);
                if (task.Wait is { } wait) _wait.Record(wait.TotalSeconds, tally.Label);
                if (task.Run is { } run) _run.Record(run.TotalSeconds, tally.Label);
                if (task.Computed is { } computed) _compute.Record(computed.TotalSeconds, tally.Label);
                if (task.Age is { } age) _age.Record(age.TotalSeconds);
            }

            foreach (var refusal in pending.Refusals)
            {
                var code = Array.FindIndex(Refusals, known => known.Refusal == refusal);
                if (code >= 0) _refused[code]++;
            }
        }
    }

    private TaskTally Add(string queue)
    {
        lock (_adding)
        {
            // A queue can have the others' name, and no series may come twice.
            if (queue == OtherQueues || _byQueue.Count >= _queuesMax) return _others;
            return _byQueue.GetOrAdd(queue, static name => new(name));
        }
    }

    private void CountByQueue(Meter meter, string name, string description, TaskEvents one) =>
        meter.CreateObservableCounter(name, () => All.Select(tally => new Measurement<long>(tally[one], tally.Label)),
            "{task}", description);

    private IEnumerable<Measurement<long>> ByReason(params (TaskEvents One, string Reason)[] events) =>
        from tally in All
        from known in events
        select new Measurement<long>(tally[known.One], tally.Label, Label("reason", known.Reason));

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);

    private long Sum(TaskEvents one) => All.Sum(tally => tally[one]);
}
