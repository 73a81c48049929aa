namespace Weft.Client;

/// <summary>With what a <see cref="WeftClient"/> comes in, and how it bears with a coordinator that is away.</summary>
public sealed record WeftClientOptions
{
    /// <summary>
    /// The token of a coordinator that requires one, <c>weft_…</c>; null for none. It goes with every request, in the
    /// header <c>Authorization</c>.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>
    /// How long a request is tried again, from its first attempt on; 30 s. <see cref="Timeout.InfiniteTimeSpan"/>:
    /// until it goes well or is cancelled.
    /// </summary>
    public TimeSpan RetryTimeMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The wait before the first retry; 100 ms. It doubles each time. Every wait varies by half, so that clients don't
    /// come back together.
    /// </summary>
    public TimeSpan RetryDelayMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The longest wait between two attempts; 5 s. A <c>Retry-After</c> of the coordinator may be longer.
    /// </summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Told before each wait for another attempt, with what went wrong; from any thread.</summary>
    public Action<WeftException>? Retrying { get; init; }

    /// <summary>Told when the coordinator answers again after trouble; from any thread.</summary>
    public Action? Answered { get; init; }

    /// <summary>The clock; the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Names the type alone: a record would write the token into every log that it gets into.</summary>
    public override string ToString() => nameof(WeftClientOptions);
}
