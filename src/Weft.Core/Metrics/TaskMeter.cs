using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Weft.Core.Tasks;

namespace Weft.Core.Metrics;

/// <summary>
/// The metrics of tasks by queue. The first queues have metrics of their own; all others share those of
/// <see cref="OtherQueues"/>: users name queues, and a metric must not grow without bound. A queue keeps its metrics
/// when it is empty: counters must never decrease.
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

    /// <param name="meter">Creates the instruments.</param>
    /// <param name="queuesMax">How many queues have metrics of their own. Default: 100.</param>
    public TaskMeter(Meter meter, int queuesMax = Limits.MetricsQueuesDefault)
    {
        _queuesMax = queuesMax;
        _wait = meter.CreateHistogram(
            "weft.task.wait", "s", "How long a task was ready before a worker claimed it", advice: Buckets.Tasks);
        _run = meter.CreateHistogram(
            "weft.task.run", "s", "How long a worker had a task that it completed or failed", advice: Buckets.Tasks);
        _compute = meter.CreateHistogram(
            "weft.task.compute", "s", "How long a worker computed, if it reports that", advice: Buckets.Tasks);
        _age = meter.CreateHistogram(
            "weft.task.age", "s", "How long ago a task was submitted when it finished", advice: Buckets.Tasks);
        CountByQueue(meter, "weft.tasks.submitted", "Tasks submitted", TaskEvents.Submitted);
        CountByQueue(meter, "weft.tasks.claimed", "Tasks handed to workers", TaskEvents.Claimed);
        CountByQueue(meter, "weft.tasks.completed", "Tasks completed", TaskEvents.Completed);
        CountByQueue(meter, "weft.tasks.cancelled", "Tasks cancelled", TaskEvents.Cancelled);
        CountByQueue(meter, "weft.tasks.released", "Tasks that workers released", TaskEvents.Released);
        CountByQueue(meter, "weft.tasks.retried", "Dead tasks made ready again", TaskEvents.Retried);
        meter.CreateObservableCounter("weft.attempts.failed", () => ByReason(
            (TaskEvents.Failed, "failed"), (TaskEvents.Lapsed, "lapsed"), (TaskEvents.FailedFatally, "fatal")),
            "{attempt}", "Attempts that failed, including expired leases and fatal failures");
        meter.CreateObservableCounter("weft.tasks.dead", () => ByReason(
            (TaskEvents.DeadByAttempts, "attempts"), (TaskEvents.DeadByFatalFailure, "fatal"),
            (TaskEvents.DeadByExpiry, "expired")),
            "{task}", "Tasks that became dead: out of attempts, by a fatal failure, or past their expiry");
        meter.CreateObservableCounter("weft.tasks.deleted", () => Sum(TaskEvents.Deleted),
            "{task}", "Finished tasks that retention deleted");
        meter.CreateObservableCounter("weft.heartbeats", () => Sum(TaskEvents.Heartbeat),
            "{heartbeat}", "Leases that workers extended");
        meter.CreateObservableCounter("weft.settles.refused", () => Refusals.Select((known, index) =>
            new Measurement<long>(Volatile.Read(ref _refused[index]), Label("code", known.Code))),
            "{settle}", "Worker reports that were refused (wasted work)");
    }

    /// <summary>The counts of each queue with metrics of its own, and those of all others.</summary>
    public IEnumerable<TaskTally> All => _byQueue.Values.Append(_others);

    /// <summary>The counts of a queue with metrics of its own; null: it has none. Never creates them.</summary>
    public TaskTally? Find(string queue) => _byQueue.GetValueOrDefault(queue);

    /// <summary>The counts of a queue: its own, or those of all others.</summary>
    public TaskTally Of(string queue) => _byQueue.TryGetValue(queue, out var known) ? known : Add(queue);

    /// <summary>Adds the counts of a transaction, once that is committed.</summary>
    internal void Add(PendingTally pending)
    {
        // One thread at a time adds. Readers don't take this lock, so a scrape never delays a writer.
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
            // A queue can have the others' name, and no series may be reported twice.
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
