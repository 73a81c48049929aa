namespace Weft.Client;

/// <summary>How a <see cref="WeftClient"/> bears with a coordinator that is away.</summary>
public sealed record WeftClientOptions
{
    /// <summary>How long a request is tried again, from its first attempt on; 30 s. <see cref="Timeout.InfiniteTimeSpan"/>: until it goes well or is cancelled.</summary>
    public TimeSpan RetryTimeMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait before the first retry; 100 ms. It doubles each time. Every wait varies by half, so that clients don't come back together.</summary>
    public TimeSpan RetryDelayMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between two attempts; 5 s. A <c>Retry-After</c> of the coordinator may be longer.</summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Told before each wait for another attempt, with what went wrong; from any thread.</summary>
    public Action<WeftException>? Retrying { get; init; }

    /// <summary>The clock; the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
