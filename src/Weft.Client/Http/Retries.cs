namespace Weft.Client.Http;

/// <summary>The waits between the attempts of one request.</summary>
internal sealed class Retries(WeftClientOptions options)
{
    private readonly long _start = options.Time.GetTimestamp();
    private TimeSpan _delay = options.RetryDelayMin;

    /// <summary>Waits before another attempt; throws <paramref name="failure"/> when there is no time for one.</summary>
    public async Task WaitAsync(WeftException failure, CancellationToken stop)
    {
        // Jitter: those who lost the coordinator together must not come back together.
        var wait = _delay * (0.5 + Random.Shared.NextDouble());
        if (failure.RetryAfter is { } asked && asked > wait) wait = asked + _delay * Random.Shared.NextDouble();
        if (options.RetryTimeMax != Timeout.InfiniteTimeSpan && options.Time.GetElapsedTime(_start) + wait > options.RetryTimeMax) throw failure;

        options.Retrying?.Invoke(failure);
        await Task.Delay(wait, options.Time, stop);
        _delay = _delay * 2 < options.RetryDelayMax ? _delay * 2 : options.RetryDelayMax;
    }
}
