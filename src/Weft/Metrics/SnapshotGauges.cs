using System.Diagnostics.Metrics;
using Weft.Core;
using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.UseCases;

namespace Weft.Metrics;

/// <summary>
/// What the store holds now and who works on it, out of the snapshot that all viewers share. Every series that was
/// there once is there for good: the exporter repeats the last value of one that isn't.
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
            "{task}", "Ready tasks that no worker of their queue may run");
        // An age, and not a time: one that is there no more would keep its last value.
        meter.CreateObservableGauge("weft.queue.oldest_ready", () => ByQueue(OldestReady, Math.Max),
            "s", "How long the oldest ready task has been ready; 0 where none is");
        meter.CreateObservableGauge("weft.workers", Workers, "{worker}", "Workers by state");
        meter.CreateObservableGauge("weft.store.ready", () => Latest.IsReady ? 1 : 0,
            description: "1 while the store takes changes, as /health/ready tells");
        meter.CreateObservableGauge("weft.store.queue.operations", () => Latest.Store.WaitingOperations,
            "{operation}", "Operations that wait for a writer");
        meter.CreateObservableGauge("weft.store.queue.limit", () => Latest.Store.OperationsMax,
            "{operation}", "Operations that may wait; from three quarters on submits are rejected");
        meter.CreateObservableGauge("weft.webhook.pending", () => Latest.Store.Webhooks.Pending,
            "{delivery}", $"What waits to be sent to webhooks, up to {Limits.WebhookBacklogCountMax}");
        meter.CreateObservableGauge("weft.webhook.oldest", () => AgeOf(Latest.Store.Webhooks.OldestAt),
            "s", "How long the oldest of it has waited; 0 where nothing does");
        meter.CreateObservableGauge("weft.store", FileBytes, "By", "The size of the embedded store's files");
        meter.CreateObservableGauge(
            "weft.store.disk.free", FreeBytes, "By", "What is free on the embedded store's disk");
    }

    // Already there when a scrape reads it; an export by OTLP waits for it here, on a thread of its own.
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
