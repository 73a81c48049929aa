using System.Diagnostics.Metrics;
using Weft.Core;
using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.UseCases;

namespace Weft.Metrics;

/// <summary>
/// The store's contents and its workers, from the snapshot that all viewers share. A series, once created, stays: the
/// exporter would repeat the last value of one that isn't reported.
/// </summary>
internal sealed class SnapshotGauges
{
    private readonly TakeSnapshot _snapshot;
    private readonly TaskMeter _tasks;

    private readonly TimeProvider _time;

    public SnapshotGauges(Meter meter, TakeSnapshot snapshot, TaskMeter tasks, TimeProvider time)
    {
        (_snapshot, _tasks, _time) = (snapshot, tasks, time);
        meter.CreateObservableGauge("weft.tasks", Tasks, "{task}", "Tasks in the store by state");
        meter.CreateObservableGauge("weft.queue.paused", () => ByQueue(
            static latest => latest.Store.Queues.Select(static queue => (queue.Queue, queue.Paused ? 1L : 0)),
            Math.Max),
            description: "1 while the queue is paused");
        meter.CreateObservableGauge("weft.queue.ready_unserved", () => ByQueue(
            static latest => latest.Unserved.Select(static queue => (queue.Key, queue.Value)),
            static (sum, more) => sum + more),
            "{task}", "Ready tasks that no worker on their queue can run");
        // An age rather than a time: a time would keep its last value once the task is gone.
        meter.CreateObservableGauge("weft.queue.oldest_ready", () => ByQueue(OldestReady, Math.Max),
            "s", "How long the oldest ready task has been ready; 0 if there is none");
        meter.CreateObservableGauge("weft.workers", Workers, "{worker}", "Workers by state");
        meter.CreateObservableGauge("weft.store.ready", () => Latest.IsReady ? 1 : 0,
            description: "1 while the store accepts changes, as in /health/ready");
        meter.CreateObservableGauge("weft.store.queue.operations", () => Latest.Store.WaitingOperations,
            "{operation}", "Operations waiting for a writer");
        meter.CreateObservableGauge("weft.store.queue.limit", () => Latest.Store.OperationsMax,
            "{operation}", "Limit of waiting operations; above three quarters, submits are rejected");
        meter.CreateObservableGauge("weft.webhook.pending", () => Latest.Store.Webhooks.Pending,
            "{delivery}", $"Webhook messages waiting to be sent, up to {Limits.WebhookBacklogCountMax}");
        meter.CreateObservableGauge("weft.webhook.oldest", () => AgeOf(Latest.Store.Webhooks.OldestAt),
            "s", "How long the oldest of them has waited; 0 if there is none");
        meter.CreateObservableGauge("weft.store", FileBytes, "By", "The size of the embedded store's files");
        meter.CreateObservableGauge(
            "weft.store.disk.free", FreeBytes, "By", "Free space on the embedded store's disk");
    }

    // Already available for a scrape; an OTLP export waits for it here, on its own thread.
    private Snapshot Latest => _snapshot.RunAsync().GetAwaiter().GetResult();

    private IEnumerable<Measurement<long>> Tasks()
    {
        var counts = _tasks.All.ToDictionary(static tally => tally, static _ => default(StateCounts));
        foreach (var queue in Latest.Store.Queues)
        {
            var tally = _tasks.Of(queue.Queue);
            counts[tally] = counts.GetValueOrDefault(tally) + queue.Counts;
        }

        return from known in counts
               from state in TaskStates.All.ToArray()
               select new Measurement<long>(known.Value[state], known.Key.Label, StateLabel(state));
    }

    private IEnumerable<(string Queue, long Value)> OldestReady(Snapshot latest) => latest.Store.OldestReady.Select(
        queue => (queue.Key, AgeOf(queue.Value)));

    private long AgeOf(DateTimeOffset? since) =>
        since is { } known ? Math.Max(0, (long)(_time.GetUtcNow() - known).TotalSeconds) : 0;

    private IEnumerable<Measurement<long>> Workers()
    {
        var latest = Latest;
        return
        [
            new(latest.WorkersActive, StateLabel("active")),
            new(latest.WorkersWaiting, StateLabel("waiting")),
            new(latest.WorkersSilent, StateLabel("silent")),
        ];
    }

    private IEnumerable<Measurement<long>> FileBytes() => Latest.Store.Files is not { } files ? [] :
    [
        new(files.DatabaseBytes, new KeyValuePair<string, object?>("part", "database")),
        new(files.LogBytes, new KeyValuePair<string, object?>("part", "log")),
    ];

    private IEnumerable<Measurement<long>> FreeBytes() => Latest.Store.Files is { } files ? [new(files.FreeBytes)] : [];

    private IEnumerable<Measurement<long>> ByQueue(
        Func<Snapshot, IEnumerable<(string Queue, long Value)>> read, Func<long, long, long> merge)
    {
        var values = _tasks.All.ToDictionary(static tally => tally, static _ => 0L);
        foreach (var (queue, value) in read(Latest))
        {
            var tally = _tasks.Of(queue);
            values[tally] = merge(values.GetValueOrDefault(tally), value);
        }

        return values.Select(static known => new Measurement<long>(known.Value, known.Key.Label));
    }

    private static KeyValuePair<string, object?> StateLabel(TaskState state) =>
        StateLabel(state.ToString().ToLowerInvariant());

    private static KeyValuePair<string, object?> StateLabel(string state) => new("state", state);
}
