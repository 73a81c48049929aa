using System.Diagnostics;
using System.Text.Json;
using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>A task that this worker has claimed and not settled yet.</summary>
internal sealed class HeldTask(ClaimedTask task, CancellationToken abort) : IDisposable
{
    // What the coordinator keeps.
    private const int ErrorCharsMax = 4_096;

    // Where an answer doesn't say, and what none says: whoever answers in the coordinator's place may say anything.
    private const int LeaseSecondsDefault = 60;
    private const int LeaseSecondsMin = 1;
    private const int LeaseSecondsMax = 86_400;

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(abort);
    private bool _isEnded;

    public ClaimedTask Task => task;

    public WorkerTask Work { get; } = new(task);

    /// <summary>How long it stays this worker's without a heartbeat.</summary>
    public TimeSpan Lease { get; } =
        TimeSpan.FromSeconds(task.LeaseSeconds > 0
            ? Math.Clamp(task.LeaseSeconds, LeaseSecondsMin, LeaseSecondsMax) : LeaseSecondsDefault);

    /// <summary>The span of the work on it; the default where nobody records that.</summary>
    public ActivityContext Span { get; set; }

    /// <summary>Ends the handler.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Why it is no longer this worker's; null while it is.</summary>
    public string? LostBecause { get; private set; }

    /// <summary>Somebody else has it, or nobody wants it any more.</summary>
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

    /// <summary>Says no more than that the task is in hand.</summary>
    /// <param name="lease">As the claim had it.</param>
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
