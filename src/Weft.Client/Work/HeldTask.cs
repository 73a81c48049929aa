using System.Diagnostics;
using System.Text.Json;
using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>A task that this worker has claimed but not settled yet.</summary>
internal sealed class HeldTask(ClaimedTask task, CancellationToken abort) : IDisposable
{
    // The most that the coordinator keeps.
    private const int ErrorCharsMax = 4_096;

    // The default if the response has no lease, and the limit for one from a server that isn't a coordinator.
    private const int LeaseSecondsDefault = 60;
    private const int LeaseSecondsMin = 1;
    private const int LeaseSecondsMax = 86_400;

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(abort);
    private bool _isEnded;

    public ClaimedTask Task => task;

    public WorkerTask Work { get; } = new(task);

    /// <summary>How long the lease lasts without a heartbeat.</summary>
    public TimeSpan Lease { get; } =
        TimeSpan.FromSeconds(task.LeaseSeconds > 0
            ? Math.Clamp(task.LeaseSeconds, LeaseSecondsMin, LeaseSecondsMax) : LeaseSecondsDefault);

    /// <summary>The span of the work on it; the default if it isn't recorded.</summary>
    public ActivityContext Span { get; set; }

    /// <summary>Cancels the handler.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Why the worker lost the lease; null while it holds it.</summary>
    public string? LostBecause { get; private set; }

    /// <summary>The worker has lost the lease: another worker has the task, or it was cancelled.</summary>
    public void Lose(string reason)
    {
        lock (_stop)
        {
            if (_isEnded) return;
            LostBecause = reason;
            _stop.Cancel();
        }
    }

    public SettleItem Complete(JsonElement result) =>
        new(task.LeaseToken, "complete", task.Id, Result: result, Outputs: Work.Outputs);

    public SettleItem Fail(string error, bool mayRetry) =>
        new(task.LeaseToken, "fail", task.Id, Error: error.Length <= ErrorCharsMax ? error : error[..ErrorCharsMax],
            Retry: mayRetry ? null : false);

    public SettleItem Release(TimeSpan? delay = null) =>
        new(task.LeaseToken, "release", task.Id, DelaySeconds: delay?.TotalSeconds);

    /// <summary>A heartbeat that only renews the lease.</summary>
    /// <param name="lease">As in the claim.</param>
    public SettleItem Beat(TimeSpan? lease) =>
        new(task.LeaseToken, "heartbeat", task.Id, LeaseSeconds: lease?.TotalSeconds);

    public void Dispose()
    {
        lock (_stop)
        {
            _isEnded = true;
            _stop.Dispose();
        }
    }
}
