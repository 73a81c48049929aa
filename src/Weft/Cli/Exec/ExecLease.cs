using Weft.Cli.Remote;
using Weft.Contracts;

namespace Weft.Cli.Exec;

/// <summary>Keeps the lease of a task while its program runs.</summary>
/// <param name="lost">Cancelled when the task is no longer this worker's.</param>
internal sealed class ExecLease(RemoteApi api, ExecOptions options, ClaimedTask task, CancellationTokenSource lost)
{
    // A cancelled task's program shouldn't run on for long, however long the lease.
    private static readonly TimeSpan HeartbeatIntervalMax = TimeSpan.FromSeconds(10);

    // Two may go wrong before the lease runs out.
    private readonly TimeSpan _interval = options.LeaseTime / 3 < HeartbeatIntervalMax ? options.LeaseTime / 3 : HeartbeatIntervalMax;

    /// <summary>Why it was lost; null when it was not.</summary>
    public string? LostBecause { get; private set; }

    /// <summary>Sends heartbeats until the program has ended, or the lease is lost.</summary>
    public async Task KeepAsync(CancellationToken ended)
    {
        using var timer = new PeriodicTimer(_interval, TimeProvider.System);
        try
        {
            while (LostBecause is null && await timer.WaitForNextTickAsync(ended)) await BeatAsync(ended);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The end of the program is the end of this.
        }
    }

    private async Task BeatAsync(CancellationToken ended)
    {
        var beat = new SettleItem(task.LeaseToken, LeaseSeconds: options.LeaseTime.TotalSeconds, WorkerId: options.WorkerId);
        using var brief = CancellationTokenSource.CreateLinkedTokenSource(ended);
        brief.CancelAfter(_interval);
        try
        {
            await api.PostAsync($"tasks/{task.Id}/heartbeat", beat, WireJson.Default.SettleItem, key: null, WireJson.Default.ItemOutcome, brief.Token);
        }
        catch (Exception exception) when (exception is UnreachableFailure or OperationCanceledException && !ended.IsCancellationRequested)
        {
            // The next one may come through; and even a result that is late counts, unless somebody else has the task.
        }
        catch (RefusedFailure refused)
        {
            LostBecause = refused.Message;
            await lost.CancelAsync();
        }
    }
}
