using System.Text.Json;
using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>A task that this worker has claimed and not settled yet.</summary>
internal sealed class HeldTask(ClaimedTask task, CancellationToken abort) : IDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(abort);
    private bool _isEnded;

    public ClaimedTask Task => task;

    public WorkerTask Work { get; } = new(task);

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

    public SettleItem Complete(JsonElement result) => new(task.LeaseToken, "complete", task.Id, Result: result);

    public SettleItem Fail(string error, bool mayRetry) => new(task.LeaseToken, "fail", task.Id, Error: error, Retry: mayRetry ? null : false);

    public SettleItem Release() => new(task.LeaseToken, "release", task.Id);

    public void Dispose()
    {
        lock (_stop)
        {
            _isEnded = true;
            _stop.Dispose();
        }
    }
}
