using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>
/// A worker's key. A coordinator that gives none, now or ever, costs the worker nothing but the tasks whose results are
/// verified.
/// </summary>
internal sealed class WorkerProof(WeftClient client, WorkerOptions options)
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    private long? _triedAt;

    /// <summary>What claims bring; null: there is none.</summary>
    public string? Key { get; private set; } = options.WorkerKey;

    /// <summary>Gets a key, if there is none and it is time to ask.</summary>
    public async Task EnsureAsync(CancellationToken stop)
    {
        if (Key is not null || (_triedAt is { } tried && client.Time.GetElapsedTime(tried) < Again)) return;
        _triedAt = client.Time.GetTimestamp();
        using var late = new CancellationTokenSource(WaitMax, client.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            Key = await client.RegisterAsync(isRetried: false, end.Token);
            options.Registered?.Invoke(Key);
        }
        catch (WeftException)
        {
            // An older coordinator, one that is away, or one that has given this network enough.
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>True: the key was the reason, and is forgotten, so that the worker may go on with another.</summary>
    public bool Forgets(WeftException refused)
    {
        if (refused.Code != ProblemCodes.InvalidWorkerKey || Key is null) return false;
        (Key, _triedAt) = (null, null);
        return true;
    }
}
