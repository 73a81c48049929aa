using System.Collections.Concurrent;
using System.Net;
using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>
/// Keeps the leases of all tasks that are not settled yet, and detects lost ones. Only the coordinator's own response
/// ends a handler, never a connection failure: even a late result counts unless another worker has the task.
/// </summary>
internal sealed class WorkerHeartbeat(WeftClient client, WorkerOptions options, WorkerContact contact,
    ConcurrentDictionary<HeldTask, bool> held) : IDisposable
{
    // A checkpoint has at most 64 KiB; the coordinator accepts 1,000 items and 32 MiB.
    private const int BatchMax = 250;

    // A cancelled task should stop soon, however long its lease is.
    private static readonly TimeSpan IntervalMax = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly PeriodicTimer _timer = new(IntervalMax, client.Time);

    /// <summary>Shortens the interval if this task's lease needs it.</summary>
    public void Note(HeldTask task)
    {
        lock (_gate)
        {
            if (IntervalOf(task) < _timer.Period) _timer.Period = IntervalOf(task);
        }
    }

    /// <summary>Sends heartbeats until <paramref name="ended"/>.</summary>
    public async Task RunAsync(CancellationToken ended)
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(ended))
            {
                Lengthen();
                foreach (var batch in held.Keys.Chunk(BatchMax)) await BeatAsync(batch, ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Stops with the worker.
        }
    }

    public void Dispose() => _timer.Dispose();

    // Two heartbeats may fail before the lease expires.
    private static TimeSpan IntervalOf(HeldTask task) => task.Lease / 3 < IntervalMax ? task.Lease / 3 : IntervalMax;

    // The task with the shortest lease may be settled by now.
    private void Lengthen()
    {
        lock (_gate)
        {
            var interval = held.Keys.Select(IntervalOf).DefaultIfEmpty(IntervalMax).Min();
            if (interval > _timer.Period) _timer.Period = interval;
        }
    }

    private async Task BeatAsync(HeldTask[] tasks, CancellationToken ended)
    {
        using var late = new CancellationTokenSource(_timer.Period, client.Time);
        using var brief = CancellationTokenSource.CreateLinkedTokenSource(ended, late.Token);
        try
        {
            // Retried as long as there is time: this client never gives up on its own.
            await BeatAsync(tasks, isBare: false, brief.Token);
        }
        catch (Exception exception)
            when (exception is WeftException || late.IsCancellationRequested && exception is OperationCanceledException)
        {
            // The next heartbeat may succeed.
        }
    }

    /// <param name="isBare">Renew only the leases: the rest was refused.</param>
    private async Task BeatAsync(HeldTask[] tasks, bool isBare, CancellationToken cancellationToken)
    {
        var beats = Array.ConvertAll(tasks, task => isBare ? task.Beat(options.Lease)
            : task.Work.Heartbeat(options.Lease));
        SettleOutcome answer;
        try
        {
            answer = await client.SettleAsync(new(beats, Claim: null, options.WorkerId), isRetried: true,
                cancellationToken);
        }
        catch (WeftException refused) when (refused.Rule == RetryRule.NotThis && !isBare)
        {
            // A refused checkpoint of one task must not cost the others their leases.
            if (tasks.Length == 1) tasks[0].Work.Forget();
            foreach (var task in tasks) await BeatAsync([task], isBare: tasks.Length == 1, cancellationToken);
            return;
        }

        contact.Note();
        var refusedTasks = new List<HeldTask>();
        for (var i = 0; i < tasks.Length; i++)
        {
            var outcome = answer.Outcomes[i];
            if (outcome.Status == (int)HttpStatusCode.OK) tasks[i].Work.Acknowledge(beats[i]);
            else if (outcome.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.NotFound)
            {
                tasks[i].Lose(outcome.Detail ?? "This worker no longer holds the task's lease.");
            }
            else if (!isBare) refusedTasks.Add(tasks[i]);
        }

        foreach (var task in refusedTasks) task.Work.Forget();
        if (refusedTasks.Count > 0) await BeatAsync([.. refusedTasks], isBare: true, cancellationToken);
    }
}
