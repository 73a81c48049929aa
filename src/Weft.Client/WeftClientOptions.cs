namespace Weft.Client;

/// <summary>A <see cref="WeftClient"/>'s token, and how it handles an unavailable coordinator.</summary>
public sealed record WeftClientOptions
{
    /// <summary>
    /// The token for a coordinator that requires one, <c>weft_…</c>; null for none. Sent with every request in the
    /// <c>Authorization</c> header.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>
    /// How long a request is retried, from its first attempt on. Default: 30 s. <see cref="Timeout.InfiniteTimeSpan"/>:
    /// until it succeeds or is cancelled.
    /// </summary>
    public TimeSpan RetryTimeMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The delay before the first retry. Default: 100 ms. It doubles each time. Every delay varies by half, so that
    /// clients don't reconnect together.
    /// </summary>
    public TimeSpan RetryDelayMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The longest delay between two attempts. Default: 5 s. A <c>Retry-After</c> of the coordinator may be longer.
    /// </summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Called before the delay of each retry, with the failure; from any thread.</summary>
    public Action<WeftException>? Retrying { get; init; }

    /// <summary>Called when the coordinator answers again after a failure; from any thread.</summary>
    public Action? Answered { get; init; }

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Only the type's name: a record's own text would leak the token into logs.</summary>
    public override string ToString() => nameof(WeftClientOptions);
}
