namespace Weft.Client.Http;

/// <summary>The delays between the attempts of one request.</summary>
internal sealed class Retries(WeftClientOptions options)
{
    // A wrong clock or a proxy's page may ask for any delay.
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromMinutes(1);

    // A client that never gives up may have been started before the proxy in front of its coordinator.
    private static readonly TimeSpan StrangerTimeMax = TimeSpan.FromSeconds(30);

    private readonly long _start = options.Time.GetTimestamp();
    private TimeSpan _delay = options.RetryDelayMin;

    /// <summary>
    /// Waits before another attempt; throws <paramref name="failure"/> if there is no time left for one.
    /// </summary>
    public async Task WaitAsync(WeftException failure, CancellationToken cancellationToken)
    {
        // Jitter: clients that lost the coordinator together must not reconnect together.
        var wait = _delay * (0.5 + Random.Shared.NextDouble());
        if (failure.RetryAfter is { } asked && asked > wait)
        {
            wait = (asked < RetryAfterMax ? asked : RetryAfterMax) + _delay * Random.Shared.NextDouble();
        }
        if (TimeMax(failure) is { } max && options.Time.GetElapsedTime(_start) + wait > max) throw failure;

        options.Retrying?.Invoke(failure);
        await Task.Delay(wait, options.Time, cancellationToken);
        _delay = _delay * 2 < options.RetryDelayMax ? _delay * 2 : options.RetryDelayMax;
    }

    /// <returns>Null: no limit.</returns>
    private TimeSpan? TimeMax(WeftException failure) =>
        options.RetryTimeMax != Timeout.InfiniteTimeSpan ? failure.IsTransient ? options.RetryTimeMax : TimeSpan.Zero :
        failure.Trouble == WeftTrouble.NotWeft ? StrangerTimeMax : null;
}
