using System.Collections.Concurrent;
using System.Net;

namespace Weft.Client.Work;

/// <summary>Keeps the leases of all held tasks, and finds out which are lost.</summary>
internal sealed class WorkerHeartbeat(WeftClient client, WorkerOptions options, ConcurrentDictionary<HeldTask, bool> held)
{
    // A cancelled task shouldn't run on for long, however long the lease.
    private static readonly TimeSpan IntervalMax = TimeSpan.FromSeconds(10);

    // Two may go wrong before the lease runs out.
    private readonly TimeSpan _interval = options.Lease / 3 < IntervalMax ? options.Lease / 3 : IntervalMax;

    /// <summary>Sends heartbeats until <paramref name="ended"/>.</summary>
    public async Task RunAsync(CancellationToken ended)
    {
        using var timer = new PeriodicTimer(_interval, client.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended)) await BeatAsync(ended);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The end of the worker is the end of this.
        }
    }

    private async Task BeatAsync(CancellationToken ended)
    {
        var tasks = held.Keys.ToList();
        if (tasks.Count == 0) return;
        using var late = new CancellationTokenSource(_interval, client.Time);
        using var brief = CancellationTokenSource.CreateLinkedTokenSource(ended, late.Token);
        try
        {
            var beats = tasks.ConvertAll(task => task.Work.Heartbeat(options.Lease));
            var answer = await client.SettleAsync(new(beats, Claim: null, options.WorkerId), isRetried: false, brief.Token);
            foreach (var (task, beat, outcome) in tasks.Zip(beats, answer.Outcomes))
            {
                if (outcome.Status == (int)HttpStatusCode.OK) task.Work.Acknowledge(beat);
                else if (outcome.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.NotFound) task.Lose(outcome.Detail ?? "It is no longer this worker's.");
            }
        }
        catch (Exception exception) when (exception is WeftException || late.IsCancellationRequested && exception is OperationCanceledException)
        {
            // The next one may come through; and even a result that is late counts, unless somebody else has the task.
        }
    }
}
