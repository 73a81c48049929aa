using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>A worker's key. Without one, the worker gets every task except those whose results are verified.</summary>
internal sealed class WorkerProof(WeftClient client, WorkerOptions options)
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    private long? _triedAt;

    /// <summary>The key for claims; null for none.</summary>
    public string? Key { get; private set; } = options.WorkerKey;

    /// <summary>Requests a key if there is none and the next attempt is due.</summary>
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
            // The coordinator is older, unavailable, or has given this network enough keys.
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>True: the key was refused and has been discarded; the worker may continue with a new one.</summary>
    public bool Forgets(WeftException refused)
    {
        if (refused.Code != ProblemCodes.InvalidWorkerKey || Key is null) return false;
        (Key, _triedAt) = (null, null);
        return true;
    }
}
